"""`make clean`: remove all that the commands made."""

from __future__ import annotations

import shutil

from tools.workspace import ROOT

MADE = (".venv", ".cells", "dist", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis")

for name in MADE:
    shutil.rmtree(ROOT / name, ignore_errors=True)
for folder in ("packages", "tests-integration", "tools", "examples", "benchmarks"):
    for cache in (ROOT / folder).rglob("__pycache__"):
        shutil.rmtree(cache, ignore_errors=True)
