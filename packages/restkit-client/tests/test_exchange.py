"""One call: tries, waits, statuses, expectations, events; nothing is sent twice that may not be."""

import pytest

from restkit_client import Client, Timeout, exchange
from restkit_client.errors import ConnectError, RemoteDisconnected, TotalTimeout, UnrewindableBody

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
BUSY = b"HTTP/1.1 503 Unavailable\r\nContent-Length: 4\r\nRetry-After: %b\r\n\r\nbusy"
LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
def slept(monkeypatch):
    waits = []
    monkeypatch.setattr(exchange.Exchange, "_sleep", lambda _self, seconds: waits.append(seconds))
    return waits


def sent(server, method):
    return sum(bytes(log).count(method + b" / HTTP/1.1") for log in server.received)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_an_idempotent_request_is_tried_three_times_in_all(method, serve, client, slept):
    server = serve(*[["head", "close"]] * 4)
    with pytest.raises(RemoteDisconnected) as caught:
        client.request(server.url, method)
    assert sent(server, method.encode()) == 3
    assert [note for note in caught.value.__notes__ if "attempt" in note] == ["attempt 3 of 3"]
    assert f"during {method} {server.url}" in caught.value.__notes__
    assert len(slept) == 2
    assert slept[0] < slept[1]


@pytest.mark.parametrize(
    ("options", "times"), [({}, 1), ({"idempotent": True}, 3), ({"idempotent": True, "max_tries": 1}, 1)]
)
def test_a_post_is_repeated_only_on_the_caller_s_word(options, times, serve, client, slept):
    server = serve(*[["head", "close"]] * 4)
    with pytest.raises(RemoteDisconnected, match="may have processed"):
        client.post(server.url, b"x", **options)
    assert sent(server, b"POST") == times


def test_what_was_never_written_is_tried_again_whatever_the_method(client, slept):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(ConnectError):
        client.post(f"http://127.0.0.1:{port}/", b"x")
    assert len(slept) == 2


def test_a_retry_is_on_a_new_connection_and_waits_for_nothing(serve, client, slept):
    server = serve(["head", OK, "head", "close"], ["serve"])
    client.get(server.url).body_string()
    assert client.get(server.url).body_string() == b"request 1"
    assert slept == []


def test_a_body_that_can_not_be_read_again_is_not_sent_again(serve, client, slept):
    server = serve(["head", "close"])
    with pytest.raises(UnrewindableBody) as caught:
        client.put(server.url, iter([b"x"]))
    assert isinstance(caught.value.__cause__, RemoteDisconnected)
    assert sent(server, b"PUT") == 1


@pytest.mark.parametrize(("asked", "waits"), [(b"7", [7.0]), (b"999999999999", [120.0])])
def test_a_status_is_tried_again_after_what_the_server_asks_for(asked, waits, serve, client, slept):
    server = serve(["head", BUSY % asked, "serve"])
    assert client.get(server.url, retry_statuses=[503]).body_string() == b"request 1"
    assert slept == waits


def test_without_a_word_from_the_server_the_waits_double(serve, client, slept):
    server = serve(*[["head", BUSY % b"soon", "hold"]] * 3)
    response = client.get(server.url, retry_statuses=[503], wait_tries=1)
    assert (response.status_int, response.body_string()) == (503, b"busy")
    assert 0.75 <= slept[0] <= 1.25
    assert 1.5 <= slept[1] <= 2.5


def test_a_status_is_no_reason_unless_asked_for(serve, client, slept):
    server = serve(["head", BUSY % b"1", "hold"])
    assert client.get(server.url).status_int == 503
    server = serve(["head", BUSY % b"1", "hold"])
    # A body that is used up: the answer is what there is to give.
    assert client.put(server.url, iter([b"x"]), retry_statuses=[503]).status_int == 503
    assert slept == []


def test_408_on_a_kept_connection_is_an_end_of_it_in_words(serve, client, slept):
    server = serve(["head", OK, "head", LATE], ["head", LATE])
    client.get(server.url).body_string()
    assert client.post(server.url, b"x").status_int == 408
    assert slept == []
    assert sent(server, b"POST") == 2


def test_the_total_ends_the_waits_too(serve, client):
    server = serve(["head", BUSY % b"60", "hold"])
    with pytest.raises(TotalTimeout):
        client.get(server.url, retry_statuses=[503], timeout=Timeout(total=0.1))


EXPECT = {"Expect": "100-continue"}
NO = b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n"


def test_the_body_waits_for_leave(serve, client):
    server = serve(["head", b"HTTP/1.1 100 Continue\r\n\r\n", ("read", 4), OK])
    assert client.post(server.url, b"body", EXPECT).body_string() == b"ok"


def test_a_silent_server_gets_it_after_a_while(serve, client):
    server = serve(["head", ("read", 4), OK])
    assert client.post(server.url, b"body", EXPECT, expect_timeout=0.02).body_string() == b"ok"


def test_after_417_once_without_the_expectation(serve, client):
    server = serve(["head", NO, "drain"], ["serve"])
    assert client.post(server.url, b"body", EXPECT).body_string() == b"request 1"
    assert b"Expect" not in server.received[1]
    assert not bytes(server.received[0]).endswith(b"body")


def test_a_final_answer_keeps_the_body_back(serve, client, pool):
    server = serve(["head", b"HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno", "drain"])
    assert client.post(server.url, b"SECRET", EXPECT).status_int == 403
    assert b"SECRET" not in server.received[0]
    assert pool.size == 0


def test_hooks_are_told_in_order(serve, client, slept):
    server = serve(
        ["head", OK, "head", "close"],
        ["head", b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", "serve"],
    )
    events = []
    hook = {"on_event": lambda name, subject: events.append((name, type(subject).__name__))}
    client.get(server.url, **hook).body_string()
    client.get(server.url, follow_redirect=True, **hook).body_string()
    assert events == [
        ("connection_opened", "Connection"),
        ("response_started", "Response"),
        ("connection_reused", "Connection"),
        ("retry", "RemoteDisconnected"),
        ("connection_opened", "Connection"),
        ("response_started", "Response"),
        ("redirect", "Request"),
        ("connection_reused", "Connection"),
        ("response_started", "Response"),
    ]


def test_a_hook_that_raises_leaves_nothing_open(serve, client, pool):
    server = serve()

    def hook(name, _):
        raise LookupError(name)

    with pytest.raises(LookupError):
        client.get(server.url, on_event=hook)
    assert pool.stats()["in_use"] == 0


def test_the_timings_add_up(serve, client):
    import threading

    wait = threading.Event()
    threading.Timer(0.1, wait.set).start()
    server = serve(["head", wait, OK[:-1], OK[-1:], "serve"])
    response = client.get(server.url)
    response.body_string()
    timings = response.timings
    assert timings.wait >= 0.09
    assert timings.tls < 0.01
    assert timings.total == pytest.approx(sum(timings.as_dict().values()))
    assert list(timings.as_dict()) == ["name", "connect", "tls", "send", "wait", "body"]
    again = client.get(server.url)
    again.body_string()
    assert again.timings[:3] == (0.0, 0.0, 0.0)
    assert "wait=" in repr(timings)


def test_options_are_taken_when_a_request_starts(serve):
    client = Client(max_tries=1)
    assert client._take_snapshot().max_tries == 1
    client.max_tries = 2
    assert client._take_snapshot().max_tries == 2
    with pytest.raises(TypeError, match="did you mean 'timeout'"):
        client.get(serve().url, timout=1)
    with pytest.raises(TypeError, match="belongs to a Client"):
        client.get(serve().url, max_connections=1)
