"""Digest against a server made of werkzeug's fields and its own arithmetic, which curl can talk to as well."""

import hashlib
import io
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug import Request, Response
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.serving import make_server

from restkit_client import Client
from restkit_client.filters import DigestAuth

ALGORITHMS = ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256", "SHA-512-256-sess"]
HASHES = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}
PASSWORD = "Secret, or not?"


class DigestApp:
    """/ALGORITHM/QOP?user=NAME asks for a digest of that kind, and answers with the body it got."""

    def __init__(self) -> None:
        self.nonces: dict[str, int] = {}
        self.fields: list[str] = []

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        _, algorithm, qop = request.path.split("/")[:3]
        body = request.get_data()
        sent = request.authorization
        self.fields.append(request.headers.get("Authorization", ""))
        if sent is None or sent.type != "digest" or not self._is_right(request, sent, algorithm, qop, body):
            return self._challenge(algorithm, qop, request.args.get("stale") is not None)(
                environ, start_response
            )
        response = Response(body)
        if request.args.get("next") is not None:
            response.headers["Authentication-Info"] = f'nextnonce="{self._new_nonce()}"'
        return response(environ, start_response)

    def _new_nonce(self) -> str:
        nonce = os.urandom(8).hex()
        self.nonces[nonce] = 0
        return nonce

    def _challenge(self, algorithm: str, qop: str, stale: bool) -> Response:
        values = {"realm": 'the "realm", here', "nonce": self._new_nonce(), "opaque": "o/p+q="}
        values |= {"algorithm": algorithm, "charset": "UTF-8"}
        if qop != "none":
            values["qop"] = qop
        if stale:
            values["stale"] = "true"
        response = Response(status=401)
        response.www_authenticate = WWWAuthenticate("digest", values)
        return response

    def _is_right(self, request: Request, sent: Any, algorithm: str, qop: str, body: bytes) -> bool:
        base = algorithm.removesuffix("-sess")

        def h(data: str | bytes) -> str:
            return hashlib.new(HASHES[base], data if isinstance(data, bytes) else data.encode()).hexdigest()

        uri = request.environ["REQUEST_URI"]
        used = self.nonces.get(sent.get("nonce"))
        if used is None or sent.get("uri") != uri or sent.get("realm") != 'the "realm", here':
            return False
        ha1 = h(f"{request.args.get('user', 'alice')}:{sent['realm']}:{PASSWORD}")
        if algorithm.endswith("-sess"):
            ha1 = h(f"{ha1}:{sent['nonce']}:{sent['cnonce']}")
        ha2 = f"{request.method}:{uri}"
        if sent.get("qop") == "auth-int":
            ha2 += f":{h(body)}"
        if qop == "none":
            return bool(sent["response"] == h(f"{ha1}:{sent['nonce']}:{h(ha2)}"))
        if int(sent["nc"], 16) != used + 1:
            return False
        self.nonces[sent["nonce"]] = used + 1
        middle = f"{sent['nc']}:{sent['cnonce']}:{sent['qop']}"
        return bool(sent["response"] == h(f"{ha1}:{sent['nonce']}:{middle}:{h(ha2)}"))


@pytest.fixture(scope="module")
def digest_server() -> Iterator[tuple[str, DigestApp]]:
    app = DigestApp()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", app
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("werkzeug.serving.WSGIRequestHandler.log", lambda *_args: None)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("qop", ["auth", "auth-int", "auth-int, auth"])
@pytest.mark.parametrize(
    "body", [None, b"some bytes", io.BytesIO(b"from a file" * 9999)], ids=["no body", "bytes", "file"]
)
def test_every_algorithm_is_answered(digest_server, algorithm, qop, body):
    url, app = digest_server
    app.fields.clear()
    client = Client(filters=[DigestAuth("alice", PASSWORD)], timeout=20)
    for number in range(3):
        if isinstance(body, io.BytesIO):
            body.seek(0)
        response = client.request(f"{url}/{algorithm}/{qop}?x={number}", "PUT" if body else "GET", body)
        assert response.status_int == 200
        expected = body.getvalue() if isinstance(body, io.BytesIO) else body or b""
        assert response.body_string() == expected
    # One challenge; what comes later is answered in advance.
    assert len(app.fields) == 4


def test_rfc_2069_is_answered(digest_server):
    url, _ = digest_server
    client = Client(filters=[DigestAuth("alice", PASSWORD)], timeout=20)
    assert client.request(f"{url}/MD5/none").status_int == 200


def test_the_next_nonce_is_used(digest_server):
    url, app = digest_server
    app.fields.clear()
    client = Client(filters=[DigestAuth("alice", PASSWORD)], timeout=20)
    for _ in range(4):
        assert client.request(f"{url}/SHA-256/auth?next=1").status_int == 200
    assert len(app.fields) == 5
    assert all("nc=00000001" in field for field in app.fields[1:])


@pytest.mark.parametrize(("stale", "requests"), [("", 2), ("&stale=1", 3)])
def test_a_wrong_password_ends_in_the_401(digest_server, stale, requests):
    url, app = digest_server
    app.fields.clear()
    client = Client(filters=[DigestAuth("alice", "wrong")], timeout=20)
    assert client.request(f"{url}/SHA-256/auth?x{stale}").status_int == 401
    assert len(app.fields) == requests


def test_a_body_that_can_be_read_once_is_an_error_not_an_empty_body(digest_server):
    from restkit_client.errors import UnrewindableBody

    url, app = digest_server
    app.fields.clear()
    client = Client(filters=[DigestAuth("alice", PASSWORD)], timeout=20)
    with pytest.raises(UnrewindableBody):
        client.request(f"{url}/SHA-256/auth", "POST", iter([b"once"]))
    assert len(app.fields) == 1


@pytest.mark.parametrize("algorithm", ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess"])
def test_curl_is_let_in_too(digest_server, algorithm):
    """So that the server's arithmetic is not ours twice."""
    if shutil.which("curl") is None:
        hint = "install curl to check the test's own server"
        pytest.fail(hint) if os.environ.get("RESTKIT_REQUIRE") == "1" else pytest.skip(hint)
    url, _ = digest_server
    done = subprocess.run(
        [
            "curl",
            "-q",
            "-s",
            "--digest",
            "-u",
            f"alice:{PASSWORD}",
            "-w",
            "%{http_code}",
            f"{url}/{algorithm}/auth",
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    assert done.stdout == "200"
