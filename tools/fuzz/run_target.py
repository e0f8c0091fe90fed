"""One target in a process of its own: `python -m tools.fuzz.run_target NAME ENGINE INPUTS SEED`; the last line is its result."""

from __future__ import annotations

import itertools
import json
import random
import resource
import sys
import time
from contextlib import nullcontext
from hashlib import sha256
from typing import TYPE_CHECKING

from tools.workspace import CELLS, ORDER

if sys.argv[2:3] == ["atheris"]:
    import atheris

    # What is imported before is not seen by it; all there is, the standard library too, takes minutes.
    watching = atheris.instrument_imports(include=[package.replace("-", "_") for package in ORDER])
else:
    watching = nullcontext()
with watching:
    from restkit.errors import ERRORS
    from tools.fuzz.seeds import seeds
    from tools.fuzz.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Callable

# CPU seconds for one input.
SLOW = 1.0
# hypothesis remembers what it has tried: a fresh start now and then keeps it fast and small.
BATCH = 5000
MAX_EDITS = 8
# What ends, opens and bends things in most grammars.
MARKS = b'\0\t\r\n "\\,;=:\x7f\x80'


class Watched:
    """A target that counts, takes the time, and keeps an input that is not survived."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.target = TARGETS[name].run
        self.count = 0
        self.accepted = 0
        self.slowest = 0.0

    def __call__(self, data: bytes) -> None:
        """Try one input."""
        self.count += 1
        started = time.process_time()
        try:
            self.target(data)
            self.accepted += 1
        except ERRORS:
            pass
        except BaseException:
            self._keep(data)
            raise
        seconds = time.process_time() - started
        self.slowest = max(self.slowest, seconds)
        if seconds > SLOW:
            self._keep(data)
            raise AssertionError(f"{seconds:.1f} s for {len(data)} bytes")

    def _keep(self, data: bytes) -> None:
        folder = CELLS / "fuzz" / self.name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / sha256(data).hexdigest()[:16]).write_bytes(data)


def with_hypothesis(watched: Watched, inputs: int, seed: int) -> None:
    """Inputs made of the seeds by edits, found and shrunk by hypothesis."""
    import hypothesis
    from hypothesis import strategies as st

    words = (*TARGETS[watched.name].words, *(bytes([byte]) for byte in MARKS), b"")
    # Both draws are cheap ones: what an input costs is hypothesis, not the target.
    made = st.tuples(st.sampled_from(seeds(watched.name)), st.binary(max_size=MAX_EDITS * 4))

    def attempt(drawn: tuple[bytes, bytes]) -> None:
        data, edits = drawn
        watched(edits)
        for at in range(0, len(edits) - 3, 4):
            data = edited(data, edits[at : at + 4], words)
            watched(data)

    for batch in itertools.count():
        if watched.count >= inputs:
            return
        settings = hypothesis.settings(
            max_examples=min(BATCH, inputs - watched.count),
            database=None,
            deadline=None,
            suppress_health_check=list(hypothesis.HealthCheck),
            phases=[hypothesis.Phase.generate, hypothesis.Phase.shrink],
        )
        hypothesis.seed(seed * 1000 + batch)(settings(hypothesis.given(made)(attempt)))()


def edited(data: bytes, edit: bytes, words: tuple[bytes, ...]) -> bytes:
    """The data with one edit done, of four bytes: at a place (two), so many bytes are replaced by a word, or by any byte."""
    at = int.from_bytes(edit[:2]) % (len(data) + 1)
    count, choice = edit[2] % 4, edit[2] // 4
    word = words[choice] if choice < len(words) else edit[3:]
    return data[:at] + word + data[at + count :]


def with_atheris(watched: Watched, inputs: int, seed: int, report: Callable[[], None]) -> None:
    """Inputs that reach new lines, found by Atheris; it ends the process itself."""
    import atheris

    folder = CELLS / "fuzz" / "corpora" / watched.name
    folder.mkdir(parents=True, exist_ok=True)
    for data in seeds(watched.name):
        (folder / sha256(data).hexdigest()[:16]).write_bytes(data)
    dictionary = folder.parent / f"{watched.name}.dict"
    words = ("".join(f"\\x{byte:02x}" for byte in word) for word in TARGETS[watched.name].words)
    dictionary.write_text("".join(f'"{word}"\n' for word in words))

    def attempt(data: bytes) -> None:
        watched(data)
        if watched.count == inputs:
            report()

    options = [
        f"-runs={inputs}",
        f"-seed={seed}",
        "-max_len=4096",
        f"-dict={dictionary}",
        "-print_final_stats=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(folder)], attempt)
    atheris.Fuzz()


def main(name: str, engine: str, inputs: int, seed: int) -> None:
    """Run one target and print its result."""
    random.seed(seed)
    watched = Watched(name)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()

    def report() -> None:
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        result = {
            "inputs": watched.count,
            "accepted": watched.accepted,
            "slowest": round(watched.slowest, 3),
            "memory": grown,
            "seconds": round(time.monotonic() - started, 1),
        }
        print(json.dumps(result), flush=True)

    if engine == "atheris":
        with_atheris(watched, inputs, seed, report)
        return
    with_hypothesis(watched, inputs, seed)
    report()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
