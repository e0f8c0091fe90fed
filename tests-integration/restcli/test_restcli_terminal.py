"""What a person sees: colours, indents, a final newline, no binary, nothing that the terminal would obey; and endless bodies."""

import re
import signal
import subprocess
import threading

import pytest
from commands import RESTCLI, Shell
from recorder import Recorder, answer

COLOUR = re.compile(r"\033\[[0-9;]*m")
DOCUMENTS = {
    "json": ("application/json", b'{"b":1.10,"a":[true,"\xc3\xa9"]}', '{\n  "a": [\n    true,\n    "é"\n  ],\n  "b": 1.10\n}\n'),
    "problem+json": ("application/problem+json; charset=utf-8", b"[1]", "[\n  1\n]\n"),
    "latin-1": ("application/json; charset=iso-8859-1", b'["\xe9"]', '[\n  "é"\n]\n'),
    "xml": ("text/xml", b"<a><b>x y</b><c/></a>", "<a>\n  <b>x y</b>\n  <c/>\n</a>\n"),
    "html": ("text/html", b"<p>one<br>two", "<p>one<br>two\n"),
    "broken json": ("application/json", b'{"a": ', '{"a": \n'),
}  # fmt: skip


@pytest.mark.parametrize("case", DOCUMENTS)
def test_documents_are_indented_and_coloured(case: str, shell: Shell, recorder: Recorder) -> None:
    kind, body, shown = DOCUMENTS[case]
    recorder.routes["/"] = answer(body, kind)
    text = shell.on_terminal(recorder.url).text
    assert COLOUR.sub("", text) == shown
    assert COLOUR.search(text)
    shell.variables["NO_COLOR"] = "1"
    assert shell.on_terminal(recorder.url).text == shown


def test_a_pipe_gets_the_bytes_though_errors_go_to_a_terminal(shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/"] = answer(b'{"a":1}', "application/json")
    assert shell(recorder.url).out == b'{"a":1}'


@pytest.mark.parametrize(("body", "shown"), [(b"no newline", "no newline\n"), (b"one\n", "one\n"), (b"", "")])
def test_text_ends_with_a_newline(body: bytes, shown: str, shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/"] = answer(body)
    assert shell.on_terminal(recorder.url).text == shown


@pytest.mark.parametrize("body", [b"\x89PNG\r\n\x1a\n\0\0", b"\0" * 10, bytes(range(32)) * 4])
def test_binary_is_named_not_shown(body: bytes, shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/"] = answer(body, "image/png")
    assert shell.on_terminal(recorder.url).text == (
        f"[binary, not shown: image/png, {len(body)} bytes; -o FILE saves it]\n"
    )


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "text/x-unknown"])
def test_nothing_that_a_terminal_obeys_gets_through(kind: str, shell: Shell, recorder: Recorder) -> None:
    evil = b"a\x1b]0;title\x07b\x1b[2Jc\x9bd\x08e\rf"
    recorder.routes["/"] = answer(evil * 3 + b" and much more text" * 20, kind)
    text = COLOUR.sub("", shell.on_terminal(recorder.url).text)
    assert "title" in text
    assert not [char for char in text if not char.isprintable() and char != "\n"]


def test_a_servers_colours_are_kept(shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/"] = answer(b"\x1b[31mred\x1b[0m\n")
    assert shell.on_terminal(recorder.url).text == "\x1b[31mred\x1b[0m\n"


# -- bodies without an end


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        ("text/event-stream", b"data: 1\n\n", b"data: 2\n\n"),
        ("application/json", b'{"n":1}\n', b'{"n":2}\n'),
        ("application/octet-stream", b"one\n", b"two\n"),
    ],
)
@pytest.mark.parametrize("on_terminal", [False, True])
def test_an_endless_body_is_shown_as_it_comes(
    kind: str, first: bytes, second: bytes, on_terminal: bool, shell: Shell, recorder: Recorder
) -> None:
    seen = threading.Event()

    def reply(_):
        yield f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n".encode() + first
        seen.wait(20)
        yield second

    recorder.routes["/"] = reply
    if on_terminal:
        threading.Timer(1.0, seen.set).start()
        assert "1" in shell.on_terminal(recorder.url).text or kind == "application/octet-stream"
        return
    with shell.start(recorder.url) as process:
        assert process.stdout.readline() == first.partition(b"\n")[0] + b"\n"
        assert not seen.is_set()
        seen.set()
        assert process.stdout.read().endswith(second)


def endless(_):
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
    while True:
        yield b"line\n" * 1000


def test_a_reader_that_has_seen_enough_ends_it_quietly(shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/"] = endless
    with shell.start(recorder.url) as process:
        assert process.stdout.readline() == b"line\n"
        process.stdout.close()
        assert process.wait(30) == 23
        assert process.stderr.read() == b""


def test_interrupting_is_quiet(shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/"] = endless
    with shell.start(recorder.url) as process:
        assert process.stdout.readline() == b"line\n"
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert process.wait(30) == 130
        assert process.stderr.read() == b""


def test_a_full_disk_is_said(shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/"] = endless
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [RESTCLI, recorder.url], stdout=full, stderr=subprocess.PIPE, text=True, timeout=30, check=False
        )
    assert done.returncode == 23
    assert done.stderr.splitlines() == [
        "An error happened: the output can not be written: No space left on device"
    ]
