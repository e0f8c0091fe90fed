"""Every row of the fault list, on every backend, with and without monkey-patching."""

import json
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
import trustme

from .rows import ROWS
from .script_server import ScriptServer, black_hole

HERE = Path(__file__).parent
MODES = [
    ("thread", "plain"),
    ("gevent", "plain"),
    ("gevent", "patched"),
    ("eventlet", "plain"),
    ("eventlet", "patched"),
]
CASES = [
    pytest.param(mode, name, id=f"{'-'.join(mode)}-{name}")
    for mode in MODES
    for name, row in ROWS.items()
    if mode[0] in row.backends
]


class Worker:
    """A process that runs rows, one after another."""

    def __init__(self, mode):
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", str(HERE / "worker.py"), *mode],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, command):
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            pytest.fail(f"the worker died: {self.process.communicate()[1]}")
        return json.loads(line)

    def kill(self):
        self.process.kill()
        self.process.communicate()

    def stop(self):
        """End the process; what it has written to standard error: warnings that were errors in a finaliser."""
        return self.process.communicate(timeout=20)[1]


@pytest.fixture(scope="module")
def workers():
    running = {}

    def run(mode, command):
        if mode not in running:
            running[mode] = Worker(mode)
        try:
            return running[mode].run(command)
        except BaseException:
            # It hangs, or is dead: the next row gets another.
            running.pop(mode).kill()
            raise

    yield run
    complaints = {mode: complaint for mode, worker in running.items() if (complaint := worker.stop())}
    assert not complaints


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    made = trustme.CA()
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    made.cert_pem.write_to_path(path)
    contexts = {}
    for kind, issuer, name in (
        ("server", made, "localhost"),
        ("other", made, "other.example"),
        ("unknown", trustme.CA(), "localhost"),
    ):
        contexts[kind] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issuer.issue_cert(name).configure_cert(contexts[kind])
    return path, contexts


@pytest.mark.parametrize(("mode", "name"), CASES)
def test_a_fault_ends_as_documented(mode, name, workers, authority):
    row = ROWS[name]
    path, contexts = authority
    command = {"row": name, "authority": str(path)}
    hole = black_hole() if row.black_hole else None
    with ScriptServer(row.scripts, tls=contexts.get(row.tls)) as server, ScriptServer() as healthy:
        command["url"] = (
            server.url
            if row.tls != "none"
            else server.url.replace("http:", "https:").replace("127.0.0.1", "localhost")
        )
        command["healthy"] = healthy.url
        if hole:
            command["hole"] = f"http://127.0.0.1:{hole[0].getsockname()[1]}"
        result = workers(mode, command)
        if hole:
            for sock in (hole[0], *hole[1]):
                sock.close()
        got = bytes(server.received[0]) if server.received else b""
    if row.raises:
        assert row.raises in result.get("roots", ()), result
    else:
        assert result.get("gave", result) == row.gives
    low, high = row.within
    assert low <= result["seconds"] <= high, result
    assert result["cpu"] <= row.cpu
    assert result["next"].startswith("request "), result
    assert result["left"] == []
    assert row.sent is None or row.sent(got), got[-200:]
