import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# How long one example takes says nothing on a machine that others share; the floods test the time.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

ROOT = Path(__file__).resolve().parents[3]
VECTORS = Path(os.environ.get("RESTKIT_VECTORS", ROOT.parent / "shared" / "vectors"))


@pytest.fixture(scope="session")
def vectors() -> list[dict[str, Any]]:
    """The cases of multipart.json."""
    path = VECTORS / "multipart.json"
    if not path.exists():
        hint = "set RESTKIT_VECTORS to the folder of test vectors"
        pytest.fail(hint) if os.environ.get("RESTKIT_REQUIRE") == "1" else pytest.skip(hint)
    cases: list[dict[str, Any]] = json.loads(path.read_text())["cases"]
    return cases
