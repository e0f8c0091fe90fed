"""`make check`: everything about the tree that is judged without running it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools import arrows, declared, versions
from tools.environments import dev_environment
from tools.workspace import ROOT, packages


def tool(title: str, *command: str | Path) -> bool:
    """Run a tool, print what it says when it objects; returns whether it was content."""
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return say(title, (done.stdout + done.stderr).splitlines() if done.returncode else [])


def say(title: str, complaints: list[str]) -> bool:
    """One line for a check, and its complaints below it."""
    print(f"{'ok    ' if not complaints else 'FAILED'} {title}", flush=True)
    for line in complaints:
        print(f"       {line}", flush=True)
    return not complaints


def main() -> None:
    """Run every check, then fail when one did."""
    python = dev_environment()
    content = [
        tool("ruff check", python.with_name("ruff"), "check", "."),
        tool("ruff format", python.with_name("ruff"), "format", "--check", "."),
        *(
            tool(f"mypy --strict {p.name}", python.with_name("mypy"), "--strict", p.source)
            for p in packages()
        ),
        tool("mypy --strict tools", python.with_name("mypy"), "--strict", "-p", "tools"),
        say("import arrows", arrows.complaints()),
        say("declared dependencies", declared.complaints() + declared.complaints_of_tests()),
        say("versions and changelogs", versions.complaints()),
    ]
    if not all(content):
        sys.exit(f"{content.count(False)} of {len(content)} checks failed")


if __name__ == "__main__":
    main()
