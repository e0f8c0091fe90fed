"""curl through the same proxies as oracle: what proxy and origin get is the same, but for the user agent."""

import re
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from restkit_client import Client, ConnectionPool
from servers.certificates import Certificates
from servers.forwarder import Forwarder
from servers.origin import Origin, run_origin
from servers.requirements import require_program
from servers.socks import Socks
from servers.squid import Squid


class Case(NamedTuple):
    """A request, and the proxy it goes through."""

    proxy: str
    url: str
    method: str = "GET"
    body: bytes | None = None
    fields: tuple[tuple[str, str], ...] = ()


BODY = (("Content-Type", "text/plain"),)
# {http} and {https} are origins by number, {named} the http one by name; proxies are by name, with what stands before their @.
CASES = [
    Case("http://squid", "{http}/"),
    Case("http://squid", "{http}"),
    Case("http://squid", "{http}/a/b?c=d&e=%20"),
    Case("http://squid", "{named}/by-name"),
    Case("http://squid", "{http}/", "HEAD"),
    Case("http://squid", "{http}/", "DELETE"),
    Case("http://squid", "{http}/post", "POST", b"some bytes", BODY),
    Case("http://squid", "{http}/put", "PUT", b"x" * 100_000, BODY),
    Case("http://squid", "{http}/", fields=(("X-One", "1"), ("X-Two", "two"))),
    Case("http://squid", "{http}/", fields=(("Host", "other.example"),)),
    Case("http://proxy-user:proxy-password@locked", "{http}/basic"),
    Case("http://proxy-user:proxy-password@locked", "{https}/basic"),
    Case("http://proxy-user:proxy-password@locked", "{http}/basic", "POST", b"body", BODY),
    Case("http://squid", "{https}/tunnel?q"),
    Case("http://squid", "{https}/tunnel", "POST", b"inside", BODY),
    Case("socks5://socks", "{http}/socks5"),
    Case("socks5h://socks", "{named}/socks5h"),
    Case("socks5h://socks", "{https}/socks5h"),
    Case("socks4a://socks", "{http}/socks4a"),
    Case("socks5://socks-user:socks-password@socks_locked", "{http}/socks5"),
    Case("socks5h://socks", "{http}/by-address"),
]  # fmt: skip


class Doors(NamedTuple):
    """A recorder before each proxy, the origins behind them."""

    recorders: dict[str, Forwarder]
    http: Origin
    https: Origin


@pytest.fixture(scope="module")
def doors(squid: Squid, socks: Socks, certificates: Certificates) -> Iterator[Doors]:
    """Everything that keeps what it gets."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.server)
    targets = {
        "squid": squid.url,
        "locked": squid.locked_url,
        "socks": socks.open,
        "socks_locked": socks.locked,
    }
    with run_origin() as http, run_origin(context) as https:
        recorders = {name: Forwarder(int(target.rpartition(":")[2])) for name, target in targets.items()}
        yield Doors(recorders, http, https)
        for recorder in recorders.values():
            recorder.stop()


@pytest.mark.parametrize("case", CASES, ids=[f"{case.proxy} {case.method} {case.url}" for case in CASES])
def test_proxy_and_origin_get_the_same_as_from_curl(
    case: Case, doors: Doors, certificates: Certificates, backend: str, tmp_path: Path
) -> None:
    curl = require_program("curl", "apt-get install curl")
    name = re.split("[/@]", case.proxy)[-1]
    recorder = doors.recorders[name]
    proxy = case.proxy.removesuffix(name) + f"127.0.0.1:{recorder.port}"
    named = doors.http.url.replace("127.0.0.1", "localhost")
    url = case.url.format(http=doors.http.url, https=doors.https.url, named=named)
    origin = doors.https if "{https}" in case.url else doors.http

    recorder.received.clear()
    origin.requests.clear()
    with ConnectionPool(backend=backend) as pool:
        client = Client(
            backend=backend, pool=pool, proxy=proxy, ca_certs=str(certificates.authority), timeout=20
        )
        client.request(url, case.method, case.body, case.fields).body_string()
    ours = _taken(recorder, origin)
    coding = re.search(rb"\nAccept-Encoding: (.*)\r", ours[1][0])
    assert coding is not None
    _run_curl(curl, case, proxy, url, coding[1].decode(), certificates, tmp_path)
    theirs = _taken(recorder, origin)
    assert _normal(ours[0]) == _normal(theirs[0])
    assert (_normal(ours[1][0]), ours[1][1]) == (_normal(theirs[1][0]), theirs[1][1])


def _run_curl(
    curl: str, case: Case, proxy: str, url: str, coding: str, certificates: Certificates, folder: Path
) -> None:
    # What curl adds by itself beyond what RFC 9110 asks for: Accept and the obsolete Proxy-Connection.
    # pproxy knows no names by SOCKS4, and curl says an address as a name by 4a. GSSAPI is not offered by us.
    proxy = proxy.replace("socks4a:", "socks4:")
    command = [curl, "-sS", "--fail", "--proxy", proxy, "--cacert", str(certificates.authority), "--socks5-basic", "--noproxy", "",
               "-H", f"Accept-Encoding: {coding}", "-H", "Accept:", "-H", "Expect:", "-H", "Proxy-Connection:",
               "--proxy-header", "Proxy-Connection:", "-o", str(folder / "out")]  # fmt: skip
    for field, value in case.fields:
        command += ["-H", f"{field}: {value}"]
    if case.method == "HEAD":
        command.append("--head")
    else:
        command += ["-X", case.method]
    if case.body is not None:
        (folder / "body").write_bytes(case.body)
        command += ["--data-binary", f"@{folder / 'body'}"]
    subprocess.run([*command, url], check=True, timeout=30)


def _taken(recorder: Forwarder, origin: Origin) -> tuple[bytes, tuple[bytes, bytes]]:
    """What the proxy and the origin got since the last time."""
    (sent,) = recorder.received
    (request,) = origin.requests
    recorder.received.clear()
    origin.requests.clear()
    head, mark, rest = bytes(sent).partition(b"\r\n\r\n")
    if head.startswith(b"CONNECT "):
        # TLS follows: no two handshakes are the same.
        rest = b""
    elif sent[0] in (4, 5):
        socks = _socks_bytes(sent)
        return socks, request
    return head + mark + rest, request


def _socks_bytes(sent: bytearray) -> bytes:
    """What SOCKS itself was sent; what follows went on to the origin."""
    ends = [sent.find(mark) for mark in (b"GET /", b"\x16\x03\x01")]
    return bytes(sent[: min(end for end in ends if end >= 0)])


def _normal(message: bytes) -> list[bytes]:
    """Lines without user agent; fields sorted, since the order of different fields says nothing (RFC 9110 §5.3)."""
    if message[:1] in (b"\x04", b"\x05"):
        return [message]
    head, _, rest = message.partition(b"\r\n\r\n")
    first, *fields = head.rstrip(b"\r\n").split(b"\r\n")
    return [first, *sorted(field for field in fields if not field.lower().startswith(b"user-agent:")), rest]
