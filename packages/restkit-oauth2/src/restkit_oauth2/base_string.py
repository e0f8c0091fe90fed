"""What is signed: base string URI, normalised parameters, signature base string (RFC 5849 §3.4.1)."""

from __future__ import annotations

from .encoding import UNRESERVED, escape, quote_illegal, utf8

__all__ = ["base_string", "base_uri", "host_and_port", "normalize", "split_url"]

DEFAULT_PORT = {"http": 80, "https": 443}
# RFC 3986 §3.2.2: what a host may hold, the brackets and colons of IPv6 included.
HOST = UNRESERVED + b"!$&'()*+,;=%:[]"
URI_PLAIN = UNRESERVED + b":/%"


def split_url(url: str) -> tuple[str, str, str, str, str]:
    """Cut a URL into scheme, authority, path, query and fragment; nothing is decoded."""
    rest, _, fragment = url.partition("#")
    rest, _, query = rest.partition("?")
    scheme, _, rest = rest.partition("://")
    authority, slash, path = rest.partition("/")
    return scheme.lower(), authority, slash + path, query, fragment


def base_uri(url: str, host: str | None = None) -> str:
    """Return scheme, host and path as RFC 5849 §3.4.1.2 signs them.

    Args:
        url: an absolute http or https URL.
        host: the value of the Host field when it differs from the URL's.

    Raises:
        ValueError: another scheme, no host, or a port that is none.
    """
    scheme, authority, path, _, _ = split_url(url)
    authority = authority.rpartition("@")[2]
    if scheme not in DEFAULT_PORT:
        where = f"{scheme}://{authority}" if authority else scheme
        raise ValueError(f"Unsupported URL {where} ({scheme}).")
    name, port = host_and_port(host or authority)
    number = "" if port is None or port == DEFAULT_PORT[scheme] else f":{port}"
    return f"{scheme}://{name}{number}{quote_illegal(path) or '/'}"


def host_and_port(authority: str) -> tuple[str, int | None]:
    """Return the host in lower case (IDNA when it is not ASCII) and the port of `host[:port]`."""
    if authority.startswith("["):
        name, bracket, port = authority.partition("]")
        # A zone has a meaning on one machine only; no Host field has one.
        name = name.partition("%")[0] + bracket
        well_formed = bool(bracket) and (not port or port[0] == ":")
        port = port[1:]
    else:
        name, _, port = authority.partition(":")
        well_formed = ":" not in port
    if not name.isascii():
        name = ascii_host(name)
    if not (well_formed and name) or name.encode().translate(None, HOST):
        raise ValueError("The URL has no valid host.")
    if not port:
        return name.lower(), None
    # Five digits hold every port; int() alone would also take "+80", "8_0" and other scripts' digits.
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and int(port) < 65536):
        raise ValueError("The URL's port is not a number below 65536.")
    return name.lower(), int(port)


def ascii_host(name: str) -> str:
    """Return the IDNA form that the Host field will carry."""
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        raise ValueError("The URL's host has no IDNA form.") from None


def normalize(pieces: list[str]) -> str:
    """Sort encoded parameters by name, then value, and join them without oauth_signature (RFC 5849 §3.4.1.3).

    Args:
        pieces: `name NUL value` each. NUL sorts before every encoded character, so that plain text order is the order
            by name and then value, which with `=` between them it is not.
    """
    text = "&".join(sorted(pieces))
    if "oauth_signature\0" in text:
        text = "&".join([piece for piece in text.split("&") if not piece.startswith("oauth_signature\0")])
    return text.replace("\0", "=")


def base_string(method: str, uri: str, normalized: str) -> str:
    """Join method, base string URI and normalised parameters (RFC 5849 §3.4.1.1)."""
    # The parameters hold nothing but unreserved characters and these three: far cheaper than encoding them again.
    parameters = normalized.replace("%", "%25").replace("=", "%3D").replace("&", "%26")
    return f"{escape(method.upper())}&{escape_uri(uri)}&{parameters}"


def escape_uri(uri: str) -> str:
    """Encode a base string URI; most hold only these three reserved characters."""
    if utf8(uri).translate(None, URI_PLAIN):
        return escape(uri)
    return uri.replace("%", "%25").replace(":", "%3A").replace("/", "%2F")
