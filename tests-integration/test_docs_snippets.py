"""Every ```python snippet of the READMEs and of docs runs, unchanged, against servers that stand in for the hosts it names."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from servers.name_server import parts
from servers.stand_in import StandIn, run_stand_in
from tools.workspace import ROOT

FILES = [
    path
    for pattern in ("*.md", "packages/*/README.md", "docs/**/*.md", "examples/**/*.md")
    for path in sorted(ROOT.glob(pattern))
]
TEXTS = {path: path.read_text(encoding="utf-8") for path in FILES}
PARTS = [
    f"{path.relative_to(ROOT)}#{number}" for path in FILES for number in range(1, len(parts(TEXTS[path])) + 1)
]


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    hosts = {host for text in TEXTS.values() for host in re.findall(r"https://([a-z0-9.-]+)", text)}
    with run_stand_in(tmp_path_factory.mktemp("stand-in"), sorted(hosts)) as server:
        yield server


@pytest.mark.parametrize("part", PARTS)
def test_snippets_run_as_they_are_written(part: str, stand_in: StandIn, tmp_path: Path) -> None:
    environ = {**os.environ, "SSL_CERT_FILE": str(stand_in.authority), "HOME": str(tmp_path)}
    done = subprocess.run(
        stand_in.command(str(ROOT / part)),
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


def test_there_are_snippets_in_every_readme() -> None:
    names = {part.partition("#")[0] for part in PARTS}
    readmes = {str(path.relative_to(ROOT)) for path in ROOT.glob("packages/*/README.md")}
    assert len(readmes) == 6
    assert readmes - names <= {"packages/restkit-oauth2/README.md"}


def test_a_part_keeps_the_files_line_numbers_and_parts_are_apart() -> None:
    text = (
        "one\n```python\na = 1\n```\n\n```python\nb = 2\n```\n<!-- a new process -->\n```python\nc = 3\n```\n"
    )
    first, second = parts(text)
    assert [line for line in first.splitlines() if line] == ["a = 1", "b = 2"]
    assert first.splitlines().index("b = 2") == text.splitlines().index("b = 2")
    assert second.strip() == "c = 3"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files_and_headings_that_exist(path: Path) -> None:
    prose = re.sub(r"(?ms)^```.*?^```$|`[^`\n]*`", "", TEXTS[path])
    for link in re.findall(r"\]\(([^)\s]+)\)", prose):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, heading = link.partition("#")
        target = path.parent / name if name else path
        assert target.exists(), link
        if heading:
            assert heading in headings(target.read_text(encoding="utf-8")), link


def headings(text: str) -> set[str]:
    """The anchors of a Markdown file's headings, as GitHub makes them."""
    titles = re.findall(r"(?m)^#+ (.*)$", text)
    return {re.sub(r"[^a-z0-9_ -]", "", title.lower()).replace(" ", "-") for title in titles}
