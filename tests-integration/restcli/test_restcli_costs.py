"""What restcli costs: start-up, imports, a 2 GiB download beside curl's."""

import subprocess
import sys
from pathlib import Path

import pytest
from commands import RESTCLI, Shell, environment
from measure_restcli import GIB, resident
from recorder import Recorder, answer

from servers.nginx import Nginx
from servers.requirements import require_program

ROUNDS = 25
"""At most: a busy machine makes a process slower, never faster, so the smallest of some rounds is what it costs."""


@pytest.mark.parametrize(("arguments", "limit"), [(("--version",), 0.030), (("URL",), 0.090)])
def test_start_up(arguments: tuple, limit: float, shell: Shell, recorder: Recorder) -> None:
    import time

    variables = environment(shell.home)
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    recorder.routes["/"] = answer(b"small")

    def seconds(command: list[str]) -> float:
        started = time.perf_counter()
        subprocess.run(
            command, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True
        )
        return time.perf_counter() - started

    bare = ours = 1e9
    for _ in range(ROUNDS):
        bare = min(bare, seconds([sys.executable, "-c", "pass"]))
        ours = min(ours, seconds([RESTCLI, *(word.replace("URL", recorder.url) for word in arguments)]))
        if ours - bare <= limit:
            return
    pytest.fail(f"{(ours - bare) * 1000:.0f} ms over python -c pass")


HEAVY = (
    "pygments",
    "webob",
    "IPython",
    "restkit_oauth2",
    "asyncio",
    "email",
    "http.client",
    "shutil",
    "logging",
    "json",
)


def imported(shell: Shell, *arguments: str) -> set[str]:
    done = shell("-X", "importtime", RESTCLI, *arguments, program=sys.executable)
    return {
        line.rpartition("|")[2].strip() for line in done.err.splitlines() if line.startswith("import time:")
    }


@pytest.mark.parametrize("arguments", [("--version",), ("URL",), ("-o", "/dev/null", "URL", "A:b")])
def test_nothing_is_imported_that_is_not_used(arguments: tuple, shell: Shell, recorder: Recorder) -> None:
    modules = imported(shell, *(word.replace("URL", recorder.url) for word in arguments))
    assert "restkit_contrib.console" in modules
    assert modules.isdisjoint(HEAVY)
    if arguments == ("--version",):
        assert not any(name.startswith(("restkit_client", "restkit_parser", "socket")) for name in modules)


def test_two_gibibytes_beside_curl(shell: Shell, nginx: Nginx) -> None:
    curl = require_program("curl", "apt-get install curl")
    path: Path = nginx.files / "two.bin"
    with path.open("wb") as file:
        file.truncate(2 * GIB)
    url = nginx.url + "/two.bin"
    theirs = ours = 1e9
    for _ in range(4):
        theirs = min(theirs, resident([curl, "-s", url], shell.home)[0])
        seconds, size = resident([RESTCLI, url], shell.home)
        ours = min(ours, seconds)
        assert size < 60 * 2**20
        if ours <= 1.2 * theirs:
            break
    path.unlink()
    assert ours <= 1.2 * theirs
