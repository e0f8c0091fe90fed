"""The manual's examples: each is the manual's block, changed only where it says so, and does what the manual says."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from servers.stand_in import StandIn, run_stand_in
from tools.workspace import ROOT

EXAMPLES = sorted((ROOT / "examples" / "manual").glob("*.py"))
BLOCKS = Path(__file__).parent / "data" / "manual"
SIZE_OF_LOGO = str(6 + 256 * 400)
BASIC = "Basic dXNlcm5hbWU6cGFzc3dvcmQ="
CRAWLED = r"(RESULT: http://[a-z.]+: 200 OK \(\d\d\)\n){50}\d+\.\d\d s\n"

# What each prints: a regular expression.
PRINTED = {
    "intro_request": r"b'welcome to friendpaste'\n.*'?[Cc]ontent-[Tt]ype'?.*text/plain.*\n",
    "intro_resource": r"b'welcome to friendpaste'\n",
    "twitter_search": r"\{'results': \[\{'text': 'all about gunicorn'\}\]\}\n",
    "reuse_connections": r"200 OK\n",
    "reuse_connections_gevent": r"200 OK\n",
    "basic_auth_filter": rf"{BASIC}\n",
    "basic_auth_url": rf"<Resource http://friendpaste\.com/?> {BASIC}\n",
    "oauth_client": r"b'oauth_token=request_token&oauth_token_secret=hush&oauth_callback_confirmed=true'\n",
    "oauth_twitter_search": r"\{'results': \[\{'text': 'all about gunicorn'\}\]\}\n",
    "oauth_three_legged": r"Request Token:\n - oauth_token = request_token\n(.*\n)+Have you authorized me\? \(y/n\) What is the PIN\? "
    r"Access Token:\n - oauth_token = access_token\n - oauth_token_secret = hush\n\nYou may now (.*\n)+",
    "stream_file": rf"{(ROOT / 'examples/manual/stream_file.py').stat().st_size}\n",
    "stream_iterator": r"chunked line 1line 2\n",
    "stream_iterator_length": r"12 line 1line 2\n",
    "stream_from": rf"{SIZE_OF_LOGO}\n",
    "stream_from_read": rf"{SIZE_OF_LOGO}\n",
    "tee": rf"True {SIZE_OF_LOGO}\n",
    "gevent_crawler": CRAWLED,
    "gevent_session": r"\['200 OK', '200 OK', '200 OK', '200 OK', '200 OK'\]\n",
    "eventlet_crawler": CRAWLED,
    "client_session": r"301 Moved Permanently\nb'moved'\n200 OK\n",
}


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with run_stand_in(tmp_path_factory.mktemp("stand-in"), ["localhost"]) as server:
        yield server


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_runs_and_prints_what_it_should(example: Path, stand_in: StandIn, tmp_path: Path) -> None:
    environ = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        stand_in.command(str(example)),
        cwd=tmp_path,
        env=environ,
        input="y\n1234\n",
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert re.fullmatch(PRINTED[example.stem], done.stdout), done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_is_the_manuals_block_but_for_what_it_marks(example: Path) -> None:
    block = (BLOCKS / f"{example.stem}.txt").read_text(encoding="utf-8")
    assert bare(as_in_manual(example.read_text(encoding="utf-8"))) == bare(as_python_3(block))


def test_every_block_has_its_example_and_no_example_is_without_one() -> None:
    blocks = {path.stem for path in BLOCKS.glob("*.txt")}
    assert blocks == {path.stem for path in EXAMPLES} == set(PRINTED)


def as_in_manual(example: str) -> str:
    """The example with its marked changes undone."""
    text = re.sub(r"(?ms)^# not in the manual\n.*?(^# the manual\n|\Z)", "", example)
    text = re.sub(r"(?m)^ *# manual: (.*)\n.*$", lambda match: as_python_3(match[1]), text)
    return text.replace(
        "# A file of this example's folder, opened for bytes, as Python 3 asks for; a URL has a host.\n", ""
    )


def as_python_3(block: str) -> str:
    """The manual's block in Python 3's spelling; of a session, what is typed."""
    if block.startswith(">>>"):
        block = "\n".join(line[4:] for line in block.splitlines() if line.startswith(">>> "))
    for before, after in (
        (r"(?m)^print (.*)$", r"print(\1)"),
        (r"(?m)^print$", "print()"),
        (r"\burlparse\b", "urllib.parse"),
        (r"\braw_input\(", "input("),
        (r"super\(\w+, self\)", "super()"),
        (r"parse_qsl\(resp\.body_string\(\)\)", "parse_qsl(resp.body_string(charset='utf-8'))"),
    ):
        block = re.sub(before, after, block)
    return block


def bare(text: str) -> str:
    """Without what a formatter may change: blanks, kinds of quotes, last commas, semicolons."""
    text = re.sub(r"\s+", "", text).replace('"', "'").replace(";", "")
    return re.sub(r",([\])])", r"\1", text)
