"""Every import of a package is of the standard library, its own, or of a distribution its pyproject.toml declares."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.arrows import imports_of
from tools.workspace import ROOT, Package, packages, requirement_name

IMPORT_NAMES = {"ipython": "IPython", "python-socks": "python_socks", "pastedeploy": "paste"}
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
    names = map(requirement_name, wanted)
    return {IMPORT_NAMES.get(name, name.replace("-", "_")) for name in names}


def complaints(root: Path = ROOT) -> list[str]:
    """Every undeclared import, as `file:line: why`."""
    found: list[str] = []
    for package in packages(root):
        allowed = (
            declared(package) | BROUGHT_BY_THE_USER.get(package.module, frozenset()) | NEWER_STANDARD_LIBRARY
        )
        allowed |= {package.module} | sys.stdlib_module_names
        found += [
            f"{each.path.relative_to(root)}:{each.line}: {each.top} is not declared in {package.name}'s pyproject.toml"
            for path in sorted(package.source.rglob("*.py"))
            for each in imports_of(path, package.source.parent)
            if each.top not in allowed and not (each.for_types_only and each.top in KNOWN_TO_TYPE_CHECKERS)
        ]
    return sorted(set(found))
