"""Peers and jobs in processes of their own, and how long the runs are: RESTKIT_STRESS=1 (`make stress`) makes them long."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
STRESS = os.environ.get("RESTKIT_STRESS") == "1"


def start_peer(*arguments):
    process = subprocess.Popen(
        [sys.executable, str(HERE / "peer.py"), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    return process, int(process.stdout.readline())


@pytest.fixture(scope="package")
def peers(certificates):
    """The URLs of two peers: "plain" and "tls"."""
    running = {"plain": start_peer(), "tls": start_peer(certificates.server)}
    yield {
        "plain": f"http://127.0.0.1:{running['plain'][1]}",
        "named": f"http://localhost:{running['plain'][1]}",
        "tls": f"https://localhost:{running['tls'][1]}",
    }
    for process, _ in running.values():
        process.communicate()


@pytest.fixture
def fresh_peer():
    """The URL of a plain peer that nobody else asks."""
    process, port = start_peer()
    yield f"http://127.0.0.1:{port}"
    process.communicate()


@pytest.fixture
def run():
    """A function that runs a job of jobs.py: name, mode ("gevent-patched"), its arguments; gives its result."""

    def start(name, mode="thread-plain", timeout=50, before=(), **arguments):
        command = [*before, sys.executable, "-W", "error", str(HERE / "jobs.py"), name, *mode.split("-")]
        done = subprocess.run(
            [*command, json.dumps(arguments)],
            capture_output=True,
            text=True,
            timeout=timeout * (20 if STRESS else 1),
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        # strace writes to a file; a warning that was an error in a finaliser, to standard error.
        assert done.stderr == "", done.stderr[-3000:]
        return json.loads(done.stdout)

    return start


@pytest.fixture
def length():
    """A function (short, long): the long form of a run is `make stress`'s."""
    return lambda short, long: long if STRESS else short
