"""The commands of the Makefile: what they count, when they complain, when they do nothing."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tools.environments import Wheel, ensure
from tools.results import Result, read_result, table
from tools.wheels import fresh_wheels, source_state
from tools.workspace import CELLS, ROOT, Package, packages, requirement_name, siblings_of

TESTS = """
import pytest, warnings

def test_good(): pass
def test_bad(): assert 0
def test_error(missing_fixture): pass
@pytest.mark.skip(reason="no server")
def test_left_out(): pass
@pytest.mark.parametrize("n", [1, 2])
def test_many(n): pass
def test_warning(): warnings.warn("a warning is an error")
"""


def run_pytest(folder: Path, text: str) -> tuple[Path, int]:
    (folder / "test_made.py").write_text(text)
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-c", ROOT / "pyproject.toml", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, f"--junit-xml={report}", folder], capture_output=True, check=False, cwd=folder
    )
    return report, done.returncode


def test_a_report_is_counted(tmp_path: Path) -> None:
    result = read_result("some", "3.11", *run_pytest(tmp_path, TESTS))
    assert (result.passed, result.failed, result.skipped) == (3, 3, Counter({"no server": 1}))
    assert result.complaint(required=False) == "3 failed"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("import no_such_module", "1 failed"),
        ("", "1 failed"),
        ("def test_a(): import os; os._exit(0)", "1 failed"),
    ],
    ids=["collection error", "no test", "died"],
)
def test_a_run_without_results_is_a_failure(tmp_path: Path, text: str, complaint: str) -> None:
    assert read_result("some", "3.11", *run_pytest(tmp_path, text)).complaint(required=False) == complaint


@pytest.mark.parametrize(
    ("passed", "skipped", "collected", "required", "complaint"),
    [
        (3, 0, 3, True, ""),
        (3, 1, 4, False, ""),
        (3, 1, 4, True, "1 skipped, although everything is required (RESTKIT_REQUIRE=1)"),
        (3, 0, 4, True, "3 passed of 4 collected"),
        (0, 0, 0, False, "no test ran"),
    ],
)
def test_what_counts_as_failed(
    passed: int, skipped: int, collected: int, required: bool, complaint: str
) -> None:
    result = Result("some", "3.11", passed, 0, Counter({"why": skipped} if skipped else {}), 1.0, collected)
    assert result.complaint(required=required) == complaint


def test_the_table_gives_counts_and_reasons() -> None:
    text = table([Result("restkit", "3.12", 5, 1, Counter({"no nginx": 2}), 1.25)])
    assert re.search(r"^restkit +3\.12 +5 +1 +2 +1\.2$", text, re.MULTILINE)
    assert "skipped in restkit, Python 3.12: 2 x no nginx" in text


def test_an_environment_is_left_alone_while_nothing_changed(tmp_path: Path) -> None:
    environment, wheel = tmp_path / "environment", Wheel(fresh_wheels()["restkit-parser"].path)
    python = ensure(environment, sys.executable, [], [wheel])
    made = python.lstat().st_mtime_ns
    installed = next(environment.rglob("restkit_parser/__init__.py"))
    installed.write_text("")
    ensure(environment, sys.executable, [], [wheel])
    assert (installed.read_text(), python.lstat().st_mtime_ns) == ("", made)
    other = tmp_path / wheel.path.name
    other.write_bytes(wheel.path.read_bytes() + b"\0")
    ensure(environment, sys.executable, [], [Wheel(other)])
    assert ("__version__" in installed.read_text(), python.lstat().st_mtime_ns) == (True, made)
    ensure(environment, sys.executable, [ROOT / "requirements" / "build.txt"], [wheel])
    assert python.lstat().st_mtime_ns != made


def test_a_wheel_is_built_again_when_its_source_changed(tmp_path: Path) -> None:
    package = packages()[0]
    copied = Package(tmp_path, package.project, package.pyproject)
    for path in ("pyproject.toml", "README.md", "LICENSE", "src/restkit_parser/__init__.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes((package.folder / path).read_bytes())
    before = source_state(copied)
    assert source_state(copied) == before
    (tmp_path / "src/restkit_parser/more.py").write_text("")
    assert source_state(copied) != before


def test_siblings_come_in_dependency_order() -> None:
    every = packages()
    (client,) = (package for package in every if package.name == "restkit-client")
    assert [each.name for each in siblings_of(client, every)] == [
        "restkit-parser",
        "restkit-forms",
        "restkit-client",
    ]


@pytest.mark.parametrize(
    ("requirement", "name"),
    [("idna >=3.7", "idna"), ("a_b[c]>1; python_version<'3'", "a-b"), ("PyYAML", "pyyaml"), ("x.y", "x.y")],
)
def test_a_requirement_names_a_distribution(requirement: str, name: str) -> None:
    assert requirement_name(requirement) == name


def test_make_lists_every_target() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony
    assert [line.split()[1] for line in done.stdout.splitlines()] == phony[1].split()


def test_what_is_made_is_ignored_by_git() -> None:
    ignored = (ROOT / ".gitignore").read_text().split()
    assert {f"{CELLS.name}/", ".venv/", "dist/"} <= set(ignored)


def test_the_readme_opens_with_demo_and_test() -> None:
    first_block = re.search(r"(?:^    .+\n)+", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert first_block
    assert re.findall(r"make [a-z-]+", first_block[0]) == ["make demo", "make test"]
