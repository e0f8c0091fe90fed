"""The table of no_proxy against curl, where curl has the form; the table says what it has not and why."""

import json
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from restkit_client.proxy_rules import bypasses
from restkit_client.urls import split_url

ROOT = Path(__file__).resolve().parents[2]
ROWS = json.loads((ROOT / "packages/restkit-client/tests/data/no_proxy.json").read_text("utf-8"))["rows"]
HINT = "install curl to compare no_proxy with it"


@pytest.fixture(scope="module", autouse=True)
def _curl() -> None:
    if shutil.which("curl") is None:
        pytest.fail(HINT) if os.environ.get("RESTKIT_REQUIRE") == "1" else pytest.skip(HINT)


class Doors:
    """Two listeners, the proxy's and the origins': which of them does curl knock at?"""

    def __init__(self) -> None:
        self.knocked: list[str] = []
        self._listeners = {name: socket.create_server(("127.0.0.1", 0)) for name in ("proxy", "direct")}
        for name, listener in self._listeners.items():
            threading.Thread(target=self._answer, args=(name, listener), daemon=True).start()

    def address(self, name: str) -> str:
        return f"127.0.0.1:{self._listeners[name].getsockname()[1]}"

    def close(self) -> None:
        for listener in self._listeners.values():
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def _answer(self, name: str, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(10)
                self.knocked.append(name)
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")


@pytest.fixture(scope="module")
def doors() -> Iterator[Doors]:
    opened = Doors()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("no_proxy", "url", "theirs"), [(row[0], row[1], row[3]) for row in ROWS if row[3] is not None]
)
def test_curl_says_the_same(doors, no_proxy, url, theirs):
    doors.knocked.clear()
    ways = ["-x", f"http://{doors.address('proxy')}", "--connect-to", f"::{doors.address('direct')}"]
    subprocess.run(
        ["curl", "-q", "-s", "-o", os.devnull, "--max-time", "10", *ways, url],
        env={"NO_PROXY": no_proxy, "PATH": os.environ["PATH"]},
        check=False,
        timeout=20,
    )
    assert set(doors.knocked) == {"direct" if theirs else "proxy"}
    assert bypasses(split_url(url), no_proxy) is theirs


def test_most_rows_are_compared():
    assert sum(row[3] is not None for row in ROWS) >= 40
