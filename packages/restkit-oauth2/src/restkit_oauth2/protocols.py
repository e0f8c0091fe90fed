"""The shapes that callers may implement; nothing here is imported at run time by the package itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["NonceStore", "Send"]


class NonceStore(Protocol):
    """Remembers nonces, as Redis does with `SET key 1 NX EX seconds`."""

    def add(self, key: str, seconds: float) -> bool:
        """Remember a key for so many seconds, in one step; False when it is remembered already."""


class Send(Protocol):
    """Sends one request for a `Flow`, with any HTTP client."""

    def __call__(
        self, method: str, url: str, headers: dict[str, str], body: bytes, /
    ) -> tuple[int, Mapping[str, Any] | Iterable[tuple[str, Any]], bytes | str]:
        """Return status, header fields and body of the answer; redirects are not followed."""
