"""Whether a request is tried again, and when: pure decisions (RFC 9110 §9.2.2).

While no byte of a request was written, any method may be tried again: nobody has seen it. Afterwards only an
idempotent method, whose repetition changes nothing, and only when not a byte of an answer has come. A time-out
is never a reason: the caller has said how long to wait.
"""

from __future__ import annotations

from .errors import (
    CertificateError,
    ConnectError,
    IncompleteHead,
    ProxyConnectError,
    RemoteDisconnected,
    ResolveError,
    TLSError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["IDEMPOTENT", "may_repeat", "retry_after", "wait_before"]

# RFC 9110 §9.2.2, and what WebDAV and CouchDB users send.
IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "REPORT", "SEARCH"})
# However often it was tried, nobody waits longer than this between two tries.
MAX_WAIT = 10.0
# A server that asks for more is answered by the caller, not by sleeping: dates years ahead have been seen.
MAX_RETRY_AFTER = 120.0
# getaddrinfo's EAI_AGAIN, in the resolver's words: a name server that did not answer, as against a name that is none.
_TEMPORARY = "Temporary failure"


def may_repeat(error: BaseException, method: str, *, wrote: bool, idempotent: bool = False) -> bool:
    """Whether a request that failed with `error` may be sent again, if its body can be.

    Args:
        error: why it failed.
        method: the request's method.
        wrote: whether a byte of the request was written.
        idempotent: the caller's word that this request may be repeated whatever its method.
    """
    if isinstance(error, (CertificateError, TLSError, IncompleteHead)):
        return False
    if isinstance(error, ResolveError):
        return _TEMPORARY in str(error)
    if isinstance(error, ProxyConnectError) and error.__cause__ is not None:
        return may_repeat(error.__cause__, method, wrote=wrote, idempotent=idempotent)
    if isinstance(error, (ConnectError, ProxyConnectError)):
        return True
    if isinstance(error, RemoteDisconnected):
        return not wrote or idempotent or method in IDEMPOTENT
    return False


def wait_before(attempt: int, first_wait: float, jitter: Callable[[], float]) -> float:
    """Seconds to wait before try number `attempt` (2 is the first repetition): doubled each time, ±25 %, at most 10 s."""
    wait = min(first_wait * 2.0 ** (attempt - 2), MAX_WAIT)
    return min(wait * (0.75 + 0.5 * jitter()), MAX_WAIT)


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds that a Retry-After field asks for, at most 120; None when there is none or it is unreadable (RFC 9110 §10.2.3).

    Args:
        value: the field's value: seconds or an HTTP-date.
        now: the time, in seconds since the epoch.
    """
    if not value:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        # More digits than any sensible number has are more seconds than are waited for.
        return MAX_RETRY_AFTER if len(value) > 9 else min(float(value), MAX_RETRY_AFTER)
    from .cookies.dates import parse_cookie_date

    at = parse_cookie_date(value)
    return None if at is None else min(max(at - now, 0.0), MAX_RETRY_AFTER)
