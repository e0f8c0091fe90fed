"""Runs one job in a process of its own: `python -W error jobs.py JOB BACKEND PATCHED JSON`; prints what came of it as JSON.

A job is a function of worker, below; what it is for stands in the tests that ask for it.
"""

import json
import os
import sys
import warnings

BACKEND, PATCHED = sys.argv[2], sys.argv[3] == "patched"
if BACKEND == "gevent":
    if PATCHED:
        from gevent import monkey

        monkey.patch_all()
    import gevent
    import gevent.os
elif BACKEND == "eventlet":
    with warnings.catch_warnings():
        # eventlet's own, at its import: the one exception from "warnings are errors".
        warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")
        import eventlet
        import eventlet.green.os
    if PATCHED:
        eventlet.monkey_patch()

import collections  # noqa: E402
import gc  # noqa: E402
import hashlib  # noqa: E402
import random  # noqa: E402
import threading  # noqa: E402
import time  # noqa: E402

import socketpool  # noqa: E402

from restkit_client import (  # noqa: E402
    Client,
    Connection,
    ConnectionPool,
    Resource,
    Timeout,
    request,
)
from restkit_client.errors import RestkitError  # noqa: E402
from restkit_client.session import get_session, set_session  # noqa: E402

JOBS = {}


def job(function):
    JOBS[function.__name__] = function
    return function


def spawn(function, *arguments):
    """Start a task of the backend; returns a function that waits for its end."""
    if BACKEND == "gevent":
        return gevent.spawn(function, *arguments).get
    if BACKEND == "eventlet":
        return eventlet.spawn(function, *arguments).wait
    thread = threading.Thread(target=function, args=arguments)
    thread.start()
    return thread.join


def sleep(seconds):
    {"gevent": lambda: gevent.sleep(seconds), "eventlet": lambda: eventlet.sleep(seconds)}.get(
        BACKEND, lambda: time.sleep(seconds)
    )()


def together(count, function):
    for wait in [spawn(function, number) for number in range(count)]:
        wait()


def sockets():
    gc.collect()
    found = set()
    for fd in os.listdir("/proc/self/fd"):
        try:
            if os.readlink(f"/proc/self/fd/{fd}").startswith("socket:"):
                found.add(fd)
        except OSError:
            pass
    return found


def peak():
    """KiB: this process's own high-water mark."""
    with open("/proc/self/status") as status:
        return int(status.read().partition("VmHWM:")[2].split()[0])


def kept_from_the_processor():
    """Seconds that this thread was ready to run and another process had the processor."""
    with open("/proc/thread-self/schedstat") as figures:
        return int(figures.read().split()[1]) / 1e9


class Ticker:
    """A greenlet that wants to run every millisecond; the gaps between its turns, in seconds, less what other processes took."""

    def __init__(self):
        self.gaps = []
        self.ends = False
        self.wait = spawn(self.run)

    def run(self):
        before = time.monotonic() - kept_from_the_processor()
        while not self.ends:
            sleep(0.001)
            now = time.monotonic() - kept_from_the_processor()
            self.gaps.append(now - before)
            before = now

    def stop(self):
        self.ends = True
        self.wait()
        gaps = sorted(self.gaps)
        return {"worst": gaps[-1], "high": gaps[int(len(gaps) * 0.999)], "count": len(gaps)}


def pool_of(options):
    return ConnectionPool(backend=BACKEND, **options)


@job
def tick(url, requests, tasks, authority=None, session=False):
    """Requests beside a ticking greenlet."""
    options = {"ca_certs": authority} if authority else {}
    if session:
        set_session(BACKEND)
        client = Client(**options)
        resource = Resource(url)
    else:
        client = Client(pool=pool_of({"max_size": tasks}), **options)
    # The library's own first steps (its resolver's threads, the TLS context) are not what is measured.
    client.get(url).body_string()
    ticker = Ticker()
    done = []

    def work(number):
        for turn in range(requests // tasks):
            if session and turn % 3 == 1:
                done.append(request(url).body_string())
            elif session and turn % 3 == 2:
                done.append(resource.get().body_string())
            else:
                done.append(client.get(url).body_string())

    together(tasks, work)
    gaps = ticker.stop()
    stats = get_session(BACKEND).stats() if session else client.pool.stats()
    return {**gaps, "done": len(done), "bodies": len(set(done)), "opened": stats["opened"]}


@job
def stall(good, bad, kind, authority):
    """Requests while another one's handshake, or name look-up, stalls."""
    client = Client(pool=pool_of({}), ca_certs=authority, timeout=Timeout(connect=1.5))
    client.get(good).body_string()
    if kind == "resolver":
        stall_resolver()
    stalled = spawn(lambda: [fails(client, bad)])
    sleep(0.1)
    worst = 0.0
    for _ in range(20):
        client.pool.release_all()
        started = time.monotonic()
        client.get(good).body_string()
        worst = max(worst, time.monotonic() - started)
    return {"worst": worst, "stalled": stalled()}


def fails(client, url):
    try:
        client.get(url)
    except Exception as error:
        return type(error).__name__


def stall_resolver():
    import socket as patched

    from restkit_client.sockets import native

    real = native("socket", "getaddrinfo")

    def slow(host, *rest):
        if "stalled" in str(host):
            native("time", "sleep")(2)
        return real(host, *rest)

    if BACKEND == "thread":
        from restkit_client.sockets import thread

        thread.getaddrinfo = slow
    elif BACKEND == "gevent":
        from gevent.resolver import thread as resolver

        resolver._socket = type("Socket", (), {"getaddrinfo": staticmethod(slow)})
    else:
        from restkit_client.sockets import eventlet as backend

        real_native = backend.native
        backend.native = lambda module, name: slow if name == "getaddrinfo" else real_native(module, name)
    del patched


@job
def crossed(url, tasks, each, bound):
    """Every response matches its request, never more sockets than the bound, whatever the server does."""
    before = sockets()
    pool = pool_of({"max_connections": bound})
    outcomes = collections.Counter()
    most = [0]

    def work(number):
        rng = random.Random(number)
        client = Client(pool=pool, backend=BACKEND, wait_tries=0.001, max_tries=2)
        for turn in range(each):
            name = f"{number}-{turn}"
            timeout = Timeout(
                read=rng.choice([0.01, 1, 5]), pool=60, total=rng.choice([None, None, 0.02, 30])
            )
            method = rng.choice(["GET", "POST"])
            try:
                response = client.request(
                    f"{url}/{name}", method, name.encode() if method == "POST" else None, timeout=timeout
                )
                if rng.random() < 0.05:
                    response.close()
                    outcomes["left"] += 1
                    continue
                body = response.body_string().decode()
                outcomes["matched" if body == name else "CROSSED"] += 1
            except RestkitError as error:
                outcomes[type(error).__name__] += 1
            most[0] = max(most[0], pool.stats()["in_use"] + pool.stats()["idle"])

    together(tasks, work)
    stats = pool.stats()
    pool.close()
    return {"outcomes": outcomes, "most": most[0], "in_use": stats["in_use"], "left": len(sockets() - before)}


@job
def flat(url, count):
    """Good and bad requests in turn: descriptors and memory."""
    client = Client(pool=pool_of({}), timeout=1, wait_tries=0.0001)
    marks = []
    paths = ["/ok", "/cut", "/garbage", "/close", "/ok", "/chunks", "/half", "/nothing"]
    for number in range(count):
        try:
            response = client.get(url + paths[number % len(paths)])
            if number % 16 == 6:
                response.close()
            else:
                response.body_string()
        except RestkitError:
            pass
        if number in (count // 4, count - 1):
            gc.collect()
            with open("/proc/self/status") as status:
                resident = int(status.read().partition("VmRSS:")[2].split()[0])
            marks.append((len(os.listdir("/proc/self/fd")), resident))
    return marks


@job
def races(url, count):
    """POSTs on connections that the server closes at that moment; what the client believes of each."""
    pool = pool_of({})
    client = Client(pool=pool, wait_tries=0.0001)
    told = {}
    for number in range(count):
        try:
            response = client.post(f"{url}/{number}", b"body %d" % number)
            told[number] = response.body_string().decode()
        except RestkitError as error:
            told[number] = type(error).__name__
    return {
        "told": collections.Counter("ok" if v == str(k) else v for k, v in told.items()),
        "pool": pool.stats(),
    }


@job
def unread(url):
    """Eleven responses that nobody reads."""
    client = Client(backend=BACKEND)
    held = [client.get(url) for _ in range(11)]
    done = [each.status_int for each in held]
    for each in held:
        each.close()
    return done


def fork():
    if BACKEND == "gevent":
        # gevent's own: the child needs a loop of its own.
        return gevent.os.fork_gevent()
    with warnings.catch_warnings():
        # eventlet warns of every fork; here is shown that the pool at least stands it.
        warnings.filterwarnings("ignore", "Using fork", DeprecationWarning)
        return os.fork()


@job
def forked(url, authority, children):
    """A pool warm at the fork: who has used which connection is the server's to say."""
    client = Client(pool=pool_of({}), **({"ca_certs": authority} if authority else {}))
    names = [client.get(url + "/parent").body_string().decode()]
    pids = []
    for number in range(children):
        pid = fork()
        if pid == 0:
            status = 1
            try:
                for _ in range(3):
                    client.get(f"{url}/child{number}").body_string()
                client.pool.close()
                status = 0
            finally:
                os._exit(status)
        pids.append(pid)
        names.append(client.get(url + "/parent").body_string().decode())
    statuses = [os.waitpid(pid, 0)[1] for pid in pids]
    names.append(client.get(url + "/parent").body_string().decode())
    return {"statuses": statuses, "names": names, "opened": client.pool.stats()["opened"]}


def is_open(connection):
    # One that could not be opened has no stream.
    return hasattr(connection, "stream") and connection.socket() is not None


@job
def manual(url, other):
    """socketpool's own pool, as the manual makes it, with its defects provoked."""
    pool = socketpool.ConnectionPool(factory=Connection, backend=BACKEND, retry_delay=0.001)
    client = Client(pool=pool, backend=BACKEND)
    bodies = []
    together(8, lambda _: bodies.append(client.get(url).body_string()))
    sizes = [pool.size]
    # Equal ages.
    taken = [pool.get(host="127.0.0.1", port=int(url.rpartition(":")[2])) for _ in range(2)]
    for each in taken:
        each._life = 5e9
    for each in taken:
        each.release()
    distinct = len({id(each) for each in taken})
    before = pool.size
    # A failed get puts each connection for others back once.
    failed = fails(Client(pool=pool, max_tries=1, backend=BACKEND), other)
    sizes += [before, pool.size]
    again = [pool.get(host="127.0.0.1", port=int(url.rpartition(":")[2])) for _ in range(2)]
    shared = again[0] is again[1]
    for each in again:
        each.close()
    # Peer closed: not connected, and closed on our side as well.
    dead = client.get(url + "/bye").body_string()
    sleep(0.05)
    alive = client.get(url).body_string()
    pool.release_all()
    return {
        "bodies": len(bodies),
        "sizes": sizes,
        "distinct": distinct,
        "failed": failed,
        "shared": shared,
        "dead": dead.decode(),
        "alive": alive.decode(),
        "left": len([each for each in gc.get_objects() if type(each) is Connection and is_open(each)]),
    }


BLOCK = bytes(range(256)) * 256


def blocks(size):
    for _ in range(size // len(BLOCK)):
        yield BLOCK


@job
def bulk(url, size, way, path=None, authority=None):
    """A large body, one way or the other: its digest as the client sees it, and the memory it took."""
    client = Client(pool=pool_of({}), **({"ca_certs": authority} if authority else {}))
    digest = hashlib.sha256()
    if way == "down":
        with client.get(f"{url}/down/{size}") as response:
            for block in response.iter_bytes():
                digest.update(block)
        answer = ""
    elif way == "file":
        with open(path, "rb") as file:
            answer = client.post(url + "/up", file).body_string().decode()
    elif way == "generator":
        answer = client.post(url + "/up", blocks(size)).body_string().decode()
    else:
        with open(path, "rb") as file:
            answer = client.post(url + "/form", files={"file": file}).body_string().decode()
    return {"digest": digest.hexdigest(), "answer": answer, "peak": peak()}


@job
def calls(url, what, count, path=None):
    """Requests between two marks that strace shows: opening a file that does not exist."""
    client = Client(pool=pool_of({}))
    client.get(url).body_string()
    if what == "new":
        client.pool.release_all()

    def mark(name):
        try:
            os.stat("/mark/" + name)
        except OSError:
            pass

    gc.disable()
    if what == "file":
        # What is imported for a file is imported by now.
        with open(__file__, "rb") as file:
            client.post(url, file).body_string()
        with open(path, "rb") as file:
            mark("begin")
            client.post(url, file).body_string()
            mark("end")
        return
    mark("begin")
    for _ in range(count):
        client.get(url).body_string()
        if what == "new":
            client.pool.release_all()
    mark("end")
    return


if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](**json.loads(sys.argv[4]))))
