"""Start a server on a free port, wait until it accepts, end it."""

import contextlib
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PATIENCE = 30.0
"""Seconds until a server must accept connections: node takes two, more on a busy machine."""

TRIES = 3
"""A port found free may be taken by another before the server binds it."""


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(command: Callable[[list[int]], list[str]], folder: Path, ports: int = 1) -> Iterator[list[int]]:
    """A server process, given free ports; yields them once each accepts a connection. Its output is in `folder/output`."""
    output = folder / "output"
    for _ in range(TRIES):
        chosen = [free_port() for _ in range(ports)]
        with output.open("ab") as sink, subprocess.Popen(
            command(chosen), cwd=folder, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink
        ) as process:  # fmt: skip
            try:
                if all(_accepts(process, port) for port in chosen):
                    yield chosen
                    return
            finally:
                _end(process)
    raise RuntimeError(f"the server did not start:\n{output.read_text(errors='replace')[-4000:]}")


def _accepts(process: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        time.sleep(0.02)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
