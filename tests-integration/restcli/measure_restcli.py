"""`python measure_restcli.py`: start-up against the bare interpreter, HTTPie and httpx; 2 GiB against curl. Interleaved, smallest counts."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[1])]

from commands import RESTCLI, environment  # noqa: E402
from recorder import answer, run_recorder  # noqa: E402

from servers.certificates import make_certificates  # noqa: E402
from servers.nginx import run_nginx  # noqa: E402

GIB = 1024**3


def smallest(commands: dict[str, list[str]], rounds: int, home: Path) -> dict[str, float]:
    """Milliseconds of wall time of each command, the smallest of some interleaved rounds."""
    variables = environment(home)
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    found: dict[str, float] = {}
    for _ in range(rounds):
        for name, command in commands.items():
            started = time.perf_counter()
            subprocess.run(
                command, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True
            )
            found[name] = min(found.get(name, 1e9), (time.perf_counter() - started) * 1000)
    return found


def start_up(home: Path, rounds: int = 15) -> dict[str, float]:
    """Milliseconds over `python -c pass`."""
    with run_recorder() as server:
        server.routes["/"] = answer(b"small")
        commands = {
            "pass": [sys.executable, "-c", "pass"],
            "restcli --version": [RESTCLI, "--version"],
            "restcli GET": [RESTCLI, server.url],
        }
        beside = Path(sys.executable)
        if beside.with_name("http").exists():
            commands["HTTPie GET"] = [str(beside.with_name("http")), "--ignore-stdin", server.url]
        if beside.with_name("httpx").exists():
            commands["httpx GET"] = [str(beside.with_name("httpx")), server.url]
        found = smallest(commands, rounds, home)
    return {name: value - found["pass"] for name, value in found.items() if name != "pass"}


def resident(command: list[str], home: Path) -> tuple[float, int]:
    """Seconds, and the largest resident size in bytes, of a command.

    The kernel's own mark (VmHWM) is read while it runs: what wait4 tells also counts the program that started it.
    """
    started = time.perf_counter()
    size = 0
    with subprocess.Popen(command, env=environment(home), stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            size = max(size, high_water(process.pid))
            time.sleep(0.01)
    assert process.returncode == 0, command
    return time.perf_counter() - started, size


def high_water(pid: int) -> int:
    """Bytes; 0 when the process is gone, or has not begun to run its program."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        program = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return 0
    if b"pytest" in program:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for name, over in start_up(home).items():
            print(f"{name:<20} {over:6.1f} ms over python -c pass")
        (home / "nginx").mkdir()
        with run_nginx(home / "nginx", make_certificates(home)) as nginx:
            with (nginx.files / "two.bin").open("wb") as file:
                file.truncate(2 * GIB)
            url = nginx.url + "/two.bin"
            pairs = [(resident(["curl", "-s", url], home), resident([RESTCLI, url], home)) for _ in range(5)]
            curl, ours = min(pair[0][0] for pair in pairs), min(pair[1][0] for pair in pairs)
            top = max(pair[1][1] for pair in pairs)
            print(
                f"2 GiB: curl {curl:.2f} s, restcli {ours:.2f} s ({ours / curl:.2f}x), resident {top / 2**20:.0f} MiB"
            )


if __name__ == "__main__":
    main()
