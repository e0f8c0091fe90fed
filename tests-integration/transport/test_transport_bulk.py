"""Large bodies, both ways: every byte, in little memory; and how many system calls a request takes."""

import hashlib
import re
import shutil

import pytest

from servers.requirements import miss

MIB = 1 << 20
BLOCK = bytes(range(256)) * 256
# KiB, interpreter, TLS library and all.
MOST = 60 * 1024


@pytest.fixture(scope="module")
def digest_of():
    known = {}

    def compute(size):
        if size not in known:
            made = hashlib.sha256()
            for _ in range(size // len(BLOCK)):
                made.update(BLOCK)
            known[size] = made.hexdigest()
        return known[size]

    return compute


@pytest.fixture
def file_of(tmp_path):
    def make(size):
        path = tmp_path / "large.bin"
        with path.open("wb") as file:
            for _ in range(size // len(BLOCK)):
                file.write(BLOCK)
        return path

    return make


@pytest.mark.timeout(600)
@pytest.mark.parametrize("way", ["down", "file", "generator", "multipart"])
@pytest.mark.parametrize("kind", ["plain", "tls"])
def test_a_large_body_is_exact_and_held_nowhere(
    kind, way, run, peers, certificates, digest_of, file_of, length
):
    size = length(64, 1024) * MIB
    path = str(file_of(size)) if way in ("file", "multipart") else None
    authority = str(certificates.authority) if kind == "tls" else None
    result = run("bulk", url=peers[kind], size=size, way=way, path=path, authority=authority)
    assert (result["digest"] if way == "down" else result["answer"]) == digest_of(size)
    assert result["peak"] < MOST


@pytest.fixture
def strace(tmp_path):
    path = shutil.which("strace") or miss("strace is not installed: apt-get install strace")
    return path, tmp_path / "calls"


def counted(run, strace, what, count, **arguments):
    """The system calls between the job's two marks."""
    program, log = strace
    run("calls", before=[program, "-f", "-o", log], what=what, count=count, **arguments)
    lines = log.read_text().splitlines()
    begin, end = (
        next(i for i, line in enumerate(lines) if f"/mark/{name}" in line) for name in ("begin", "end")
    )
    # Not the interpreter's: its memory, and the lock of its threads.
    skipped = re.compile(r"\d+ +(mmap|munmap|brk|madvise|mremap|futex|\+\+\+|<\.\.\.)")
    return [line for line in lines[begin + 1 : end] if not skipped.match(line)]


@pytest.mark.parametrize(("what", "most"), [("kept", 4), ("new", 9)])
def test_a_small_get_takes_few_system_calls(what, most, run, peers, strace):
    calls = counted(run, strace, what, 50, url=peers["plain"])
    assert len(calls) / 50 <= most, calls[:12]


def test_a_file_is_sent_with_less_than_a_call_for_each_mib(run, peers, strace, file_of):
    path = file_of(64 * MIB)
    calls = counted(run, strace, "file", 1, url=peers["plain"] + "/up", path=str(path))
    sending = [line for line in calls if re.search(r"\d+ +(sendfile|read|pread64|send\w*)\(", line)]
    assert any("sendfile" in line for line in sending)
    assert not any(re.search(r"\d+ +p?read", line) for line in sending)
    assert len(sending) < 64, sending[:10]
    # And as often it is waited until the peer has taken them.
    assert len(calls) < 2 * 64, calls[:10]
