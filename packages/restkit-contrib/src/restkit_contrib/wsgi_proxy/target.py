"""The path that is asked for upstream: as the client wrote it where the server tells, and never outside of the prefix.

`PATH_INFO` is decoded: `%2F` and `/` are the same in it. Servers that keep the request line offer it as RAW_URI or
REQUEST_URI; it is used as long as the environ still means the same path, for applications in front of the proxy
may have moved parts of it to SCRIPT_NAME, or changed it.
"""

from __future__ import annotations

from urllib.parse import quote, unquote_to_bytes

from .refusals import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

__all__ = ["path_of", "raw_authority"]

# RFC 3986 §3.3: what may stand in a path beside letters, digits and -._~
PATH_CHARACTERS = "/!$&'()*+,;=:@"


def path_of(environ: Mapping[str, Any], *, strip_script_name: bool) -> str:
    """The path to ask for, percent-encoded, beginning with a slash.

    Args:
        environ: PEP 3333's.
        strip_script_name: whether what is in SCRIPT_NAME is left out.

    Raises:
        Refusal: 400, when it leads out of the place that the proxy serves.
    """
    script, info = environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", "")
    raw = _raw_path(environ)
    if raw is not None and raw == info:
        # An application has put the raw path into PATH_INFO, as the manual's CouchDB example does.
        path = raw
    elif raw is not None and _decoded(raw) == script + info:
        path = _without(raw, script, info) if strip_script_name else raw
    else:
        path = quote((info if strip_script_name else script + info).encode("latin-1"), PATH_CHARACTERS)
    path = quote(path.encode("latin-1"), PATH_CHARACTERS + "%") if not path.isascii() else path
    if not path.startswith("/"):
        path = "/" + path
    return _inside(path) if "." in path or "%2e" in path.lower() else path


def raw_authority(environ: Mapping[str, Any]) -> str | None:
    """The authority of a target in absolute-form (RFC 9112 §3.2.2), or None."""
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI") or ""
    scheme, mark, rest = raw.partition("://")
    if not mark or not scheme.isalpha():
        return None
    authority: str = rest.partition("/")[0].partition("?")[0]
    return authority


def _raw_path(environ: Mapping[str, Any]) -> str | None:
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if not raw:
        return None
    if raw_authority(environ) is not None:
        raw = "/" + raw.partition("://")[2].partition("?")[0].partition("/")[2]
    path: str = raw.partition("?")[0]
    return path if path.startswith("/") and "#" not in path else None


def _decoded(path: str) -> str:
    """As PEP 3333 wants it: bytes in the disguise of latin-1."""
    return unquote_to_bytes(path.encode("latin-1")).decode("latin-1") if "%" in path else path


def _without(raw: str, script: str, info: str) -> str:
    """What follows the part of a raw path that decodes to `script`, and decodes to `info` itself."""
    end = len(script)
    while _decoded(raw[:end]) != script or _decoded(raw[end:]) != info:
        end += 1
    return raw[end:]


def _inside(path: str) -> str:
    """The path without dot segments (RFC 3986 §5.2.4), `%2e` being a dot.

    Some servers read an encoded slash, a backslash, or a segment's parameter ("..;x") so that a ".." appears that is
    none by the grammar: such paths are refused.
    """
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        plain = segment.replace("%2e", ".").replace("%2E", ".")
        if plain == "..":
            if not kept:
                raise Refusal(400, "the path leads above its root")
            kept.pop()
        elif plain != ".":
            _check_reading(plain)
            kept.append(segment)
    if segments[-1].lower() in {".", "..", "%2e", "%2e%2e", ".%2e", "%2e."}:
        kept.append("")
    return "/" + "/".join(kept)


def _check_reading(segment: str) -> None:
    if ".." not in segment:
        return
    for part in _decoded(segment).replace("\\", "/").split("/"):
        if part.partition(";")[0] == "..":
            raise Refusal(400, "the path holds a disguised '..'")
