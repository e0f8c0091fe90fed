"""A download that is killed again and again ends with the right bytes, and a half one never has the file's name."""

import hashlib
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from restkit import Client
from servers.nginx import Nginx

KILLED = Path(__file__).with_name("killed_download.py")
SIZE = 8 << 20


@pytest.mark.timeout(120)
def test_a_download_killed_twenty_times_at_random_and_resumed_has_the_right_digest(
    nginx: Nginx, tmp_path: Path
) -> None:
    rng = random.Random(20)
    content = rng.randbytes(SIZE)
    (nginx.files / "long.bin").write_bytes(content)
    target = tmp_path / "long.bin"
    # At each of these sizes the process dies in the middle of a write-and-report loop; one of them twice.
    points = sorted(rng.sample(range(1, SIZE), 19))
    begun = 0
    for point in [*points[:10], points[9], *points[10:]]:
        command = [sys.executable, str(KILLED), f"{nginx.url}/long.bin?killed", str(target), str(point)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == -signal.SIGKILL, done.stderr
        assert not target.exists()
        had = os.stat(f"{target}.part").st_size
        assert had >= max(begun, point - 65536)
        begun = had
    reported = []
    size = Client().download(
        f"{nginx.url}/long.bin?killed", target, progress=lambda *now: reported.append(now)
    )
    assert size == SIZE
    assert hashlib.sha256(target.read_bytes()).digest() == hashlib.sha256(content).digest()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["long.bin"]
    assert reported[0][0] > begun
    assert reported[-1] == (SIZE, SIZE)
    statuses = [each.status for each in nginx.served("?killed", 21)]
    assert statuses == [200, *[206] * 20]


def test_a_file_that_has_changed_is_downloaded_from_its_start(nginx: Nginx, tmp_path: Path) -> None:
    (nginx.files / "changing.bin").write_bytes(b"old" * 400_000)
    target = tmp_path / "changing.bin"

    def stop(size: int, _total: int | None) -> None:
        if size > 500_000:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        Client().download(f"{nginx.url}/changing.bin", target, progress=stop)
    assert not target.exists()
    # nginx makes the entity tag of size and time.
    (nginx.files / "changing.bin").write_bytes(b"newer" * 300_000)
    assert Client().download(f"{nginx.url}/changing.bin", target) == 1_500_000
    assert target.read_bytes() == b"newer" * 300_000


def test_a_gzipped_file_is_resumed_as_what_it_holds(nginx: Nginx, tmp_path: Path) -> None:
    content = b"".join(b"line %d of a text\n" % number for number in range(100_000))
    (nginx.files / "zipped-text.txt").write_bytes(content)
    target = tmp_path / "text.txt"

    def stop(size: int, _total: int | None) -> None:
        if size > 300_000:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        Client().download(f"{nginx.url}/packed/zipped-text.txt", target, progress=stop)
    Client().download(f"{nginx.url}/packed/zipped-text.txt", target)
    assert target.read_bytes() == content


def test_save_leaves_nothing_behind_when_it_fails(nginx: Nginx, tmp_path: Path) -> None:
    (nginx.files / "saved.bin").write_bytes(bytes(300_000))

    def stop(_size: int, _total: int | None) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        Client().get(f"{nginx.url}/saved.bin").save(tmp_path / "saved.bin", progress=stop)
    assert list(tmp_path.iterdir()) == []
    assert Client().get(f"{nginx.url}/saved.bin").save(tmp_path / "saved.bin") == 300_000
