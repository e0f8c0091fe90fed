"""Every target by its name, with the words its inputs are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tools.fuzz import client_targets, other_targets, wire_targets

if TYPE_CHECKING:
    from collections.abc import Callable


class Target(NamedTuple):
    """A function that takes any bytes, and raises nothing but documented errors; and a dictionary for it."""

    run: Callable[[bytes], None]
    words: tuple[bytes, ...]


HTTP = (
    b"\r\n",
    b"\r\n\r\n",
    b": ",
    b"HTTP/1.1 ",
    b"Content-Length: 5",
    b"Transfer-Encoding: chunked",
    b"0\r\n\r\n",
)
CREDENTIALS = (
    b'="',
    b'", ',
    b"\\",
    b"Digest ",
    b"realm",
    b"nonce",
    b"qop=auth",
    b"algorithm=SHA-256",
    b"userhash=true",
)
TARGETS = {
    "responses": Target(wire_targets.responses, (*HTTP, b"Connection: close", b"HTTP/1.1 101 x\r\n", b"HTTP/1.1 204 x")),
    "requests": Target(wire_targets.requests, (*HTTP, b"GET / ", b"Host: a", b"CONNECT a:1 ", b"Upgrade: b")),
    "chunked": Target(wire_targets.chunked, (b"\r\n", b"0\r\n", b"5\r\nhello\r\n", b";a=b", b';a="', b"A: b\r\n", b"ffffffff")),
    "headers": Target(wire_targets.headers, (b"\r\n", b": ", b"\r\n ", b"Set-Cookie", b"Content-Length", b"\xff")),
    "url": Target(client_targets.url, (b"://", b"http", b"[::1]", b"@", b"%", b"..", b"xn--", "ß。".encode(), b":65536", b"\\")),
    "cookies": Target(client_targets.cookies, (b"; ", b"Domain=", b"Path=/", b"Expires=", b"Max-Age=", b"Secure", b"__Host-", b"\n")),
    "multipart": Target(other_targets.multipart, (b"\r\n--foo", b"--", b"Content-Disposition: form-data; name=", b"filename*=UTF-8''", b'"')),
    "digest": Target(client_targets.digest, CREDENTIALS),
    "oauth": Target(other_targets.oauth, (b"oauth_signature=", b"oauth_nonce", b"OAuth ", b"%", b"&", b'="', b"\n", b"\xed\xa0\x80")),
    "link": Target(client_targets.link, (b"<", b">", b"; rel=", b"title*=UTF-8''", b'"', b"\\", b", ")),
    "sse": Target(client_targets.sse, (b"data: ", b"\n\n", b"\r", b"id: \0", b"retry: ", b"event: ", b"\xef\xbb\xbf")),
    "config": Target(other_targets.config, (b" = ", b"\n", b"#", b"header", b"request", b"\xff", b"continue")),
}  # fmt: skip
