"""The origins of these tests."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_spec = importlib.util.spec_from_file_location("rules_origins", Path(__file__).with_name("origins.py"))
assert _spec is not None
assert _spec.loader is not None
origins_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(origins_module)


@pytest.fixture(scope="session")
def _origins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with origins_module.run_origins(tmp_path_factory.mktemp("origins")) as running:
        yield running


@pytest.fixture
def origins(_origins: Any) -> Any:
    """Every name on loopback; what a test set or saw is gone at the start of the next."""
    _origins.seen.clear()
    _origins.locations.clear()
    _origins.cookies = []
    _origins.body = ""
    return _origins


@pytest.fixture
def through() -> Any:
    """See `origins.through`."""
    return origins_module.through
