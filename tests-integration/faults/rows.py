"""The rows of the fault list: what the server does, what the client does, what must come of it."""

import os
import resource
import signal
import socket
import threading
import time
from dataclasses import dataclass, field

from restkit_client import Client, ConnectionPool, Timeout

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Tools:
    """What a row's client works with."""

    def __init__(self, backend, patched, command):
        self.backend = backend
        self.patched = patched
        self.command = command
        self.url = command["url"]
        self.pool = ConnectionPool(backend=backend)
        self.made = [self.pool]

    def client(self, **options):
        if options.pop("tls", False) or self.url.startswith("https"):
            options.setdefault("ca_certs", self.command.get("authority"))
        options.setdefault("pool", self.pool)
        return Client(backend=self.backend, wait_tries=0.01, **options)

    def get(self, path="/", **options):
        return self.client(**options).get(self.url + path)

    def probe(self):
        """Whether the next request works, on the pool that the fault has passed through."""
        try:
            url = self.command.get("healthy", self.url)
            ca = {"ca_certs": self.command["authority"]} if url.startswith("https") else {}
            client = Client(backend=self.backend, pool=self.pool, timeout=5, **ca)
            return client.get(url + "/probe").body_string().decode()
        except Exception as error:
            return repr(error)

    def spawn(self, function):
        """Run beside the row; returns a function that waits for its end."""
        if self.backend == "gevent":
            import gevent

            return gevent.spawn(function).join
        if self.backend == "eventlet":
            import eventlet

            return eventlet.spawn(function).wait
        thread = threading.Thread(target=function, daemon=True)
        thread.start()
        return thread.join

    def sleep(self, seconds):
        self.pool.backend_mod.sleep(seconds)

    def until(self, condition, seconds=5):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError("the condition did not come true")
            self.sleep(0.002)

    def wait_for_news(self):
        """Until something has come on the idle connection."""
        (idle,) = [each for each in (shelf.idle for shelf in self.pool.shelves.values()) if each]
        self.until(idle[-1].stream.readable)

    def close(self):
        for each in self.made:
            each.close()


@dataclass
class Row:
    """One line of the list."""

    act: object
    scripts: list = field(default_factory=list)
    raises: str = ""
    gives: object = None
    within: tuple = (0, 5)
    cpu: float = 5.0
    tls: str = ""
    backends: tuple = ("thread", "gevent", "eventlet")
    sent: object = None
    black_hole: bool = False


ROWS = {}


def row(name, **options):
    def add(act):
        ROWS[name] = Row(act, **options)
        return act

    return add


def simple(name, scripts, raises="", gives=None, **options):
    """A GET whose body is read to its end."""
    timeout = options.pop("timeout", None)
    ROWS[name] = Row(
        lambda tools: tools.get(timeout=timeout).body_string().decode(), scripts, raises, gives, **options
    )


BIG = b"x" * 1_000_000
LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

# -- 1-3, 11: the connection that died in the pool


@row(
    "1 idle connection closed by the server",
    scripts=[["head", OK, "close"], ["head", OK, "close"]],
    gives=["ok", "ok", "request 1"],
)
def _(tools):
    client, bodies = tools.client(), []
    for method in ("GET", "POST", "POST"):
        bodies.append(client.request(tools.url, method).body_string().decode())
        if len(bodies) < 3:
            tools.wait_for_news()
    return bodies


@row("2 reset when the next request arrives, GET", scripts=[["head", OK, "head", "rst"]], gives="request 1")
def _(tools):
    client = tools.client()
    client.get(tools.url).body_string()
    return client.get(tools.url).body_string().decode()


@row(
    "2 closed when the next request arrives, GET", scripts=[["head", OK, "head", "close"]], gives="request 1"
)
def _(tools):
    client = tools.client()
    client.get(tools.url).body_string()
    return client.get(tools.url).body_string().decode()


@row(
    "2 reset when the next request arrives, POST",
    scripts=[["head", OK, "head", "rst"]],
    raises="RemoteDisconnected",
)
def _(tools):
    client = tools.client()
    client.get(tools.url).body_string()
    client.post(tools.url, b"once").body_string()


@row("3 every pooled connection dies", scripts=[["head", OK, "head", "rst"]] * 4, gives="request 1")
def _(tools):
    client = tools.client()
    for response in [client.get(tools.url + "/held", max_size=9) for _ in range(4)]:
        response.body_string()
    return client.get(tools.url).body_string().decode()


ROWS["3 every pooled connection dies"].scripts = [
    ["head", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", b"ok", "head", "rst"] for _ in range(4)
]


@row(
    "11 408 on an idle connection",
    scripts=[
        [
            "head",
            OK,
            "head",
            b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        ]
    ],
    gives="request 1",
)
def _(tools):
    client = tools.client()
    client.get(tools.url).body_string()
    return client.get(tools.url).body_string().decode()


# -- 4-10: what comes is broken


@row(
    "4 reset inside the body",
    scripts=[["head", LENGTH + BIG[:1000], ("pause", 0.1), "rst"]],
    gives=[1000, "IncompleteBody", 1000, 1000000],
)
def _(tools):
    with tools.get().body_stream() as body:
        so_far = body.read(1000)
        try:
            body.read()
        except OSError as error:
            return [len(so_far), type(error).__name__, error.received, error.expected]


simple("5 end before Content-Length", [["head", LENGTH + b"short"]], "IncompleteBody")
simple("6 end in chunk data", [["head", CHUNKED + b"5\r\nab"]], "IncompleteBody")
simple("6 end in the size line", [["head", CHUNKED + b"5\r\nabcde\r\n1"]], "IncompleteBody")
simple("6 end before the last chunk", [["head", CHUNKED + b"5\r\nabcde\r\n"]], "IncompleteBody")
simple("6 end in the trailers", [["head", CHUNKED + b"5\r\nabcde\r\n0\r\nX: y\r\n"]], "IncompleteBody")
simple("7 end inside the fields", [["head", b"HTTP/1.1 200 OK\r\nContent-Le"]], "IncompleteHead")
simple("7 end after the status line", [["head", b"HTTP/1.1 200 OK\r\n"]], "IncompleteHead")
simple("7 end before a byte", [["head"]] * 3, "RemoteDisconnected")
simple("7 end before a byte, then well", [["head"]], gives="request 1")
simple("8 garbage before the status line", [["head", b"garbage\r\n" + OK]], "BadStatusLine")
simple("8 HTTP/0.9", [["head", b"<html>hello</html>", "hold"]], "BadStatusLine")
simple("8 another protocol, held open", [["head", b"SSH-2.0-OpenSSH_9.2\r\n", "hold"]], "BadStatusLine")
simple("8 TLS on an http port", [["head", b"\x15\x03\x01\x00\x02\x02\x46", "hold"]], "BadStatusLine")


@row("9 stray bytes behind the body", scripts=[["head", OK + b"stray", "hold"]], gives=["ok", 0])
def _(tools):
    return [tools.get().body_string().decode(), tools.pool.size]


@row(
    "10 a response nobody asked for",
    scripts=[["head", OK, ("pause", 0.05), OK.replace(b"ok", b"no"), "hold"]],
    gives=["ok", "request 1"],
)
def _(tools):
    client = tools.client()
    first = client.get(tools.url).body_string().decode()
    tools.wait_for_news()
    return [first, client.get(tools.url).body_string().decode()]


# -- 12-17: while we send

REFUSED = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig"


def upload(tools, body, **options):
    response = tools.client(timeout=Timeout(read=3, write=3)).post(tools.url, body, **options)
    return [response.status_int, response.body_string().decode(), tools.pool.size]


def blocks(count=2000):
    for _ in range(count):
        yield b"x" * 65536


@row("12 refused during an upload, and closed", scripts=[["head", REFUSED, "close"]], gives=[413, "big", 0])
def _(tools):
    return upload(tools, blocks())


@row(
    "12 refused during an upload, nothing read any more",
    scripts=[["head", REFUSED, "hold"]],
    gives=[413, "big", 0],
)
def _(tools):
    return upload(tools, b"x" * 100_000_000)


@row(
    "13 refused during an upload that the server goes on reading",
    scripts=[["head", REFUSED, "drain"]],
    gives=[413, "big", 0],
)
def _(tools):
    return upload(tools, blocks())


@row(
    "13 an interim response during an upload changes nothing",
    scripts=[["head", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", ("read", 65536 * 20), OK, "serve"]],
    gives=[200, "ok", 1],
)
def _(tools):
    return upload(tools, (b"x" * 65536 for _ in range(20)), headers={"Content-Length": str(65536 * 20)})


EXPECT = {"Expect": "100-continue"}


@row(
    "14 Expect, the server is silent",
    scripts=[["head", ("read", 4), OK, "serve"]],
    gives=[200, "ok", 1],
    within=(0.95, 1.6),
)
def _(tools):
    return upload(tools, b"body", headers=EXPECT)


@row(
    "15 Expect answered by 417",
    scripts=[["head", b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n", "hold"]],
    gives=[200, "request 1", 1],
)
def _(tools):
    return upload(tools, b"body", headers=EXPECT)


@row(
    "16 Expect answered by a final response",
    scripts=[["head", REFUSED, "drain"]],
    gives=[413, "big", 0],
    sent=lambda got: b"SECRET" not in got,
)
def _(tools):
    return upload(tools, b"SECRET" * 10, headers=EXPECT)


@row("17 the server never reads", scripts=[["hold"]], raises="WriteTimeout", within=(0.3, 0.8))
def _(tools):
    tools.client(timeout=Timeout(write=0.3)).post(tools.url, b"x" * 100_000_000)


# -- 18, 19: time

simple("18 the server never answers", [["head", "hold"]], "ReadTimeout", timeout=0.3, within=(0.3, 0.8))
TOTAL = Timeout(total=1, read=0.9)
simple(
    "19 a drip of the head", [["head", ("drip", OK, 0.15)]], "TotalTimeout", timeout=TOTAL, within=(1.0, 1.2)
)
simple(
    "19 a drip of the body",
    [["head", LENGTH, ("drip", BIG, 0.15)]],
    "TotalTimeout",
    timeout=TOTAL,
    within=(1.0, 1.2),
)
simple(
    "19 a drip of a chunk's size",
    [["head", CHUNKED, ("drip", b"0" * 40, 0.15)]],
    "TotalTimeout",
    timeout=TOTAL,
    within=(1.0, 1.2),
)
simple(
    "19 a body that never ends, at full speed",
    [["head", CHUNKED, *[b"10000\r\n" + b"x" * 65536 + b"\r\n"] * 500000]],
    "TotalTimeout",
    timeout=Timeout(total=0.5),
    within=(0.5, 1.0),
    backends=("thread",),
)
simple(
    "19 a drip inside the TLS handshake",
    [["hold"]],
    "TotalTimeout",
    timeout=Timeout(total=0.5),
    within=(0.5, 0.8),
    tls="none",
)


@row("20 connection requests are dropped", raises="ConnectTimeout", within=(0.3, 0.8), black_hole=True)
def _(tools):
    tools.client(timeout=0.3).get(tools.command["hole"])


# -- 21-24: addresses


@row("21 refused", raises="ConnectError")
def _(tools):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    tools.client().get(f"http://127.0.0.1:{port}/")


@row("21 refused, the next address works", gives="request 1")
def _(tools):
    port = int(tools.url.rpartition(":")[2])
    with socket.create_server(("127.0.0.1", 0)) as server:
        refused = server.getsockname()
    addresses = [(socket.AF_INET, refused), (socket.AF_INET, ("127.0.0.1", port))]
    client = tools.client(resolver=lambda *_: addresses)
    return client.get("http://name.example/").body_string().decode()


@row("22 a name that does not exist", raises="ResolveError")
def _(tools):
    tools.client().get("http://does-not-exist.invalid/")


@row("22 a name without an address", raises="ResolveError")
def _(tools):
    tools.client(resolver=lambda *_: []).get("http://name.example/")


@row("22 a slow resolver", raises="ConnectTimeout", within=(0.3, 0.6), backends=("thread",))
def _(tools):
    from restkit_client.sockets import thread

    original = thread.getaddrinfo
    thread.getaddrinfo = lambda *_: time.sleep(1)
    try:
        tools.client(timeout=0.3).get("http://name.example/")
    finally:
        thread.getaddrinfo = original


@row("23 the first address is a black hole", gives="request 1", within=(0.2, 0.65), black_hole=True)
def _(tools):
    port = int(tools.url.rpartition(":")[2])
    hole = int(tools.command["hole"].rpartition(":")[2])
    addresses = [(socket.AF_INET, ("127.0.0.1", hole)), (socket.AF_INET, ("127.0.0.1", port))]
    client = tools.client(resolver=lambda *_: addresses)
    return client.get("http://name.example/").body_string().decode()


@row("24 half-closed while we send", scripts=[["head", "fin", "hold"]], raises="RemoteDisconnected", cpu=1.0)
def _(tools):
    tools.client(timeout=3).post(tools.url, b"x" * 100_000_000)


# -- 25-27: responses that are left


@row("25 closed when half read", scripts=[["head", LENGTH + BIG[:500_000], "hold"]], gives=0)
def _(tools):
    response = tools.get()
    response.body_stream().read(10)
    response.close()
    return tools.pool.size


@row(
    "25 closed when the rest is here",
    scripts=[["head", b"HTTP/1.1 200 OK\r\nContent-Length: 30000\r\n\r\n" + b"x" * 30000, "serve"]],
    gives=1,
)
def _(tools):
    response = tools.get()
    body = response.body_stream()
    body.read(10)
    connection = tools.pool
    tools.sleep(0.05)
    body.close()
    return connection.size


@row("26 dropped without a word", scripts=[["head", LENGTH, "hold"]], gives=["ResourceWarning", 0])
def _(tools):
    import gc
    import warnings

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        tools.get()
        gc.collect()
    return [caught[0].category.__name__, tools.pool.stats()["in_use"]]


@row("27 an error in the caller's loop", scripts=[["head", LENGTH + BIG, "hold"]], raises="KeyError")
def _(tools):
    with tools.get() as response:
        for _block in response.iter_bytes():
            raise KeyError("the caller's")


# -- 28: the caller's body is broken


def broken(kind):
    yield b"first"
    if kind == "raises":
        raise ZeroDivisionError
    if kind == "number":
        yield 5
    if kind == "long":
        yield b"x" * 100


def no_terminator(got):
    return b"\r\n0\r\n" not in got


@row("28 the generator raises", scripts=[["drain"]], raises="ZeroDivisionError", sent=no_terminator)
def _(tools):
    tools.client().post(tools.url, broken("raises"))


@row("28 the generator gives a number", scripts=[["drain"]], raises="RequestError", sent=no_terminator)
def _(tools):
    tools.client().post(tools.url, broken("number"))


@row(
    "28 the generator gives too much",
    scripts=[["drain"]],
    raises="RequestError",
    sent=lambda got: b"xxxx" not in got,
)
def _(tools):
    tools.client().post(tools.url, broken("long"), {"Content-Length": "10"})


@row("28 the generator gives too little", scripts=[["drain"]], raises="RequestError")
def _(tools):
    tools.client().post(tools.url, broken("short"), {"Content-Length": "10"})


# -- 29-32: this side is interrupted


def interrupted(tools, seconds, action):
    """What is raised when the action is interrupted from outside after some seconds, by the means of the backend."""
    if tools.backend == "gevent":
        import gevent

        job = gevent.spawn(action)
        gevent.sleep(seconds)
        job.kill()
        return type(job.value).__name__
    if tools.backend == "eventlet":
        import eventlet

        try:
            with eventlet.Timeout(seconds):
                action()
        except eventlet.Timeout as error:
            return type(error).__name__

    def interrupt(*_):
        raise KeyboardInterrupt

    signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        action()
    except KeyboardInterrupt as error:
        return type(error).__name__
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


INTERRUPTS = {"thread": "KeyboardInterrupt", "gevent": "GreenletExit", "eventlet": "Timeout"}


def interrupt_row(name, scripts, **options):
    def add(action):
        def act(tools):
            kind = interrupted(tools, 0.15, lambda: action(tools))
            return [kind == INTERRUPTS[tools.backend], tools.pool.stats()["in_use"]]

        ROWS[f"29 interrupted {name}"] = Row(act, scripts, gives=[True, 0], within=(0.1, 1.0), **options)

    return add


interrupt_row("in connect", [], black_hole=True)(lambda tools: tools.client().get(tools.command["hole"]))
interrupt_row("in the TLS handshake", [["hold"]], tls="none")(lambda tools: tools.get())
interrupt_row("while sending", [["hold"]])(lambda tools: tools.client().post(tools.url, b"x" * 100_000_000))
interrupt_row("while waiting for the head", [["head", "hold"]])(lambda tools: tools.get())
interrupt_row("in the body", [["head", LENGTH + b"x", "hold"]])(lambda tools: tools.get().body_string())


@row(
    "29 interrupted while waiting for the pool",
    scripts=[["head", LENGTH, "hold"]],
    gives=[True, 1, 0],
    within=(0.1, 1.0),
)
def _(tools):
    pool = ConnectionPool(backend=tools.backend, max_connections=1)
    tools.made.append(pool)
    held = tools.get(pool=pool)
    kind = interrupted(tools, 0.15, lambda: tools.get(pool=pool))
    result = [kind == INTERRUPTS[tools.backend], pool.stats()["in_use"], pool.stats()["waiting"]]
    held.close()
    return result


@row(
    "30 closed by another task while it reads",
    scripts=[["head", LENGTH + b"x", "hold"]],
    gives="ClosedError",
    within=(0.1, 0.6),
)
def _(tools):
    response = tools.get()
    caught = []

    def read():
        try:
            response.body_string()
        except Exception as error:
            caught.append(type(error).__name__)

    wait = tools.spawn(read)
    tools.sleep(0.15)
    response.close()
    wait()
    return caught[0]


@row(
    "31 a signal every millisecond",
    scripts=[["serve"], ["head", "hold"]],
    gives=["request 1", True],
    backends=("thread",),
)
def _(tools):
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    try:
        first = tools.get().body_string().decode()
        tools.pool.release_all()
        started = time.monotonic()
        try:
            tools.get(timeout=Timeout(total=1))
        except TimeoutError:
            pass
        return [first, 1.0 <= time.monotonic() - started <= 1.2]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


@row("32 no descriptors left", gives=["ConnectError", "request 1"], backends=("thread",))
def _(tools):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(map(int, os.listdir("/proc/self/fd")))
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(3, highest), hard))
    try:
        tools.get(max_tries=1)
        first = ""
    except Exception as error:
        first = type(error).__name__
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return [first, tools.get().body_string().decode()]


# -- 36: closed pools


@row(
    "36 the pool is closed while a request is under way",
    scripts=[["head", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no", ("pause", 0.2), b"k", "hold"]],
    gives=["ok", "ClosedError"],
)
def _(tools):
    pool = ConnectionPool(backend=tools.backend)
    response = tools.get(pool=pool)
    pool.close()
    body = response.body_string().decode()
    try:
        tools.get(pool=pool)
    except Exception as error:
        return [body, type(error).__name__]


# -- 37-40: TLS


simple(
    "37 no close_notify at the end of a body until close",
    [["head", b"HTTP/1.1 200 OK\r\n\r\npart", "fin"]],
    "IncompleteBody",
    tls="server",
)
simple(
    "37 close_notify at the end of a body until close",
    [["head", b"HTTP/1.1 200 OK\r\n\r\nwhole", "close"]],
    gives="whole",
    tls="server",
)
simple("37 no close_notify behind a body with a length", [["head", OK, "fin"]], gives="ok", tls="server")
simple(
    "38 a certificate for another name",
    [],
    "CertificateError",
    tls="other",
    sent=lambda got: b"GET" not in got,
)
simple(
    "38 an authority that is not trusted",
    [],
    "CertificateError",
    tls="unknown",
    sent=lambda got: b"GET" not in got,
)
simple("39 the handshake stalls", [["hold"]], "ConnectTimeout", timeout=0.3, within=(0.3, 0.8), tls="none")
simple("39 closed in the handshake", [["close"]] * 3, "TLSError", tls="none")
simple(
    "39 plain HTTP on the https port",
    [["head", OK, "hold"], [b"HTTP/1.1 400 Bad Request\r\n\r\n", "hold"]],
    "TLSError",
    tls="none",
    timeout=2,
)
ROWS["39 plain HTTP on the https port"].scripts = [
    [("pause", 0.02), b"HTTP/1.1 400 Bad Request\r\n\r\n", "hold"]
]


@row("40 data pending inside TLS", scripts=[["head", LENGTH + BIG, "serve"]], gives=1_000_000, tls="server")
def _(tools):
    response = tools.get(timeout=2)
    return sum(len(block) for block in response.iter_bytes(1000))


# -- 34, 35: a bounded pool


@row(
    "34 many tasks, four connections, a server that breaks off",
    scripts=[],
    gives=[True, True, 0, 0],
    within=(0, 20),
)
def _(tools):
    pool = ConnectionPool(backend=tools.backend, max_connections=4)
    tools.made.append(pool)
    client = tools.client(pool=pool, timeout=Timeout(read=2, pool=15))
    bodies, most = [], []

    def work():
        for _ in range(10):
            try:
                bodies.append(client.get(tools.url).body_string()[:8])
            except ConnectionError as error:
                bodies.append(type(error).__name__)
            stats = pool.stats()
            most.append(stats["in_use"] + stats["idle"])

    for wait in [tools.spawn(work) for _ in range(64)]:
        wait()
    stats = pool.stats()
    known = {b"ok", b"request ", "RemoteDisconnected", "IncompleteBody"}
    return [len(bodies) == 640 and set(bodies) <= known, max(most) <= 4, stats["in_use"], stats["waiting"]]


ROWS["34 many tasks, four connections, a server that breaks off"].scripts = [
    script
    for _ in range(20)
    for script in (
        ["head", OK, "head", "rst"],
        ["head", OK, "close"],
        ["head", LENGTH, "close"],
        ["head", OK, "head", OK],
    )
]


@row("35 the pool is exhausted", scripts=[["head", LENGTH, "hold"]], raises="PoolTimeout", within=(0.2, 0.7))
def _(tools):
    pool = ConnectionPool(backend=tools.backend, max_connections=1)
    tools.made.append(pool)
    with tools.get(pool=pool):
        tools.get(pool=pool, timeout=Timeout(pool=0.2))


@row(
    "35 who waits for the pool is served in turn, also by a connection that ends",
    scripts=[["head", LENGTH, "hold"]],
    gives=[[0, 1, 2, 3], ["request 1", "request 2", "request 3", "request 4"]],
)
def _(tools):
    pool = ConnectionPool(backend=tools.backend, max_connections=1)
    tools.made.append(pool)
    client, order, bodies, waits = tools.client(pool=pool), [], [], []
    held = client.get(tools.url)

    def work(number):
        response = client.get(tools.url)
        order.append(number)
        bodies.append(response.body_string().decode())

    for number in range(4):
        waits.append(tools.spawn(lambda number=number: work(number)))
        tools.until(lambda number=number: pool.stats()["waiting"] == number + 1)
    held.close()
    for wait in waits:
        wait()
    return [order, bodies]


# -- 46: clocks

ABSURD = b"HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\nDate: Mon, 01 Jan 1900 00:00:00 GMT\r\nRetry-After: %b\r\n\r\n"


@row("46 the system's clock jumps", scripts=[["head", "hold"]], gives="TotalTimeout", within=(0.4, 0.9))
def _(tools):
    real, jumps = time.time, iter(range(10**9))
    time.time = lambda: real() + 1e9 * (-1) ** next(jumps)
    try:
        tools.get(timeout=Timeout(total=0.4))
    except TimeoutError as error:
        return type(error).__name__
    finally:
        time.time = real


for _name, _value in (("seconds", b"315360000"), ("a date", b"Fri, 01 Jan 2100 00:00:00 GMT")):
    ROWS[f"46 a Retry-After of years, in {_name}"] = Row(
        lambda tools: tools.get(retry_statuses=(503,), timeout=Timeout(total=0.4)),
        [["head", ABSURD % _value, "hold"]],
        "TotalTimeout",
        within=(0.4, 0.9),
    )
ROWS["46 a Retry-After in the past"] = Row(
    lambda tools: tools.get(retry_statuses=(503,)).body_string().decode(),
    [["head", ABSURD % b"Mon, 01 Jan 1900 00:00:00 GMT", "hold"]],
    gives="request 1",
    within=(0, 1),
)
