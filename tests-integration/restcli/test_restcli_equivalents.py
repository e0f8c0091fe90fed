"""Each row of the table in docs/restcli.md: the other tool and restcli send the same, but for what the row says."""

import json
import re
import shlex
import sys
from pathlib import Path

import pytest
from commands import Shell
from recorder import Recorded, Recorder, answer

from servers.requirements import require_program
from tools.restcli_table import SECTION, rendered

DATA = Path(__file__).parent / "data" / "equivalents.json"
ROWS = json.loads(DATA.read_text())
ALWAYS_DIFFERENT = {"user-agent", "accept-encoding", "connection"}
"""The default fields of which each tool has its own; docs/restcli.md says so above the table."""

HINTS = {"curl": "apt-get install curl", "http": "pip install httpie"}


def command(text: str, recorder: Recorder) -> list[str]:
    words = shlex.split(text.removesuffix(" | cat"))
    host = f"127.0.0.1:{recorder.port}"
    return [
        word.replace("URL", recorder.url).replace("HOST", host).replace("PORT", str(recorder.port))
        for word in words
    ]


def normal(request: Recorded, row: dict) -> dict[str, object]:
    """A request without the names of its boundary and the row's own differences; names in lower case, in order."""
    differs = set(row.get("differs", ()))
    skipped = (ALWAYS_DIFFERENT | differs) - set(row.get("compare", ()))
    head, body = request.head.decode("latin-1"), request.body
    boundary = re.search(r"boundary=\"?([^\s\";]+)", head)
    fields = sorted((name.lower(), value) for name, value in request.fields if name.lower() not in skipped)
    if boundary:
        body = body.replace(boundary[1].encode(), b"BOUNDARY")
        fields = [(name, value.replace(boundary[1], "BOUNDARY")) for name, value in fields]
        fields = [pair for pair in fields if pair[0] != "content-length"]
    return {
        "method": request.method,
        "target": "" if "target" in differs else request.target.rstrip("?"),
        "fields": fields,
        "body": parts(body, "part content-length" in differs) if boundary else body,
    }


def parts(body: bytes, without_length: bool) -> list[object]:
    """A multipart body's parts, the fields of each in the order of their names."""
    found = []
    for part in body.split(b"--BOUNDARY"):
        head, mark, content = part.partition(b"\r\n\r\n")
        fields = [line for line in sorted(head.strip().split(b"\r\n")) if line]
        if without_length:
            fields = [line for line in fields if not line.startswith(b"Content-Length:")]
        found.append((fields, mark, content))
    return found


def installed(tool: str) -> str:
    beside = Path(sys.executable).with_name(tool)
    return str(beside) if beside.exists() else require_program(tool, HINTS[tool])


@pytest.fixture
def files(shell: Shell) -> Shell:
    (shell.folder / "note.txt").write_text("two\nlines\n")
    (shell.folder / "data.json").write_text('{"b": [1, 2]}')
    (shell.folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    return shell


@pytest.mark.parametrize("row", ROWS, ids=[row["theirs"] for row in ROWS])
def test_both_send_the_same(row: dict, files: Shell, recorder: Recorder) -> None:
    program = installed(row["tool"])
    recorder.routes["/moved"] = answer(status="302 Found", fields=[("Location", "/there")])
    stdin = row["stdin"].encode() if "stdin" in row else None
    theirs = command(row["theirs"], recorder)[1:]
    if row["tool"] == "http" and stdin is None:
        theirs = ["--ignore-stdin", *theirs]
    done = files(*theirs, stdin=stdin, program=program)
    theirs_sent = recorder.requests.copy()
    assert theirs_sent, done
    recorder.requests.clear()
    done = files(*command(row["ours"], recorder)[1:], stdin=stdin)
    assert done.code == 0, done
    assert [normal(one, row) for one in recorder.requests] == [normal(one, row) for one in theirs_sent]
    if "differs" in row:
        strict = {**row, "differs": {}}
        assert [normal(one, strict) for one in recorder.requests] != [
            normal(one, strict) for one in theirs_sent
        ]


def test_the_table_is_long_enough() -> None:
    assert len(ROWS) >= 60
    assert {row["tool"] for row in ROWS} == set(HINTS)


def test_the_manual_shows_the_table() -> None:
    page = (Path(__file__).parents[2] / "docs" / "restcli.md").read_text()
    assert SECTION in page
    assert rendered(page) == page, "run: python3 -m tools.restcli_table"
