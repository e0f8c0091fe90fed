"""MemoryNonceStore."""

import threading

import pytest

from restkit_oauth2 import MemoryNonceStore, VerificationError


def test_a_nonce_is_new_once_until_it_expires():
    now = [0.0]
    store = MemoryNonceStore(clock=lambda: now[0])
    assert store.add("a", 10)
    assert not store.add("a", 10)
    assert store.add("b", 20)
    now[0] = 10.0
    assert not store.add("a", 10)
    now[0] = 10.5
    assert store.add("a", 10)
    assert not store.add("b", 10)
    assert len(store) == 2


def test_a_full_store_refuses_until_something_expires():
    now = [0.0]
    store = MemoryNonceStore(limit=2, clock=lambda: now[0])
    assert store.add("a", 10)
    assert store.add("b", 20)
    with pytest.raises(VerificationError, match="limit of 2") as caught:
        store.add("c", 10)
    assert (caught.value.status, caught.value.problem) == (503, "nonce_store_full")
    assert not store.add("a", 10)
    now[0] = 11.0
    assert store.add("c", 10)


def test_threads_agree_who_was_first():
    store = MemoryNonceStore()
    firsts = []
    barrier = threading.Barrier(8)

    def run():
        barrier.wait()
        firsts.extend(key for key in map(str, range(200)) if store.add(key, 60))

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(firsts) == sorted(map(str, range(200)))
