"""What the tests of this package share: running bytes through the parsers, and the folder of vectors."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest

from restkit_parser import DEFAULT_LIMITS, EndOfMessage, RequestParser, ResponseParser, RestkitError


class Wire:
    """One run of bytes through a parser: what came out, and what was raised."""

    def __init__(self, kind, pieces, *, methods=("GET",), eof=False, limits=DEFAULT_LIMITS):
        self.messages = []
        self.error = None
        if kind == "request":
            self.parser = RequestParser(limits)
        else:
            self.parser = ResponseParser(limits)
            for method in methods:
                self.parser.expect(method)
        try:
            for piece in pieces:
                self.parser.feed(piece)
                self._take_events()
            if eof:
                self.parser.feed_eof()
                self._take_events()
        except RestkitError as error:
            self.error = error
        self.reusable = getattr(self.parser, "reusable", None)
        self.rest = self.parser.take_rest() if self.error is None else b""

    def _take_events(self):
        for event in self.parser:
            if isinstance(event, bytes):
                assert event, "an empty piece of content was told"
                self.messages[-1]["body"] += event
            elif isinstance(event, EndOfMessage):
                self.messages[-1].update(
                    complete=True,
                    trailers=event.trailers.items(),
                    keep_alive=event.keep_alive,
                    upgrade=event.upgrade,
                )
            else:
                self._begin(event)

    def _begin(self, head):
        message = {"version": head.version, "headers": head.headers.items(), "body": b"", "complete": False}
        message["interim"] = False
        if isinstance(self.parser, RequestParser):
            message.update(method=head.method, target=head.target)
        else:
            message.update(
                status=head.status, reason=head.reason, interim=head.status < 200 and head.status != 101
            )
        message.update(trailers=[], keep_alive=None, upgrade=None)
        self.messages.append(message)

    @property
    def verdict(self):
        """What must be the same however the bytes are cut."""
        error = self.error
        # The excerpt is of what had come; all else must agree.
        place = tuple(getattr(error, name, None) for name in ("section", "reason", "offset", "code"))
        return self.messages, type(error), place, self.rest


def cut(data, count, seed):
    """`data` in at most `count` pieces, at places that `seed` decides."""
    places = sorted(Random(seed).randrange(len(data) + 1) for _ in range(count - 1))
    return [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)]


def splits(data, rounds=20):
    """`data` whole, byte by byte, and in `rounds` random cuts."""
    yield "whole", [data]
    yield "byte by byte", [data[at : at + 1] for at in range(len(data))]
    for seed in range(rounds):
        yield f"cut {seed}", cut(data, 2 + seed % 7, seed)


@pytest.fixture(name="wire", scope="session")
def wire_fixture():
    return Wire


@pytest.fixture(name="splits", scope="session")
def splits_fixture():
    return splits


def vectors_folder():
    root = Path(__file__).resolve().parents[3]
    return Path(os.environ.get("RESTKIT_VECTORS", root.parent / "shared" / "vectors"))


@pytest.fixture(scope="session")
def vectors():
    """The folder of test vectors."""
    folder = vectors_folder()
    if not folder.is_dir():
        hint = "set RESTKIT_VECTORS to the folder of test vectors"
        (pytest.fail if os.environ.get("RESTKIT_REQUIRE") == "1" else pytest.skip)(hint)
    return folder
