"""Tries: each fault at each offset, through one client; what came of it, and whether that is allowed."""

import os
import re
import threading
import time
from collections import Counter

from restkit.errors import ERRORS
from restkit_client import Client, ConnectionPool, Timeout
from restkit_client.errors import DecodeError, RequestTimeout

from .faulty_server import FaultyServer
from .oracle import Meaning, decoded, h11_accepts, meaning

# Each request's own clock. Nothing here takes a hundredth of it: who reaches it has waited for what had come.
SECONDS = 2
EMPTY_MEMBER = re.compile(rb"Transfer-Encoding:[ \t]*,")
# Of a TLS record's head: type, version (two bytes), length.
RECORD_MINOR_VERSION = 2


class Trial:
    """One client and one server; not shared between threads."""

    def __init__(self, response, contexts=(), authority=None, closes=False):
        self.server = FaultyServer(response, contexts, closes)
        self.pool = ConnectionPool()
        tls = {"ca_certs": str(authority)} if contexts else {}
        self.client = Client(pool=self.pool, timeout=Timeout(total=SECONDS), max_tries=1, **tls)

    def run(self, fault, fresh=False):
        """What a GET gives under the fault: a meaning, or the documented error it raised."""
        self.server.fault = fault
        if fresh or fault.kind == "corrupt":
            self.pool.release_all()
        try:
            response = self.client.get(self.server.url)
            body = response.body_string()
            fields, trailers = list(response.headers.items()), list(response.trailers.items())
            return Meaning(response.status_int, response.reason, fields, body, trailers)
        except ERRORS as error:
            return error

    def close(self):
        self.client.close()
        self.pool.close()
        self.server.stop()


class Table:
    """Counts of outcomes, and what was not allowed."""

    def __init__(self):
        self.counts = Counter()
        self.wrong = []
        self.lock = threading.Lock()

    def add(self, form, fault, outcome, complaint=""):
        with self.lock:
            self.counts[form, fault.kind, outcome] += 1
            if complaint:
                self.wrong.append((form, fault, outcome, complaint))

    def __str__(self):
        rows = sorted(self.counts.items())
        return "\n".join(
            f"{form:16} {kind:8} {outcome:32} {count:7}" for (form, kind, outcome), count in rows
        )


def plain_verdict(response, intended, fault, result):
    """What a try on a plain connection has given, by name, and what is wrong with it, if anything."""
    name = _name(result, intended)
    if isinstance(result, RequestTimeout):
        return name, "all bytes had come, or the connection had ended"
    if fault.kind in ("split", "delay"):
        return name, "" if result == intended else "the bytes all came"
    if fault.kind in ("cut", "reset"):
        return name, "a part was taken for the whole" if isinstance(result, Meaning) else ""
    damaged = bytearray(response)
    damaged[fault.offset] = (damaged[fault.offset] + fault.change) % 256
    meant = meaning(bytes(damaged))
    if isinstance(meant, Exception):
        return name, "" if isinstance(result, Exception) else f"the parser refuses it: {meant!r}"
    if not h11_accepts(bytes(damaged)):
        name += ", h11 refuses"
        # It does not pass over the empty members of a list (RFC 9110 section 5.6.1).
        if not EMPTY_MEMBER.search(damaged):
            return name, "h11 refuses it"
    expected = decoded(meant)
    if expected is None:
        return name, "" if isinstance(result, DecodeError) else "the coding is damaged"
    return name, "" if result == expected else f"it means {expected!r:.300}, not {result!r:.300}"


def secure_verdict(intended, fault, result):
    """The same under TLS, where damage is never a message."""
    name = _name(result, intended)
    if isinstance(result, RequestTimeout):
        return name, "all bytes had come, or the connection had ended"
    if fault.kind in ("split", "delay"):
        return name, "" if result == intended else "the bytes all came"
    if isinstance(result, Exception):
        return name, ""
    # The version that the first, still plain, record claims is ignored (RFC 8446 section 5.1).
    ignored = fault.from_start and fault.offset == RECORD_MINOR_VERSION and result == intended
    return f"{name}, by RFC 8446", "" if ignored else "damage went unseen"


def _name(result, intended):
    if isinstance(result, Exception):
        return type(result).__name__
    return "right" if result == intended else "as the damaged bytes say"


def spread(work, lanes, make):
    """Do every job of `work` in `lanes` threads, each with what `make()` gives; raise what one of them raised."""
    jobs = iter(list(work))
    lock, errors = threading.Lock(), []

    def lane():
        trial = make()
        try:
            while True:
                with lock:
                    job = next(jobs, None)
                if job is None or errors:
                    return
                job(trial)
        except BaseException as error:
            errors.append(error)
        finally:
            trial.close()

    threads = [threading.Thread(target=lane) for _ in range(lanes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def sockets():
    """How many sockets this process has open."""
    count = 0
    for descriptor in os.listdir("/proc/self/fd"):
        try:
            count += os.readlink(f"/proc/self/fd/{descriptor}").startswith("socket:")
        except OSError:
            continue
    return count


def sockets_fall_to(number, seconds=3):
    """Whether the open sockets are no more than `number`, now or soon: servers' threads close theirs when they end."""
    end = time.monotonic() + seconds
    while sockets() > number:
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
