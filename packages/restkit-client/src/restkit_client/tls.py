"""TLS: what the caller asks for, the context that does it, and the handshake (RFC 9110 §4.3.4, RFC 6125).

Verified by default: the peer's chain against the system's trust store (or the caller's CA, which replaces it),
its name against the certificate's subject alternative names. There is one context per settings, made at the
first https connection, and it remembers the sessions it may resume.
"""

from __future__ import annotations

import os
import sys
from _thread import allocate_lock
from typing import NamedTuple

from .errors import CertificateError, RequestError
from .failures import handshake_failure
from .log import logger
from .sockets import READ, WRITE

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping
    from typing import Any

    from .sockets import Backend
    from .timeouts import Phase

__all__ = ["TLS_OPTIONS", "TLSSettings", "forget_lock", "remember_session", "settings_from", "wrap"]

# Sessions to resume, each about 2 KiB: enough for the origins a program talks to, bounded for a crawler.
MAX_SESSIONS = 256
# Settings in use at one time in a process; a program that makes more of them has a context each, unshared.
MAX_CONTEXTS = 64

_contexts: dict[tuple[Any, ...], _Context] = {}
_contexts_lock = allocate_lock()


class TLSSettings:
    """What the caller asks of TLS; comparing equal means that a connection made for one may serve the other.

    Args:
        verify: False accepts any certificate (logged as a warning), as `cert_reqs=ssl.CERT_NONE` does.
        ssl_context: a context of the caller's; everything but `fingerprint` and `server_hostname` is then its business.
        ca_certs: a file with the only authorities to trust. `ca_path`: a folder of them.
        certfile, keyfile, password: our certificate (PEM), its key, the key's password.
        cert_reqs, ssl_version, ciphers: as in the standard library's old `ssl.wrap_socket` (the manual's ssl_args).
        fingerprint: SHA-256 of the server's certificate in hex (colons allowed): any other certificate is refused.
        server_hostname: the name to ask for (SNI) and to verify, when it is not the URL's host.

    Raises:
        RequestError: an `ssl_version` below TLS 1.2, or a fingerprint that is not one.
    """

    __slots__ = (
        "ca_certs",
        "ca_path",
        "certfile",
        "ciphers",
        "fingerprint",
        "identity",
        "keyfile",
        "password",
        "server_hostname",
        "ssl_context",
        "ssl_version",
        "verify",
    )

    def __init__(
        self,
        *,
        verify: bool = True,
        ssl_context: ssl.SSLContext | None = None,
        ca_certs: str | None = None,
        ca_path: str | None = None,
        certfile: str | None = None,
        keyfile: str | None = None,
        password: str | None = None,
        cert_reqs: int | None = None,
        ssl_version: int | None = None,
        ciphers: str | None = None,
        fingerprint: str | None = None,
        server_hostname: str | None = None,
    ) -> None:
        self.verify = verify and cert_reqs != 0
        self.ssl_context = ssl_context
        self.ca_certs = ca_certs
        self.ca_path = ca_path
        self.certfile = certfile
        self.keyfile = keyfile
        self.password = password
        self.ssl_version = ssl_version
        self.ciphers = ciphers
        self.fingerprint = _fingerprint(fingerprint)
        self.server_hostname = server_hostname
        self.identity = (
            self.verify,
            ssl_context,
            ca_certs,
            ca_path,
            certfile,
            keyfile,
            hash(password),
            ssl_version,
            ciphers,
            self.fingerprint,
            server_hostname,
        )
        if not self.verify:
            logger("tls").warning(
                "certificates are not verified: anybody on the way can read and change the traffic"
            )


# The names of the arguments above, the manual's ssl_args.
TLS_OPTIONS = frozenset(TLSSettings.__init__.__kwdefaults__ or ())


def settings_from(options: Mapping[str, Any]) -> TLSSettings:
    """The TLS settings among other options."""
    return TLSSettings(**{name: options[name] for name in TLS_OPTIONS if name in options})


def _fingerprint(value: str | None) -> str | None:
    if value is None:
        return None
    digits = value.replace(":", "").lower()
    if len(digits) != 64 or not all(digit in "0123456789abcdef" for digit in digits):
        raise RequestError(f"fingerprint {value!r} is not the SHA-256 of a certificate: give 64 hex digits")
    return digits


class _Context:
    """One SSLContext and the sessions that it may resume, the most recent of each server."""

    __slots__ = ("sessions", "ssl_context")

    def __init__(self, settings: TLSSettings) -> None:
        self.ssl_context = settings.ssl_context or _make_context(settings)
        self.sessions: dict[tuple[str, int], ssl.SSLSession] = {}

    def remember(self, origin: tuple[str, int], session: ssl.SSLSession | None) -> None:
        if session is None:
            return
        if len(self.sessions) >= MAX_SESSIONS and origin not in self.sessions:
            self.sessions.clear()
        self.sessions[origin] = session


def _context(settings: TLSSettings) -> _Context:
    # Where OpenSSL finds the system's authorities may change while a program runs.
    key = (settings.identity, os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
    with _contexts_lock:
        found = _contexts.get(key)
        if found is None:
            if len(_contexts) >= MAX_CONTEXTS:
                _contexts.clear()
            found = _contexts[key] = _Context(settings)
        return found


def forget_lock() -> None:
    """To be called in a forked child: the lock may be held by a thread that only the parent has."""
    global _contexts_lock  # noqa: PLW0603 - a lock can only be replaced
    _contexts_lock = allocate_lock()


def _make_context(settings: TLSSettings) -> ssl.SSLContext:
    import ssl

    if not settings.verify:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif sys.platform in ("darwin", "win32") and not (settings.ca_certs or settings.ca_path):
        import truststore

        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    else:
        context = ssl.create_default_context(cafile=settings.ca_certs, capath=settings.ca_path)
        # A certificate names its hosts in subjectAltName; the common name is no longer one (RFC 9110 §4.3.4).
        context.hostname_checks_common_name = False
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    _pin_version(context, settings.ssl_version)
    context.set_alpn_protocols(["http/1.1"])
    if settings.ciphers:
        context.set_ciphers(settings.ciphers)
    if settings.certfile:
        context.load_cert_chain(settings.certfile, settings.keyfile, settings.password)
    return context


def _pin_version(context: ssl.SSLContext, ssl_version: int | None) -> None:
    import ssl

    if ssl_version in (None, ssl.PROTOCOL_TLS, ssl.PROTOCOL_TLS_CLIENT):
        return
    if ssl_version != ssl.PROTOCOL_TLSv1_2:
        raise RequestError(f"ssl_version={ssl_version!r}: nothing below TLS 1.2 is offered; leave it out")
    context.maximum_version = ssl.TLSVersion.TLSv1_2


def wrap(sock: Any, host: str, port: int, settings: TLSSettings, backend: Backend, phase: Phase) -> Any:
    """TLS over a connected, non-blocking socket; the socket is closed when that fails.

    Args:
        sock: the connection, to the server or through a proxy's tunnel to it.
        host: the server's name as in the URL: it is asked for (SNI) and must be in the certificate.
        port: the server's port.
        settings: what the caller asks.
        backend: how to wait.
        phase: how long to wait.

    Raises:
        CertificateError: the certificate is refused; the text says why.
        TLSError: any other failure of the handshake.
        ConnectTimeout: the handshake did not end in time.
    """
    context = _context_of(settings, host, port, sock)
    # Neither an IPv6 zone nor the dot of an absolute name is part of a certificate's name.
    name = settings.server_hostname or host.partition("%")[0].rstrip(".")
    try:
        secure = _start(sock, context, name, (host, port))
    except (OSError, ValueError) as error:
        sock.close()
        raise handshake_failure(OSError(str(error)), host, port) from error
    try:
        _handshake(secure, backend, phase)
        _check_fingerprint(secure, settings, host)
    except OSError as error:
        secure.close()
        if isinstance(error, TimeoutError):
            raise
        raise handshake_failure(error, host, port) from error
    except BaseException:
        secure.close()
        raise
    return secure


def _start(sock: Any, context: _Context, name: str, origin: tuple[str, int]) -> Any:
    import ssl

    session = context.sessions.get(origin)
    if isinstance(sock, ssl.SSLSocket) or type(context.ssl_context).__module__.startswith("eventlet"):
        from .buffered_tls import BufferedTLS

        return BufferedTLS(sock, context.ssl_context, name, session)
    # No handshake here: it would block, and a failure would close the descriptor twice.
    return context.ssl_context.wrap_socket(
        sock, server_hostname=name, do_handshake_on_connect=False, suppress_ragged_eofs=False, session=session
    )


def _context_of(settings: TLSSettings, host: str, port: int, sock: Any) -> _Context:
    try:
        return _context(settings)
    except OSError as error:
        sock.close()
        files = ", ".join(
            filter(None, (settings.ca_certs, settings.ca_path, settings.certfile, settings.keyfile))
        )
        raise CertificateError(f"TLS files for {host}:{port} can not be used ({files}): {error}") from error
    except BaseException:
        sock.close()
        raise


def _handshake(secure: ssl.SSLSocket, backend: Backend, phase: Phase) -> None:
    import ssl

    while True:
        try:
            secure.do_handshake()
        except ssl.SSLWantReadError:
            events = READ
        except ssl.SSLWantWriteError:
            events = WRITE
        else:
            return
        if not backend.wait(secure.fileno(), events, phase.left()):
            raise phase.expired()


def _check_fingerprint(secure: ssl.SSLSocket, settings: TLSSettings, host: str) -> None:
    if settings.fingerprint is None:
        return
    from hashlib import sha256

    certificate = secure.getpeercert(binary_form=True) or b""
    found = sha256(certificate).hexdigest()
    if found != settings.fingerprint:
        raise CertificateError(f"the certificate of {host} is refused: its fingerprint is {found}")


class TLSFacts(NamedTuple):
    """What is known of a TLS connection.

    Attributes:
        version: "TLSv1.3".
        cipher: the cipher suite's name.
        alpn: the protocol that was agreed on, or None.
        certificate: the peer's, as DER.
        resumed: whether an earlier session was resumed.
    """

    version: str
    cipher: str
    alpn: str | None
    certificate: bytes
    resumed: bool


def facts(secure: Any) -> TLSFacts:
    """The facts about an open TLS socket."""
    return TLSFacts(
        secure.version() or "",
        (secure.cipher() or ("",))[0],
        secure.selected_alpn_protocol(),
        secure.getpeercert(binary_form=True) or b"",
        bool(secure.session_reused),
    )


def remember_session(secure: ssl.SSLSocket, host: str, port: int, settings: TLSSettings) -> None:
    """Keep the connection's session, so that the next connection to the server resumes it.

    To be called after a response was read: a TLS 1.3 server sends its tickets after the handshake.
    """
    context = _context(settings)
    # Many settings ago it may have been made by a context that is forgotten: another one can not resume its session.
    if secure.context is context.ssl_context:
        context.remember((host, port), secure.session)
