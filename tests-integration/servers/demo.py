"""The modules of `examples/demo`, loaded by path: their names, `app` and `server`, are anybody's."""

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "demo"


@cache
def demo(name: str) -> ModuleType:
    """The module `examples/demo/NAME.py`."""
    spec = importlib.util.spec_from_file_location(f"examples_demo_{name}", FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
