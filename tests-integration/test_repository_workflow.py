"""ci.yml runs every package on every supported Python, and asks for no more rights than reading."""

import json
import re

import pytest
import yaml

from tools.workspace import ORDER, PYTHONS, ROOT

WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
JOBS = WORKFLOW["jobs"]


def steps(job: str) -> str:
    return "\n".join(step.get("run", "") for step in JOBS[job]["steps"])


@pytest.mark.parametrize("package", ORDER)
@pytest.mark.parametrize("python", PYTHONS)
def test_every_package_runs_on_every_python(package: str, python: str) -> None:
    matrix = JOBS["packages"]["strategy"]["matrix"]
    assert package in matrix["package"]
    assert python in matrix["python"]
    assert "exclude" not in matrix
    assert "make test PACKAGE=${{ matrix.package }}" in steps("packages")


def test_integration_lint_and_build_have_their_jobs() -> None:
    assert ".ci/run" in steps("integration")
    assert "make check" in steps("lint")
    assert "make build" in steps("build")


def test_windows_and_macos_have_a_cell_each() -> None:
    systems = JOBS["systems"]["strategy"]["matrix"]["os"]
    assert sorted(name.partition("-")[0] for name in systems) == ["macos", "windows"]


def test_rights_are_minimal_and_no_secret_is_used() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert all("permissions" not in job for job in JOBS.values())
    assert "secrets." not in json.dumps(WORKFLOW)


def test_foreign_actions_are_githubs_own() -> None:
    used = [step["uses"] for job in JOBS.values() for step in job["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", name) for name in used), used
