"""TLS in front of a proxy that has none: what an https:// proxy is to a client."""

import contextlib
import ssl
from collections.abc import Iterator
from pathlib import Path

from servers.forwarder import forwarding


@contextlib.contextmanager
def tls_front(url: str, certificate: Path) -> Iterator[str]:
    """Yields the https URL, by the name localhost, of what answers at an http URL.

    Args:
        url: http://127.0.0.1:port.
        certificate: a PEM file with chain and key.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with forwarding(int(url.rpartition(":")[2]), context) as forwarder:
        yield f"https://localhost:{forwarder.port}"
