"""The hash functions of Digest authentication (RFC 7616 §6.1), and the hash of a body for auth-int."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ALGORITHMS", "Digest", "entity_hash", "hash_of"]

# By strength. MD5 is broken for signatures; here it only keeps the password from being read off the wire.
ALGORITHMS = {
    "md5": 0,
    "md5-sess": 1,
    "sha-256": 2,
    "sha-256-sess": 3,
    "sha-512-256": 4,
    "sha-512-256-sess": 5,
}

_NAMES = {"md5": "md5", "sha-256": "sha256", "sha-512-256": "sha512_256"}
# Large enough to keep the loop out of sight, small enough to stay in the cache.
_BLOCK = 65536


class Digest:
    """A hash function whose result is hexadecimal text; text is hashed as UTF-8."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, text: str) -> str:
        """The hash of one text."""
        return self.over([text.encode()])

    def over(self, pieces: Iterator[bytes] | list[bytes]) -> str:
        """The hash of all pieces together."""
        state = hashlib.new(self._name, usedforsecurity=False)
        for piece in pieces:
            state.update(piece)
        return state.hexdigest()


def hash_of(algorithm: str) -> Digest:
    """The hash function of an algorithm's name, `-sess` or not."""
    return Digest(_NAMES[algorithm.lower().removesuffix("-sess")])


def entity_hash(digest: Digest, body: Any) -> str | None:
    """The hash of a request's body (RFC 7616 §3.4.3), or None when reading it would use it up.

    Args:
        digest: the hash function.
        body: None, str, bytes, or an object with `segments()` and `rewind()`.
    """
    if body is None:
        return digest.over([])
    if isinstance(body, str):
        return digest(body)
    if isinstance(body, (bytes, bytearray, memoryview)):
        return digest.over([bytes(body)])
    if not hasattr(body, "segments") or not body.rewind():
        return None
    found = digest.over(_pieces(body))
    body.rewind()
    return found


def _pieces(body: Any) -> Iterator[bytes]:
    for segment in body.segments():
        if not isinstance(segment, tuple):
            yield segment
            continue
        file, offset, count = segment
        file.seek(offset)
        while count and (piece := file.read(min(count, _BLOCK))):
            count -= len(piece)
            yield piece
