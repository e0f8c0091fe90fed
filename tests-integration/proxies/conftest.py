"""Real proxies as fixtures, each started once; origins that keep what they were sent; clients on two backends."""

import ssl
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from restkit_client import Client, ConnectionPool
from servers import squid as squid_server
from servers import tinyproxy as tinyproxy_server
from servers.certificates import Certificates
from servers.origin import Origin, run_origin
from servers.socks import Socks, run_socks
from servers.squid import Squid, run_digest_squid
from servers.tinyproxy import run_tinyproxy
from servers.tls_front import tls_front

BACKENDS = ["thread", "gevent"]


def with_credentials(url: str, user: str, password: str) -> str:
    """A URL with userinfo."""
    return url.replace("://", f"://{user}:{password}@")


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """How the client waits."""
    return str(request.param)


@pytest.fixture
def make_client(backend: str, certificates: Certificates) -> Iterator[Callable[..., Client]]:
    """A function that makes clients with a pool of their own, which trust the test's authority."""
    pools = []

    def make(**options: Any) -> Client:
        pools.append(ConnectionPool(backend=backend))
        values = {"timeout": 10, "wait_tries": 0.01, "pool": pools[-1], **options}
        if "ssl_context" not in values:
            values.setdefault("ca_certs", str(certificates.authority))
        return Client(backend=backend, **values)

    yield make
    for pool in pools:
        pool.close()


@pytest.fixture
def origin() -> Iterator[Origin]:
    """An http origin."""
    with run_origin() as running:
        yield running


@pytest.fixture
def tls_origin(certificates: Certificates) -> Iterator[Origin]:
    """An https origin, by the name localhost."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.server)
    with run_origin(context) as running:
        yield running


@pytest.fixture(scope="session")
def digest_squid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """squid that takes nothing but digests; its URL with credentials."""
    with run_digest_squid(tmp_path_factory.mktemp("digest_squid")) as url:
        yield with_credentials(url, squid_server.USER, squid_server.PASSWORD)


@pytest.fixture(scope="session")
def tinyproxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """tinyproxy, open to all."""
    with run_tinyproxy(tmp_path_factory.mktemp("tinyproxy")) as url:
        yield url


@pytest.fixture(scope="session")
def locked_tinyproxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """tinyproxy with a password; its URL with credentials."""
    with run_tinyproxy(tmp_path_factory.mktemp("locked_tinyproxy"), locked=True) as url:
        yield with_credentials(url, tinyproxy_server.USER, tinyproxy_server.PASSWORD)


@pytest.fixture(scope="session")
def locked_squid(squid: Squid) -> str:
    """squid with a password; its URL with credentials."""
    return with_credentials(squid.locked_url, squid_server.USER, squid_server.PASSWORD)


@pytest.fixture(scope="session")
def tls_squid(squid: Squid, certificates: Certificates) -> Iterator[str]:
    """squid behind TLS, open to all."""
    with tls_front(squid.url, certificates.server) as url:
        yield url


@pytest.fixture(scope="session")
def locked_tls_squid(squid: Squid, certificates: Certificates) -> Iterator[str]:
    """squid behind TLS with a password; its URL with credentials."""
    with tls_front(squid.locked_url, certificates.server) as url:
        yield with_credentials(url, squid_server.USER, squid_server.PASSWORD)


@pytest.fixture(scope="session")
def socks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Socks]:
    """A SOCKS server."""
    with run_socks(tmp_path_factory.mktemp("socks")) as running:
        yield running


@pytest.fixture(scope="session")
def authority_contexts(certificates: Certificates) -> dict[str, ssl.SSLContext]:
    """TLS contexts of servers: "server" for localhost, "other" for other.example."""
    contexts = {}
    for name in ("server", "other"):
        contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contexts[name].load_cert_chain(getattr(certificates, name))
    return contexts
