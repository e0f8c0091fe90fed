"""The examples of the README run: its client asks its server."""

from __future__ import annotations

import asyncio
import re
import socket
import socketserver
import threading
from pathlib import Path

import pytest

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")
CLIENT, SERVER = (match.strip() for match in re.findall(r"```python\n(.*?)```", README, re.DOTALL))


def run(example):
    names = {"__name__": "example"}
    exec(compile(example, "README.md", "exec"), names)
    return names


@pytest.fixture
def port():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), run(SERVER)["Echo"]) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def exchange(port, data):
    """Everything the server answers to `data`, until it closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def test_the_client_asks_the_server(port):
    head, body = asyncio.run(run(CLIENT)["fetch"]("127.0.0.1", port, "/"))
    assert (head.status, head.reason, head.headers.items()) == (200, "OK", [("Transfer-Encoding", "chunked")])
    assert body == b""


def test_the_server_echoes_answers_pipelined_requests_and_refuses_what_is_no_http(port):
    ok = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    post = b"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello"
    get = b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
    echoed = b"HTTP/1.1 100 Continue\r\n\r\n" + ok + b"5\r\nhello\r\n0\r\n\r\n"
    assert exchange(port, post + get) == echoed + ok + b"0\r\n\r\n"
    assert exchange(port, b"GET / HTTP/3.0\r\n").startswith(b"HTTP/1.1 505 \r\nConnection: close\r\n")
    assert exchange(port, post[:-1]).endswith(b"4\r\nhell\r\n")


@pytest.mark.parametrize("example", [CLIENT, SERVER], ids=["client", "server"])
def test_an_example_is_short(example):
    assert len(example.splitlines()) <= 40
