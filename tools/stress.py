"""`make stress`: the transport's tests in their long form, bounded; the fault list after them, and bombs of 10 GiB."""

from __future__ import annotations

import os
import subprocess
import sys

from tools.environments import dev_environment
from tools.workspace import ROOT

TESTS = ROOT / "tests-integration"

python = dev_environment()
# 32 threads of 2000 requests, 20 000 mixed ones, 10 000 races, bodies of 1 GiB: minutes each, where `make test` takes seconds.
command = [
    str(python),
    "-m",
    "pytest",
    "-q",
    "--timeout=1200",
    str(TESTS / "transport"),
    str(TESTS / "faults"),
    str(TESTS / "offsets"),
    str(TESTS / "messages"),
]
sys.exit(subprocess.run(command, cwd=ROOT, env=os.environ | {"RESTKIT_STRESS": "1"}, check=False).returncode)
