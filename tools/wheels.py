"""Build the packages: wheels for our own environments, or everything that is published.

`python -m tools.wheels` is `make build`: six wheels and six sdists in `dist/`, built twice, byte-identical, checked.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.environments import Wheel, dev_environment, python_in, run, tools_environment
from tools.workspace import CELLS, ROOT, Package, packages

EPOCH = "1767225600"
"""The first second of 2026: the date of the files in a wheel when the tree is not a git checkout."""


def source_date() -> str:
    """SOURCE_DATE_EPOCH: as given, or the last commit's, so that the same commit gives the same bytes."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given:
        return given
    try:
        log = subprocess.run(
            ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False
        )
    except OSError:
        return EPOCH
    return log.stdout.strip() or EPOCH


def build(package: Package, where: Path, *kinds: str, date: str | None = None) -> None:
    """Build one package into a folder, its files dated `date` (seconds; the source's date unless given); kinds are `--wheel`, `--sdist`, or none for both."""
    command = [
        python_in(tools_environment()),
        "-m",
        "build",
        "--no-isolation",
        *kinds,
        "--outdir",
        where,
        package.folder,
    ]
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT, env=os.environ | {"SOURCE_DATE_EPOCH": date or source_date()}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{package.name} does not build:\n{done.stdout}{done.stderr}")


def fresh_wheels() -> dict[str, Wheel]:
    """A wheel of every package as its source is now, by package name; built only where the source has changed."""
    return {package.name: Wheel(_fresh_wheel(package), tuple(package.extras)) for package in packages()}


def _fresh_wheel(package: Package) -> Path:
    folder = CELLS / "wheels" / package.name
    stamp = folder / "source"
    state = source_state(package)
    found = list(folder.glob("*.whl"))
    if len(found) == 1 and stamp.exists() and stamp.read_text(encoding="ascii") == state:
        return found[0]
    shutil.rmtree(folder, ignore_errors=True)
    build(package, folder, "--wheel")
    stamp.write_text(state, encoding="ascii")
    return next(folder.glob("*.whl"))


def source_state(package: Package) -> str:
    """A digest of everything that goes into the package's wheel."""
    top = [package.folder / name for name in ("pyproject.toml", "README.md", "LICENSE")]
    inside = [
        path for path in package.source.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    ]
    digest = hashlib.sha256()
    for path in sorted(top + inside):
        digest.update(f"{path.relative_to(package.folder)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def digests(folder: Path) -> dict[str, str]:
    """Each file of a folder with the SHA-256 of its bytes."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def release_files(dist: Path) -> list[Path]:
    """Build all wheels and sdists into the folder, and a second time elsewhere; ends when the bytes differ."""
    shutil.rmtree(dist, ignore_errors=True)
    dist.mkdir()
    # Asked once: a commit made between two builds would be a difference of date alone.
    date = source_date()
    with tempfile.TemporaryDirectory() as second:
        for package in packages():
            build(package, dist, date=date)
            build(package, Path(second), date=date)
        first, again = digests(dist), digests(Path(second))
    if first != again:
        different = sorted(name for name in first.keys() | again.keys() if first.get(name) != again.get(name))
        sys.exit(f"two builds of one tree differ: {', '.join(different)}")
    return sorted(dist.iterdir())


def main() -> None:
    """`make build`."""
    python = dev_environment()
    for package in packages():
        run(python.with_name("validate-pyproject"), package.folder / "pyproject.toml")
    files = release_files(ROOT / "dist")
    run(python, "-m", "twine", "check", "--strict", *files)
    run(python.with_name("check-wheel-contents"), *(path for path in files if path.suffix == ".whl"))
    for name, digest in digests(ROOT / "dist").items():
        print(f"{digest[:16]}  {name}")
    print(f"{len(files)} files in dist/, two builds byte-identical")


if __name__ == "__main__":
    main()
