"""The import arrows: the tree keeps them, and the check that says so sees what breaks them, with file and line."""

import shutil
from pathlib import Path

import pytest

from tools import arrows, declared
from tools.workspace import ROOT, packages


@pytest.fixture
def copy_of_packages(tmp_path: Path) -> Path:
    leave = shutil.ignore_patterns("__pycache__", "tests")
    shutil.copytree(ROOT / "packages", tmp_path / "packages", ignore=leave)
    return tmp_path


def add_lines(root: Path, module: str, text: str) -> int:
    """Append to a module of the copy (made when it is not there); returns the number of the first line added."""
    package, _, name = module.partition(".")
    folder = root / "packages" / package.replace("_", "-") / "src" / package
    path = folder / f"{name or '__init__'}.py"
    before = path.read_text() if path.exists() else ""
    path.write_text(before + text)
    return before.count("\n") + 1


def test_the_tree_keeps_the_arrows() -> None:
    assert arrows.complaints() == []


def test_the_tree_declares_what_it_imports() -> None:
    assert declared.complaints() == []
    assert declared.complaints_of_tests() == []


@pytest.mark.parametrize(
    ("module", "text", "why"),
    [
        ("restkit_forms", "import restkit_client\n", "restkit_forms must not import restkit_client"),
        ("restkit_parser", "from restkit_forms import x\n", "restkit_parser must not import restkit_forms"),
        (
            "restkit_oauth2",
            "def f():\n    import restkit_client.client\n",
            "restkit_oauth2 must not import restkit_client",
        ),
        ("restkit_client", "from restkit_oauth2 import x\n", "restkit_client must not import restkit_oauth2"),
        ("restkit_contrib", "import restkit\n", "restkit_contrib must not import restkit"),
        (
            "restkit_client",
            "importlib.import_module('restkit_contrib')\n",
            "restkit_client must not import restkit_contrib",
        ),
        ("restkit_parser", "import idna\n", "restkit_parser imports the standard library only, not idna"),
        (
            "restkit_oauth2",
            "import cryptography\n",
            "restkit_oauth2 imports the standard library only, not cryptography",
        ),
        ("restkit_parser", "import socket\n", "restkit_parser does no I/O: it must not import socket"),
        (
            "restkit_forms",
            "from http import client\n",
            "restkit_forms does no I/O: it must not import http.client",
        ),
        (
            "restkit_client.redirects",
            "from . import pool\n",
            "restkit_client.redirects decides from values: it must not import restkit_client.pool",
        ),
        (
            "restkit_client.retries",
            "if TYPE_CHECKING:\n    import ssl\n",
            "restkit_client.retries does no I/O: it must not import ssl",
        ),
    ],
)
def test_a_forbidden_import_is_seen_with_file_and_line(
    copy_of_packages: Path, module: str, text: str, why: str
) -> None:
    line = add_lines(copy_of_packages, module, text) + text.count("\n") - 1
    found = arrows.complaints(copy_of_packages)
    path = f"packages/{module.partition('.')[0].replace('_', '-')}/src/{module.replace('.', '/')}"
    places = [f"{path}.py:{line}: {why}", f"{path}/__init__.py:{line}: {why}"]
    assert [each for each in found if each in places], found


def test_an_undeclared_import_is_seen_with_file_and_line(copy_of_packages: Path) -> None:
    line = add_lines(copy_of_packages, "restkit_client", "import requests\n")
    found = declared.complaints(copy_of_packages)
    where = f"packages/restkit-client/src/restkit_client/__init__.py:{line}"
    assert f"{where}: requests is not declared in restkit-client's pyproject.toml" in found


def test_a_test_that_imports_what_its_environment_lacks_is_seen(copy_of_packages: Path) -> None:
    shutil.copytree(ROOT / "requirements", copy_of_packages / "requirements")
    for folder in ("packages/restkit-forms/tests", "tests-integration"):
        (copy_of_packages / folder).mkdir()
        (copy_of_packages / folder / "test_x.py").write_text("import pytest\nimport trustme, left_pad\n")
    assert declared.complaints_of_tests(copy_of_packages) == [
        "packages/restkit-forms/tests/test_x.py:2: left_pad is neither declared by restkit-forms nor in test.txt",
        "packages/restkit-forms/tests/test_x.py:2: trustme is neither declared by restkit-forms nor in test.txt",
        "tests-integration/test_x.py:2: left_pad is in no requirements/integration.txt",
    ]


@pytest.mark.parametrize("name", ["restkit-parser", "restkit-forms", "restkit-oauth2"])
def test_packages_at_the_bottom_depend_on_nothing(name: str) -> None:
    (package,) = (each for each in packages() if each.name == name)
    assert package.project["dependencies"] == []
