"""URLs: one parser, so that the host we connect to is the host in Host, in SNI and in every policy check.

The grammar is RFC 3986, with what clients need from the WHATWG URL standard: hosts in other scripts (IDNA), characters that
may not stand in a URL percent-encoded, the last "@" ends the userinfo. What parsers read in different ways (backslashes, control
characters, percent-encoded hosts, short IPv4 forms) is refused. The steps of a URL, in order:

    cut_userinfo     user name and password leave the URL before it is kept, shown or sent anywhere
    split_url        the parts; remembered, so that a URL used again costs one dictionary look-up
    join_url         RFC 3986 §5: a reference (Location, a path) against a base
"""

from __future__ import annotations

from restkit_client.errors import InvalidUrl
from restkit_client.hosts import show, split_authority

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

__all__ = ["Url", "cut_userinfo", "join_url", "redact", "same_origin", "split_url"]

DEFAULT_PORTS = {"http": 80, "https": 443}

# Outside of the URI grammar (RFC 3986 §2), yet typed and linked: encoded, as browsers do. 0x80-0xFF are UTF-8 bytes.
_ENCODED = {code: f"%{code:02X}" for code in (*b' "<>^`{|}', *range(0x80, 0x100))}
_ENCODED_IN_QUERY = {**_ENCODED, ord("\\"): "%5C"}

_SCHEME_CHARS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.")
# A program talks to some hundreds of URLs again and again, or to each once; longer ones are seldom seen twice.
_MEMO_ENTRIES = 1024
_MEMO_LENGTH = 2048
_memo: dict[str, Url] = {}

# Query parameters whose value is as good as a password.
_SECRET_PARTS = (
    "token",
    "secret",
    "password",
    "passwd",
    "signature",
    "api_key",
    "apikey",
    "api-key",
    "access_key",
)


class Url:
    """The parts of an http or https URL; immutable. Made by `split_url`.

    The attributes are those of `urllib.parse.SplitResult`, and:

    Attributes:
        host: ASCII, lower case; other scripts as A-labels (RFC 5891); IPv6 without brackets and zone.
        zone: the IPv6 zone id (RFC 6874), or "". It has a meaning on this machine only and is never sent.
        port: the port, the scheme's default when the URL names none.
        netloc: what the Host field says.
        target: path and query, as the request line says them (origin-form, RFC 9112 §3.2.1).
        origin: (scheme, host with zone, port): who may see a secret, and which connections may be shared.
        is_ssl: whether the scheme is https.
    """

    __slots__ = (
        "fragment",
        "host",
        "is_ssl",
        "netloc",
        "origin",
        "path",
        "port",
        "query",
        "scheme",
        "target",
        "zone",
    )

    scheme: str
    host: str
    zone: str
    port: int
    netloc: str
    path: str
    query: str
    fragment: str
    target: str
    origin: tuple[str, str, int]
    is_ssl: bool

    username = None
    password = None

    def __init__(self, **parts: Any) -> None:
        for name, value in parts.items():
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a Url can not be changed: {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a Url can not be changed: {name}")

    @property
    def hostname(self) -> str:
        """The host to look up and connect to: `host`, with its zone id when it has one."""
        return self.origin[1]

    def geturl(self) -> str:
        """The URL, normalised, without user name and password."""
        netloc = self.netloc.replace("]", f"%25{self.zone}]", 1) if self.zone else self.netloc
        fragment = f"#{self.fragment}" if self.fragment else ""
        return f"{self.scheme}://{netloc}{self.target}{fragment}"

    __str__ = geturl

    def __repr__(self) -> str:
        return f"<Url {redact(self.geturl())}>"

    def __eq__(self, other: object) -> bool:
        return self.geturl() == other.geturl() if isinstance(other, Url) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.geturl())

    def __reduce__(self) -> tuple[Callable[[str], Url], tuple[str]]:
        return split_url, (self.geturl(),)


def split_url(url: str) -> Url:
    """The parts of a URL. User name and password are dropped: take them with `cut_userinfo` first.

    Raises:
        InvalidUrl: the text is no http or https URL, or one that two parsers could read in two ways.
    """
    # A URL with userinfo never gets in here, so the memo can not keep a secret.
    found = _memo.get(url)
    if found is not None:
        return found
    bare = cut_userinfo(url)[0]
    found = _memo.get(bare)
    if found is None:
        found = _parse(bare)
        if len(bare) <= _MEMO_LENGTH:
            if len(_memo) >= _MEMO_ENTRIES:
                _memo.clear()
            _memo[bare] = found
    return found


def cut_userinfo(url: str) -> tuple[str, tuple[str, str] | None]:
    """The URL without userinfo, and (user, password) percent-decoded as UTF-8, or None when there is none.

    The last "@" of the authority ends the userinfo; a missing password is "".

    Raises:
        InvalidUrl: a control character anywhere, a backslash in the userinfo, or userinfo that is not UTF-8 once decoded.
    """
    _check_characters(url)
    if "@" not in url:
        return url, None
    start, end = _authority_span(url)
    at = url.rfind("@", start, end)
    if at < 0:
        return url, None
    if "\\" in url[start:at]:
        # To a browser it ends the authority: another host than the one after the "@".
        raise InvalidUrl("backslash in the user name or password of the URL; write %5C")
    user, _, password = url[start:at].partition(":")
    bare = url[:start] + url[at + 1 :]
    return bare, (_decode(user), _decode(password)) if user or password else None


def join_url(base: str, reference: str) -> str:
    """The URL that a reference means seen from a base (RFC 3986 §5.2); the base's userinfo is dropped.

    Raises:
        InvalidUrl: a control character in either, or a base without scheme.
    """
    _check_characters(reference)
    scheme, authority, path, query, fragment = _components(cut_userinfo(base)[0])
    if scheme is None:
        raise InvalidUrl("the base URL has no scheme")
    own_scheme, own_authority, own_path, own_query, fragment = _components(reference)
    if own_scheme is not None:
        scheme, authority, path, query = own_scheme, own_authority, own_path, own_query
    elif own_authority is not None:
        authority, path, query = own_authority, own_path, own_query
    elif own_path:
        merged = own_path if own_path.startswith("/") else (path.rpartition("/")[0] + "/" + own_path)
        path, query = merged, own_query
    elif own_query is not None:
        query = own_query
    return (
        f"{scheme}:"
        + (f"//{authority}" if authority is not None else "")
        + _remove_dot_segments(path)
        + (f"?{query}" if query is not None else "")
        + (f"#{fragment}" if fragment is not None else "")
    )


def same_origin(a: str | Url, b: str | Url) -> bool:
    """Whether two URLs have the same scheme, host and port (RFC 6454 §5)."""
    return (a if isinstance(a, Url) else split_url(a)).origin == (
        b if isinstance(b, Url) else split_url(b)
    ).origin


def redact(url: str) -> str:
    """The URL as logs and errors may show it: no userinfo, no fragment, secrets of the query masked; never raises."""
    try:
        bare = cut_userinfo(url)[0]
        split_url(bare)
    except InvalidUrl:
        # Where the userinfo ends is not certain: nothing in front of the last "@" is shown.
        head, at, tail = str(url).rpartition("@")
        slashes = head.find("//") + 2
        bare = head[: slashes if slashes > 1 else 0] + tail if at else tail
        bare = "".join(char if char.isprintable() else "\ufffd" for char in bare)
    front, mark, query = bare.partition("#")[0].partition("?")
    if not mark:
        return front
    return f"{front}?{'&'.join(map(_mask_parameter, query.split('&')))}"


def _mask_parameter(pair: str) -> str:
    name, mark, _ = pair.partition("=")
    lowered = name.lower()
    secret = mark and any(part in lowered for part in _SECRET_PARTS)
    return f"{name}=***" if secret else pair


def _check_characters(url: str) -> None:
    if not isinstance(url, str):
        raise InvalidUrl(f"a URL is a str, not {type(url).__name__}")
    if url.isascii() and url.isprintable() and url[:1] != " " and url[-1:] != " ":
        return
    if url[:1].isspace() or url[-1:].isspace():
        raise InvalidUrl("white space at the start or end of the URL")
    for position, char in enumerate(url):
        if char < " " or char == "\x7f":
            raise InvalidUrl(f"control character {char!r} at position {position} of the URL")
        if "\ud800" <= char <= "\udfff":
            raise InvalidUrl(f"lone surrogate {char!r} at position {position} of the URL")


def _components(text: str) -> tuple[str | None, str | None, str, str | None, str | None]:
    """Scheme, authority, path, query, fragment (RFC 3986 appendix B); None is "not there", "" is "there and empty"."""
    text, mark, fragment = text.partition("#")
    found_fragment = fragment if mark else None
    text, mark, query = text.partition("?")
    found_query = query if mark else None
    scheme, mark, rest = text.partition(":")
    found_scheme = None
    if mark and scheme[:1].isalpha() and _SCHEME_CHARS.issuperset(scheme):
        found_scheme, text = scheme, rest
    found_authority = None
    if text.startswith("//"):
        found_authority, mark, text = text[2:].partition("/")
        text = mark + text
    return found_scheme, found_authority, text, found_query, found_fragment


def _authority_span(url: str) -> tuple[int, int]:
    """Where the authority starts and ends; an empty span when there is none."""
    start = url.find("//")
    if start < 0 or not _SCHEME_CHARS.issuperset(url[:start].removesuffix(":")):
        return 0, 0
    start += 2
    ends = [found for mark in "/?#" if (found := url.find(mark, start)) >= 0]
    return start, min(ends, default=len(url))


def _decode(text: str) -> str:
    """Percent-decode a user name or password. The text is a secret: no message may hold it."""
    if "%" in text:
        from urllib.parse import unquote

        # What is not UTF-8 becomes lone surrogates; an exception of the decoder would carry the secret.
        text = unquote(text, "utf-8", "surrogateescape")
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise InvalidUrl("user name or password of the URL is not UTF-8 when percent-decoded")
    if any(char < " " or char == "\x7f" for char in text):
        raise InvalidUrl("control character in the user name or password of the URL")
    return text


def _parse(url: str) -> Url:
    scheme, authority, path, query, fragment = _components(url)
    if scheme is None:
        raise InvalidUrl("the URL has no scheme: it must start with http:// or https://")
    scheme = scheme.lower()
    if scheme not in DEFAULT_PORTS:
        raise InvalidUrl(f"the scheme is not http or https: {show(scheme)}")
    if not authority:
        raise InvalidUrl("the URL names no host")
    if "\\" in authority or "\\" in path:
        raise InvalidUrl("backslash in the URL; write / or %5C")
    host, zone, port = split_authority(authority, secret="@" in url)
    bracketed = f"[{host}]" if ":" in host else host
    path = _encode(_remove_dot_segments(path or "/"), _ENCODED)
    target = path
    if query is not None:
        query = _encode(query, _ENCODED_IN_QUERY)
        target = f"{path}?{query}"
    return Url(
        scheme=scheme,
        host=host,
        zone=zone,
        port=port or DEFAULT_PORTS[scheme],
        netloc=f"{bracketed}:{port}" if port else bracketed,
        path=path,
        query=query or "",
        fragment=fragment or "",
        target=target,
        origin=(scheme, f"{host}%{zone}" if zone else host, port or DEFAULT_PORTS[scheme]),
        is_ssl=scheme == "https",
    )


def _remove_dot_segments(path: str) -> str:
    """RFC 3986 §5.2.4, for the absolute paths that http URLs have."""
    if "/." not in path or not path.startswith("/"):
        return path
    kept: list[str] = []
    segments = path[1:].split("/")
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _encode(text: str, table: dict[int, str]) -> str:
    return text.encode("utf-8").decode("latin-1").translate(table)
