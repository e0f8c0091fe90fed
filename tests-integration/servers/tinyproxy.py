"""tinyproxy as a forward proxy, open or asking for a password; CONNECT to any port."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from servers.process import running
from servers.requirements import require_program

USER, PASSWORD = "tiny-user", "tiny-password"

CONFIGURATION = """
Port {port}
Listen 127.0.0.1
Timeout 60
MaxClients 50
LogFile "{folder}/tinyproxy.log"
LogLevel Info
PidFile "{folder}/tinyproxy.pid"
"""


@contextlib.contextmanager
def run_tinyproxy(folder: Path, *, locked: bool = False) -> Iterator[str]:
    """Start tinyproxy in the foreground; yields its URL. `locked`: it asks for USER and PASSWORD."""
    program = require_program("tinyproxy", "apt-get install tinyproxy")

    def command(ports: list[int]) -> list[str]:
        text = CONFIGURATION.format(port=ports[0], folder=folder)
        if locked:
            text += f"BasicAuth {USER} {PASSWORD}\n"
        (folder / "tinyproxy.conf").write_text(text)
        return [program, "-d", "-c", str(folder / "tinyproxy.conf")]

    with running(command, folder) as (port,):
        yield f"http://127.0.0.1:{port}"
