"""Puts the repository's root and this folder on the path: tests use `tools` and `servers`."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]
