"""The main job against gunicorn: every method and kind of body arrives as it was sent, and streams come back whole."""

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from restkit import Client, Resource, request
from servers.wsgi_app import BLOCK

PIECES = [b"first ", b"", b"second ", b"x" * 70000, b" last"]
WHOLE = b"".join(PIECES)


def told(response: Any) -> dict[str, Any]:
    """What the echo says it received."""
    assert response.status_int == 200
    answer: dict[str, Any] = json.loads(response.body_string())
    return answer


def file_of(folder: Path) -> Any:
    path = folder / "body.bin"
    path.write_bytes(WHOLE)
    return path.open("rb")


def generator(_folder: Path) -> Iterator[bytes]:
    yield from PIECES


@pytest.mark.parametrize(
    ("make", "length"),
    [
        (lambda _folder: WHOLE, len(WHOLE)),
        (lambda _folder: WHOLE.decode(), len(WHOLE)),
        (lambda _folder: io.BytesIO(WHOLE), len(WHOLE)),
        (file_of, len(WHOLE)),
        (lambda _folder: PIECES, None),
        (generator, None),
    ],
    ids=["bytes", "str", "BytesIO", "file", "list", "generator"],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_body_arrives_whole(
    gunicorn: str, tmp_path: Path, method: str, make: Callable[[Path], Any], length: int | None
) -> None:
    body = make(tmp_path)
    answer = told(request(gunicorn + "/echo", method, body=body))
    if hasattr(body, "close"):
        body.close()
    assert (answer["method"], answer["length"]) == (method, len(WHOLE))
    assert answer["sha256"] == hashlib.sha256(WHOLE).hexdigest()
    framing = (answer["fields"]["content-length"], answer["fields"].get("transfer-encoding"))
    assert framing == ((str(length), None) if length is not None else (None, "chunked"))


def test_an_iterator_with_a_length_is_not_chunked(gunicorn: str) -> None:
    answer = told(
        request(gunicorn + "/echo", "POST", body=PIECES, headers={"Content-Length": str(len(WHOLE))})
    )
    assert (answer["length"], answer["fields"]["content-length"]) == (len(WHOLE), str(len(WHOLE)))
    assert "transfer-encoding" not in answer["fields"]


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options"])
def test_a_client_has_the_methods(gunicorn: str, method: str) -> None:
    assert told(getattr(Client(), method)(gunicorn + "/echo"))["method"] == method.upper()


def test_a_resource_joins_path_and_parameters(gunicorn: str) -> None:
    answer = told(Resource(gunicorn + "/echo").get("a b", q="ä&b", n=1))
    assert (answer["path"].encode("latin-1").decode(), answer["query"]) == (
        "/echo/a b",
        {"q": "ä&b", "n": "1"},
    )


def test_a_resource_sends_a_payload(gunicorn: str) -> None:
    answer = told(Resource(gunicorn).post("echo", payload=b"four", headers={"Content-Type": "text/x-test"}))
    assert (answer["method"], answer["length"], answer["fields"]["content-type"]) == (
        "POST",
        4,
        "text/x-test",
    )


def test_a_dictionary_is_a_form(gunicorn: str) -> None:
    answer = told(request(gunicorn + "/echo", "POST", body={"name": "Le Guin & Lem"}))
    assert answer["sha256"] == hashlib.sha256(b"name=Le+Guin+%26+Lem").hexdigest()
    assert answer["fields"]["content-type"].startswith("application/x-www-form-urlencoded")


@pytest.mark.parametrize("query", ["count=100", "count=100&length=1"], ids=["chunked", "length"])
def test_a_stream_comes_back_whole(gunicorn: str, query: str) -> None:
    digest, size = hashlib.sha256(), 0
    with request(f"{gunicorn}/blocks?{query}").body_stream() as body:
        while piece := body.read(100_000):
            digest.update(piece)
            size += len(piece)
    assert (size, digest.hexdigest()) == (100 * len(BLOCK), hashlib.sha256(BLOCK * 100).hexdigest())


def test_eight_threads_share_a_client(gunicorn: str) -> None:
    client = Client()

    def post(number: int) -> tuple[int, str]:
        answer = told(client.request(f"{gunicorn}/echo/{number}", "POST", body=str(number) * number))
        return answer["length"], answer["path"]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(post, range(200)))
    assert answers == [(len(str(number)) * number, f"/echo/{number}") for number in range(200)]
