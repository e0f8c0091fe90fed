"""Content codings of a response's body (RFC 9110 §8.4): gzip, deflate, br and zstd, undone while it is read.

`decoded` puts one reader per coding over the reader of the raw body. Nothing is decoded before somebody
reads, `close()` decodes nothing, and each reader holds one piece of output (128 KiB at most) plus the
window of its format: 32 KiB (gzip, deflate), 8 MiB at most (zstd, RFC 9659), and for br the window that the
stream names, 16 MiB at most (RFC 7932).

What is decided here, because the RFCs leave it open:

- A coding that is not known, or whose package is not installed: the body is left as it is, whole.
- More than five codings are refused, as are bytes after the end of the coded data. Members of gzip and
  frames of zstd may follow each other (RFC 1952 §2.2, RFC 8878 §3.1).
- An empty body decodes to an empty body.
"""

from __future__ import annotations

import sys

from ..errors import DecodeError
from .decoding_reader import DecodingReader, RawCounter
from .size_limit import SizeLimitedReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .protocols import Decoder, Reader, Source

__all__ = ["MAX_CODINGS", "accept_encoding", "can_decode", "decoded"]

# curl's limit too (CVE-2022-32206); nobody sends more than two.
MAX_CODINGS = 5

_installed: dict[str, bool] = {}


def _gzip() -> Decoder:
    from .zlib_decoder import GzipDecoder

    return GzipDecoder()


def _deflate() -> Decoder:
    from .zlib_decoder import DeflateDecoder

    return DeflateDecoder()


def _br() -> Decoder:
    from .brotli_decoder import BrotliDecoder

    return BrotliDecoder()


def _zstd() -> Decoder:
    from .zstd_decoder import ZstdDecoder

    return ZstdDecoder()


_DECODERS: dict[str, Callable[[], Decoder]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _br,
    "zstd": _zstd,
}
_PACKAGES = {"br": "brotli", "zstd": "zstandard"}


def decoded(
    reader: Reader,
    content_encoding: str,
    *,
    max_size: int | None = None,
    max_ratio: float | None = None,
) -> Reader:
    """A reader of the body that `reader` gives with the codings of a Content-Encoding value undone.

    Args:
        reader: gives the coded body.
        content_encoding: the field's value, e.g. "gzip"; "" is no coding.
        max_size: the most bytes that the decoded body may have; also enforced when nothing is to be decoded.
        max_ratio: the most decoded bytes for each coded byte, looked at after the first MiB.

    Raises:
        DecodeError: more than five codings; later, while reading: the data is corrupt or was cut.
        BodyTooLarge: while reading: a limit was passed.
    """
    codings = _listed(content_encoding)
    if len(codings) > MAX_CODINGS:
        raise DecodeError(f"{len(codings)} content codings in a row; at most {MAX_CODINGS} are undone")
    if codings and all(map(_is_available, codings)):
        source: Source = (raw := RawCounter(reader))
        for coding in reversed(codings):
            source = reader = DecodingReader(source, coding, _DECODERS[coding](), raw, max_ratio)
    if max_size is not None:
        return SizeLimitedReader(reader, max_size)
    return reader


def can_decode(content_encoding: str) -> bool:
    """Whether `decoded` changes such a body: there is a coding, and all of them are known and installed."""
    codings = _listed(content_encoding)
    return bool(codings) and all(map(_is_available, codings))


def accept_encoding() -> str:
    """The value to send as Accept-Encoding: "gzip, deflate", and br and zstd when they are installed."""
    return ", ".join(["gzip", "deflate", *filter(_is_available, _PACKAGES)])


def _listed(content_encoding: str) -> list[str]:
    codings = [item.strip(" \t").lower() for item in content_encoding.split(",")]
    return [coding for coding in codings if coding and coding != "identity"]


def _is_available(coding: str) -> bool:
    """Whether the coding is known and its package could be imported, without importing it (that costs ms)."""
    if coding not in _DECODERS:
        return False
    package = _PACKAGES.get(coding)
    if package is None:
        return True
    if package not in _installed:
        # importlib.util.find_spec does the same; importing importlib.util costs more than the search.
        found = (finder.find_spec(package, None) for finder in sys.meta_path)
        _installed[package] = any(spec is not None for spec in found)
    return _installed[package]
