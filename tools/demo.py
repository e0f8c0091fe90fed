"""`make demo`: build the six packages, install them in an environment of their own, run examples/demo there."""

from __future__ import annotations

import sys

from tools.environments import ensure, run, running_version
from tools.wheels import fresh_wheels
from tools.workspace import CELLS, ROOT

wheels = [wheel._replace(extras=()) for wheel in fresh_wheels().values()]
python = ensure(CELLS / running_version() / "demo", sys.executable, [], wheels)
# -I would hide the demo's own modules; a folder as argument puts that folder, not this one, on the path.
run(python, ROOT / "examples" / "demo")
