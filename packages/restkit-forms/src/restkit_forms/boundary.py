"""Boundaries: made from the system's randomness, or the caller's own, checked."""

from __future__ import annotations

import os

from .errors import InvalidBoundary

MIME_BOUNDARY = "END_OF_PART"
"""The constant of restkit 4, for programs that import it; never a default here: anybody can guess it."""

BOUNDARY_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'()+_,-./:=? ")
"""RFC 2046 §5.1.1, `bchars`."""

MAX_BOUNDARY = 70  # RFC 2046 §5.1.1

QUOTED = "%"
"""What quote=url_quote makes of a few `bchars`: refused in a given boundary, allowed in a quoted one."""

TOKEN_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~")
"""RFC 9110 §5.6.2: what a parameter may hold without quotation marks."""


def new_boundary() -> str:
    """A boundary that nobody can guess: 128 bits of the system's randomness, in 32 hexadecimal digits."""
    return os.urandom(16).hex()


def check_boundary(boundary: str, also: str = "") -> str:
    """The boundary, if RFC 2046 §5.1.1 allows it.

    Args:
        boundary: 1 to 70 characters of `bchars`, the last one no space.
        also: characters to allow besides.

    Raises:
        InvalidBoundary: it does not.
    """
    if not BOUNDARY_CHARACTERS.issuperset(boundary) and (
        wrong := set(boundary) - BOUNDARY_CHARACTERS - set(also)
    ):
        raise InvalidBoundary(
            f"boundary {boundary!a} has characters that RFC 2046 does not allow: {sorted(wrong)!a}"
        )
    if not 0 < len(boundary) <= MAX_BOUNDARY:
        raise InvalidBoundary(f"a boundary has 1 to {MAX_BOUNDARY} characters, this one has {len(boundary)}")
    if boundary.endswith(" "):
        raise InvalidBoundary(f"boundary {boundary!a} ends with a space")
    return boundary


def boundary_parameter(boundary: str) -> str:
    """The boundary as a parameter value of Content-Type: in quotation marks when it is no token."""
    return boundary if TOKEN_CHARACTERS.issuperset(boundary) else f'"{boundary}"'
