"""`make test`, `make test-all`: every package from its wheel in an environment of its own, then tests-integration.

A package's environment holds its wheel with its declared dependencies (its extras included) and
requirements/test.txt; tests-integration's holds the six wheels and requirements/integration.txt too.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tools.environments import REQUIREMENTS, Wheel, ensure, find_python, found_pythons, running_version
from tools.results import Result, read_result, table
from tools.wheels import fresh_wheels
from tools.workspace import CELLS, ORDER, PYTHONS, ROOT, packages, siblings_of

INTEGRATION = "tests-integration"
COLLECTED = re.compile(r"^(\d+) tests? collected", re.MULTILINE)


class Cell(NamedTuple):
    """One row of the table: what is tested, on which Python, where."""

    name: str
    version: str
    environment: Path
    modules: tuple[str, ...]

    @property
    def tests(self) -> Path:
        """The folder of the tests."""
        return ROOT / INTEGRATION if self.name == INTEGRATION else ROOT / "packages" / self.name / "tests"


def prepare(name: str, version: str, python: str, wheels: dict[str, Wheel]) -> Cell:
    """Make or refresh the environment of one cell."""
    every = packages()
    environment = CELLS / version / name
    if name == INTEGRATION:
        files, chosen = ["test.txt", "integration.txt"], every
        held = [wheels[package.name] for package in chosen]
    else:
        (package,) = (each for each in every if each.name == name)
        files, chosen = ["test.txt"], siblings_of(package, every)
        # A sibling comes as its dependants get it: without the extras nobody asked for.
        held = [wheels[each.name] if each is package else Wheel(wheels[each.name].path) for each in chosen]
    ensure(environment, python, [REQUIREMENTS / each for each in files], held)
    return Cell(name, version, environment, tuple(each.module for each in chosen))


def run_cell(cell: Cell) -> Result:
    """Run one cell's tests, print pytest's closing lines (all of them when something failed)."""
    report = cell.environment / "report.xml"
    report.unlink(missing_ok=True)
    if stray := stray_imports(cell):
        print(stray, flush=True)
        return read_result(cell.name, cell.version, report, 1, -1)
    collected = count_collected(cell) if required() else -1
    started = time.monotonic()
    done = pytest(cell, f"--junit-xml={report}")
    result = read_result(cell.name, cell.version, report, done.returncode, collected)
    output = done.stdout + done.stderr
    shown = output if result.failed else "\n".join(output.rstrip().splitlines()[-1:])
    seconds = time.monotonic() - started
    print(f"== {cell.name}, Python {cell.version}, {seconds:.1f} s\n{shown}", flush=True)
    return result._replace(seconds=seconds)


def pytest(cell: Cell, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Pytest of the cell's environment, under the repository's settings.

    -P keeps the working directory off the path: what is imported is what the environment holds.
    """
    command = [
        _python(cell),
        "-P",
        "-m",
        "pytest",
        "-c",
        ROOT / "pyproject.toml",
        "-p",
        "no:cacheprovider",
        *arguments,
    ]
    return subprocess.run(
        [str(part) for part in [*command, cell.tests]], cwd=ROOT, capture_output=True, text=True, check=False
    )


def stray_imports(cell: Cell) -> str:
    """What is said when a package would be imported from anywhere but the cell's environment; else nothing."""
    ask = "import importlib.util as u, sys; print(*(u.find_spec(m).origin for m in sys.argv[1:]), sep='\\n')"
    found = subprocess.run(
        [_python(cell), "-P", "-c", ask, *cell.modules], cwd=ROOT, capture_output=True, text=True, check=False
    )
    wrong = [line for line in found.stdout.splitlines() if not Path(line).is_relative_to(cell.environment)]
    if found.returncode or wrong:
        return f"{cell.name}: not imported from its wheel: {' '.join(wrong)} {found.stderr}"
    return ""


def count_collected(cell: Cell) -> int:
    """How many tests `pytest --collect-only` counts."""
    counted = COLLECTED.search(pytest(cell, "--collect-only", "-q").stdout)
    return int(counted[1]) if counted else 0


def required() -> bool:
    """Whether a missing server or missing vectors is a failure (RESTKIT_REQUIRE=1)."""
    return os.environ.get("RESTKIT_REQUIRE") == "1"


def run_python(version: str, python: str, names: list[str], wheels: dict[str, Wheel]) -> list[Result]:
    """All cells of one Python: packages side by side on the machine's cores, tests-integration after them, alone."""
    cells = [prepare(name, version, python, wheels) for name in names]
    alone = [cell for cell in cells if cell.name == INTEGRATION]
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        results = list(pool.map(run_cell, (cell for cell in cells if cell not in alone)))
    return results + [run_cell(cell) for cell in alone]


def _python(cell: Cell) -> Path:
    return cell.environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", choices=[*ORDER, INTEGRATION], help="only this package's tests")
    parser.add_argument("--python", choices=PYTHONS, default=running_version(), help="the Python to test on")
    parser.add_argument("--all", action="store_true", help="every supported Python that is found")
    return parser.parse_args()


def main() -> None:
    """Run, print the table, and fail when a row failed."""
    asked = arguments()
    python = find_python(asked.python)
    if python is None:
        sys.exit(f"Python {asked.python} is not on this machine: python{asked.python} does not run")
    pythons = found_pythons() if asked.all else {asked.python: python}
    names = [asked.package] if asked.package else [*ORDER, INTEGRATION]
    wheels = fresh_wheels()
    results = [
        result for version, path in pythons.items() for result in run_python(version, path, names, wheels)
    ]
    print("\n" + table(results))
    if asked.all:
        print(
            f"Pythons found: {', '.join(pythons)}; not found: {', '.join(set(PYTHONS) - set(pythons)) or 'none'}"
        )
    complaints = [
        f"{r.name}, Python {r.python}: {why}" for r in results if (why := r.complaint(required=required()))
    ]
    if complaints:
        sys.exit("FAILED: " + "; ".join(complaints))


if __name__ == "__main__":
    main()
