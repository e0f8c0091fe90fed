"""--har: a copy of the body as it passes, and the archive in the end."""

from __future__ import annotations

from .exit_codes import OUTPUT, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from restkit_client import Response

__all__ = ["Recording"]

# A larger body is left out of the archive, which browsers' tools read into memory as a whole.
MAX_SIZE = 10 * 1024 * 1024


class Recording:
    """The body of the final response, as far as an archive wants it."""

    def __init__(self) -> None:
        self.blocks: list[bytes] = []
        self.size = 0

    def add(self, block: bytes) -> None:
        """Note a block."""
        self.size += len(block)
        if self.size <= MAX_SIZE:
            self.blocks.append(bytes(block))
        else:
            self.blocks.clear()

    def pass_on(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """The same blocks, noted."""
        for block in blocks:
            self.add(block)
            yield block

    def save(self, response: Response, path: str) -> None:
        """Write the archive. Raises UsageError."""
        import json

        from restkit_client.har import export

        archive = export([response])
        archive["log"]["entries"][-1]["response"]["content"].update(self._content())
        try:
            with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 - pathlib costs 5 ms of start-up
                json.dump(archive, file, indent=1)
        except OSError as error:
            raise UsageError(f"{path} can not be written: {error.strerror}", OUTPUT) from error

    def _content(self) -> dict[str, Any]:
        if self.size > MAX_SIZE:
            return {"size": self.size, "comment": f"left out: over {MAX_SIZE} bytes"}
        body = b"".join(self.blocks)
        try:
            return {"size": self.size, "text": body.decode()}
        except UnicodeDecodeError:
            from base64 import b64encode

            return {"size": self.size, "text": b64encode(body).decode("ascii"), "encoding": "base64"}
