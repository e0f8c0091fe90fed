"""The six packages have one shape, so that a person who knows one knows all."""

import re
from pathlib import Path
from typing import Any

import pytest

from tools import versions
from tools.workspace import ORDER, PYTHONS, ROOT, Package, packages

EVERY = packages()
FILES = ("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE")
SAME_IN_ALL = (
    "requires-python", "license", "license-files", "authors", "dynamic", "classifiers", "readme",
)  # fmt: skip

each_package = pytest.mark.parametrize("package", EVERY, ids=lambda package: package.name)


def test_every_folder_is_one_of_the_six() -> None:
    assert sorted(path.name for path in (ROOT / "packages").iterdir() if path.is_dir()) == sorted(ORDER)


@each_package
def test_has_every_file(package: Package) -> None:
    missing = [name for name in FILES if not (package.folder / name).is_file()]
    assert not missing
    assert (package.source / "py.typed").is_file()
    assert list((package.folder / "tests").glob("test_*.py"))


@each_package
def test_is_named_after_its_folder(package: Package) -> None:
    assert package.name == package.folder.name
    assert package.module == package.name.replace("-", "_")


@each_package
def test_pyproject_has_the_same_tables_and_values(package: Package) -> None:
    first = EVERY[0]
    assert set(package.pyproject) == {"build-system", "project", "tool"}
    assert package.pyproject["build-system"] == first.pyproject["build-system"]
    assert package.pyproject["tool"] == {"flit": {"module": {"name": package.module}, "sdist": sdist(first)}}
    assert {key: package.project.get(key) for key in SAME_IN_ALL} == {
        key: first.project.get(key) for key in SAME_IN_ALL
    }


def sdist(package: Package) -> Any:
    return package.pyproject["tool"]["flit"]["sdist"]


@each_package
def test_classifiers_name_every_supported_python(package: Package) -> None:
    named = [each for each in package.project["classifiers"] if re.search(r":: 3\.\d+$", each)]
    assert named == [f"Programming Language :: Python :: {version}" for version in PYTHONS]
    assert package.project["requires-python"] == f">={PYTHONS[0]}"


@each_package
def test_the_licence_is_the_repositorys(package: Package) -> None:
    assert (package.folder / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()


@each_package
def test_the_readme_says_how_to_install_it_alone_and_shows_an_example(package: Package) -> None:
    text = (package.folder / "README.md").read_text()
    assert re.search(rf"pip install {package.name}(?![\w-])", text)
    assert "```python" in text


def test_versions_changelogs_and_sibling_ranges_agree() -> None:
    assert versions.complaints() == []


@pytest.mark.parametrize(
    ("name", "before", "after", "why"),
    [
        (
            "src/{module}/__init__.py",
            r'__version__ = ".*"',
            '__version__ = "5.0.0.dev1"',
            "is not a plain X.Y.Z",
        ),
        ("src/{module}/__init__.py", r'__version__ = ".*"', '__version__ = "5.9.0"', "says nothing of 5.9.0"),
        ("pyproject.toml", "restkit-parser >=5.0,<6", "restkit-parser >=5.1,<6", "leaves out restkit-parser"),
        ("pyproject.toml", "restkit-parser >=5.0,<6", "restkit-parser", "is not of the form"),
    ],
)
def test_a_disagreement_is_seen(tmp_path: Path, name: str, before: str, after: str, why: str) -> None:
    for package in EVERY:
        copy_shape(package, tmp_path)
    path = tmp_path / "packages" / "restkit-client" / name.format(module="restkit_client")
    path.write_text(re.sub(before, after, path.read_text()))
    found = versions.complaints(tmp_path)
    assert [each for each in found if each.startswith("packages/restkit-client") and why in each], found


def copy_shape(package: Package, root: Path) -> None:
    for path in [
        package.folder / "pyproject.toml",
        package.folder / "CHANGELOG.md",
        package.source / "__init__.py",
    ]:
        target = root / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
