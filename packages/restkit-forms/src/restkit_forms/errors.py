"""The errors of this package: one root, so that one except clause catches them all.

FormError(ValueError)
├─ InvalidBoundary        not a boundary of RFC 2046, or found inside a value
├─ InvalidPart            a name, filename, type or field that may not go out; a value that is none
├─ SourceChanged          a file or stream gave fewer or more bytes than it was measured to have
├─ BodyConsumed           a body that can not be replayed was asked for a second time
└─ MultipartError         read, not written:
   ├─ MalformedMultipart  the bytes are not multipart, or the Content-Type names no boundary
   ├─ IncompleteMultipart the stream ended before the closing delimiter
   └─ LimitExceeded       a limit of the reader was passed
"""

from __future__ import annotations


class FormError(ValueError):
    """Anything this package refuses to write or can not read."""


class InvalidBoundary(FormError):
    """The boundary breaks RFC 2046 §5.1.1, or stands at the start of a line inside a value."""


class InvalidPart(FormError):
    """A part can not be written: `reason` says why, `name` which part."""

    def __init__(self, reason: str, name: object = None) -> None:
        super().__init__(reason, name)
        self.reason = reason
        self.name = name

    def __str__(self) -> str:
        return self.reason if self.name is None else f"part {self.name!r}: {self.reason}"


class SourceChanged(FormError):
    """A source gave `found` bytes (or at least so many) where `expected` had been promised."""

    def __init__(self, source: str, expected: int, found: int) -> None:
        super().__init__(source, expected, found)
        self.source = source
        self.expected = expected
        self.found = found

    def __str__(self) -> str:
        change = "shrank" if self.found < self.expected else "grew"
        sizes = f"{self.expected} bytes promised, {self.found} found"
        return f"{self.source} {change} since it was measured: {sizes}"


class BodyConsumed(FormError):
    """An iterator or unseekable stream was sent already and can not be sent again."""


class MultipartError(FormError):
    """The root of what the reader raises."""


class MalformedMultipart(MultipartError):
    """The bytes or the Content-Type are not multipart (RFC 2046 §5.1)."""


class IncompleteMultipart(MultipartError):
    """The stream ended before the closing delimiter: what was read may be cut off."""


class LimitExceeded(MultipartError):
    """A limit was passed: `limit` names the argument that raises it, `allowed` is its value."""

    def __init__(self, limit: str, allowed: int) -> None:
        super().__init__(limit, allowed)
        self.limit = limit
        self.allowed = allowed

    def __str__(self) -> str:
        return f"more than {self.limit}={self.allowed}; pass a larger {self.limit} to accept it"
