"""What a test run said: read from pytest's JUnit XML, printed as one table."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path
from typing import NamedTuple


class Result(NamedTuple):
    """One run of pytest. `collected` is -1 where it was not asked for; `seconds` is the whole run's."""

    name: str
    python: str
    passed: int
    failed: int
    skipped: Counter[str]
    seconds: float
    collected: int = -1

    def complaint(self, *, required: bool) -> str:
        """Why the run counts as failed, or nothing; `required` makes a skip and an unaccounted test a failure."""
        if self.failed:
            return f"{self.failed} failed"
        if required and self.skipped:
            return f"{self.skipped.total()} skipped, although everything is required (RESTKIT_REQUIRE=1)"
        if required and self.passed != self.collected:
            return f"{self.passed} passed of {self.collected} collected"
        return "no test ran" if not self.passed else ""


def read_result(name: str, python: str, report: Path, exit_code: int, collected: int = -1) -> Result:
    """The result of the run that wrote this report; a run that died without one is one failure."""
    if not report.exists():
        return Result(name, python, 0, 1, Counter(), 0.0, collected)
    # Our own pytest has just written it: no foreign XML is read here.
    suite = ElementTree.parse(report).getroot().find("testsuite")  # noqa: S314
    if suite is None:
        return Result(name, python, 0, 1, Counter(), 0.0, collected)
    skipped: Counter[str] = Counter()
    bad = good = 0
    for case in suite.iter("testcase"):
        outcomes = {child.tag: child for child in case}
        if "failure" in outcomes or "error" in outcomes:
            bad += 1
        elif "skipped" in outcomes:
            skipped[outcomes["skipped"].get("message") or "no reason given"] += 1
        else:
            good += 1
    # Interrupted, an internal error or no tests: pytest's exit status knows more than its report.
    if exit_code and not bad:
        bad = 1
    return Result(name, python, good, bad, skipped, 0.0, collected)


def table(results: list[Result]) -> str:
    """The results as lines: package, Python, passed, failed, skipped; then each reason for a skip with its count."""
    head = f"{'package':<20} {'Python':<7} {'passed':>7} {'failed':>7} {'skipped':>8} {'seconds':>8}"
    lines = [head, "-" * len(head)]
    lines += [
        f"{r.name:<20} {r.python:<7} {r.passed:>7} {r.failed:>7} {r.skipped.total():>8} {r.seconds:>8.1f}"
        for r in results
    ]
    for result in results:
        lines += [
            f"skipped in {result.name}, Python {result.python}: {count} x {reason}"
            for reason, count in sorted(result.skipped.items())
        ]
    return "\n".join(lines)
