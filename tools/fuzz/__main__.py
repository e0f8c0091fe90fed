"""`make fuzz`: every target in a process of its own, with Atheris where it can be imported and hypothesis everywhere.

`python -m tools.fuzz [--inputs N] [--seed N] [TARGET…]`; an input that is not survived is kept in .cells/fuzz/TARGET.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from tools.environments import dev_environment
from tools.workspace import CELLS, ROOT

# Some minutes for all targets on one core.
INPUTS = 20_000
# No target takes a hundredth of it for one input: who reaches it hangs.
SECONDS_FOR_1000 = 60
# KiB that a target may need more than the process had before it.
MUCH_MEMORY = 100 * 1024


def run(python: Path, name: str, engine: str, inputs: int, seed: int) -> bool:
    """Run one target and print its line; whether it survived."""
    command = [str(python), "-m", "tools.fuzz.run_target", name, engine, str(inputs), str(seed)]
    limit = max(60, inputs * SECONDS_FOR_1000 / 1000)
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        print(f"{name:10} {engine:10} hangs, or is too slow: more than {limit:.0f} s")
        return False
    lines = done.stdout.splitlines()
    result = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else None
    if done.returncode or result is None:
        print(f"{name:10} {engine:10} FAILED\n{done.stderr[-4000:]}\nthe input is in {CELLS / 'fuzz' / name}")
        return False
    print(
        f"{name:10} {engine:10} {result['inputs']:8} inputs, slowest {result['slowest'] * 1000:6.1f} ms, "
        f"{result['memory'] / 1024:5.1f} MiB more, {result['seconds']} s",
        flush=True,
    )
    return bool(result["memory"] <= MUCH_MEMORY)


def engines(python: Path) -> list[str]:
    """What there is to find inputs with."""
    atheris = subprocess.run([str(python), "-c", "import atheris"], capture_output=True, check=False)
    return ["hypothesis"] if atheris.returncode else ["hypothesis", "atheris"]


def main() -> int:
    """Run the targets that are named, or all."""
    options = argparse.ArgumentParser(prog="python -m tools.fuzz")
    options.add_argument("targets", nargs="*")
    options.add_argument("--inputs", type=int, default=int(os.environ.get("RESTKIT_FUZZ_INPUTS", INPUTS)))
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    python = dev_environment()
    listing = [str(python), "-c", "from tools.fuzz.targets import TARGETS; print(*TARGETS)"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    survived = [
        run(python, name, engine, given.inputs, given.seed)
        for name in given.targets or names
        for engine in engines(python)
    ]
    return 0 if all(survived) else 1


sys.exit(main())
