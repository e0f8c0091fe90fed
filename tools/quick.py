"""`make quick`: the packages' tests on the source tree, in the one development environment, in random order."""

from __future__ import annotations

import sys

from tools.environments import dev_environment, run
from tools.workspace import ROOT

names = sys.argv[1:] or ["*"]
folders = [path for name in names for path in sorted(ROOT.glob(f"packages/{name}/tests"))]
if not folders:
    sys.exit(f"no package of that name: {' '.join(names)}")
run(dev_environment(), "-m", "pytest", "-q", *folders)
