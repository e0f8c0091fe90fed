"""A stream: waits as long as the clock lets it, says who has ended it, and what was read and put back."""

import contextlib
import socket
import threading
import time

import pytest

from restkit_client import Timeout, sockets
from restkit_client.errors import (
    CertificateError,
    ClosedError,
    ReadTimeout,
    RemoteDisconnected,
    TotalTimeout,
    WriteTimeout,
)
from restkit_client.sockets import READ, WRITE
from restkit_client.stream import Stream, wanted
from restkit_client.timeouts import Deadline


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    stream = Stream(ours, sockets.load("thread"), is_ssl=False)
    yield stream, theirs
    stream.close()
    theirs.close()


def clock(stream, **limits):
    stream.deadline = Deadline(Timeout(**limits))


READS = {
    "recv": lambda stream: stream.recv(100),
    "recv_into": lambda stream: stream.recv_into(memoryview(bytearray(100))),
    "wait_readable": lambda stream: stream.wait_readable(),
}


@pytest.mark.parametrize("how", READS)
@pytest.mark.parametrize(
    ("limits", "error"),
    [
        ({"read": 0.05}, ReadTimeout),
        ({"total": 0.05}, TotalTimeout),
        ({"read": 0.05, "total": 9}, ReadTimeout),
    ],
)
def test_reading_ends_by_the_clock(how, limits, error, pair):
    stream, _ = pair
    clock(stream, **limits)
    started = time.monotonic()
    with pytest.raises(error):
        READS[how](stream)
    assert 0.045 <= time.monotonic() - started < 0.5


@pytest.mark.parametrize("how", ["recv", "recv_into"])
def test_a_clock_that_has_run_out_stops_even_a_peer_that_never_rests(how, pair):
    stream, theirs = pair
    clock(stream, total=0.001)
    theirs.sendall(b"x" * 1000)
    time.sleep(0.005)
    with pytest.raises(TotalTimeout):
        READS[how](stream)


def test_sending_ends_by_the_clock(pair):
    stream, _ = pair
    clock(stream, write=0.05)
    with pytest.raises(WriteTimeout, match=r"sending to the server: nothing for 0\.05 s"):
        stream.send_all(bytes(10_000_000))
    assert stream.wrote
    with pytest.raises(WriteTimeout):
        stream.wait_writable()


def test_a_slow_reader_is_waited_for(pair):
    stream, theirs = pair
    clock(stream, write=5)
    got = bytearray()

    def read():
        while len(got) < 3_000_000:
            got.extend(theirs.recv(65536))

    thread = threading.Thread(target=read)
    thread.start()
    data = bytes(range(256)) * 11719
    stream.send_all(data)
    thread.join()
    assert got == data


def test_send_some_returns_when_the_peer_has_something_to_say(pair):
    stream, theirs = pair
    clock(stream, write=5)
    with contextlib.suppress(BlockingIOError):
        while True:
            stream.sock.send(bytes(65536))
    theirs.sendall(b"stop")
    assert stream.send_some(b"more") == 0
    assert stream.recv_now(100) == b"stop"


def test_what_was_put_back_is_read_first(pair):
    stream, theirs = pair
    theirs.sendall(b"later")
    stream.received = b"first"
    assert stream.is_readable_within(0)
    stream.wait_readable()
    assert stream.recv(3) == b"fir"
    buffer = bytearray(10)
    assert stream.recv_into(memoryview(buffer)) == 2
    assert buffer[:2] == b"st"
    assert stream.recv(10) == b"later"
    stream.received = b"back"
    assert stream.take_received() == b"back"
    assert stream.received == b""


def test_nothing_is_here_until_it_is(pair):
    stream, theirs = pair
    assert stream.recv_now(10) is None
    assert not stream.is_readable_within(0.01)
    assert stream.is_quiet()
    theirs.sendall(b"x")
    assert stream.is_readable_within(1)
    assert not stream.is_quiet()
    assert stream.recv_now(10) == b"x"
    theirs.close()
    assert stream.is_readable_within(1)
    assert not stream.is_quiet()
    assert stream.recv_now(10) == b""
    assert stream.recv(10) == b""


def test_waiting_for_a_while_heeds_the_total(pair):
    stream, _ = pair
    clock(stream, total=0.03)
    with pytest.raises(TotalTimeout):
        stream.is_readable_within(10)


@pytest.mark.parametrize(
    "act",
    [
        *READS.values(),
        lambda stream: stream.recv_now(1),
        lambda stream: stream.is_readable_within(1),
        lambda stream: stream.send_all(b"x"),
        lambda stream: stream.send_some(b"x"),
        lambda stream: stream.wait_writable(),
        lambda stream: stream.detach(),
        lambda stream: stream.wait_after(OSError(9, "bad"), READ),
    ],
)
def test_a_closed_stream_says_so(act, pair):
    stream, _ = pair
    stream.close()
    stream.close()
    with pytest.raises(ClosedError):
        act(stream)
    assert not stream.is_quiet()


@pytest.mark.parametrize("events", [READ, WRITE])
def test_a_task_that_waits_wakes_up_when_another_closes(events, pair):
    stream, _ = pair
    errors = []

    def wait():
        try:
            stream.recv(10) if events == READ else stream.send_all(bytes(10_000_000))
        except ClosedError as error:
            errors.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    end = time.monotonic() + 5
    while not stream._waiting and time.monotonic() < end:
        time.sleep(0.001)
    stream.close()
    thread.join(5)
    assert len(errors) == 1


def test_closed_between_two_looks_the_descriptor_is_not_waited_for(pair):
    stream, _ = pair
    sock = stream.sock

    class Closing(Stream):
        """Another task closes the stream after this one has looked, before it says that it waits."""

        __slots__ = ()

        @property
        def sock(self):
            return looks.pop() if looks else None

        @sock.setter
        def sock(self, value):
            pass

    looks = [None, sock]
    closing = Closing.__new__(Closing)
    closing._wait = lambda *_: pytest.fail("it waited")
    closing._poll_waits = False
    with pytest.raises(ClosedError):
        closing._watch(READ, None)
    assert sock.fileno() == -1


def test_a_broken_connection_is_told_with_the_system_s_words(pair):
    stream, theirs = pair
    theirs.sendall(b"unread")
    theirs.close()
    with pytest.raises(RemoteDisconnected, match="Broken pipe"):
        stream.send_all(b"x")
    assert not stream.wrote
    assert stream.recv(10) == b"unread"


def test_a_reset_is_told_while_it_is_sent(serve):
    server = serve(["head", "rst"])
    sock = socket.create_connection(("127.0.0.1", server.port))
    sock.setblocking(False)
    stream = Stream(sock, sockets.load("thread"), is_ssl=False)
    stream.send_all(b"GET / HTTP/1.1\r\n\r\n")
    assert stream.is_readable_within(5)
    with pytest.raises(RemoteDisconnected, match="while the request was sent"):
        stream.recv_now(10)
    stream.close()


def test_a_detached_socket_is_the_caller_s(pair):
    stream, theirs = pair
    stream.received = b"early"
    sock, received = stream.detach()
    assert received == b"early"
    theirs.sendall(b"x")
    sock.setblocking(True)
    assert sock.recv(1) == b"x"
    sock.close()


def test_what_is_the_parent_s_is_forgotten_without_a_word(pair):
    stream, theirs = pair
    copy = stream.sock.dup()
    stream.forget()
    stream.forget()
    assert stream.sock is None
    copy.send(b"alive")
    assert theirs.recv(10) == b"alive"
    copy.close()


class WantRead(OSError):
    pass


WantRead.__name__ = "SSLWantReadError"
WantWrite = type("SSLWantWriteError", (OSError,), {})


@pytest.mark.parametrize(
    ("error", "expected"),
    [(BlockingIOError(), -1), (WantRead(), READ), (WantWrite(), WRITE), (OSError(104, "reset"), 0)],
)
def test_what_an_error_asks_for(error, expected):
    assert wanted(error) == expected


class Secure:
    """A TLS socket that answers by a list."""

    def __init__(self, sock, *answers, pending=0):
        self.sock = sock
        self.answers = list(answers)
        self.waiting = pending

    def recv(self, size):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    send = recv

    def pending(self):
        return self.waiting

    def __getattr__(self, name):
        return getattr(self.sock, name)


@pytest.fixture
def secure(pair):
    plain, theirs = pair

    def make(*answers, pending=0):
        return Stream(Secure(plain.sock, *answers, pending=pending), sockets.load("thread"), is_ssl=True)

    return make, theirs


def test_tls_may_have_to_write_in_order_to_read(secure):
    make, _ = secure
    stream = make(WantWrite(), b"data")
    clock(stream, read=1, write=1)
    assert stream.recv(10) == b"data"


def test_tls_may_have_to_read_in_order_to_write(secure):
    make, theirs = secure
    stream = make(WantRead(), 4)
    theirs.sendall(b"key update")
    clock(stream, read=1, write=1)
    stream.send_all(b"data")
    assert stream.wrote


def test_what_tls_has_decrypted_already_is_not_waited_for(secure):
    make, _ = secure
    stream = make(b"x", pending=1)
    stream.wait_readable()
    assert stream.readable()
    assert stream.is_readable_within(0.01)
    assert not stream.is_quiet()


@pytest.mark.parametrize(
    ("answer", "quiet"), [(WantRead(), True), (b"x", False), (b"", False), (OSError(104, "reset"), False)]
)
def test_a_ticket_on_an_idle_connection_is_no_end_of_it(answer, quiet, secure):
    make, theirs = secure
    stream = make(answer)
    theirs.sendall(b"ticket")
    assert stream.is_quiet() is quiet


def test_nothing_of_it_was_for_us(secure):
    make, theirs = secure
    stream = make(WantRead())
    theirs.sendall(b"ticket")
    assert stream.recv_now(10) is None


def test_the_alert_behind_a_failed_send_gives_the_reason(secure):
    make, _ = secure
    alert = OSError(1, "alert")
    alert.reason = "TLSV13_ALERT_CERTIFICATE_REQUIRED"
    stream = make(BrokenPipeError(32, "Broken pipe"), BrokenPipeError(32, "Broken pipe"), alert)
    with pytest.raises(CertificateError, match="refused our certificate"):
        stream.send_all(b"x")


@pytest.mark.parametrize("last", [b"H", OSError(104, "reset")])
def test_without_an_alert_the_send_s_own_error_stays_and_no_byte_is_lost(last, secure):
    make, _ = secure
    stream = make(BrokenPipeError(32, "Broken pipe"), BrokenPipeError(32, "Broken pipe"), last)
    with pytest.raises(RemoteDisconnected, match="Broken pipe"):
        stream.send_all(b"x")
    assert stream.received == (last if isinstance(last, bytes) else b"")


def test_without_poll_select_is_asked(pair, monkeypatch):
    stream, theirs = pair
    native = sockets.native
    monkeypatch.setattr(
        sockets, "native", lambda module, name: None if name == "poll" else native(module, name)
    )
    other = Stream(stream.sock, sockets.load("thread"), is_ssl=False)
    assert not other.readable()
    clock(other, read=0.02)
    with pytest.raises(ReadTimeout):
        other.recv(1)
    theirs.sendall(b"x")
    assert other.readable()
    assert other.recv(1) == b"x"
