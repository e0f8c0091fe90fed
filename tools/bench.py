"""`make bench`: the six packages and the peers in an environment of their own; then benchmarks/ there."""

from __future__ import annotations

import sys

from tools.environments import REQUIREMENTS, ensure, run, running_version
from tools.wheels import fresh_wheels
from tools.workspace import CELLS, ROOT

wheels = list(fresh_wheels().values())
python = ensure(CELLS / running_version() / "bench", sys.executable, [REQUIREMENTS / "bench.txt"], wheels)
run(python, ROOT / "benchmarks", *sys.argv[1:])
