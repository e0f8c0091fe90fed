import importlib
import re
import subprocess
import sys
from pathlib import Path

import restkit_forms

CHEAP = {"__future__", "itertools"}


def test_importing_loads_no_module_that_costs_time():
    """The budget is 8 ms; everything heavy (typing, re, urllib, mimetypes, json) waits until it is needed."""
    code = "import sys; had = set(sys.modules); import restkit_forms; print(*(set(sys.modules) - had))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "restkit_forms" in loaded
    assert {name for name in loaded if not name.startswith("restkit_forms")} <= CHEAP


def test_every_public_name_is_there():
    assert (
        sorted(restkit_forms.__all__, key=lambda n: (not n.isupper(), not n[0].isupper(), n))
        == restkit_forms.__all__
    )
    for name in restkit_forms.__all__:
        assert hasattr(restkit_forms, name)


README = Path(__file__).resolve().parents[1] / "README.md"


def test_what_the_readme_says_where_things_happen_is_there():
    places = re.findall(r"`(restkit_forms\.\w+)\.(\w+)`", README.read_text())
    assert len(places) >= 8
    for module, name in places:
        assert hasattr(importlib.import_module(module), name), (module, name)


def test_the_examples_of_the_readme_run():
    examples = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert len(examples) >= 2
    for example in examples:
        exec(compile(example, str(README), "exec"), {})
