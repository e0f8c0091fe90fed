"""`make bench` in the environment of the peers: build the server, run the cases, one after the other."""

import datetime
import importlib.metadata
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import frame

HERE = Path(__file__).resolve().parent


def server_command(folder: Path) -> list[str]:
    """The C server, compiled into the folder; the Python one where there is no compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        print("no C compiler (cc): using the slower server.py", file=sys.stderr)
        return [sys.executable, str(HERE / "server.py")]
    program = folder / "server"
    flags = ["-O2", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-pthread"]
    subprocess.run([compiler, *flags, "-o", str(program), str(HERE / "server.c")], check=True)
    return [str(program)]


def machine() -> dict[str, object]:
    """What the figures depend on besides the code."""
    versions = {each.name: each.version for each in importlib.metadata.distributions()}
    now = datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds")
    return {
        "date": now,
        "machine": platform.platform(),
        "python": platform.python_version(),
        "versions": versions,
    }


def main(wanted: list[str]) -> None:
    """The named cases, or all."""
    cases = sorted(path.stem for path in (HERE / "cases").glob("[a-z]*.py"))
    unknown = set(wanted) - set(cases)
    if unknown:
        sys.exit(f"no such case: {', '.join(sorted(unknown))}; there are: {', '.join(cases)}")
    with tempfile.TemporaryDirectory() as folder:
        server = server_command(Path(folder))
        for case in wanted or cases:
            frame.main(case, server, machine())


if __name__ == "__main__":
    main(sys.argv[1:])
