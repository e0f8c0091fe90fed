"""Where inputs start from: an example of each target's language, and the cases of the vectors folder when it is there."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.workspace import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = {
    "responses": [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nSet-Cookie: a\r\n\r\nhelloHTTP/1.1 204 x\r\n\r\n",
        b"HTTP/1.1 100 x\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nA: b\r\n\r\n",
    ],
    "requests": [b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.0\r\n\r\n"],
    "chunked": [b'5;a="b;c"\r\nhello\r\n00a\r\n0123456789\r\n0\r\nA: b\r\nC: d\r\n\r\nHTTP/1.1'],
    "headers": [b'A: b\r\nSet-Cookie: a=b\r\nset-cookie: c=d\r\nX-Folded: a\r\n b\r\nETag: "x"\r\nVia:'],
    "url": [
        b"http://user:pass@example.com:8080/a/../b%20c?d=e&f#g",
        b"https://[fe80::1%25eth0]/",
        "https://bücher.example/ü?ß".encode(),
        b"//other.example/../x",
    ],
    "cookies": [
        b"a=b; Domain=example.com; Path=/a; Expires=Tue, 24 Nov 2026 02:06:24 GMT; Max-Age=10; Secure; HttpOnly; SameSite=Lax",
        b"__Host-a=b; Secure; Path=/\nc=d; domain=.com\n=e",
    ],
    "multipart": [
        b"multipart/form-data; boundary=foo\n--foo\r\nContent-Disposition: form-data; name=\"a\"; filename*=UTF-8''b%20c\r\n"
        b"Content-Type: text/plain\r\n\r\n1\r\n--foo \r\n\r\n2\r\n--foo--\r\nepilogue"
    ],
    "digest": [
        b'Digest realm="a b", qop="auth,auth-int", algorithm=SHA-256, nonce="7yp", opaque="FQh", userhash=true, stale=TRUE',
        b'Basic realm="x", Digest realm="\\"", nonce=abc, algorithm=MD5-sess, charset=UTF-8, nextnonce="d"\nNegotiate YII=',
    ],
    "oauth": [
        b"file=vacation.jpg&size=original\n"
        b'OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="nnch734d00sl2jdk", '
        b'oauth_signature_method="HMAC-SHA1", oauth_timestamp="1700000000", oauth_nonce="chapoH", '
        b'oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D"\noauth_token=a&oauth_token_secret=b&c=%C3%A9'
    ],
    "link": [b"<http://example.com/a>; rel=\"next last\"; title*=UTF-8'en'%e2%82%ac, </b>; rel=prev; anchor=\"#c\""],
    "sse": [b"\xef\xbb\xbf: hi\r\nid: 1\rdata: a\ndata:b\n\nevent: x\nretry: 10\ndata: \xe2\x82\xac\n\n"],
    "config": [b"# mine\nheader = A: b\nfollow = true\nrequest=PUT\n\noutput = \xc3\xa9\n"],
}  # fmt: skip


def seeds(target: str) -> list[bytes]:
    """What the inputs of a target are made from."""
    folder = Path(os.environ.get("RESTKIT_VECTORS") or ROOT.parent / "shared" / "vectors")
    found = dict.fromkeys(EXAMPLES[target])
    for path in sorted(folder.glob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
            found.update({seed: None for seed in _of_case(target, case) if len(seed) <= MAX_SEED})
    return list(found)


# Longer ones are slow, and repeat themselves.
MAX_SEED = 2000


def _of_case(target: str, case: dict[str, Any]) -> Iterator[bytes]:
    kind = case.get("kind")
    if "input_b64" in case and kind == target.removesuffix("s"):
        yield base64.b64decode(case["input_b64"])
    elif "input_b64" in case and target in ("headers", "chunked"):
        head, _, body = base64.b64decode(case["input_b64"]).partition(b"\r\n\r\n")
        if target == "headers":
            yield head.partition(b"\r\n")[2]
        elif b"chunked" in head.lower():
            yield body
    elif target == "cookies" and kind == "cookie":
        yield "\n".join(case["set_cookie"]).encode("utf-8", "surrogateescape")
    elif target == "multipart" and kind == "multipart-parse":
        yield case["content_type"].encode() + b"\n" + base64.b64decode(case["body_b64"])
    elif target == "url" and isinstance(case.get("url"), str):
        yield case["url"].encode()
    elif target == "oauth" and kind == "parse-authorization":
        yield b"\n" + json.dumps(case["input"]).strip('"').replace('\\"', '"').encode() + b"\n"
