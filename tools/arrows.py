"""The import arrows of the architecture, read from every source file.

A package may import itself, the standard library, and the packages its arrow leads to (along its whole path). Inside
restkit-client decisions are pure: the modules that decide know nothing of sockets nor of those who own them.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tools.workspace import ROOT

ARROWS: dict[str, frozenset[str]] = {
    "restkit_parser": frozenset(),
    "restkit_forms": frozenset(),
    "restkit_oauth2": frozenset(),
    "restkit_client": frozenset({"restkit_parser", "restkit_forms"}),
    "restkit_contrib": frozenset({"restkit_client", "restkit_parser", "restkit_forms", "restkit_oauth2"}),
    "restkit": frozenset(
        {"restkit_contrib", "restkit_client", "restkit_parser", "restkit_forms", "restkit_oauth2"},
    ),
}
STANDARD_LIBRARY_ONLY = frozenset({"restkit_parser", "restkit_forms", "restkit_oauth2"})
WHEN_ASKED_FOR = {"restkit_oauth2": frozenset({"cryptography"})}
"""The extras of those: imported inside the function that needs them, never when the package is."""

NETWORK = frozenset(
    {
        "asyncio",
        "select",
        "selectors",
        "socket",
        "socketserver",
        "ssl",
        "http.client",
        "http.server",
        "urllib.request",
    }
)
"""What a package or module without I/O never imports."""

WITHOUT_IO = frozenset({"restkit_parser", "restkit_forms", "restkit_oauth2"})
DECISIONS = frozenset(
    f"restkit_client.{name}"
    for name in (
        "messages.request", "messages.request_head", "timeouts", "retries", "redirects", "proxy_rules", "cookies", "hosts",
        "links", "lines", "sse", "parameters", "urls", "errors", "datastructures",
    )
)  # fmt: skip
"""Modules that decide what to do next, or say what to send: functions of values, tried without a socket."""
EDGE = frozenset(
    f"restkit_client.{name}"
    for name in (
        "client", "exchange", "connection", "stream", "opening", "tunnel", "socks", "tls", "nested_tls", "pool", "sockets",
        "session", "transports", "resource",
    )
)  # fmt: skip
"""Modules that touch the network, or stand above those that do."""


class Import(NamedTuple):
    """One import statement, or a call of import_module with a literal name."""

    path: Path
    line: int
    importer: str
    name: str
    for_types_only: bool
    """It stands under `if TYPE_CHECKING:`, so it never runs."""

    in_function: bool
    """It runs when a function is called, not when the module is imported."""

    @property
    def top(self) -> str:
        """The package that is imported from: `a` of `a.b.c`."""
        return self.name.partition(".")[0]


def module_name(path: Path, source: Path) -> str:
    """The dotted name of a file below a `src` folder."""
    parts = path.relative_to(source).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path, source: Path) -> list[Import]:
    """Every import of one file, wherever it stands: at the top, in a function, under TYPE_CHECKING."""
    importer = module_name(path, source)
    package = importer if path.name == "__init__.py" else importer.rpartition(".")[0]
    found: list[Import] = []
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    for_types = _inside(tree, _is_type_checking)
    late = _inside(tree, lambda node: isinstance(node, ast.FunctionDef))
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = _names_from(node, package)
        elif isinstance(node, ast.Call):
            names = _literal_import(node)
        if names and isinstance(node, ast.stmt | ast.expr):
            found += [
                Import(path, node.lineno, importer, name, node in for_types, node in late) for name in names
            ]
    return found


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def _inside(tree: ast.Module, holds: Callable[[ast.AST], bool]) -> set[ast.AST]:
    holders = [node for node in ast.walk(tree) if holds(node)]
    return {
        inside
        for holder in holders
        for statement in getattr(holder, "body", [])
        for inside in ast.walk(statement)
    }


def _names_from(node: ast.ImportFrom, package: str) -> list[str]:
    base = node.module or ""
    if node.level:
        parts = package.split(".")
        parts = parts[: len(parts) - node.level + 1]
        base = ".".join([*parts, base] if base else parts)
    # `from restkit_client import pool` imports a module too: each name may be one.
    return [base, *(f"{base}.{alias.name}" for alias in node.names)]


def _literal_import(node: ast.Call) -> list[str]:
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if called not in {"import_module", "__import__"} or not node.args:
        return []
    name = node.args[0]
    return [name.value] if isinstance(name, ast.Constant) and isinstance(name.value, str) else []


def all_imports(root: Path) -> list[Import]:
    """The imports of every package under `root/packages`."""
    return [
        found
        for source in sorted((root / "packages").glob("*/src"))
        for path in sorted(source.rglob("*.py"))
        for found in imports_of(path, source)
    ]


def objection(found: Import) -> str:
    """Why the import is not drawn in the architecture, or nothing."""
    importer, target = found.importer.partition(".")[0], found.top
    if target in ARROWS and target != importer and target not in ARROWS[importer]:
        return f"{importer} must not import {target}"
    if importer in STANDARD_LIBRARY_ONLY and target != importer and target not in sys.stdlib_module_names:
        if found.for_types_only or (found.in_function and target in WHEN_ASKED_FOR.get(importer, ())):
            return ""
        return f"{importer} imports the standard library only, not {target}"
    if (importer in WITHOUT_IO or _within(found.importer, DECISIONS)) and _within(found.name, NETWORK):
        return f"{found.importer} does no I/O: it must not import {found.name}"
    if _within(found.importer, DECISIONS) and _within(found.name, EDGE):
        return f"{found.importer} decides from values: it must not import {found.name}"
    return ""


def _within(name: str, modules: frozenset[str]) -> bool:
    return any(name == module or name.startswith(module + ".") for module in modules)


def complaints(root: Path = ROOT) -> list[str]:
    """Every import that is not drawn, as `file:line: why`."""
    found = [(each, why) for each in all_imports(root) if (why := objection(each))]
    return sorted({f"{each.path.relative_to(root)}:{each.line}: {why}" for each, why in found})
