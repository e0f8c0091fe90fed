"""`make demo` does what it says, and says so when it does not."""

import os
import subprocess
import sys

from tools.workspace import ROOT

DEMO = ROOT / "examples" / "demo"


def test_the_demo_runs_to_its_end() -> None:
    done = subprocess.run([sys.executable, DEMO], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = {line.split()[0] for line in done.stdout.splitlines() if line.startswith(" ")}
    assert {"fetch", "redirect", "gzip", "stream", "send", "sign", "reuse", "restcli"} <= told
    assert "wrong one" in done.stdout


def test_the_demo_fails_with_a_clear_line_when_something_is_off() -> None:
    change = "import sys, runpy; sys.path.insert(0, sys.argv[1]); import app; app.BOOKS.clear(); runpy.run_path(sys.argv[1], run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", change, DEMO],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ,
    )
    assert done.returncode == 1
    assert "fetch  FAILED: UnexpectedError: books by Le Guin: got []" in done.stderr
    assert "Traceback" not in done.stderr
