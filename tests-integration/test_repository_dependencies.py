"""docs/dependencies.md gives a reason for every dependency, and for none that is gone."""

import re

from tools.ci import NPM
from tools.workspace import ORDER, ROOT, packages, requirement_name

PAGE = (ROOT / "docs" / "dependencies.md").read_text()
ROW = re.compile(r"^\| `([\w.-]+)` \|", re.MULTILINE)


def declared() -> set[str]:
    requirements = []
    for package in packages():
        requirements += package.project["dependencies"]
        for extra in package.project.get("optional-dependencies", {}).values():
            requirements += extra
    for path in (ROOT / "requirements").glob("*.txt"):
        lines = path.read_text().splitlines()
        requirements += [line for line in lines if line and not line.startswith(("#", "-"))]
    return {requirement_name(requirement) for requirement in requirements} - set(ORDER)


def test_every_dependency_has_its_reason_and_every_reason_its_dependency() -> None:
    assert {name.replace("_", "-") for name in ROW.findall(PAGE)} == declared()


def test_programs_and_npm_packages_are_named() -> None:
    missing = [name for name in NPM if f"`{name.partition('@')[0]}`" not in PAGE]
    assert not missing
