"""The six packages have one shape, so that a person who knows one knows all."""

from tools.workspace import ORDER, packages


def test_every_folder_is_a_package() -> None:
    assert [package.name for package in packages()] == list(ORDER)
