"""Fixtures of restkit-oauth2's tests."""

import json
import os
from pathlib import Path

import pytest


class Message:
    """A request as some client shows it: nothing but four attributes."""

    def __init__(self, method="GET", url="http://example.com/", headers=None, body=None):
        self.method = method
        self.url = url
        self.headers = {} if headers is None else headers
        self.body = body


@pytest.fixture
def message():
    return Message


@pytest.fixture(scope="session")
def oauth1_vectors():
    root = Path(__file__).parents[3]
    folder = Path(os.environ.get("RESTKIT_VECTORS") or root.parent / "shared" / "vectors")
    path = folder / "oauth1.json"
    if not path.is_file():
        hint = "set RESTKIT_VECTORS to the folder of test vectors"
        (pytest.fail if os.environ.get("RESTKIT_REQUIRE") == "1" else pytest.skip)(hint)
    return json.loads(path.read_text())["cases"]
