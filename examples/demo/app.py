"""The demo's WSGI application: JSON, gzip, chunked, a redirect, a multipart echo, and a path that checks signatures."""

import gzip
import hashlib
import json
from email.message import Message
from email.parser import BytesParser
from urllib.parse import parse_qsl

from restkit.oauth2 import Consumer, Error, Request, SignatureMethod_HMAC_SHA1

BOOKS = [
    {"title": "The Left Hand of Darkness", "author": "Ursula K. Le Guin"},
    {"title": "Solaris", "author": "Stanisław Lem"},
    {"title": "The Dispossessed", "author": "Ursula K. Le Guin"},
]
BLOCK = bytes(range(256)) * 256
CONSUMERS = {"demo-key": Consumer("demo-key", "demo-secret")}


def application(environ, start_response):
    """Find the page for the path."""
    page = PAGES.get(environ["PATH_INFO"], missing)
    status, fields, body = page(environ)
    start_response(status, fields)
    return body


def as_json(value, status="200 OK", fields=()):
    body = json.dumps(value).encode()
    return status, [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *fields], [body]


def books(environ):
    """The books of `?author=`, or all."""
    query = dict(parse_qsl(environ["QUERY_STRING"]))
    return as_json([book for book in BOOKS if query.get("author", "") in book["author"]])


def packed(environ):
    """Text that is gzipped where the client takes it so."""
    body = b"squeeze me " * 1000
    if "gzip" not in environ.get("HTTP_ACCEPT_ENCODING", ""):
        return "200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))], [body]
    small = gzip.compress(body)
    fields = [
        ("Content-Type", "text/plain"),
        ("Content-Encoding", "gzip"),
        ("Content-Length", str(len(small))),
    ]
    return "200 OK", fields, [small]


def stream(environ):
    """64 MiB without a Content-Length: the server sends it chunked. The digest of all of it goes ahead."""
    blocks = 1024
    digest = hashlib.sha256(BLOCK * blocks).hexdigest()
    return (
        "200 OK",
        [("Content-Type", "application/octet-stream"), ("X-SHA256", digest)],
        (BLOCK for _ in range(blocks)),
    )


def moved(environ):
    """Elsewhere: at /books."""
    return "302 Found", [("Location", "/books"), ("Content-Length", "0")], []


def upload(environ):
    """Each part of the multipart body: its name, filename, type, size and digest. Read by the standard library."""
    head = f"Content-Type: {environ['CONTENT_TYPE']}\r\n\r\n".encode()
    message = BytesParser().parsebytes(head + environ["wsgi.input"].read())
    return as_json([describe(part) for part in message.get_payload()])


def describe(part: Message):
    content = part.get_payload(decode=True)
    return {
        "name": part.get_param("name", header="content-disposition"),
        "filename": part.get_filename(),
        "type": part.get_content_type(),
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def private(environ):
    """Only for who signs with the right secret (OAuth 1.0a)."""
    url = f"http://{environ['HTTP_HOST']}{environ['PATH_INFO']}"
    fields = {"Authorization": environ.get("HTTP_AUTHORIZATION", "")}
    try:
        request = Request.from_request(
            environ["REQUEST_METHOD"], url, headers=fields, query_string=environ["QUERY_STRING"]
        )
        consumer = CONSUMERS[request["oauth_consumer_key"]]
        accepted = SignatureMethod_HMAC_SHA1().check(request, consumer, None, request["oauth_signature"])
    except (Error, LookupError, TypeError):
        accepted = False
    if not accepted:
        return as_json(
            {"error": "the signature is wrong"},
            "401 Unauthorized",
            [("WWW-Authenticate", 'OAuth realm="demo"')],
        )
    return as_json({"hello": consumer.key})


def connections(environ):
    """How many connections the server has accepted, and which one this is."""
    return as_json({"accepted": environ["demo.connections"](), "this": environ["demo.connection"]})


def missing(environ):
    return as_json({"error": "no such page"}, "404 Not Found")


PAGES = {
    "/books": books,
    "/packed": packed,
    "/stream": stream,
    "/moved": moved,
    "/upload": upload,
    "/private": private,
    "/connections": connections,
}
