"""What is published: reproducible wheels and sdists, each of which can be installed alone."""

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tools.environments import Wheel, ensure
from tools.wheels import build, fresh_wheels, release_files
from tools.workspace import ORDER, Package, packages, siblings_of

EVERY = packages()
BY_NAME = {package.name: package for package in EVERY}

DATE = "1800000000"
"""Seconds; one for all builds of these tests, whatever is committed meanwhile."""

LIST = "import importlib.metadata as m, json; print(json.dumps(sorted(d.name for d in m.distributions())))"

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six wheels and six sdists; making them ends the program when two builds differ."""
    folder = tmp_path_factory.mktemp("release") / "dist"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", DATE)
        release_files(folder)
    return folder


@pytest.fixture(scope="module")
def wheels() -> dict[str, Wheel]:
    return fresh_wheels()


def install(package: Package, wheels: dict[str, Wheel], folder: Path) -> Path:
    """The package without extras in an empty environment, its siblings by path; returns the interpreter."""
    chosen = [Wheel(wheels[each.name].path) for each in siblings_of(package, EVERY)]
    return ensure(folder / "environment", sys.executable, [], chosen)


def output(python: Path, *arguments: str) -> str:
    done = subprocess.run(
        [python, *arguments], capture_output=True, text=True, check=False, cwd=python.parent
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_there_are_a_wheel_and_an_sdist_of_each(dist: Path) -> None:
    expected = set()
    for package in EVERY:
        stem = f"{package.module}-{package.version}"
        expected |= {f"{stem}-py3-none-any.whl", f"{stem}.tar.gz"}
    assert {path.name for path in dist.iterdir()} == expected


@pytest.mark.parametrize("name", ORDER)
def test_an_sdist_holds_its_tests_and_gives_the_same_wheel(dist: Path, tmp_path: Path, name: str) -> None:
    package = BY_NAME[name]
    stem = f"{package.module}-{package.version}"
    with tarfile.open(dist / f"{stem}.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    inside = tmp_path / stem
    assert sorted(path.name for path in (inside / "tests").glob("test_*.py"))
    assert (inside / "CHANGELOG.md").is_file()
    build(package._replace(folder=inside), tmp_path / "again", "--wheel", date=DATE)
    wheel = f"{stem}-py3-none-any.whl"
    assert (tmp_path / "again" / wheel).read_bytes() == (dist / wheel).read_bytes()


@pytest.mark.parametrize("name", ORDER)
def test_each_wheel_installed_alone_imports(wheels: dict[str, Wheel], tmp_path: Path, name: str) -> None:
    package = BY_NAME[name]
    python = install(package, wheels, tmp_path)
    assert (
        output(python, "-W", "error", "-c", f"import {package.module} as p; print(p.__version__)").strip()
        == package.version
    )
    installed = set(json.loads(output(python, "-c", LIST)))
    assert {each.name for each in siblings_of(package, EVERY)} <= installed
    if not package.project["dependencies"]:
        assert installed == {package.name}


def test_the_whole_brings_restcli(wheels: dict[str, Wheel], tmp_path: Path) -> None:
    python = install(BY_NAME["restkit"], wheels, tmp_path)
    program = python.with_name("restcli.exe" if os.name == "nt" else "restcli")
    assert BY_NAME["restkit"].version in output(program, "--version")
