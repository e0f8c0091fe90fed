"""Targets in restkit_forms, restkit_oauth2 and restcli."""

from __future__ import annotations

import os
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from restkit_contrib.console import config as console_config
from restkit_contrib.console.exit_codes import UsageError
from restkit_forms import FormError, MultipartReader
from restkit_oauth2 import Consumer, Error, MemoryNonceStore, Token, verify_request
from restkit_oauth2.encoding import parse_authorization
from restkit_oauth2.request import Request
from tools.fuzz.expectation import expect

NOW = 1_700_000_000


class _Short(BytesIO):
    """A stream that gives seven bytes at most."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(7 if size is None or size < 0 else min(size, 7))


def multipart(data: bytes) -> None:
    """A content type in the first line, a body in the rest: read whole and in small pieces, the same parts."""
    first, _, body = data.partition(b"\n")
    content_type = first.decode("latin-1")
    outcomes = [_parts(body, content_type), _parts(_Short(body), content_type)]
    expect(outcomes[0] == outcomes[1])


def _parts(stream: Any, content_type: str) -> list[object]:
    told: list[object] = []
    try:
        for part in MultipartReader(stream, content_type):
            # One by one: what was read before an error counts.
            told.append((part.name, part.filename, part.content_type, part.read()))  # noqa: PERF401
    except FormError as error:
        told.append(type(error))
    return told


def oauth(data: bytes) -> None:
    """A query, an Authorization field and a form body, a line each, through both of the server's ways."""
    query, _, rest = data.decode("utf-8", "surrogateescape").partition("\n")
    field, _, body = rest.partition("\n")
    content = body.encode("utf-8", "surrogateescape")
    headers = {"Authorization": field, "Content-Type": "application/x-www-form-urlencoded"}
    known = Consumer("dpf43f3p2l4k3l03", "kd94hf93k423kf44")
    for act in (
        lambda: verify_request(
            "POST",
            "http://photos.example.net/photos?" + query,
            headers,
            content,
            find_consumer=lambda _: known,
            find_token=lambda *_: Token("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00"),
            nonces=MemoryNonceStore(),
            now=lambda: NOW,
        ),
        lambda: parse_authorization(field),
        lambda: _normalized(
            Request.from_request("POST", "http://a.example/?" + query, headers, query_string=body)
        ),
        lambda: Token.from_string(body or "a"),
    ):
        try:
            act()
        except Error:
            continue
        except ValueError as error:
            # Its documented one for a text that is no token; UnicodeError is a kind of it, and is not.
            if isinstance(error, UnicodeError):
                raise


def _normalized(request: Request | None) -> None:
    if request is not None:
        request.get_normalized_parameters()
        request.to_header()


def config(data: bytes) -> None:
    """Restcli's configuration file."""
    _config_file().write_bytes(data)
    try:
        made = console_config.update_defaults(
            {"headers": [], "method": "GET", "follow": False, "output": None, "proxy": None, "timeout": 30}
        )
    except UsageError:
        return
    expect(all(isinstance(value, str) for value in made["headers"]))
    expect(isinstance(made["follow"], bool))


_folder: tempfile.TemporaryDirectory[str] | None = None


def _config_file() -> Path:
    global _folder  # noqa: PLW0603 - made when the first input needs it
    if _folder is None:
        _folder = tempfile.TemporaryDirectory(prefix="restkit-fuzz-")
        os.environ["XDG_CONFIG_HOME"] = os.environ["HOME"] = _folder.name
        (Path(_folder.name) / "restcli").mkdir()
    return Path(_folder.name) / "restcli" / "config"
