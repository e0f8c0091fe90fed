"""gunicorn with threads and keep-alive, serving the small application of `wsgi_app`."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from servers.process import running

HERE = Path(__file__).resolve().parent


@contextlib.contextmanager
def run_gunicorn(folder: Path) -> Iterator[str]:
    """Start one worker of eight threads; yields its URL."""

    def command(ports: list[int]) -> list[str]:
        threads = [
            "--worker-class",
            "gthread",
            "--threads",
            "8",
            "--keep-alive",
            "5",
            "--worker-tmp-dir",
            str(folder),
        ]
        where = ["--bind", f"127.0.0.1:{ports[0]}", "--chdir", str(HERE)]
        return [
            sys.executable,
            "-m",
            "gunicorn",
            "--log-level",
            "warning",
            *threads,
            *where,
            "wsgi_app:application",
        ]

    with running(command, folder) as (port,):
        yield f"http://127.0.0.1:{port}"
