"""OS and TLS errors become ours here, and nowhere else.

Each function takes the error that Python raised and gives the documented one, to be raised `from` it. None of
them puts anything but host, port and the system's own words into the text.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from .errors import (
    CertificateError,
    ConnectError,
    RemoteDisconnected,
    ResolveError,
    TLSError,
)

if TYPE_CHECKING:
    from .errors import (
        RestkitError,
    )

__all__ = ["connect_failure", "handshake_failure", "lost_connection", "resolve_failure"]

# OpenSSL's reasons that mean: what answers there does not speak TLS.
_NOT_TLS = {
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "UNKNOWN_PROTOCOL",
    "PACKET_LENGTH_TOO_LONG",
    "RECORD_LAYER_FAILURE",
}
_TOO_OLD = {"UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE"}
# Out of descriptors or ports: the machine's state, which no other address of the server would change.
EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}


def resolve_failure(error: OSError, host: str) -> ResolveError:
    """A name that has no address."""
    return ResolveError(f"{host}: {error.strerror or error} (check the name and the name server)")


def connect_failure(error: OSError, host: str, port: int) -> ConnectError:
    """A connection that was refused, or could not be tried."""
    return ConnectError(f"socket.error: [Errno {error.errno}] {error.strerror or error} ({host}:{port})")


def handshake_failure(error: OSError, host: str, port: int) -> TLSError:
    """A TLS handshake that failed: the certificate, the protocol, or the connection under it."""
    where = f"{host}:{port}"
    reason = getattr(error, "reason", None) or ""
    verify = getattr(error, "verify_message", None)
    if verify:
        return CertificateError(f"the certificate of {where} is refused: {verify}")
    if reason in _NOT_TLS:
        return TLSError(f"{where} does not speak TLS (is it a plain http port?): {reason}")
    if reason in _TOO_OLD:
        return TLSError(f"{where} offers no TLS version of 1.2 or later: {reason}")
    if "CERTIFICATE" in reason:
        return CertificateError(f"{where} refused our certificate: {reason}")
    if isinstance(error, (ConnectionError, EOFError)) or "EOF" in str(error):
        return TLSError(f"{where} closed the connection during the TLS handshake")
    return TLSError(f"the TLS handshake with {where} failed: {reason or error.strerror or error}")


def lost_connection(error: OSError | None, doing: str) -> RestkitError:
    """A connection that broke while a request was sent or the first byte of a response was waited for."""
    if "CERTIFICATE" in (getattr(error, "reason", None) or ""):
        return CertificateError(f"the server refused our certificate: {getattr(error, 'reason', '')}")
    why = "end of stream" if error is None else error.strerror or str(error)
    return RemoteDisconnected().at(None, "", f"{why} {doing}; the server may have processed the request")
