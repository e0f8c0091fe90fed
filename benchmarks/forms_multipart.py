"""Multipart bodies made by restkit-forms and by its peers: CPU time, interleaved, median of ratios.

    python benchmarks/forms_multipart.py [rounds]

Goals (design, "Performance goals"): a 64 MiB file part at most 1.0x httpx and 0.4x requests-toolbelt, with flat memory;
1000 small fields at most 0.2x httpx. Each round runs every contender once, in an order that rotates, so that what
disturbs the machine disturbs all of them; a ratio is taken within a round, and the median over the rounds is
printed. Exit status 1 when a goal is missed. Needs requirements/bench.txt.
"""

from __future__ import annotations

import gc
import statistics
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from requests_toolbelt.multipart.encoder import MultipartEncoder

from restkit_forms import MultipartForm

if TYPE_CHECKING:
    from collections.abc import Callable

MIB = 1024 * 1024
FILE_SIZE = 64 * MIB
BLOCK = 64 * 1024  # what a client would read at a time from an encoder that is a file
FIELDS = {f"field_{number}": f"value {number}" for number in range(1000)}
GOALS = {
    ("file", "httpx"): 1.0,
    ("file", "requests-toolbelt"): 0.4,
    ("1000 fields", "httpx"): 0.2,
}


def drain(blocks: object) -> int:
    """Take every block, as a connection would."""
    total = 0
    for block in blocks:  # type: ignore[attr-defined]
        total += len(block)
    return total


def restkit_file(path: Path) -> int:
    with path.open("rb") as file:
        form = MultipartForm({"file": file})
        assert form.content_length
        return drain(form)


def restkit_file_readinto(path: Path) -> int:
    with path.open("rb") as file:
        form = MultipartForm({"file": file})
        assert form.content_length
        buffer = bytearray(BLOCK)
        total = 0
        while taken := form.readinto(buffer):
            total += taken
        return total


def httpx_file(path: Path) -> int:
    with path.open("rb") as file:
        request = httpx.Request("POST", "http://h/", files={"file": file})
        return drain(request.stream)


def toolbelt_file(path: Path) -> int:
    with path.open("rb") as file:
        encoder = MultipartEncoder({"file": (path.name, file, "application/octet-stream")})
        return drain(iter(lambda: encoder.read(BLOCK), b""))


def restkit_fields(_: Path) -> int:
    form = MultipartForm(FIELDS)
    assert form.content_length
    return drain(form)


def httpx_fields(_: Path) -> int:
    # without a file it would be an url-encoded form; an empty one makes it multipart, for one part more
    request = httpx.Request("POST", "http://h/", data=FIELDS, files={"f": b""})
    return drain(request.stream)


def toolbelt_fields(_: Path) -> int:
    encoder = MultipartEncoder(FIELDS)
    return drain(iter(lambda: encoder.read(BLOCK), b""))


CASES: dict[str, dict[str, Callable[[Path], int]]] = {
    "file": {"restkit": restkit_file, "httpx": httpx_file, "requests-toolbelt": toolbelt_file},
    "file, readinto": {"restkit": restkit_file_readinto, "httpx": httpx_file},
    "1000 fields": {"restkit": restkit_fields, "httpx": httpx_fields, "requests-toolbelt": toolbelt_fields},
}
REPEAT = {"1000 fields": 20}  # so that one measurement is well over the clock's resolution


def measure(run: Callable[[Path], int], path: Path, repeat: int) -> float:
    """CPU seconds of one run, user and system."""
    gc.collect()
    start = time.process_time()
    for _ in range(repeat):
        run(path)
    return (time.process_time() - start) / repeat


def compare(case: str, path: Path, rounds: int) -> dict[str, list[float]]:
    """CPU seconds by contender, one for each round."""
    contenders = list(CASES[case].items())
    times: dict[str, list[float]] = {name: [] for name, _ in contenders}
    for run in CASES[case].values():
        measure(run, path, 1)
    for number in range(rounds):
        turn = number % len(contenders)
        for name, run in contenders[turn:] + contenders[:turn]:
            times[name].append(measure(run, path, REPEAT.get(case, 1)))
    return times


def report(case: str, times: dict[str, list[float]]) -> bool:
    """Print the table of one case; False when a goal is missed."""
    met = True
    for name, taken in times.items():
        line = f"{case:15} {name:18} {statistics.median(taken) * 1e3:9.2f} ms"
        if name != "restkit":
            ratio = statistics.median(
                ours / theirs for ours, theirs in zip(times["restkit"], taken, strict=True)
            )
            goal = GOALS.get((case, name))
            line += f"   restkit is {ratio:.2f}x" + (f" (goal {goal}x)" if goal else "")
            met = met and (goal is None or ratio <= goal)
        print(line)
    return met


def peak_memory(run: Callable[[Path], int], path: Path) -> int:
    """Bytes of Python memory at the most, over what there was before."""
    tracemalloc.start()
    run(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def main(rounds: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "64MiB.bin")
        with path.open("wb") as file:
            for _ in range(FILE_SIZE // MIB):
                file.write(b"\xa5" * MIB)
        missed = [case for case in CASES if not report(case, compare(case, path, rounds))]
        peak = peak_memory(restkit_file, path)
    print(f"peak memory of a {FILE_SIZE // MIB} MiB file part: {peak / MIB:.2f} MiB (goal 2)")
    return 1 if missed or peak > 2 * MIB else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 15))
