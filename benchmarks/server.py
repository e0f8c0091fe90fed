"""Where there is no C compiler: what server.c does for GET /small, in Python. Slower, so read the CPU column only."""

import os
import socketserver
import sys
import threading

RESPONSE = b'HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: text/plain\r\nContent-Length: 13\r\nETag: "%08x"\r\n\r\nhello, world\n'


class Connection(socketserver.BaseRequestHandler):
    """Answers every head it receives."""

    def handle(self) -> None:
        received, number = b"", 0
        while data := self.request.recv(65536):
            received += data
            while (end := received.find(b"\r\n\r\n")) >= 0:
                received, number = received[end + 4 :], number + 1
                self.request.sendall(RESPONSE % number)


class Server(socketserver.ThreadingTCPServer):
    """Ends with the process that started it."""

    daemon_threads = True
    request_queue_size = 1024


def end_with_standard_input() -> None:
    """Block until the starting process is gone."""
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    with Server(("127.0.0.1", 0), Connection) as server:
        print(server.server_address[1], flush=True)
        threading.Thread(target=end_with_standard_input, daemon=True).start()
        server.serve_forever()
