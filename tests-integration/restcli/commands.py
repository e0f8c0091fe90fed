"""The installed restcli as a user runs it: in a subprocess, or on a terminal of its own."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

RESTCLI = str(Path(sys.executable).with_name("restcli"))
PATIENCE = 40.0


class Done(NamedTuple):
    """What a command left behind."""

    code: int
    out: bytes
    err: str = ""

    @property
    def text(self) -> str:
        return self.out.decode()


def environment(home: Path, **changes: str) -> dict[str, str]:
    """The environment of a user with an empty home."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    kept.pop("NO_COLOR", None)
    kept.pop("XDG_CONFIG_HOME", None)
    return (
        kept | {"HOME": str(home), "COLUMNS": "100", "TERM": "xterm", "PYTHONIOENCODING": "utf-8"} | changes
    )


class Shell:
    """Runs restcli in a folder, with a home that nothing else uses."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "work"
        self.home = folder / "home"
        self.folder.mkdir()
        self.home.mkdir()
        self.variables: dict[str, str] = {}

    def __call__(self, *arguments: str, stdin: bytes | None = None, program: str = RESTCLI) -> Done:
        done = subprocess.run(
            [program, *arguments],
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            cwd=self.folder,
            env=environment(self.home, **self.variables),
            timeout=PATIENCE,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr.decode())

    def fails(self, code: int, *arguments: str, stdin: bytes | None = None) -> str:
        """Run it, see that it fails with this code and one line, and return the line."""
        done = self(*arguments, stdin=stdin)
        assert "Traceback" not in done.err
        assert done.code == code, done
        assert len(done.err.strip().splitlines()) == 1, done.err
        assert done.err.startswith("An error happened: ")
        return done.err

    def start(self, *arguments: str, **options) -> subprocess.Popen:
        """Start it, to be watched."""
        return subprocess.Popen(
            [RESTCLI, *arguments],
            cwd=self.folder,
            env=environment(self.home, **self.variables),
            **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options,
        )

    def on_terminal(self, *arguments: str, keys: bytes = b"", out: int | None = None) -> Done:
        """Run it on a pseudo terminal (100 columns): what the terminal got, line ends as a program wrote them.

        Args:
            arguments: the command line.
            keys: what the user types when the program asks, that is writes a colon and a space last.
            out: where standard output goes instead of the terminal.
        """
        leader, follower = pty.openpty()
        import fcntl
        import struct
        import termios

        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        process = subprocess.Popen(
            [RESTCLI, *arguments],
            cwd=self.folder,
            env=environment(self.home, **self.variables),
            stdin=follower,
            stdout=follower if out is None else out,
            stderr=follower,
            start_new_session=True,
        )
        os.close(follower)
        received = _read_all(leader, keys)
        os.close(leader)
        return Done(process.wait(PATIENCE), received.replace(b"\r\n", b"\n"))


def _read_all(terminal: int, keys: bytes) -> bytes:
    received = b""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        ready, _, _ = select.select([terminal], [], [], 1.0)
        if not ready:
            continue
        try:
            block = os.read(terminal, 65536)
        except OSError:
            break
        if not block:
            break
        received += block
        if keys and received.endswith(b": "):
            os.write(terminal, keys)
            keys = b""
    return received
