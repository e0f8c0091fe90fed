"""Versions and changelogs: each package has its own, and each sibling's range contains the sibling as it is."""

from __future__ import annotations

import re
from pathlib import Path

from tools.workspace import ROOT, Package, packages, requirement_name

FINAL = re.compile(r"\d+\.\d+\.\d+")
"""A plain release: a pre-release here would make pip fall back on the old restkit of the public index."""

SIBLING_RANGE = re.compile(r">=(\d+)\.(\d+),<(\d+)")


def complaints(root: Path = ROOT) -> list[str]:
    """Everything that is off, as `file: why`."""
    every = packages(root)
    by_name = {package.name: package for package in every}
    found: list[str] = []
    for package in every:
        where = package.folder.relative_to(root)
        if not FINAL.fullmatch(package.version):
            found.append(f"{where}: version {package.version!r} is not a plain X.Y.Z")
        changelog = (package.folder / "CHANGELOG.md").read_text(encoding="utf-8")
        if not re.search(rf"^## {re.escape(package.version)}\b", changelog, re.MULTILINE):
            found.append(f"{where / 'CHANGELOG.md'}: says nothing of {package.version}")
        found += [f"{where / 'pyproject.toml'}: {why}" for why in _pins(package, by_name)]
    return found


def _pins(package: Package, by_name: dict[str, Package]) -> list[str]:
    found = []
    for requirement in package.project.get("dependencies", []):
        sibling = by_name.get(requirement_name(requirement))
        if sibling is None:
            continue
        pin = SIBLING_RANGE.search(requirement.replace(" ", ""))
        if pin is None:
            found.append(f"{requirement!r} is not of the form '{sibling.name} >=X.Y,<Z'")
            continue
        major, minor = (int(part) for part in sibling.version.split(".")[:2])
        if not (int(pin[1]), int(pin[2])) <= (major, minor) < (int(pin[3]), 0):
            found.append(f"{requirement!r} leaves out {sibling.name} {sibling.version} of this tree")
    return found
