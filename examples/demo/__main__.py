"""`make demo`: the main job of restkit against a server of its own, told step by step.

Ends with 0 when everything went as it should, else with 1 and a line that says what did not.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from app import application
from server import serve

from restkit import Client, OAuthFilter, Resource, request
from restkit.oauth2 import Consumer


class UnexpectedError(Exception):
    """Something is off."""


def expect(what, got, wanted):
    if got != wanted:
        raise UnexpectedError(f"{what}: got {got!r} where {wanted!r} was expected")


class Library(Resource):
    """A remote service as a Python object: every answer is JSON."""

    def request(self, *args, **kwargs):
        return json.loads(super().request(*args, **kwargs).body_string(charset="utf-8"))

    def by(self, author):
        return self.get("books", author=author)


def fetch_json(url):
    titles = [book["title"] for book in Library(url).by("Le Guin")]
    expect("books by Le Guin", titles, ["The Left Hand of Darkness", "The Dispossessed"])
    return f"GET /books?author=Le+Guin through a Resource subclass: {', '.join(titles)}"


def follow_redirect(url):
    response = request(url + "/moved", follow_redirect=True)
    expect("status after the redirect", response.status_int, 200)
    expect("where it led", response.final_url, url + "/books")
    return f"GET /moved led to {response.final_url}: {response.status}, {len(response.body_string())} bytes"


def unpack_gzip(url):
    response = request(url + "/packed")
    received = int(response.headers["Content-Length"])
    body = response.body_string()
    expect("unpacked text", body, b"squeeze me " * 1000)
    return f"GET /packed: {received} bytes gzipped on the wire, {len(body)} unpacked"


def stream_download(url):
    started, size, digest = time.perf_counter(), 0, hashlib.sha256()
    response = request(url + "/stream")
    with response.body_stream() as body:
        while block := body.read(65536):
            size += len(block)
            digest.update(block)
    expect("size of the download", size, 64 << 20)
    expect("digest of the download", digest.hexdigest(), response.headers["X-SHA256"])
    seconds = time.perf_counter() - started
    return f"GET /stream, chunked, never whole in memory: {size >> 20} MiB in {seconds:.2f} s, sha256 {digest.hexdigest()[:16]}…"


def upload_file(url):
    content = b"\x89PNG, or so it says\n" * 5000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cover.png"
        path.write_bytes(content)
        with path.open("rb") as file:
            fields = {"Content-Type": "multipart/form-data"}
            response = request(
                url + "/upload", "POST", body={"title": "Solaris", "cover": file}, headers=fields
            )
            expect("status of the upload", response.status_int, 200)
    title, cover = json.loads(response.body_string())
    expect("the field", (title["name"], title["size"]), ("title", len("Solaris")))
    expect("the file", (cover["name"], cover["filename"], cover["type"]), ("cover", "cover.png", "image/png"))
    expect("the file's bytes", cover["sha256"], hashlib.sha256(content).hexdigest())
    return f"POST /upload, multipart: a field and {cover['filename']}, {cover['size']} bytes, arrived as they were"


def sign(url):
    right, wrong = (
        OAuthFilter("/private", Consumer("demo-key", secret)) for secret in ("demo-secret", "guessed")
    )
    accepted = request(url + "/private?page=1", filters=[right])
    expect("signed with the right secret", accepted.status_int, 200)
    expect("the greeting", json.loads(accepted.body_string()), {"hello": "demo-key"})
    refused = request(url + "/private?page=1", filters=[wrong])
    expect("signed with a wrong secret", refused.status_int, 401)
    refused.body_string()
    return f"GET /private, OAuth 1.0a: {accepted.status} with the right secret, {refused.status} with a wrong one"


def reuse_connection(url):
    client = Client()
    answers = [json.loads(client.request(url + "/connections").body_string()) for _ in range(10)]
    used = {answer["this"] for answer in answers}
    expect("connections used for ten requests", len(used), 1)
    expect("connections accepted meanwhile", answers[-1]["accepted"], answers[0]["accepted"])
    return f"ten GETs, by the server's own count over {len(used)} connection (no. {used.pop()})"


def call_restcli(url):
    program = Path(sys.executable).with_name("restcli")
    done = subprocess.run(
        [program, url + "/books?author=Lem"], capture_output=True, text=True, timeout=30, check=False
    )
    expect("exit status of restcli", (done.returncode, done.stderr), (0, ""))
    expect("what restcli printed", [book["title"] for book in json.loads(done.stdout)], ["Solaris"])
    return f"$ restcli {url}/books?author=Lem\n     {done.stdout.strip()}"


STEPS = (
    ("fetch", fetch_json),
    ("redirect", follow_redirect),
    ("gzip", unpack_gzip),
    ("stream", stream_download),
    ("send", upload_file),
    ("sign", sign),
    ("reuse", reuse_connection),
    ("restcli", call_restcli),
)


def main():
    with serve(application) as server:
        print(f"a demo server listens on {server.url}\n", flush=True)
        for name, step in STEPS:
            try:
                print(f"{name:>9}  {step(server.url)}", flush=True)
            except Exception as problem:
                return f"{name:>9}  FAILED: {type(problem).__name__}: {problem}"
        print(
            f"\nall went as it should; the server accepted {server.accepted} connections and is stopped now"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
