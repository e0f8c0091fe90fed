"""The frame of every benchmark: one process a peer, rounds interleaved (A B C A B C …), ratios with their spread.

A case is a module of `cases/`: what it measures (UNIT), which figure is the floor (FLOOR), what we aim for (GOALS: restkit's
CPU time divided by the peer's), and PEERS: name → function that is given the server's address and returns the function
that does the work `count` times. A peer's process lives through all rounds, so its connections stay warm.
Server and peers are pinned to one core: unpinned, scheduling alone moves a figure fivefold.
"""

import contextlib
import importlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
OURS = "restkit"
ROUND = 0.25
"""Seconds of work a peer does in one round: long enough for the clock, short enough to interleave."""

ROUNDS = 15
PASSED_TO_PEERS = frozenset({"PATH", "HOME", "LANG", "LD_LIBRARY_PATH"})

Work = Callable[[int], None]


class Peer(NamedTuple):
    """A running process of one peer."""

    name: str
    process: "subprocess.Popen[str]"

    def run(self, count: int) -> dict[str, float]:
        """Do the work `count` times; returns wall and CPU seconds for one."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} died")
        took: dict[str, float] = json.loads(line)
        return {clock: seconds / count for clock, seconds in took.items()}


def pin() -> None:
    """To the last core this process may use, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


@contextlib.contextmanager
def started(command: list[str]) -> "Iterator[subprocess.Popen[str]]":
    """A process that we talk to by lines; it ends when its standard input is closed."""
    settings = {name: value for name, value in os.environ.items() if name in PASSED_TO_PEERS}
    with subprocess.Popen(command, cwd=HERE, env=settings, text=True, stdin=-1, stdout=-1) as process:
        try:
            yield process
        finally:
            process.stdin.close()  # type: ignore[union-attr]
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def work_as(case_name: str, peer_name: str, host: str, port: int) -> None:
    """The life of a peer's process: a count in, the time it took out."""
    work: Work = importlib.import_module(f"cases.{case_name}").PEERS[peer_name](host, port)
    print("ready", flush=True)
    for line in sys.stdin:
        count = int(line)
        wall, cpu = time.perf_counter(), time.process_time()
        work(count)
        took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
        print(json.dumps(took), flush=True)


def measure(case_name: str, names: list[str], port: int) -> dict[str, dict[str, list[float]]]:
    """Seconds for one unit of work, per peer and clock, one figure a round."""
    with contextlib.ExitStack() as stack:
        peers = []
        for name in names:
            command = [sys.executable, str(HERE / "frame.py"), case_name, name, str(port)]
            process = stack.enter_context(started(command))
            assert process.stdout
            if process.stdout.readline() != "ready\n":
                raise RuntimeError(f"{name} did not start")
            peers.append(Peer(name, process))
        counts = {peer.name: calibrated(peer) for peer in peers}
        rounds = [{peer.name: peer.run(counts[peer.name]) for peer in peers} for _ in range(ROUNDS)]
    return {
        name: {clock: [each[name][clock] for each in rounds] for clock in ("wall", "cpu")} for name in names
    }


def calibrated(peer: Peer) -> int:
    """How often the peer does the work in one round's time; warms it up as well."""
    count = 1
    while (took := peer.run(count)["wall"] * count) < ROUND / 8:
        count *= 4
    return max(1, round(count * ROUND / took))


def ratios(measured: dict[str, dict[str, list[float]]], of: str, to: str) -> tuple[float, float, float]:
    """CPU of one peer over another's, round by round: median, least, greatest."""
    each = [a / b for a, b in zip(measured[of]["cpu"], measured[to]["cpu"], strict=True)]
    return statistics.median(each), min(each), max(each)


def report(case: Any, measured: dict[str, dict[str, list[float]]]) -> list[dict[str, Any]]:
    """One row a peer, cheapest first: times in the case's unit, ratio to the floor, ours to it, and the goal."""
    scale, _ = case.UNIT
    rows = []
    for name, clocks in measured.items():
        row = {"peer": name, **{clock: statistics.median(values) * scale for clock, values in clocks.items()}}
        row["to_floor"] = ratios(measured, name, case.FLOOR)
        if OURS in measured and name != OURS:
            row |= {"ours_to_it": ratios(measured, OURS, name), "goal": case.GOALS.get(name)}
        rows.append(row)
    return sorted(rows, key=lambda row: row["cpu"])


def print_report(case_name: str, case: Any, rows: list[dict[str, Any]]) -> None:
    """The rows as a table."""
    print(f"\n{case_name}: {case.UNIT[1]}, {ROUNDS} rounds; ratios of CPU time, median [least-greatest]")
    print(f"{'peer':<18}{'wall':>9}{'cpu':>9}   {'cpu / ' + case.FLOOR:<22}{OURS + ' / it':<22}goal")
    for row in rows:
        ours = spread(row["ours_to_it"]) if "ours_to_it" in row else ""
        goal = "" if row.get("goal") is None else f"<= {row['goal']:g}"
        print(
            f"{row['peer']:<18}{row['wall']:>9.2f}{row['cpu']:>9.2f}   {spread(row['to_floor']):<22}{ours:<22}{goal}"
        )


def spread(ratio: tuple[float, float, float]) -> str:
    """`0.77 [0.70-0.81]`."""
    return "{:.3g} [{:.3g}-{:.3g}]".format(*ratio)


def main(case_name: str, server: list[str], machine: dict[str, Any]) -> None:
    """Measure one case against the server of this command line, print it, write results/CASE.json."""
    case = importlib.import_module(f"cases.{case_name}")
    pin()
    with started(server) as process:
        assert process.stdout
        port = int(process.stdout.readline())
        measured = measure(case_name, list(case.PEERS), port)
    rows = report(case, measured)
    print_report(case_name, case, rows)
    result = {
        "case": case_name,
        "unit": case.UNIT[1],
        "rounds": ROUNDS,
        **machine,
        "rows": rows,
        "seconds": measured,
    }
    path = HERE / "results" / f"{case_name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"written: benchmarks/results/{path.name}")


if __name__ == "__main__":
    work_as(sys.argv[1], sys.argv[2], "127.0.0.1", int(sys.argv[3]))
