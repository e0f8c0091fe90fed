"""The server's side: a request must be signed by whom it names, in time, and for the first time (RFC 5849 §3.2)."""

from __future__ import annotations

import time

from .body import body_hash as hash_of_body
from .body import is_empty
from .encoding import escape, utf8
from .errors import Error, MissingSignature, VerificationError
from .request import OAUTH_VERSION, Request, gather
from .signing import SignatureMethod_HMAC_SHA1, SignatureMethod_HMAC_SHA256, SignatureMethod_HMAC_SHA512
from .sources import collect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from .credentials import Consumer, Token
    from .protocols import NonceStore
    from .signing import SignatureMethod

__all__ = ["Verified", "verify_request"]

# What no secret but the shared one can make; PLAINTEXT and RSA are accepted by whom asks for them.
METHODS = (SignatureMethod_HMAC_SHA1(), SignatureMethod_HMAC_SHA256(), SignatureMethod_HMAC_SHA512())
# Five minutes of clock difference, either way: what providers commonly allow.
WINDOW = 300
# A timestamp of more digits than these is no time; int() refuses only 4301.
TIMESTAMP_DIGITS = 15
# A nonce is remembered, so its length is bounded; clients use 8 to 64 characters.
NONCE_LENGTH = 256


class Verified:
    """A request that was verified.

    Attributes:
        consumer: who signed it.
        token: for whom, or None.
        parameters: a `Request` with every parameter: of the header, the query and a form body.
    """

    __slots__ = ("consumer", "parameters", "token")

    def __init__(self, consumer: Consumer, token: Token | None, parameters: Request) -> None:
        self.consumer = consumer
        self.token = token
        self.parameters = parameters

    def __repr__(self) -> str:
        return f"<Verified {self.parameters.method} by {self.consumer!r} {self.token!r}>"


def verify_request(
    method: str,
    url: str,
    headers: Mapping[str, Any] | Iterable[tuple[str, Any]],
    body: Any = b"",
    *,
    find_consumer: Callable[[str], Consumer | None],
    nonces: NonceStore,
    find_token: Callable[[str, str], Token | None] | None = None,
    methods: Iterable[SignatureMethod] = METHODS,
    window: float = WINDOW,
    now: Callable[[], float] = time.time,
    require_body_hash: bool = True,
) -> Verified:
    """Verify a request that was received; returns its consumer, token and parameters.

    Args:
        method: its method.
        url: its absolute URL, with the scheme and host that the client saw.
        headers: its fields, a mapping or pairs.
        body: bytes, or a seekable binary file.
        find_consumer: gives the consumer of a key, or None.
        nonces: remembers nonces; `MemoryNonceStore()` for one process.
        find_token: gives the token of (consumer's key, token's key), or None; without it only requests without a
            token are accepted.
        methods: the signature methods that are accepted; HMAC with SHA-1, SHA-256 and SHA-512 unless given.
        window: seconds that the timestamp may differ from now, either way.
        now: the seconds since the epoch.
        require_body_hash: refuse a body that is no form and has no oauth_body_hash, since its signature does not
            cover it.

    Raises:
        MissingSignature: there is no oauth_signature; answer 401 with `build_authenticate_header`.
        VerificationError: it was refused; `status` and `problem` say what to answer.
        ValueError: the URL is not an absolute http or https one.
    """
    headers = list(headers.items()) if hasattr(headers, "items") else list(headers)
    request = read(method, url, headers, body)
    signing = supported(request, methods)
    seconds = in_time(request, window, now()) if needs_time(request, signing) else None
    consumer = find_consumer(request["oauth_consumer_key"])
    if consumer is None:
        raise VerificationError("The consumer key is not known.", "consumer_key_unknown")
    token = known_token(request, find_token)
    check_signature(request, signing, consumer, token)
    check_body(request, signing, body, require_body_hash)
    if seconds is not None and not nonces.add(nonce_key(request), seconds):
        raise VerificationError("The nonce was used before.", "nonce_used")
    return Verified(consumer, token, request)


def read(method: str, url: str, headers: list[tuple[str, Any]], body: Any) -> Request:
    """Return the request with every parameter, each OAuth parameter once."""
    try:
        found = collect(url, headers, body)
    except Error as error:
        raise VerificationError(error.message, "parameter_rejected", 400) from None
    names: set[str] = set()
    for _, name, _ in found:
        if name.startswith("oauth_") and name in names:
            raise VerificationError(f"{escape(name)[:80]} comes more than once.", "parameter_rejected", 400)
        names.add(name)
    if "oauth_signature" not in names:
        raise MissingSignature("The request has no oauth_signature.")
    request = Request(method, url.partition("?")[0], gather((name, value) for _, name, value in found))
    request.is_form_encoded = any(source == "body" for source, _, _ in found)
    for name in ("oauth_consumer_key", "oauth_signature_method"):
        if name not in request:
            raise VerificationError(f"{name} is missing.", "parameter_absent", 400)
    if request.get("oauth_version", OAUTH_VERSION) != OAUTH_VERSION:
        raise VerificationError("oauth_version is not 1.0.", "version_rejected", 400)
    return request


def supported(request: Request, methods: Iterable[SignatureMethod]) -> SignatureMethod:
    """Return the signature method that the request names."""
    for signing in methods:
        if signing.name == request["oauth_signature_method"]:
            return signing
    raise VerificationError("The signature method is not accepted.", "signature_method_rejected", 400)


def needs_time(request: Request, signing: SignatureMethod) -> bool:
    """Say whether timestamp and nonce must be looked at: PLAINTEXT may leave both out (RFC 5849 §3.3)."""
    given = [name for name in ("oauth_timestamp", "oauth_nonce") if name in request]
    if not given and signing.name == "PLAINTEXT":
        return False
    if len(given) < 2:
        raise VerificationError("oauth_timestamp or oauth_nonce is missing.", "parameter_absent", 400)
    return True


def in_time(request: Request, window: float, now: float) -> float:
    """Return for how many seconds from now the timestamp is accepted."""
    text = request["oauth_timestamp"]
    if not (text.isascii() and text.isdigit() and len(text) <= TIMESTAMP_DIGITS):
        raise VerificationError("oauth_timestamp is not a number of seconds.", "parameter_rejected", 400)
    if abs(int(text) - now) > window:
        raise VerificationError(
            f"oauth_timestamp is more than {window:g} s away from {int(now)}.", "timestamp_refused"
        )
    if not 0 < len(request["oauth_nonce"]) <= NONCE_LENGTH:
        raise VerificationError(
            f"oauth_nonce has not between 1 and {NONCE_LENGTH} characters.", "parameter_rejected", 400
        )
    return int(text) + window - now


def known_token(request: Request, find_token: Callable[[str, str], Token | None] | None) -> Token | None:
    """Return the token that the request names, None when it names none."""
    # An empty oauth_token stands for no token (RFC 5849 §3.1).
    if not request.get("oauth_token"):
        return None
    token = find_token(request["oauth_consumer_key"], request["oauth_token"]) if find_token else None
    if token is None:
        raise VerificationError("The token is not known.", "token_rejected")
    return token


def check_signature(
    request: Request, signing: SignatureMethod, consumer: Consumer, token: Token | None
) -> None:
    """Refuse a wrong signature, or a method that this consumer or this transport can not use."""
    try:
        right = signing.check(request, consumer, token, request["oauth_signature"])
    except Error as error:
        raise VerificationError(error.message, "signature_method_rejected") from None
    if not right:
        raise VerificationError("The signature is not right for this request.", "signature_invalid")


def check_body(request: Request, signing: SignatureMethod, body: Any, require: bool) -> None:
    """Refuse a body that is not the one that was signed."""
    given = request.get("oauth_body_hash")
    if given is None:
        covered = request.is_form_encoded or signing.name == "PLAINTEXT" or is_empty(body)
        if require and not covered:
            raise VerificationError(
                "The body is not signed: oauth_body_hash is missing.", "parameter_absent", 400
            )
        return
    from hmac import compare_digest

    # SHA-1 goes with every method: there are clients that know no other.
    hashes = {hash_of_body(body, digest) for digest in ("sha1", signing.digest)}
    if not any(compare_digest(utf8(given), utf8(right)) for right in hashes):
        raise VerificationError("The body is not the one that was signed.", "body_hash_invalid")


def nonce_key(request: Request) -> str:
    """Return what must be unique: consumer, token, timestamp and nonce (RFC 5849 §3.3)."""
    names = ("oauth_consumer_key", "oauth_token", "oauth_timestamp", "oauth_nonce")
    return "&".join([escape(request.get(name, "")) for name in names])
