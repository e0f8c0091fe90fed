"""Many tasks, a bad server, and what must hold all the same: one owner for each socket, clean or closed, never sent twice."""

import json
import urllib.request

import pytest

MODES = ["thread-plain", "gevent-plain", "gevent-patched", "eventlet-plain", "eventlet-patched"]
BACKENDS = ["thread-plain", "gevent-plain", "eventlet-plain"]


def told(url):
    with urllib.request.urlopen(url + "/told") as response:
        return json.load(response)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("mode", BACKENDS)
def test_no_response_is_another_s_and_no_bound_is_passed(mode, run, fresh_peer, length):
    tasks = 32 if mode.startswith("thread") else length(100, 500)
    each = length(60, 2000) if mode.startswith("thread") else length(20, 128)
    result = run("crossed", mode, url=fresh_peer + "/random", tasks=tasks, each=each, bound=8)
    outcomes = result["outcomes"]
    assert outcomes.get("CROSSED", 0) == 0
    assert sum(outcomes.values()) == tasks * each
    assert outcomes["matched"] > tasks * each * 0.6, outcomes
    assert result["most"] <= 8
    assert result["in_use"] == 0
    assert result["left"] == 0


@pytest.mark.timeout(1200)
def test_descriptors_and_memory_are_flat(run, peers, length):
    (descriptors, resident), (descriptors_later, resident_later) = run(
        "flat", url=peers["plain"], count=length(2000, 20000)
    )
    assert descriptors_later <= descriptors + 2
    assert resident_later - resident < 1500


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("mode", BACKENDS)
def test_a_post_on_a_connection_that_is_just_closed_is_never_sent_twice(mode, run, fresh_peer, length):
    count = length(600, 10000)
    result = run("races", mode, url=fresh_peer + "/race", count=count)
    server = told(fresh_peer)
    assert max(server["bodies"].values()) == 1
    assert set(result["told"]) <= {"ok", "RemoteDisconnected"}
    assert sum(result["told"].values()) == count
    assert result["told"]["ok"] > count / 2
    # The race was run: connections were found dead, or died under a request.
    assert result["pool"]["dead"] + result["told"].get("RemoteDisconnected", 0) > count / 20
    assert result["pool"]["in_use"] == 0


@pytest.mark.parametrize("mode", MODES)
def test_eleven_unread_responses_do_not_hang(mode, run, peers):
    assert run("unread", mode, url=peers["plain"] + "/down/1048576") == [200] * 11


@pytest.mark.parametrize("kind", ["plain", "tls"])
@pytest.mark.parametrize("mode", ["thread-plain", "gevent-plain", "eventlet-plain"])
def test_parent_and_children_share_no_connection(kind, mode, run, peers, fresh_peer, certificates):
    # Not by name: a library's resolver has threads, which no fork takes along.
    url = fresh_peer if kind == "plain" else peers["tls"].replace("localhost", "127.0.0.1")
    authority = str(certificates.authority) if kind == "tls" else None
    result = run("forked", mode, url=url, authority=authority, children=8)
    assert result["statuses"] == [0] * 8
    # The parent's one connection, by the number that the server has given it, serves it from first to last.
    assert len(set(result["names"])) == 1
    assert result["opened"] == 1
    if kind == "plain":
        seen = [set(each) for each in told(url)["names"]]
        assert {"parent"} in seen
        assert all(len(each) == 1 for each in seen)
        assert len(seen) == 9


@pytest.mark.parametrize("mode", BACKENDS)
def test_the_manual_s_socketpool_keeps_the_rules(mode, run, fresh_peer):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        refused = f"http://127.0.0.1:{server.getsockname()[1]}/"
    result = run("manual", mode, url=fresh_peer, other=refused)
    assert result["bodies"] == 8
    assert result["distinct"] == 2
    assert result["failed"] == "ConnectError"
    assert result["sizes"][1] == result["sizes"][2]
    assert result["shared"] is False
    assert (result["dead"], result["alive"]) == ("bye", "")
    assert result["left"] == 0
