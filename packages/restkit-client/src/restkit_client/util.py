"""Helpers that other programs import as `restkit.util` (documented in 4.2.2 by their use)."""

from __future__ import annotations

from time import time

from restkit_forms import url_encode, url_quote
from restkit_forms.quoting import percent_encode, to_bytes
from restkit_forms.urlencoded import FORM_SAFE

from .errors import InvalidUrl
from .urls import join_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping, Sequence
    from typing import IO, Any

__all__ = [
    "absolute_http_url_re",
    "deprecated_property",
    "encode",
    "http_date",
    "locate_program",
    "make_uri",
    "parse_cookie",
    "parse_netloc",
    "popen3",
    "replace_header",
    "replace_headers",
    "rewrite_location",
    "to_bytestring",
    "uri_with",
    "url_encode",
    "url_quote",
]

absolute_http_url_re: re.Pattern[str]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def __getattr__(name: str) -> Any:
    if name == "absolute_http_url_re":
        # Compiled when first asked for: importing re costs as much as this whole module.
        import re

        pattern = globals()[name] = re.compile("^https?://", re.IGNORECASE)
        return pattern
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def make_uri(base: str, *args: Any, **kwargs: Any) -> str:
    """A URI under `base`: `args` are the segments of its path, keywords its query.

    Args:
        base: the URI to begin with; its query is kept, in front of the new one.
        *args: str or bytes, quoted (`%` too); "/" at both ends goes, but one at the end of the last stays. Anything
            else, None for one, is left out.
        **kwargs: the query, as `url_encode` takes it; but `charset` ("utf-8"), `safe` ("/:") and `encode_keys`
            (True) say how to quote.
    """
    charset = kwargs.pop("charset", "utf-8")
    safe = kwargs.pop("safe", "/:")
    encode_keys = kwargs.pop("encode_keys", True)
    return uri_with(base, args, kwargs, charset, safe, encode_keys)


def uri_with(
    base: str,
    segments: Iterable[Any],
    query: Mapping[str, Any],
    charset: str = "utf-8",
    safe: str = "/:",
    encode_keys: bool = True,
) -> str:
    """What `make_uri` does, with the query as a mapping, whose names may be any."""
    base, hash_mark, fragment = base.partition("#")
    uri, _, base_query = base.partition("?")
    parts = [segment for segment in segments if isinstance(segment, str | bytes)]
    if parts:
        stripped = [part.strip("/") if isinstance(part, str) else part.strip(b"/") for part in parts]
        path = "/".join(url_quote(part, charset, safe) for part in stripped if part)
        if path and (not stripped[-1] or parts[-1][-1:] in ("/", b"/")):
            path += "/"
        uri = f"{uri.rstrip('/')}/{path}"
    queries = [base_query, url_encode(query, charset, encode_keys)]
    joined = "&".join(filter(None, queries))
    return uri + ("?" + joined if joined else "") + hash_mark + fragment


def encode(v: Any, charset: str = "utf8") -> str:
    """A value as a query has it: percent-encoded, a space as `+`."""
    return percent_encode(to_bytes(v, charset), FORM_SAFE, plus=True)


def to_bytestring(s: str | bytes) -> bytes:
    """Text as UTF-8; bytes as they are.

    Raises:
        TypeError: the value is neither.
    """
    if isinstance(s, bytes):
        return s
    if isinstance(s, str):
        return s.encode("utf-8")
    raise TypeError("value should be a str or unicode")


def parse_netloc(uri: Any) -> tuple[str, int]:
    """Host and port of a result of `urllib.parse.urlparse`; the scheme's port by default, IPv6 without brackets.

    The user name and password are not taken off, as ever.

    Raises:
        InvalidUrl: the port is no number.
    """
    host, port = uri.netloc, 443 if uri.scheme == "https" else 80
    colon = host.rfind(":")
    if colon > host.rfind("]"):
        host, text = host[:colon], host[colon + 1 :]
        if text and not (text.isascii() and text.isdigit()):
            raise InvalidUrl(f"nonnumeric port: {text!r}")
        port = int(text) if text else port
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    return host, port


def rewrite_location(host_uri: str, location: str, prefix_path: str | None = None) -> str:
    """The Location of an answer from behind a proxy, as the proxy's clients have to see it.

    Args:
        host_uri: scheme and host that the proxy is known by.
        location: the field's value. One of another host is returned as it is.
        prefix_path: the path that the proxy is mounted at; it goes in front of the location's path.
    """
    prefix = prefix_path or ""
    scheme, mark, rest = location.partition("://")
    if not mark or not scheme.isalnum():
        return join_url(host_uri + prefix, location)
    netloc, slash, path = rest.partition("/")
    host_scheme, _, host_rest = host_uri.partition("://")
    host_netloc = host_rest.partition("/")[0]
    if (scheme.lower(), netloc.lower()) != (host_scheme.lower(), host_netloc.lower()):
        return location
    return f"{scheme}://{netloc}{prefix}{slash}{path}"


def parse_cookie(cookie: str, final_url: str | None = None) -> dict[str, str]:  # noqa: ARG001 - 4.2.2's signature
    """The names and values of Set-Cookie, several joined by commas or not; attributes are left out.

    Args:
        cookie: the field's value; one that can not be read gives {}.
        final_url: taken for compatibility; where a cookie is valid is decided by `restkit_client.cookies`.
    """
    found: dict[str, str] = {}
    for part in cookie.split(","):
        # A comma starts another cookie when name=value follows: the comma in an Expires date does not.
        name, mark, value = part.partition(";")[0].partition("=")
        name = name.strip()
        if mark and name and not any(char in name for char in ' \t"'):
            found[name] = value.strip().strip('"')
    return found


def http_date(timestamp: float | None = None) -> str:
    """A time as HTTP writes it (RFC 9110 §5.6.7): "Thu, 01 Jan 1970 00:00:00 GMT".

    Args:
        timestamp: seconds since 1970; None is now.
    """
    from time import gmtime

    t = gmtime(time() if timestamp is None else timestamp)
    clock = f"{t.tm_hour:02}:{t.tm_min:02}:{t.tm_sec:02}"
    return f"{_DAYS[t.tm_wday]}, {t.tm_mday:02} {_MONTHS[t.tm_mon - 1]} {t.tm_year:04} {clock} GMT"


def replace_header(name: str, value: str, headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Puts `Name: value` where the first field of that name is, other ones taken out, or at the end; the same list."""
    places = [index for index, (key, _) in enumerate(headers) if key.lower() == name.lower()]
    for index in reversed(places[1:]):
        del headers[index]
    if places:
        headers[places[0]] = (name.title(), value)
    else:
        headers.append((name.title(), value))
    return headers


def replace_headers(
    new: Mapping[str, str] | Iterable[tuple[str, str]], headers: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    """`replace_header` for each of the new ones; the same list."""
    pairs: Iterable[tuple[str, str]] = new.items() if hasattr(new, "items") else new
    for name, value in pairs:
        replace_header(name, value, headers)
    return headers


def locate_program(name: str) -> str | bool:
    """Where a program is on the PATH, or False."""
    import shutil

    return shutil.which(name) or False


def popen3(cmd: str | Sequence[str]) -> tuple[IO[bytes], IO[bytes], IO[bytes]]:
    """Starts a program: its stdin, stdout and stderr, unbuffered.

    Args:
        cmd: the program and its arguments; text is split as a shell would, but no shell runs it.
    """
    import shlex
    import subprocess
    import weakref

    command = shlex.split(cmd) if isinstance(cmd, str) else list(cmd)
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0)  # noqa: S603 - no shell
    stdin, stdout, stderr = process.stdin, process.stdout, process.stderr
    assert stdin is not None and stdout is not None and stderr is not None  # noqa: S101, PT018 - for the type checker
    # The caller has no handle to wait with: the child is reaped when its last pipe is dropped.
    weakref.finalize(stderr, process.wait).atexit = False
    return stdin, stdout, stderr


class deprecated_property:  # noqa: N801 - 4.2.2's name
    """A property that warns when it is used.

    Args:
        decorator: the property that does the work.
        attr: its name, for the warning.
        message: what to do instead.
        warning: False raises the DeprecationWarning instead of showing it.
    """

    def __init__(self, decorator: Any, attr: str, message: str, warning: bool = True) -> None:
        self.decorator = decorator
        self.attr = attr
        self.message = message
        self.warning = warning

    def __get__(self, obj: Any, kind: type | None = None) -> Any:
        if obj is None:
            return self
        self._warn()
        return self.decorator.__get__(obj, kind)

    def __set__(self, obj: Any, value: Any) -> None:
        self._warn()
        self.decorator.__set__(obj, value)

    def __delete__(self, obj: Any) -> None:
        self._warn()
        self.decorator.__delete__(obj)

    def _warn(self) -> None:
        import warnings

        warning = DeprecationWarning(f"the attribute {self.attr} is deprecated: {self.message}")
        if not self.warning:
            raise warning
        warnings.warn(warning, stacklevel=3)
