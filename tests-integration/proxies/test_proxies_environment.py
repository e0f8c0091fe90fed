"""The environment's proxies in a process of its own, as a user sets them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from faults.script_server import ScriptServer
from servers.certificates import Certificates
from servers.origin import Origin
from servers.squid import Squid

WORKER = Path(__file__).with_name("environment_worker.py")
NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "request_method")


def ask(backend: str, certificates: Certificates, environment: dict[str, str], *urls: str) -> list[Any]:
    own = {name: value for name, value in os.environ.items() if name.lower() not in NAMES}
    done = subprocess.run(
        [sys.executable, "-W", "error", str(WORKER), backend, str(certificates.authority), *urls],
        env=own | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    answers: list[Any] = json.loads(done.stdout)
    return answers


@pytest.mark.parametrize("upper", [False, True], ids=["lower case", "upper case"])
def test_http_proxy_and_https_proxy(
    upper: bool,
    backend: str,
    squid: Squid,
    locked_squid: str,
    certificates: Certificates,
    origin: Origin,
    tls_origin: Origin,
) -> None:
    environment = {"http_proxy": squid.url, "https_proxy": locked_squid}
    if upper:
        environment = {name.upper(): value for name, value in environment.items()}
    answers = ask(backend, certificates, environment, origin.url + "/in-env", tls_origin.url)
    assert [answer[:2] for answer in answers] == [[True, 200], [True, 200]]
    assert squid.served(f"{origin.url}/in-env", 1)
    assert squid.served(f"CONNECT localhost:{tls_origin.port}", 1)


def test_all_proxy_no_proxy_and_an_empty_variable(
    backend: str, squid: Squid, socks: Any, certificates: Certificates, origin: Origin, tls_origin: Origin
) -> None:
    named = origin.url.replace("127.0.0.1", "localhost")
    urls = (origin.url, named, tls_origin.url)
    through = ask(backend, certificates, {"all_proxy": f"socks5h://{socks.open}"}, *urls)
    assert [answer[0] for answer in through] == [True, True, True]
    by_host = ask(backend, certificates, {"ALL_PROXY": squid.url, "no_proxy": "x.example,127.0.0.0/8"}, *urls)
    assert [answer[0] for answer in by_host] == [False, True, True]
    empty = ask(backend, certificates, {"http_proxy": "", "ALL_PROXY": squid.url}, *urls)
    assert [answer[0] for answer in empty] == [False, False, True]
    nowhere = ask(backend, certificates, {"all_proxy": "http://127.0.0.1:9", "NO_PROXY": "*"}, *urls)
    assert [answer[:2] for answer in nowhere] == [[False, 200]] * 3


def test_a_cgi_process_does_not_believe_http_proxy_in_capitals(
    backend: str, squid: Squid, certificates: Certificates, origin: Origin
) -> None:
    with ScriptServer() as attacker:
        environment = {"HTTP_PROXY": attacker.url, "REQUEST_METHOD": "GET"}
        assert ask(backend, certificates, environment, origin.url)[0][0] is False
        environment["http_proxy"] = squid.url
        assert ask(backend, certificates, environment, origin.url)[0][0] is True
        assert attacker.received == []


def test_a_dead_proxy_of_the_environment_is_an_error_without_its_password(
    backend: str, certificates: Certificates, origin: Origin
) -> None:
    with ScriptServer() as gone:
        pass
    environment = {"http_proxy": f"http://user:Pa55word@127.0.0.1:{gone.port}"}
    ((kind, text, notes),) = ask(backend, certificates, environment, origin.url)
    assert kind == "ProxyConnectError"
    assert "Pa55word" not in text + "".join(notes)
    assert origin.requests == []
