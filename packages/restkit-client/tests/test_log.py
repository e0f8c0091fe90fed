"""The loggers, and set_logging."""

import logging
import subprocess
import sys

import pytest

from restkit_client.log import debugging, logger, set_logging


class Kept(logging.Handler):
    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


@pytest.fixture
def root():
    found = logging.getLogger("restkit")
    before = found.level, found.handlers[:], found.propagate
    yield found
    found.setLevel(before[0])
    found.handlers[:] = before[1]


def test_a_second_set_logging_replaces_the_handler_of_the_first(root):
    others = root.handlers[:]
    kept = Kept()
    set_logging("debug")
    set_logging("debug", kept)
    set_logging("debug", kept)
    logger("pool").debug("once")
    assert [each for each in root.handlers if each not in others] == [kept]
    assert len(kept.lines) == 1
    assert kept.lines[0].endswith("[DEBUG] once")


@pytest.mark.parametrize(
    ("level", "number"),
    [("critical", 50), ("ERROR", 40), ("warning", 30), ("info", 20), ("debug", 10), ("?", 20)],
)
def test_the_level_is_a_name_and_info_for_any_other(level, number, root):
    set_logging(level, Kept())
    assert root.level == number
    assert debugging() is (number == 10)


def test_the_loggers_are_a_tree(root):
    assert logger("tls").parent is logger() is root


def test_a_program_that_does_not_log_loads_no_logging():
    code = "import sys, restkit_client.log as log; assert not log.debugging(); assert 'logging' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_request_is_logged_when_somebody_listens(root, serve, client):
    kept = Kept()
    set_logging("debug", kept)
    client.get(serve().url).body_string()
    assert "response_started" in kept.lines[-1]
