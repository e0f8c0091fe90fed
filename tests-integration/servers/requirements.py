"""What a test needs of the machine. Missing: skipped with a hint, or failed when RESTKIT_REQUIRE=1 says that nothing is."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

from tools.ci import node_cache, search_path


def miss(reason: str) -> NoReturn:
    """Skip the test for want of something, or fail it where everything is required."""
    if os.environ.get("RESTKIT_REQUIRE") == "1":
        pytest.fail(f"{reason} (required: RESTKIT_REQUIRE=1)", pytrace=False)
    pytest.skip(reason)


def require_program(name: str, hint: str) -> str:
    """The path of a program; `hint` says how to install it: "apt-get install nginx-light"."""
    found = shutil.which(name, path=search_path())
    return found or miss(f"{name} is not installed: {hint}")


def require_node_module(name: str) -> Path:
    """The folder of an npm package that `.ci/run` installs."""
    folder = node_cache() / "node_modules" / name
    return folder if folder.is_dir() else miss(f"the npm package {name} is not installed: .ci/run does it")
