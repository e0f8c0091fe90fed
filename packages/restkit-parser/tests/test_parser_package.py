"""The package as a whole: its names, its layers, and what importing it costs."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import restkit_parser

SOURCE = Path(restkit_parser.__file__).parent
# Each module imports only modules that stand before it.
LAYERS = [
    "errors",
    "limits",
    "grammar",
    "patterns",
    "headers",
    "field_line",
    "start_line",
    "scanning",
    "framing",
    "head",
    "chunked",
    "body",
    "writing",
    "parser",
]


def imports(module):
    tree = ast.parse((SOURCE / f"{module}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("restkit_parser."):
            yield node.module.partition(".")[2]


def type_only(module):
    """What is imported for annotations only, which makes no edge."""
    tree = ast.parse((SOURCE / f"{module}.py").read_text(encoding="utf-8"))
    for block in tree.body:
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING":
            for node in ast.walk(block):
                if isinstance(node, ast.ImportFrom):
                    yield node.module.partition(".")[2]


def test_all_names_what_the_package_exports():
    modules = {path.stem for path in SOURCE.glob("*.py")}
    public = {name for name in vars(restkit_parser) if not name.startswith("_")} - modules
    assert public == set(restkit_parser.__all__)


def test_a_module_imports_only_the_layers_below_it():
    assert {path.stem for path in SOURCE.glob("*.py")} == {*LAYERS, "__init__"}
    wrong = [
        (module, other)
        for at, module in enumerate(LAYERS)
        for other in set(imports(module)) - set(type_only(module))
        if other not in LAYERS[:at]
    ]
    assert not wrong


def test_importing_loads_nothing_that_is_expensive():
    code = "import sys; before = set(sys.modules); import restkit_parser; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert "restkit_parser.parser" in loaded
    assert not loaded & {
        "re",
        "typing",
        "dataclasses",
        "inspect",
        "enum",
        "email",
        "http",
        "logging",
        "ssl",
        "asyncio",
        "socket",
        "threading",
    }
