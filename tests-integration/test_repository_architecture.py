"""docs/architecture.md tells no tales: every function it names is where it says."""

import ast
import re
from pathlib import Path

import pytest

from tools.workspace import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text()
ROWS = re.findall(r"^\| (.+\?) \| ([\w/]+\.py) \| ([\w.]+) \|$", PAGE, re.MULTILINE)
FOLDERS = re.findall(r"^\| `([\w-]+)/` \|", PAGE, re.MULTILINE)


def source(name: str) -> Path:
    package = name.partition("/")[0].replace("_", "-")
    return ROOT / "packages" / package / "src" / name


def defined(path: Path) -> set[str]:
    """The functions, classes and methods of a file: `f`, `C`, `C.m`."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)}
    return found


def test_the_table_is_read() -> None:
    assert len(ROWS) == PAGE.count("?") - PAGE.partition("## Where things happen")[0].count("?")
    assert len(ROWS) > 20


@pytest.mark.parametrize(("question", "file", "function"), ROWS, ids=[row[0] for row in ROWS])
def test_the_answer_is_there(question: str, file: str, function: str) -> None:
    assert function in defined(source(file)), question


def test_every_folder_that_is_named_exists() -> None:
    assert FOLDERS
    assert [name for name in FOLDERS if not (ROOT / name).is_dir()] == []
