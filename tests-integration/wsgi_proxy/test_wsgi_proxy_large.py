"""curl → gunicorn → HostProxy → nginx: large bodies both ways, and events as they come."""

import contextlib
import filecmp
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from servers.requirements import require_program
from servers.scripted import scripted
from wsgi_proxy.fronts import WORKERS, Nginx, gunicorn, run_nginx

GIBIBYTE = 2**30
# The largest through one kind of worker only: the others differ in how they wait, not in what they carry.
CASES = [(worker, size) for worker in WORKERS for size in (0, 1, 65_536, 2**20 + 1)] + [("gthread", GIBIBYTE)]
FLAT = 8 * 2**20


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    with run_nginx(tmp_path_factory.mktemp("nginx") / "origin") as server:
        yield server


@pytest.fixture(scope="module")
def fronts(origin: Nginx, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[str, int]]]:
    """URL and process id of a gunicorn for each kind of worker."""
    with contextlib.ExitStack() as stack:
        yield {
            worker: stack.enter_context(
                gunicorn(
                    tmp_path_factory.mktemp(worker), "front_app:application", worker, UPSTREAM=origin.url
                )
            )
            for worker in WORKERS
        }


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """A file of each size; no two blocks of the large one are alike."""
    folder = tmp_path_factory.mktemp("contents")
    block = os.urandom(2**20)
    files = {}
    for size in {size for _, size in CASES}:
        files[size] = folder / f"{size}.bin"
        with files[size].open("wb") as file:
            for number in range(-(-size // 2**20)):
                file.write((number.to_bytes(8) + block[8:])[: size - number * 2**20])
    return files


def memory(parent: int) -> int:
    return sum(child.memory_info().rss for child in psutil.Process(parent).children())


def curl(*arguments: str, **options: Any) -> bytes:
    program = require_program("curl", "apt-get install curl")
    done = subprocess.run(
        [program, "-sS", "--fail", "--max-time", "50", *arguments],
        capture_output=True,
        check=False,
        **options,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(("worker", "size"), CASES)
def test_a_download_is_byte_equal_and_memory_flat(
    fronts: dict[str, tuple[str, int]],
    origin: Nginx,
    contents: dict[int, Path],
    tmp_path: Path,
    worker: str,
    size: int,
) -> None:
    url, pid = fronts[worker]
    served = origin.prefix / "files" / f"{size}.bin"
    if not served.exists():
        served.symlink_to(contents[size])
    curl("-I", f"{url}/{served.name}")
    before = memory(pid)
    curl(f"{url}/{served.name}", "-o", str(tmp_path / "got"))
    got = tmp_path / "got"
    assert (got.stat().st_size if got.exists() else 0) == size
    assert size == 0 or filecmp.cmp(got, contents[size], shallow=False)
    assert memory(pid) - before < FLAT
    got.unlink(missing_ok=True)


@pytest.mark.parametrize("framing", ["length", "chunked"])
@pytest.mark.parametrize(("worker", "size"), CASES)
def test_an_upload_is_byte_equal_and_memory_flat(
    fronts: dict[str, tuple[str, int]],
    origin: Nginx,
    contents: dict[int, Path],
    worker: str,
    size: int,
    framing: str,
) -> None:
    url, pid = fronts[worker]
    name = f"{worker}-{size}-{framing}"
    before = memory(pid)
    with contents[size].open("rb") as file:
        source = "-" if framing == "chunked" else str(contents[size])
        curl("-T", source, f"{url}/put/{name}", stdin=file)
    stored = origin.prefix / "files" / "put" / name
    assert filecmp.cmp(stored, contents[size], shallow=False)
    assert memory(pid) - before < FLAT
    stored.unlink()


def test_upstream_connections_are_used_again(origin: Nginx, tmp_path: Path) -> None:
    mark = "/again.txt"
    (origin.prefix / "files" / "again.txt").write_bytes(b"x")
    with gunicorn(tmp_path, "front_app:application", "gthread", UPSTREAM=origin.url) as (url, _):
        subprocess.run(["curl", "-sf", *[f"{url}{mark}"] * 50], check=True, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 5
        while (
            len(served := [one for one in origin.log() if one.target == mark]) < 50
            and time.monotonic() < deadline
        ):
            time.sleep(0.01)
    assert len(served) == 50
    assert len({one.connection for one in served}) <= 2


def test_the_first_event_is_here_within_100_ms(tmp_path: Path) -> None:
    """The event's own time of sending is its text: what is measured is the way through gunicorn and the proxy."""
    import socket
    import threading

    with socket.create_server(("127.0.0.1", 0)) as listener:
        done = threading.Event()

        def serve() -> None:
            while True:
                connection, _ = listener.accept()
                with connection:
                    if not connection.recv(65536):
                        continue
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
                    for _ in range(3):
                        connection.sendall(b"data: %.6f\n\n" % time.time())
                        done.wait(0.3)
                    return

        thread = threading.Thread(target=serve)
        thread.start()
        upstream = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with (
            gunicorn(tmp_path, "front_app:application", "gthread", UPSTREAM=upstream) as (url, _),
            subprocess.Popen(
                ["curl", "-sN", "--max-time", "20", f"{url}/"], stdout=subprocess.PIPE
            ) as process,
        ):
            assert process.stdout is not None
            delays = [time.time() - float(line[6:]) for line in process.stdout if line.startswith(b"data")]
        thread.join()
    assert len(delays) == 3
    assert max(delays) < 0.1


@pytest.mark.parametrize(("answer", "code"), [(b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: 9\r\n\r\nhel", 18), (b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n", 18)])  # fmt: skip
@pytest.mark.parametrize("worker", ["sync", "gthread", "gevent"])
def test_a_cut_answer_never_looks_complete(tmp_path: Path, answer: bytes, code: int, worker: str) -> None:
    with (
        scripted(answer) as upstream,
        gunicorn(tmp_path, "front_app:application", worker, UPSTREAM=upstream) as (url, _),
    ):
        done = subprocess.run(["curl", "-s", "--max-time", "20", f"{url}/"], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (code, b"hel")


def test_a_client_that_leaves_ends_the_upstream_connection(tmp_path: Path) -> None:
    import socket
    import threading

    gone = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while not gone.is_set():
                connection, _ = listener.accept()
                with connection:
                    if not connection.recv(65536):
                        continue
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\n\r\n")
                    try:
                        while True:
                            connection.sendall(b"x" * 65536)
                    except OSError:
                        gone.set()

        thread = threading.Thread(target=serve)
        thread.start()
        upstream = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with gunicorn(tmp_path, "front_app:application", "gthread", UPSTREAM=upstream) as (url, _):
            subprocess.run(["sh", "-c", f"curl -sN {url}/ | head -c 100000 > /dev/null"], check=True)
            assert gone.wait(5)
        thread.join()
