"""pproxy as a SOCKS4 and SOCKS5 server, open and with a password. Of SOCKS4a it knows no names, only addresses."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from servers.process import running

USER, PASSWORD = "socks-user", "socks-password"

# asyncio has no loop that is there by itself from Python 3.14 on, and pproxy expects one.
START = (
    "import asyncio; asyncio.set_event_loop(asyncio.new_event_loop()); from pproxy.server import main; main()"
)


class Socks(NamedTuple):
    """host:port, open to all; host:port that asks for USER and PASSWORD (SOCKS5)."""

    open: str
    locked: str


@contextlib.contextmanager
def run_socks(folder: Path) -> Iterator[Socks]:
    """Start pproxy on two ports."""

    def command(ports: list[int]) -> list[str]:
        listen = [f"socks4+socks5://127.0.0.1:{ports[0]}", f"socks5://127.0.0.1:{ports[1]}#{USER}:{PASSWORD}"]
        # --auth: it would let in for a month whoever comes from an address that was let in before.
        return [sys.executable, "-c", START, "--auth", "0", "-l", listen[0], "-l", listen[1]]

    with running(command, folder, ports=2) as (plain, locked):
        yield Socks(f"127.0.0.1:{plain}", f"127.0.0.1:{locked}")
