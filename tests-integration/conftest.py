"""The servers as fixtures: each started once, when the first test asks for it, on free loopback ports.

A test names what it needs (`def test_x(nginx): …`). A missing program skips it with a hint how to install it, and fails it
under RESTKIT_REQUIRE=1, which `.ci/run` sets.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
# Tests use `tools` and `servers`: neither is installed.
sys.path[:0] = [str(HERE.parent), str(HERE)]

from servers.certificates import Certificates, make_certificates  # noqa: E402
from servers.gunicorn import run_gunicorn  # noqa: E402
from servers.nginx import Nginx, run_nginx  # noqa: E402
from servers.pouchdb import run_pouchdb  # noqa: E402
from servers.squid import Squid, run_squid  # noqa: E402

PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _no_proxy_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the machine's owner is none of the tests' business."""
    for name in PROXY_VARIABLES:
        for variable in (name, name.upper()):
            if variable in os.environ:
                monkeypatch.delenv(variable)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """An authority made for this run, with certificates for localhost and for another name."""
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def nginx(tmp_path_factory: pytest.TempPathFactory, certificates: Certificates) -> Iterator[Nginx]:
    """nginx: files, gzip, ranges, TLS, and a log of connections."""
    with run_nginx(tmp_path_factory.mktemp("nginx"), certificates) as server:
        yield server


@pytest.fixture(scope="session")
def gunicorn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of gunicorn with `servers/wsgi_app.py`: /echo, /blocks."""
    with run_gunicorn(tmp_path_factory.mktemp("gunicorn")) as url:
        yield url


@pytest.fixture(scope="session")
def squid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Squid]:
    """squid: one open port, one that asks for a password."""
    with run_squid(tmp_path_factory.mktemp("squid")) as server:
        yield server


@pytest.fixture(scope="session")
def pouchdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an empty CouchDB-compatible server."""
    with run_pouchdb(tmp_path_factory.mktemp("pouchdb")) as url:
        yield url
