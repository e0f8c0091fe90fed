"""A program as a user writes it, checked by mypy --strict: what each expression is, is asserted."""

from collections.abc import Iterator
from typing import Any, assert_type

from restkit import BasicAuth, Client, Resource, request
from restkit_client import FunctionTransport, Headers, Request, Response, Timeout, WSGITransport
from restkit_client.body_stream import BodyWrapper
from restkit_client.errors import ResourceNotFound
from restkit_client.har import export
from restkit_client.links import Link
from restkit_client.sse import Event
from restkit_client.tee import ResponseTeeInput
from restkit_client.transports.function import Reply


def reading(url: str) -> None:
    response = request(url, "POST", body=b"data", headers={"X": "1"}, timeout=Timeout(total=5))
    assert_type(response, Response)
    assert_type(response.status_int, int)
    assert_type(response.status, str)
    assert_type(response.headers, Headers)
    assert_type(response.headers.get_all("x"), list[str])
    assert_type(response.body, bytes)
    assert_type(response.text(), str)
    assert_type(response.cookies, dict[str, str])
    assert_type(response.links, list[Link])
    assert_type(response.content_length, int | None)
    assert_type(response.location, str | None)
    assert_type(response.raise_for_status(), Response)
    assert_type(response.iter_bytes(), Iterator[bytes])
    assert_type(response.iter_lines(), Iterator[bytes])
    assert_type(response.iter_text(), Iterator[str])
    assert_type(response.iter_sse(), Iterator[Event])
    assert_type(response.tee(), ResponseTeeInput)
    with response.body_stream() as stream:
        assert_type(stream, BodyWrapper)
        assert_type(stream.read(5), bytes)
        for line in stream:
            assert_type(line, bytes)


def sending(client: Client) -> None:
    client.follow_redirect = True
    client.max_tries = 5
    client.filters = [BasicAuth("user", "password")]
    client.load_filters()
    with client.stream("http://h/") as response:
        assert_type(response, Response)
    assert_type(client.post("http://h/", json={"a": 1}), Response)
    assert_type(client.put("http://h/", data=[("a", "b")]), Response)
    assert_type(client.request("http://h/", "PATCH", (b for b in [b"x"])), Response)
    assert_type(client.download("http://h/", "file", progress=lambda size, total: None), int)
    assert_type(Request("http://h/").to_curl(), str)
    assert_type(export([client.get("http://h/")]), dict[str, Any])


class Library(Resource):
    def __init__(self, uri: str, **options: Any) -> None:
        super().__init__(uri, follow_redirect=True, **options)

    def book(self, number: int) -> Any:
        try:
            return self.get_json(f"books/{number}")
        except ResourceNotFound as error:
            assert_type(error.response, Any)
            return None


def answer(_request: Request) -> Reply:
    return Reply(200, json={"title": "A book"})


def application(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [])
    return [b"in process"]


def testing() -> None:
    library = Library("http://h/", transport=FunctionTransport(answer))
    assert_type(library("shelf"), Library)
    assert_type(library.clone(), Library)
    assert_type(library.client, Client)
    assert_type(Client(transport=WSGITransport(application)).get("http://h/").body, bytes)
