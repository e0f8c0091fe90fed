"""The examples run: CouchDB under three kinds of gunicorn worker and eventlet, Paste, the distributed proxy."""

import contextlib
import itertools
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from wsgiref.validate import validator

import pytest
import webob
from paste.deploy import loadapp

from restkit import Client, Resource, request
from restkit.errors import RequestFailed, ResourceNotFound
from servers.process import running
from wsgi_proxy.fronts import EXAMPLES, gunicorn

unique = itertools.count()


@contextlib.contextmanager
def eventlet_server(folder: Path, couchdb: str) -> Iterator[str]:
    def command(ports: list[int]) -> list[str]:
        # eventlet says itself that it is deprecated
        program = str(EXAMPLES / "eventlet_server.py")
        return ["env", f"COUCHDB={couchdb}", sys.executable, "-W", "ignore", program, str(ports[0])]

    with running(command, folder) as (port,):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module", params=["sync", "gthread", "gevent", "eventlet"])
def couchdb_proxy(
    request: pytest.FixtureRequest, pouchdb: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    folder = tmp_path_factory.mktemp(request.param)
    with contextlib.ExitStack() as stack:
        if request.param == "eventlet":
            yield stack.enter_context(eventlet_server(folder, pouchdb))
        else:
            front = gunicorn(folder, "couchdb_proxy:application", request.param, EXAMPLES, COUCHDB=pouchdb)
            yield stack.enter_context(front)[0]


def test_a_database_its_documents_and_attachments(couchdb_proxy: str) -> None:
    server = Resource(couchdb_proxy, timeout=20)
    name = f"documents-{next(unique)}"
    server.put(name).skip_body()
    database = server(name)
    first = database.request_json("PUT", "é%2F1", payload={"text": "é"})
    assert first["ok"]
    assert database.get_json("é%2F1")["text"] == "é"
    attached = database.put(
        "é%2F1/file.bin", payload=b"\0\1\2" * 50_000, headers={"Content-Type": "image/png"}, rev=first["rev"]
    )
    attached.skip_body()
    got = database.get("é%2F1/file.bin")
    assert (got.body, got.headers["content-type"], got.headers["x-served-by"]) == (
        b"\0\1\2" * 50_000,
        "image/png",
        "couchdb_proxy",
    )
    with pytest.raises(RequestFailed) as conflict:
        database.request_json("PUT", "é%2F1", payload={"text": "old"})
    assert conflict.value.status_int == 409
    with pytest.raises(ResourceNotFound):
        database.get("missing")
    assert database.get_json("_all_docs")["total_rows"] == 1


def test_changes_come_live(couchdb_proxy: str) -> None:
    name = f"live-{next(unique)}"
    server = Resource(couchdb_proxy, timeout=20)
    server.put(name).skip_body()
    server(name).request_json("PUT", "first", payload={})
    url = f"{couchdb_proxy}/{name}/_changes?feed=continuous&since=0"
    # pouchdb-server holds a feed back while it compresses it
    with Client(timeout=20, decompress=False).stream(url) as changes:
        lines = (line for line in changes.iter_lines() if line.strip())
        assert b'"id":"first"' in next(lines)
        server(name).request_json("PUT", "second", payload={})
        assert b'"id":"second"' in next(lines)


def call(app: Any, method: str, path: str, **environ: str) -> webob.Response:
    answer = webob.Request.blank(path, method=method, environ=environ).get_response(validator(app))
    answer.body  # noqa: B018 - reads to the end, and closes
    return answer


@pytest.fixture
def origin() -> Iterator[tuple[str, list[str]]]:
    """URL of a server that says which paths it was asked for."""
    from wsgiref.simple_server import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    asked: list[str] = []

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        asked.append(f"{environ['REQUEST_METHOD']} {environ['HTTP_HOST']} {environ['PATH_INFO']}")
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
        return [b"ok"]

    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


def test_the_manuals_paste_file_serves_get_and_refuses_post(
    origin: tuple[str, list[str]], tmp_path: Path
) -> None:
    url, asked = origin
    text = (EXAMPLES / "proxy.ini").read_text()
    assert "http://www.example.com/example_db" in text
    ini = tmp_path / "proxy.ini"
    ini.write_text(text.replace("http://www.example.com", url))
    app = loadapp(f"config:{ini}#proxy")
    assert (call(app, "GET", "/doc", SCRIPT_NAME="/mount").body, asked) == (
        b"ok",
        [f"GET {url[7:]} /example_db/mount/doc"],
    )
    assert (call(app, "POST", "/doc").status_int, len(asked)) == (403, 1)


def test_egg_restkit_proxy_is_the_transparent_one(origin: tuple[str, list[str]], tmp_path: Path) -> None:
    url, asked = origin
    ini = tmp_path / "proxy.ini"
    for name, settings, status in [
        ("restkit", "allowed_hosts = 127.0.0.1", 200),
        ("restkit-contrib", "", 403),
    ]:
        ini.write_text(f"[app:main]\nuse = egg:{name}#proxy\nmax_connections = 3\n{settings}\n")
        assert call(loadapp(f"config:{ini}"), "GET", f"{url}/x").status_int == status
    assert len(asked) == 1


@pytest.mark.parametrize("settings", ["uri = http://h/\nallowed_method = get", "allowed_methods = get", "uri = http://h/\nmax_connections = x"])  # fmt: skip
def test_a_paste_file_with_a_mistake_says_so(tmp_path: Path, settings: str) -> None:
    ini = tmp_path / "proxy.ini"
    ini.write_text(f"[app:main]\nuse = egg:restkit#host_proxy\n{settings}\n")
    with pytest.raises(ValueError, match=r"allowed_methods|uri|x"):
        loadapp(f"config:{ini}")


def test_the_distributed_proxy(origin: tuple[str, list[str]], tmp_path: Path) -> None:
    """/a/db is http://a.mypool.org/db; here every name of the pool is this machine."""
    url, asked = origin
    port = url.rpartition(":")[2]
    with gunicorn(
        tmp_path, "distributed_proxy:application", "gthread", EXAMPLES, POOL=f"%.0s127.0.0.1:{port}"
    ) as (front, _):
        assert request(f"{front}/a/db").body_string() == b"ok"
        assert request(f"{front}/a/db/x%20y", "POST", body=iter([b"chunk"])).body_string() == b"ok"
        assert request(f"{front}/evil.example:80/x").status_int == 404
    assert asked == [f"GET {url[7:]} /db", f"POST {url[7:]} /db/x y"]
