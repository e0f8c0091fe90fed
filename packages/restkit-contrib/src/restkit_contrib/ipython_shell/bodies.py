"""Bodies to send: Stream and JSON."""

from __future__ import annotations

import io
import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["JSON", "Stream"]


class Stream(io.BytesIO):
    """A body to send, and a file in memory.

    Args:
        buf: bytes, or text, which is sent as UTF-8.
    """

    content_type = "application/octet-stream"

    def __init__(self, buf: bytes | str = b"") -> None:
        super().__init__(buf.encode() if isinstance(buf, str) else buf)

    def __repr__(self) -> str:
        return f"<Stream({len(self.getvalue())})>"


class JSON(Stream):
    """A body made of a value: `post("/users", JSON({"name": "a"}))`.

    Args:
        value: anything that is JSON.
    """

    content_type = "application/json"

    def __init__(self, value: Any) -> None:
        self.value = value
        super().__init__(json.dumps(value))

    def __repr__(self) -> str:
        return f"<JSON({self.value!r})>"
