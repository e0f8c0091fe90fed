"""Every import is of the standard library, of ourselves, or of a distribution that is declared.

A package declares in its pyproject.toml; its tests may use requirements/test.txt too, and tests-integration everything
that any package declares and requirements/integration.txt.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tools.arrows import Import, imports_of
from tools.workspace import ROOT, Package, packages, requirement_name, siblings_of

IMPORT_NAMES = {"ipython": "IPython", "pastedeploy": "paste", "pyyaml": "yaml"}
"""Where a distribution's import name is not its own name with underscores."""

BROUGHT_BY_THE_USER = {
    "restkit_client": frozenset({"gevent", "eventlet"}),
    "restkit": frozenset({"gevent", "eventlet"}),
}
"""Backends: only who runs on gevent or eventlet has it, and then it is imported already."""

NEWER_STANDARD_LIBRARY = frozenset({"compression"})
"""Top-level modules that the standard library gained after our oldest Python (3.14: compression.zstd)."""

KNOWN_TO_TYPE_CHECKERS = frozenset({"typing_extensions", "_typeshed"})
"""Every type checker brings them; nothing of ours imports them when it runs."""


def declared(package: Package) -> set[str]:
    """The import names that the package's dependencies and extras allow."""
    wanted = list(package.project.get("dependencies", []))
    for extra in package.project.get("optional-dependencies", {}).values():
        wanted += extra
    return set(map(import_name, wanted))


def listed(name: str, root: Path) -> set[str]:
    """The import names that a file of `requirements/` allows."""
    lines = (root / "requirements" / name).read_text(encoding="utf-8").splitlines()
    return set(map(import_name, (line for line in lines if line and line[0] not in "#-")))


def import_name(requirement: str) -> str:
    """What one imports of a distribution: its own name with underscores, mostly."""
    name = requirement_name(requirement)
    return IMPORT_NAMES.get(name, name.replace("-", "_"))


def undeclared(folder: Path, base: Path, allowed: set[str]) -> list[Import]:
    """The imports below a folder of anything but the standard library and what is allowed."""
    return [
        each
        for path in sorted(folder.rglob("*.py"))
        for each in imports_of(path, base)
        if each.name
        and each.top not in allowed | sys.stdlib_module_names | NEWER_STANDARD_LIBRARY
        and not (each.for_types_only and each.top in KNOWN_TO_TYPE_CHECKERS)
    ]


def complaints(root: Path = ROOT) -> list[str]:
    """Every undeclared import of a package's source, as `file:line: why`."""
    found: list[str] = []
    for package in packages(root):
        allowed = declared(package) | BROUGHT_BY_THE_USER.get(package.module, frozenset()) | {package.module}
        found += [
            f"{each.path.relative_to(root)}:{each.line}: {each.top} is not declared in {package.name}'s pyproject.toml"
            for each in undeclared(package.source, package.source.parent, allowed)
        ]
    return sorted(set(found))


def complaints_of_tests(root: Path = ROOT) -> list[str]:
    """Every import of a test that its environment would lack, as `file:line: why`."""
    every = packages(root)
    for_all = listed("test.txt", root)
    found: list[str] = []
    for package in every:
        siblings = {each.module for each in siblings_of(package, every)}
        inherited = set().union(*(declared(each) for each in siblings_of(package, every)))
        tests = package.folder / "tests"
        found += [
            f"{each.path.relative_to(root)}:{each.line}: {each.top} is neither declared by {package.name} nor in test.txt"
            for each in undeclared(tests, package.folder, for_all | siblings | inherited | modules_of(tests))
        ]
    integration = root / "tests-integration"
    allowed = (
        for_all | listed("integration.txt", root) | {"tools", integration.name} | modules_of(integration)
    )
    allowed |= {package.module for package in every}.union(*(declared(package) for package in every))
    found += [
        f"{each.path.relative_to(root)}:{each.line}: {each.top} is in no requirements/integration.txt"
        for each in undeclared(integration, root, allowed)
    ]
    return sorted(set(found))


def modules_of(folder: Path) -> set[str]:
    """The names under which the modules and folders below a test folder import each other."""
    return {path.stem for path in folder.rglob("*") if path.is_dir() or path.suffix == ".py"}
