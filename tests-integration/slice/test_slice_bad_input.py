"""Bad input and bad peers: a clear error of a documented class; from restcli one line and a status that is not 0."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from restkit import errors, request
from servers.certificates import Certificates
from servers.nginx import Nginx
from servers.process import free_port
from servers.scripted import scripted


class Case(NamedTuple):
    error: str
    text: str
    """Part of the message: what was wrong."""
    url: str = ""
    answer: bytes | None = b""
    """What the server says, where the case is a server's."""
    options: Mapping[str, Any] = MappingProxyType({})
    arguments: tuple[str, ...] = ()
    """The same for restcli."""


CASES = {
    "unreachable port": Case("ConnectError", "refused", "http://127.0.0.1:{free}/"),
    "unknown host": Case("ResolveError", "no-such-host.invalid", "http://no-such-host.invalid/"),
    "certificate for another name": Case("CertificateError", "localhost", "{wrong_name}/small.txt"),
    "no HTTP": Case("BadStatusLine", "SSH-2.0", answer=b"SSH-2.0-OpenSSH_9.2\r\n\r\n"),
    "truncated body": Case(
        "IncompleteBody", "100", answer=b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nnot so many"
    ),
    "truncated chunks": Case(
        "IncompleteBody", "", answer=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"
    ),
    "nothing at all": Case("RemoteDisconnected", "", answer=b"", options={"max_tries": 1}),
    "no host": Case("InvalidUrl", "host", "http:///path"),
    "no scheme": Case("InvalidUrl", "scheme", "/some/url"),
    "a field with CRLF": Case(
        "InvalidHeader",
        "X-Injected",
        answer=b"HTTP/1.1 204 injected\r\n\r\n",
        options={"headers": {"X-Injected": "a\r\nHost: other"}},
        arguments=("-H", "X-Injected: a\r\nHost: other"),
    ),
}

each_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


@contextlib.contextmanager
def address(case: Case, nginx: Nginx) -> Iterator[str]:
    if case.url:
        yield case.url.format(free=free_port(), wrong_name=nginx.wrong_name_url)
    else:
        with scripted(case.answer) as url:
            yield url


@each_case
def test_an_error_of_a_documented_class(case: Case, nginx: Nginx, certificates: Certificates) -> None:
    with address(case, nginx) as url, pytest.raises(errors.ERRORS) as caught:
        request(url, ca_certs=str(certificates.authority), **case.options).body_string()
    assert type(caught.value).__name__ == case.error
    assert case.text in str(caught.value)


@each_case
def test_restcli_says_one_line_and_fails(case: Case, nginx: Nginx, certificates: Certificates) -> None:
    program = Path(sys.executable).with_name("restcli")
    settings = os.environ | {"SSL_CERT_FILE": str(certificates.authority)}
    with address(case, nginx) as url:
        done = subprocess.run(
            [program, *case.arguments, url],
            env=settings,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert done.returncode != 0
    assert case.text in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_that_says_nothing_ends_in_a_read_timeout() -> None:
    with scripted(None) as url, pytest.raises(errors.ReadTimeout, match=r"0\.2") as caught:
        request(url, timeout=0.2)
    assert isinstance(caught.value, errors.RequestTimeout)
