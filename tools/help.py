"""`make` alone: the targets of the Makefile with what stands after their `##`."""

from __future__ import annotations

import re

from tools.workspace import ROOT

TARGET = re.compile(r"^([a-z-]+):.*?## (.+)$", re.MULTILINE)

for name, text in TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")):
    print(f"  make {name:<10} {text}")
