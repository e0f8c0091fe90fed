"""From a name to a connected socket: literals, names, the race of addresses, and who may refuse."""

import errno
import os
import socket
from time import monotonic

import pytest

from restkit_client import opening
from restkit_client.errors import ConnectError, ConnectTimeout, InvalidUrl, ResolveError, TotalTimeout
from restkit_client.settings import Settings
from restkit_client.sockets import thread
from restkit_client.timeouts import NO_DEADLINE, Deadline, Phase, Timeout


def phase(seconds=5, total=None):
    return Phase.connecting(Deadline(Timeout(connect=seconds, total=total)), "connecting")


def connect(host, port, timeout=5, **options):
    sock, address, _ = opening.connect(host, port, Settings.of(**options), phase(timeout))
    sock.close()
    return address


def to(*addresses):
    return {"resolver": lambda *_: [(socket.AF_INET, each) for each in addresses]}


@pytest.fixture
def full():
    """An address that neither accepts nor refuses, and a function that makes it accept."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    fillers = []
    while True:
        filler = socket.socket()
        filler.settimeout(0.1)
        fillers.append(filler)
        try:
            filler.connect(listener.getsockname())
        except TimeoutError:
            break
    yield listener
    for each in (listener, *fillers):
        each.close()


@pytest.fixture
def refused():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()


@pytest.mark.parametrize(
    ("host", "family"),
    [("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6), ("::ffff:1.2.3.4", socket.AF_INET6)],
)
def test_a_literal_is_not_looked_up(host, family, monkeypatch):
    monkeypatch.setattr(thread, "getaddrinfo", None)
    found = opening.resolve(host, 80, Settings.of(), phase())
    assert [(each[0], each[1][:2]) for each in found] == [(family, (host, 80))]


def test_the_families_take_turns(monkeypatch):
    v6, v4 = socket.AF_INET6, socket.AF_INET
    infos = [
        (v6, 1, 6, "", "a"),
        (v6, 1, 6, "", "b"),
        (v6, 1, 6, "", "c"),
        (v4, 1, 6, "", "d"),
        (v4, 1, 6, "", "e"),
    ]
    monkeypatch.setattr(thread, "getaddrinfo", lambda *_: infos)
    found = opening.resolve("name.example", 80, Settings.of(), phase())
    assert [address for _, address in found] == ["a", "d", "b", "e", "c"]


def test_the_family_is_asked_for(monkeypatch):
    asked = []
    monkeypatch.setattr(
        thread, "getaddrinfo", lambda *given: asked.append(given) or [(2, 1, 6, "", ("1.2.3.4", 80))]
    )
    opening.resolve("name.example", 80, Settings.of(family=socket.AF_INET), phase(None))
    assert asked == [("name.example", 80, socket.AF_INET, socket.SOCK_STREAM)]


@pytest.mark.parametrize("seconds", [None, 5])
@pytest.mark.parametrize(
    "error",
    [socket.gaierror(-2, "Name or service not known"), UnicodeError("label too long"), OSError(5, "broken")],
)
def test_a_name_without_an_address_says_why(error, seconds, monkeypatch):
    def fail(*_):
        raise error

    monkeypatch.setattr(thread, "getaddrinfo", fail)
    with pytest.raises(
        ResolveError, match=f"name.example: .*({'|'.join(str(error.args[-1]).split()[:1])})"
    ) as caught:
        opening.resolve("name.example", 80, Settings.of(), phase(seconds))
    assert caught.value.__cause__ is error


def test_an_empty_answer_is_a_resolve_error(monkeypatch):
    monkeypatch.setattr(thread, "getaddrinfo", lambda *_: [])
    with pytest.raises(ResolveError, match="no address"):
        opening.resolve("name.example", 80, Settings.of(), phase())
    with pytest.raises(ResolveError, match="resolver gave no address"):
        opening.resolve("name.example", 80, Settings.of(resolver=lambda *_: []), phase())


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (socket.gaierror(-2, "unknown"), ResolveError),
        (ConnectTimeout("late"), ConnectTimeout),
        (KeyError(1), KeyError),
    ],
)
def test_what_the_caller_s_resolver_raises_is_ours_or_its_own(raised, expected):
    def resolver(*_):
        raise raised

    with pytest.raises(expected):
        opening.resolve("name.example", 80, Settings.of(resolver=resolver), phase())


@pytest.mark.parametrize(
    ("timeout", "error"), [(Timeout(connect=0.1), ConnectTimeout), (Timeout(total=0.1), TotalTimeout)]
)
def test_a_slow_resolver_is_left_behind(timeout, error, monkeypatch):
    import threading

    end = threading.Event()
    monkeypatch.setattr(thread, "getaddrinfo", lambda *_: end.wait(10) and [])
    started = monotonic()
    with pytest.raises(error):
        opening.resolve("name.example", 80, Settings.of(), Phase.connecting(Deadline(timeout), "connecting"))
    assert monotonic() - started < 1
    end.set()


def test_the_resolver_is_told_how_much_time_there_is(serve):
    left = []
    server = serve()

    def resolver(host, port, phase):
        left.append((host, port, phase.left()))
        return [(socket.AF_INET, ("127.0.0.1", server.port))]

    assert connect("name.example", 81, 3, resolver=resolver) == ("127.0.0.1", server.port)
    assert left[0][:2] == ("name.example", 81)
    assert 2 < left[0][2] <= 3


def test_a_refused_address_lets_the_next_one_start_at_once(serve, refused):
    good = ("127.0.0.1", serve().port)
    started = monotonic()
    assert connect("name.example", 80, **to(refused, good)) == good
    assert monotonic() - started < 0.2


def test_every_address_that_failed_is_named(refused):
    with pytest.raises(ConnectError, match=f"Errno {errno.ECONNREFUSED}") as caught:
        connect("name.example", 80, **to(refused, refused))
    assert isinstance(caught.value.__cause__, ConnectionRefusedError)
    assert len(caught.value.__notes__) == 1


def test_a_silent_address_costs_a_quarter_of_a_second(serve, full, descriptors):
    good = ("127.0.0.1", serve().port)
    before = descriptors()
    started = monotonic()
    assert connect("name.example", 80, **to(full.getsockname(), good)) == good
    assert 0.2 < monotonic() - started < 0.6
    assert descriptors() <= before + 1


def test_of_two_attempts_under_way_the_first_to_end_wins(full, serve):
    """Both are pending when one of them becomes ready: a SYN that was dropped is sent again after a second."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(other.getsockname())

        # `other` is full as well, until what has connected is accepted.
        def accept():
            for _ in range(2):
                other.accept()[0].close()

        import threading

        timer = threading.Timer(0.5, accept)
        timer.start()
        try:
            assert (
                connect("name.example", 80, 8, **to(full.getsockname(), other.getsockname()))
                == other.getsockname()
            )
        finally:
            timer.join()
            for each in waiting:
                each.close()


def test_time_is_up_for_all_addresses_together(full):
    started = monotonic()
    with pytest.raises(ConnectTimeout, match=r"not done within 0\.4 s"):
        connect("name.example", 80, 0.4, **to(full.getsockname(), full.getsockname()))
    assert 0.4 <= monotonic() - started < 0.8


def test_the_address_really_used_may_be_refused(serve, descriptors):
    good = ("127.0.0.1", serve().port)
    seen = []

    def refuse(address):
        seen.append(address)
        raise PermissionError("not this network")

    before = descriptors()
    with pytest.raises(PermissionError, match="not this network"):
        connect("name.example", 80, on_connect=refuse, **to(good))
    assert seen == [good]
    assert descriptors() == before


def test_options_of_sockets_are_set_and_the_source_is_bound(serve):
    server = serve()
    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1), (socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)]
    settings = Settings.of(socket_options=options, source_address=("127.0.0.1", 0))
    sock, _, _ = opening.connect("127.0.0.1", server.port, settings, phase())
    with socket.socket(fileno=sock.detach()) as opened:
        assert opened.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
        assert opened.getsockname()[0] == "127.0.0.1"
        assert not os.get_blocking(opened.fileno())


def test_a_source_that_is_not_ours_is_a_connect_error(serve, descriptors):
    server = serve()
    before = descriptors()
    with pytest.raises(ConnectError):
        connect("127.0.0.1", server.port, source_address=("192.0.2.1", 0))
    assert descriptors() == before


@pytest.mark.parametrize("code", [errno.EMFILE, errno.ENFILE, errno.ENOBUFS])
def test_the_machine_s_exhaustion_is_no_reason_for_the_next_address(code, monkeypatch):
    tried = []

    def exhausted(*given):
        tried.append(given)
        raise OSError(code, "exhausted")

    monkeypatch.setattr(opening._socket, "socket", exhausted)
    with pytest.raises(ConnectError, match="exhausted"):
        connect("name.example", 80, **to(("127.0.0.1", 1), ("127.0.0.1", 2)))
    assert len(tried) == 1


def test_a_family_that_the_machine_lacks_is_passed_by(monkeypatch, serve):
    server = serve()
    real = opening._socket.socket

    def only_ipv4(family, kind):
        if family == socket.AF_INET6:
            raise OSError(errno.EAFNOSUPPORT, "Address family not supported")
        return real(family, kind)

    monkeypatch.setattr(opening._socket, "socket", only_ipv4)
    addresses = [(socket.AF_INET6, ("::1", 1)), (socket.AF_INET, ("127.0.0.1", server.port))]
    assert connect("name.example", 80, resolver=lambda *_: addresses) == ("127.0.0.1", server.port)


def test_an_interrupt_in_the_race_leaves_nothing_open(full, descriptors, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    before = descriptors()
    monkeypatch.setattr(thread, "wait", interrupt)
    with pytest.raises(KeyboardInterrupt):
        connect("name.example", 80, **to(full.getsockname()))
    assert descriptors() == before


def test_without_poll_select_is_asked(monkeypatch, full, serve):
    good = ("127.0.0.1", serve().port)
    native = opening.native
    monkeypatch.setattr(
        opening, "native", lambda module, name: None if name == "poll" else native(module, name)
    )
    with pytest.raises(ConnectTimeout):
        connect("name.example", 80, 0.4, **to(full.getsockname(), full.getsockname()))
    assert connect("name.example", 80, **to(full.getsockname(), good)) == good


def test_a_unix_socket_stands_for_the_host(tmp_path, client):
    import threading

    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()

        def answer():
            sock, _ = listener.accept()
            with sock:
                seen.append(sock.recv(65536))
                sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")

        seen = []
        thread = threading.Thread(target=answer)
        thread.start()
        assert client.get("http://name.example/", unix_socket=path).body_string() == b"ok"
        thread.join()
    assert b"Host: name.example\r\n" in seen[0]
    with pytest.raises(ConnectError):
        client.get("http://name.example/", unix_socket=path + "missing")


def test_an_internationalised_host_is_looked_up_as_a_labels(serve, client):
    server = serve()
    asked = []

    def resolver(host, port, _phase):
        asked.append((host, port))
        return [(socket.AF_INET, ("127.0.0.1", server.port))]

    client.get("http://Bücher.example/", resolver=resolver).body_string()
    assert asked == [("xn--bcher-kva.example", 80)]
    assert b"Host: xn--bcher-kva.example\r\n" in bytes(server.received[0])
    with pytest.raises(InvalidUrl):
        client.get("http://xn--\N{SNOWMAN}/")


def test_no_limit_waits_in_this_thread():
    assert opening.resolve("localhost", 80, Settings.of(), Phase.connecting(NO_DEADLINE, "connecting"))
