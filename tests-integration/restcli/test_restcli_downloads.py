"""Downloads and uploads: names, resuming after a kill, progress on a terminal, memory."""

import hashlib
import json
import os
import signal
import threading
import time
from pathlib import Path

import psutil
import pytest
from commands import Shell
from recorder import Recorder, answer

from servers.nginx import Nginx

MIB = 1024 * 1024
RESIDENT = 60 * MIB


# -- names


@pytest.mark.parametrize(
    ("path", "disposition", "name"),
    [
        ("/a/report.pdf", None, "report.pdf"),
        ("/a/report.pdf?x=/etc/passwd", None, "report.pdf"),
        ("/", None, "index.html"),
        ("/a/.bashrc", None, "bashrc"),
        ("/a/..%2F..%2Fetc%2Fpasswd", None, "passwd"),
        ("/a/x%00%0ay", None, "xy"),
        ("/get", 'attachment; filename="../../up.txt"', "up.txt"),
        ("/get", 'attachment; filename="/etc/passwd"', "passwd"),
        ("/get", 'attachment; filename="..\\..\\win.ini"', "win.ini"),
        ("/get", 'attachment; filename=".ssh"', "ssh"),
        ("/get", "attachment; filename=a.txt; filename*=UTF-8''na%C3%AFve%2F..%2Fb.txt", "b.txt"),
        ("/get", 'attachment; filename=".."', "get"),
        ("/get", 'attachment; filename=""', "get"),
    ],
)
def test_saved_names_are_harmless(
    path: str, disposition: str | None, name: str, shell: Shell, recorder: Recorder
) -> None:
    fields = [("Content-Disposition", disposition)] if disposition else []
    reply = answer(b"data", fields=fields)
    recorder.routes[path.partition("?")[0]] = reply
    assert shell("-O", recorder.url + path).code == 0
    assert os.listdir(shell.folder) == [name]
    assert sorted(os.listdir(shell.folder.parent)) == ["home", "work"]


def test_an_existing_file_is_kept_without_force(shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/f"] = answer(b"new")
    (shell.folder / "f").write_text("old")
    assert "--force" in shell.fails(23, "-O", recorder.url + "/f")
    assert (shell.folder / "f").read_text() == "old"
    assert shell("--download", "--force", recorder.url + "/f").code == 0
    assert (shell.folder / "f").read_text() == "new"


def test_a_link_is_not_written_through(shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/f"] = answer(b"new")
    (shell.folder / "f").symlink_to(shell.home / "target")
    shell.fails(23, "-O", recorder.url + "/f")
    assert not (shell.home / "target").exists()


def test_an_error_page_is_not_saved(shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/f"] = answer(b"sorry", status="404 Not Found")
    assert "404 Not Found" in shell.fails(1, "-O", recorder.url + "/f")
    shell.fails(4, "--check-status", "-O", recorder.url + "/f")
    assert os.listdir(shell.folder) == []


def test_server_response_of_a_download(shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/f"] = answer(b"data")
    done = shell("-O", "-S", recorder.url + "/f")
    assert done.text.startswith(f"Server response from {recorder.url}/f:\n\nContent-Type: text/plain\n")
    assert (shell.folder / "f").read_bytes() == b"data"


# -- going on


def ranged(content: bytes, cut: int):
    """A server that breaks off after `cut` bytes the first time, and then serves ranges."""
    state = {"served": 0}

    def reply(request):
        state["served"] += 1
        if state["served"] == 1:
            head = f'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Length: {len(content)}\r\n\r\n'
            return [head.encode() + content[:cut]]
        begin = int(request.field("Range").partition("=")[2].rstrip("-"))
        assert request.field("If-Range") == '"1"'
        fields = [("ETag", '"1"'), ("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")]
        return [answer(content[begin:], status="206 Partial Content", fields=fields)]

    return reply


@pytest.mark.parametrize("flag", ["-c", "--continue"])
def test_continue_fetches_only_the_rest(flag: str, shell: Shell, recorder: Recorder) -> None:
    content = os.urandom(300_000)
    recorder.routes["/f.bin"] = ranged(content, 100_000)
    shell.fails(18, "-O", recorder.url + "/f.bin")
    assert shell("-O", flag, recorder.url + "/f.bin").code == 0
    assert (shell.folder / "f.bin").read_bytes() == content
    assert os.listdir(shell.folder) == ["f.bin"]
    assert recorder.requests[-1].field("Range") == "bytes=100000-"


def test_continue_of_a_whole_file_does_nothing(shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/f"] = answer(b"new")
    (shell.folder / "f").write_text("old")
    done = shell("-O", "--continue", recorder.url + "/f")
    assert done.code == 0
    assert "nothing to do" in done.err
    assert recorder.requests == []


def test_continue_with_a_name_of_our_own(shell: Shell, recorder: Recorder) -> None:
    content = os.urandom(50_000)
    recorder.routes["/f"] = ranged(content, 10_000)
    shell.fails(18, "-o", "mine", "-c", recorder.url + "/f")
    assert shell("-o", "mine", "-c", recorder.url + "/f").code == 0
    assert (shell.folder / "mine").read_bytes() == content


@pytest.fixture(scope="module")
def large(nginx: Nginx) -> Path:
    """256 MiB that no page is like another of."""
    path = nginx.files / "large.bin"
    seed = hashlib.sha256(b"restcli").digest()
    with path.open("wb") as file:
        for number in range(256):
            file.write(hashlib.shake_128(seed + number.to_bytes(2, "big")).digest(MIB))
    return path


def test_a_killed_download_goes_on_to_the_right_digest(shell: Shell, nginx: Nginx, large: Path) -> None:
    part = shell.folder / "large.bin.part"
    with shell.start("-O", nginx.url + "/large.bin") as process:
        end = time.monotonic() + 30
        while not (part.exists() and part.stat().st_size > MIB) and process.poll() is None:
            assert time.monotonic() < end
            os.sched_yield()
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    if part.exists():
        had = part.stat().st_size
        assert had < large.stat().st_size
    assert shell("-O", "--continue", nginx.url + "/large.bin").code == 0
    assert digest(shell.folder / "large.bin") == digest(large)
    assert not part.exists()


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# -- memory


def peak(process) -> int:
    """The largest resident size seen while a process runs."""
    seen = 0
    watched = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            seen = max(seen, watched.memory_info().rss)
        except psutil.Error:
            break
        time.sleep(0.02)
    return seen


def test_a_large_download_into_a_pipe_holds_flat_memory(shell: Shell, nginx: Nginx, large: Path) -> None:
    with open(os.devnull, "wb") as sink, shell.start(nginx.url + "/large.bin", stdout=sink) as process:
        assert peak(process) < RESIDENT
    assert process.returncode == 0


def test_a_large_upload_from_standard_input_streams(shell: Shell, gunicorn: str, large: Path) -> None:
    reader, writer = os.pipe()
    with (
        large.open("rb") as source,
        shell.start(gunicorn + "/echo", "POST", "-", "-o", "back", stdin=reader) as process,
    ):
        os.close(reader)

        def feed() -> None:
            with os.fdopen(writer, "wb") as pipe:
                while block := source.read(MIB):
                    pipe.write(block)

        thread = threading.Thread(target=feed)
        thread.start()
        assert peak(process) < RESIDENT
        thread.join(30)
    assert process.returncode == 0
    assert json.loads((shell.folder / "back").read_text())["sha256"] == digest(large)


# -- for eyes


def test_progress_is_drawn_on_a_terminal_only(shell: Shell, nginx: Nginx, large: Path) -> None:
    done = shell.on_terminal("-O", nginx.url + "/large.bin")
    assert done.code == 0
    last = done.text.split("\r\033[K")[-1]
    assert "100%" in last
    assert "256.0 MiB of 256.0 MiB" in last
    assert "/s" in last
    assert "█" in last
    assert any("ETA" in drawn for drawn in done.text.split("\r"))
    assert shell("-O", "--force", nginx.url + "/large.bin").err == ""


def test_upload_progress_is_drawn_and_taken_away(
    shell: Shell, nginx: Nginx, gunicorn: str, large: Path
) -> None:
    done = shell.on_terminal("-i", str(large), "-X", "PUT", "-o", "/dev/null", gunicorn + "/echo")
    assert done.code == 0
    assert "↑ upload" in done.text
    assert "MiB of 256.0 MiB" in done.text
