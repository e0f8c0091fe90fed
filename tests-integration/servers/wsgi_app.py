"""The application that gunicorn serves: says what it received, and sends what it is asked for."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs

BLOCK = bytes(range(256)) * 256
"""64 KiB that is not all zeros."""


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Route by the first segment of the path."""
    query = {name: values[-1] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
    return ROUTES.get(environ["PATH_INFO"].split("/")[1], not_found)(environ, start_response, query)


def echo(
    environ: dict[str, Any], start_response: Callable[..., object], query: dict[str, str]
) -> Iterable[bytes]:
    """What was received, as JSON; the body by its length and digest."""
    length, digest = 0, hashlib.sha256()
    while block := environ["wsgi.input"].read(65536):
        length += len(block)
        digest.update(block)
    fields = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    fields |= {"content-type": environ.get("CONTENT_TYPE"), "content-length": environ.get("CONTENT_LENGTH")}
    told = {
        "method": environ["REQUEST_METHOD"],
        "path": environ["PATH_INFO"],
        "query": query,
        "fields": fields,
    }
    body = json.dumps(told | {"length": length, "sha256": digest.hexdigest()}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def blocks(
    environ: dict[str, Any], start_response: Callable[..., object], query: dict[str, str]
) -> Iterable[bytes]:
    """`count` blocks of 64 KiB: chunked, or with a Content-Length when `length` is asked for."""
    count = int(query["count"])
    headers = [("Content-Type", "application/octet-stream")]
    if "length" in query:
        headers.append(("Content-Length", str(count * len(BLOCK))))
    start_response("200 OK", headers)
    return send_blocks(count)


def send_blocks(count: int) -> Iterator[bytes]:
    """One block at a time."""
    for _ in range(count):
        yield BLOCK


def not_found(
    environ: dict[str, Any], start_response: Callable[..., object], query: dict[str, str]
) -> Iterable[bytes]:
    """404, in words."""
    start_response("404 Not Found", [("Content-Type", "text/plain"), ("Content-Length", "10")])
    return [b"not found\n"]


ROUTES = {"echo": echo, "blocks": blocks}
