"""squid as a forward proxy, with and without a password, for plain requests and CONNECT to any port."""

import contextlib
import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from servers.logs import lines_with
from servers.process import running
from servers.requirements import require_program

USER, PASSWORD = "proxy-user", "proxy-password"

CONFIGURATION = """
http_port 127.0.0.1:{ports[0]} name=open
http_port 127.0.0.1:{ports[1]} name=locked
auth_param basic program {helper}
auth_param basic realm test
acl locked_port myportname locked
acl known proxy_auth REQUIRED
http_access allow locked_port known
http_access deny locked_port
http_access allow all
cache deny all
cache_mem 8 MB
pid_filename {folder}/squid.pid
access_log stdio:{folder}/access.log
cache_log {folder}/cache.log
coredump_dir {folder}
shutdown_lifetime 0 seconds
pinger_enable off
forwarded_for on
max_filedescriptors 512
"""

DIGEST = """
http_port 127.0.0.1:{ports[0]}
auth_param digest program {helper} -c {folder}/digests
auth_param digest realm test
acl known proxy_auth REQUIRED
http_access allow known
http_access deny all
cache deny all
cache_mem 8 MB
pid_filename {folder}/squid.pid
access_log stdio:{folder}/access.log
cache_log {folder}/cache.log
coredump_dir {folder}
shutdown_lifetime 0 seconds
pinger_enable off
max_filedescriptors 512
"""
DIGEST_HELPER = Path("/usr/lib/squid/digest_file_auth")

HELPER = f"""#!/bin/sh
# One line in, one line out: the only pair that is let in.
while read -r user password; do
    if [ "$user" = "{USER}" ] && [ "$password" = "{PASSWORD}" ]; then echo OK; else echo ERR; fi
done
"""


class Squid(NamedTuple):
    """A running squid."""

    folder: Path
    url: str
    """http://127.0.0.1:port, open to all"""
    locked_url: str
    """http://127.0.0.1:port, which asks for USER and PASSWORD"""

    def served(self, mark: str, count: int) -> list[str]:
        """What passed through with the mark in its target, as `METHOD target status`, once there is so much."""
        return lines_with(self._log, mark, count)

    def _log(self) -> list[str]:
        fields = (line.split() for line in (self.folder / "access.log").read_text().splitlines())
        return [f"{field[5]} {field[6]} {field[3].partition('/')[2]}" for field in fields]


@contextlib.contextmanager
def run_squid(folder: Path) -> Iterator[Squid]:
    """Start squid in the foreground on two ports."""
    program = require_program("squid", "apt-get install squid")
    helper = folder / "helper"
    helper.write_text(HELPER)
    helper.chmod(0o755)
    _open_to_squid(folder)

    def command(ports: list[int]) -> list[str]:
        text = CONFIGURATION.format(ports=ports, folder=folder, helper=helper)
        (folder / "squid.conf").write_text(text)
        return [program, "-N", "-f", str(folder / "squid.conf")]

    with running(command, folder, ports=2) as (plain, locked):
        yield Squid(folder, f"http://127.0.0.1:{plain}", f"http://127.0.0.1:{locked}")


@contextlib.contextmanager
def run_digest_squid(folder: Path) -> Iterator[str]:
    """Start a squid that takes nothing but digests of USER and PASSWORD; yields its URL."""
    program = require_program("squid", "apt-get install squid")
    helper = require_program(str(DIGEST_HELPER), "apt-get install squid")
    secret = hashlib.md5(f"{USER}:test:{PASSWORD}".encode(), usedforsecurity=False).hexdigest()
    (folder / "digests").write_text(f"{USER}:test:{secret}\n")
    _open_to_squid(folder)

    def command(ports: list[int]) -> list[str]:
        (folder / "squid.conf").write_text(DIGEST.format(ports=ports, folder=folder, helper=helper))
        return [program, "-N", "-f", str(folder / "squid.conf")]

    with running(command, folder) as (port,):
        yield f"http://127.0.0.1:{port}"


def _open_to_squid(folder: Path) -> None:
    """Started by root, squid becomes the user `proxy`, who must be able to reach and write this folder."""
    with contextlib.suppress(LookupError, PermissionError):
        shutil.chown(folder, "proxy")
        for parent in folder.parents[:2]:
            parent.chmod(0o755)
