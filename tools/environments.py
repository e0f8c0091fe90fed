"""Virtual environments that are rebuilt only when what they hold has changed.

Run as a command: `python -m tools.environments dev` prepares `.venv`.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tools.workspace import CELLS, PYTHONS, ROOT, packages

REQUIREMENTS = ROOT / "requirements"
STAMP = "holds.json"


class Wheel(NamedTuple):
    """A wheel to install by its path, so that no index is ever asked for our own names."""

    path: Path
    extras: tuple[str, ...] = ()

    def requirement(self) -> str:
        """What uv is given: `path` or `path[extra,…]`."""
        return f"{self.path}[{','.join(self.extras)}]" if self.extras else str(self.path)


def python_in(environment: Path) -> Path:
    """The interpreter of a virtual environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def find_python(version: str) -> str | None:
    """The path of the interpreter `pythonX.Y`, or None when running it does not work (a shim may stand for nothing)."""
    if version == running_version():
        return sys.executable
    tell = "import sys; print(sys.executable)"
    try:
        done = subprocess.run([f"python{version}", "-c", tell], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def running_version() -> str:
    """The X.Y of the Python that runs this."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def found_pythons() -> dict[str, str]:
    """Every supported Python found on this machine: version to interpreter."""
    return {version: path for version in PYTHONS if (path := find_python(version))}


def tools_environment() -> Path:
    """The environment that builds wheels and carries uv, the faster pip; made with the standard library's venv."""
    environment = CELLS / "tools"
    wanted = {"python": sys.version, "requirements": _digest(REQUIREMENTS / "build.txt")}
    if not _holds(environment, wanted):
        shutil.rmtree(environment, ignore_errors=True)
        run(sys.executable, "-m", "venv", environment)
        run(
            python_in(environment),
            "-m",
            "pip",
            "install",
            "-qq",
            "--disable-pip-version-check",
            "-r",
            REQUIREMENTS / "build.txt",
        )
        _stamp(environment, wanted)
    return environment


def ensure(environment: Path, python: str, requirements: list[Path], wheels: list[Wheel]) -> Path:
    """Make the environment hold exactly these requirements and wheels; returns its interpreter.

    Changed requirements or dependencies: made anew. Changed wheels only: these are put in again, nothing else moves.
    """
    dependencies = {
        "python": python,
        "requirements": [_digest(path) for path in requirements],
        "wheels": [[wheel.path.name, list(wheel.extras), _declared(wheel.path)] for wheel in wheels],
    }
    contents = {wheel.path.name: _digest(wheel.path) for wheel in wheels}
    wanted = {"dependencies": dependencies, "contents": contents}
    before = _stamped(environment)
    if before == wanted:
        return python_in(environment)
    if before.get("dependencies") == dependencies:
        paths = [str(wheel.path) for wheel in wheels]
        uv("pip", "install", "--python", python_in(environment), "--no-deps", "--reinstall", *paths)
    else:
        shutil.rmtree(environment, ignore_errors=True)
        uv("venv", "--python", python, environment)
        files = [argument for path in requirements for argument in ("-r", str(path))]
        fresh = [
            argument
            for wheel in wheels
            for argument in ("--refresh-package", wheel.path.name.partition("-")[0])
        ]
        uv(
            "pip",
            "install",
            "--python",
            python_in(environment),
            *fresh,
            *files,
            *(wheel.requirement() for wheel in wheels),
        )
    _stamp(environment, wanted)
    return python_in(environment)


def dev_environment() -> Path:
    """`.venv`: the six packages editable, and every tool. Returns its interpreter."""
    environment = ROOT / ".venv"
    files = [REQUIREMENTS / name for name in ("build.txt", "test.txt", "integration.txt", "dev.txt")]
    shapes = [package.folder / "pyproject.toml" for package in packages()]
    wanted = {"python": sys.version, "holds": [_digest(path) for path in files + shapes]}
    if not _holds(environment, wanted):
        if not python_in(environment).exists():
            uv("venv", "--seed", "--python", sys.executable, environment)
        uv("pip", "install", "--python", python_in(environment), "-r", REQUIREMENTS / "dev.txt")
        _stamp(environment, wanted)
    return python_in(environment)


def uv(*arguments: str | Path) -> None:
    """Run uv from the tools environment, quietly, on the package index that pip is set to use."""
    environment = tools_environment()
    # A hard link into uv's cache would carry whatever happens to one environment into all others.
    settings = (
        os.environ | {"UV_PYTHON_DOWNLOADS": "never", "UV_LINK_MODE": "copy"} | _index_of_pip(environment)
    )
    command = [str(python_in(environment).with_name("uv")), *map(str, arguments), "--quiet"]
    subprocess.run(command, check=True, cwd=ROOT, env=settings)


def _index_of_pip(environment: Path) -> dict[str, str]:
    """Uv does not read pip's configuration: a mirror set there would be passed by without this."""
    if any(name in os.environ for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        return {}
    url = os.environ.get("PIP_INDEX_URL", "")
    if not url:
        ask = [str(python_in(environment)), "-m", "pip", "config", "get", "global.index-url"]
        url = subprocess.run(ask, capture_output=True, text=True, check=False).stdout.strip()
    return {"UV_DEFAULT_INDEX": url} if url else {}


def run(*command: str | Path) -> None:
    """Run a command at the root; a failure ends ours with its exit status."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def _declared(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        lines = archive.read(name).decode("utf-8").splitlines()
    return [line for line in lines if line.startswith(("Requires-Dist:", "Version:"))]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _stamped(environment: Path) -> dict[str, object]:
    try:
        found = json.loads((environment / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _holds(environment: Path, wanted: Mapping[str, object]) -> bool:
    return _stamped(environment) == wanted


def _stamp(environment: Path, wanted: Mapping[str, object]) -> None:
    (environment / STAMP).write_text(json.dumps(wanted, indent=1), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["dev"]:
        sys.exit("usage: python -m tools.environments dev")
    dev_environment()
