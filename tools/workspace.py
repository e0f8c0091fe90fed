"""What the repository holds: its root and the six packages, read from their own files."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
CELLS = ROOT / ".cells"
"""Everything the commands make besides `.venv` and `dist`: environments, wheels, reports."""

ORDER = ("restkit-parser", "restkit-forms", "restkit-oauth2", "restkit-client", "restkit-contrib", "restkit")
"""The packages, each after those it depends on."""

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
"""Every Python the packages support."""


class Package(NamedTuple):
    """One folder of `packages/`."""

    folder: Path
    project: dict[str, Any]
    pyproject: dict[str, Any]

    @property
    def name(self) -> str:
        """The distribution's name: `restkit-parser`."""
        return str(self.project["name"])

    @property
    def module(self) -> str:
        """The import name: `restkit_parser`."""
        return str(self.pyproject["tool"]["flit"]["module"]["name"])

    @property
    def source(self) -> Path:
        """The folder of the import package."""
        return self.folder / "src" / self.module

    @property
    def extras(self) -> list[str]:
        """The names of the optional dependency sets, sorted."""
        return sorted(self.project.get("optional-dependencies", {}))

    @property
    def version(self) -> str:
        """The `__version__` literal, read without importing, as flit does."""
        tree = ast.parse((self.source / "__init__.py").read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                names = [target.id for target in node.targets if isinstance(target, ast.Name)]
                if "__version__" in names:
                    return str(node.value.value)
        raise ValueError(f"{self.source / '__init__.py'} has no __version__ literal")


def read_package(folder: Path) -> Package:
    """The package in this folder, by its pyproject.toml."""
    table = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    return Package(folder, table["project"], table)


def packages(root: Path = ROOT) -> list[Package]:
    """The six, in dependency order."""
    return [read_package(root / "packages" / name) for name in ORDER]


def siblings_of(package: Package, every: list[Package]) -> list[Package]:
    """The package itself and every package of the repository it needs, directly or not, in dependency order."""
    by_name = {each.name: each for each in every}
    wanted: set[str] = set()
    waiting = [package.name]
    while waiting:
        name = waiting.pop()
        if name in wanted:
            continue
        wanted.add(name)
        needs = by_name[name].project.get("dependencies", [])
        waiting += [need for need in map(requirement_name, needs) if need in by_name]
    return [each for each in every if each.name in wanted]


def requirement_name(requirement: str) -> str:
    """The distribution a requirement names: `idna >=3.7; …` gives `idna`."""
    end = next((i for i, c in enumerate(requirement) if not (c.isalnum() or c in "-_.")), len(requirement))
    return requirement[:end].lower().replace("_", "-")
