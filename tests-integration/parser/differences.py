"""Why our parser and its peers part on some bytes: the rows of the README's table, each with the bytes it is about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peers import Outcome

LLHTTP, H11 = "httptools", "h11"
AFTER_THE_LAST = "bytes after the last message"
METHOD_NOT_TOLD = "the request's method, which httptools is not told"

# What the README says of the difference; the peers that differ; the role; the bytes that bring it about.
ROWS: list[tuple[str, tuple[str, ...], str, str]] = [
    ("LF alone ends a line", (H11,), "both", r"(?<!\r)\n"),
    ("a line fold in a request", (H11,), "request", r"\r\n[ \t]"),
    ("a line fold in a response", (LLHTTP,), "response", r"\r\n[ \t]"),
    ("no Host in an HTTP/1.1 request", (H11,), "request", r"\A(?:\r\n)?(?!.*\r\nhost:)"),
    ("two Host fields", (LLHTTP,), "request", r"\r\nhost:.*\r\nhost:"),
    ("an empty line before a request", (H11,), "request", r"(?:\A|\r\n\r\n.*)\r\n[A-Z]* ?/? ?"),
    ("an empty line before a response", (LLHTTP,), "response", r"(?:\A|\r\n\r\n)\r\n(?:HTTP/|\Z)"),
    ("a method of the program's own", (LLHTTP,), "request", r"\A(?!GET|POST|PUT)[A-Z]+ "),
    ("RTSP, ICE and HTTP/0.9", (LLHTTP,), "both", r"RTSP/|ICE/|\AGET /\r\n|HTTP/0\.9"),
    ("an HTTP version other than 1.x", (LLHTTP, H11), "both", r"HTTP/(?:2\.0|5\.6|0\.9)"),
    ("HTTP/1.2 and up", (LLHTTP,), "both", r"HTTP/1\.[2-9]"),
    ("more than one space in a request line", (LLHTTP,), "request", r"\A[A-Z]+  "),
    ("a target of none of the four forms", (H11, LLHTTP), "request", r"\A(?:[A-Z]+ \.\.|CONNECT /)"),
    ("CONNECT with a length", (H11,), "request", r"\ACONNECT.*content-length"),
    ("Transfer-Encoding with Content-Length", (LLHTTP,), "both", r"transfer-encoding:.*content-length|content-length.*transfer-encoding:"),
    ("an empty member in Transfer-Encoding", (H11, LLHTTP), "both", r"transfer-encoding: *chunked,\r"),
    ("a coding other than chunked, or chunked twice", (LLHTTP, H11), "both", r"transfer-encoding:[ \t]*(?!chunked[ \t]*\r\n(?!transfer-enc))"),
    ("the same Content-Length twice", (LLHTTP,), "both", r"content-length:.*\r\ncontent-length:"),
    ("Content-Length fields that differ on 204 and 304", (H11, LLHTTP), "response", r" (?:204|304) .*content-length:.*content-length:"),
    ("a length of more than 64 bits", (LLHTTP,), "both", r"content-length: *[0-9]{19,}"),
    ("a status code below 100", (LLHTTP,), "response", r"HTTP/1\.1 0"),
    ("a control character in the reason", (LLHTTP,), "response", r"HTTP/1\.1 [0-9]+ [^\r]*\0"),
    ("DEL in a value", (H11,), "both", r"\x7f"),
    ("whitespace after a chunk size", (H11,), "both", r"\r\n[0-9a-f]+[ \t]+\r\n"),
    ("whitespace around the ; of a chunk extension", (H11, LLHTTP), "both", r"\r\n[0-9a-f]+(?: ;|; )"),
    ("a chunk extension outside the grammar", (H11,), "both", r"\r\n[0-9a-f]+;(?:\r|.*\"[^\"\r]*\r)"),
    ("a field line of more than 64 KiB", (H11, LLHTTP), "both", r"[^\r]{65536}"),
    ("interim responses without end", (H11, LLHTTP), "response", r"(?:HTTP/1\.1 100[^\r]*\r\n\r\n){101}"),
    ("101 that no request asked for", (H11,), "response", r"HTTP/1\.1 101"),
    ("a body before the other protocol", (LLHTTP,), "request", r"upgrade.*content-length"),
    (AFTER_THE_LAST, (LLHTTP,), "both", ""),
    (METHOD_NOT_TOLD, (LLHTTP,), "response", ""),
    ("how early a fault is told", (H11, LLHTTP), "both", r"\A(?!.*\r\n\r\n)"),
]  # fmt: skip


def explain(
    peer: str, kind: str, data: bytes, methods: list[str], ours: Outcome, theirs: Outcome
) -> list[str]:
    """The rows that these bytes fall under."""
    text = data.decode("latin-1")
    found = []
    for name, peers, role, pattern in ROWS:
        if peer not in peers or role not in ("both", kind):
            continue
        if name == AFTER_THE_LAST:
            matches = ours.bodies != [] and theirs.bodies[: len(ours.bodies)] == ours.bodies
        elif name == METHOD_NOT_TOLD:
            matches = set(methods) != {"GET"}
        else:
            matches = re.search(pattern, text, re.IGNORECASE | re.DOTALL) is not None
        if matches:
            found.append(name)
    return found
