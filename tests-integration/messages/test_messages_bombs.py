"""Bombs of 10 GiB: what sixteen bytes, the whole, and a refusal cost; and that none is decoded but for its reader."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from messages.bombs import BombServer, run_bombs

pytestmark = [
    pytest.mark.skipif(
        not Path("/proc/self/clear_refs").exists(), reason="memory is measured in Linux's /proc"
    ),
    pytest.mark.timeout(150),
]

TEN_GIB = 10 << 30
# The whole of it takes some ten seconds for each coding: under `make stress`. A part shows as much.
THROUGH = TEN_GIB if os.environ.get("RESTKIT_STRESS") else 256 << 20
COST = Path(__file__).with_name("bomb_cost.py")
CODINGS = ["gzip", "deflate", "deflate-raw", "br", "zstd", "gzip+gzip", "gzip+br"]


@pytest.fixture(scope="module")
def bombs() -> Iterator[BombServer]:
    with run_bombs() as server:
        yield server


def costs(server: BombServer, coding: str, *actions: str) -> dict[str, dict[str, int]]:
    command = [sys.executable, str(COST), server.url, coding, str(TEN_GIB), str(THROUGH), *actions]
    done = subprocess.run(command, capture_output=True, text=True, timeout=140, check=False)
    assert done.returncode == 0, done.stderr
    figures: dict[str, dict[str, int]] = json.loads(done.stdout)
    return figures


@pytest.mark.parametrize("coding", CODINGS)
def test_a_bomb_costs_little_and_is_refused(bombs: BombServer, coding: str) -> None:
    figures = costs(bombs, coding, "first_bytes", "refused", "refused_by_ratio", "through")
    assert {action: each["result"] for action, each in figures.items()} == {
        "first_bytes": 16,
        "refused": -1,
        "refused_by_ratio": -1,
        "through": THROUGH,
    }
    assert figures["first_bytes"]["more"] < 2 << 10
    assert figures["refused"]["more"] < 8 << 10
    assert figures["refused_by_ratio"]["more"] < 8 << 10
    assert figures["through"]["peak"] < 60 << 10


def test_the_manuals_loop_over_a_body_without_a_newline_holds_flat_memory(bombs: BombServer) -> None:
    figures = costs(bombs, "zstd", "iterated")["iterated"]
    assert figures["result"] == THROUGH
    assert figures["peak"] < 60 << 10


@pytest.mark.parametrize(("window", "most"), [(22, 4 << 10), (24, 16 << 10)])
def test_br_with_a_larger_window_costs_that_window(bombs: BombServer, window: int, most: int) -> None:
    # RFC 7932 §9.1: the stream says its window, and the decoder fills it before it hands anything out.
    assert costs(bombs, f"br-{window}", "first_bytes")["first_bytes"]["more"] < most + (2 << 10)


def test_what_nobody_reads_is_never_decoded(bombs: BombServer) -> None:
    figures = costs(bombs, "gzip", "closed", "skipped", "redirected", "retried", "repeated")
    assert [each["result"] for each in figures.values()] == [0, 0, 3, 3, 3]
    assert all(each["more"] < 2 << 10 for each in figures.values()), figures
