"""A body into a file, which is there whole or not at all; and on from where an earlier attempt broke off.

What has come so far stands in `NAME.part`, next to its validator in `NAME.part.validator`. A download goes on only
when the server has given a strong validator, and answers with exactly the missing rest of the same representation
(RFC 9110 §13.1.5, §14); anything else starts again from the first byte.
"""

from __future__ import annotations

import os

from .errors import IncompleteBody, RequestFailed, ResponseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from os import PathLike
    from typing import Any

    from restkit_parser import Headers

    Progress = Callable[[int, int | None], object]

__all__ = ["download", "write_atomically"]


def write_atomically(
    blocks: Iterable[bytes],
    path: str | PathLike[str],
    total: int | None = None,
    progress: Progress | None = None,
) -> int:
    """Write blocks to a file that takes its name when they are all there; returns their size in bytes.

    Args:
        blocks: the content.
        path: the file, replaced when there is one.
        total: the size, if it is known: for `progress`.
        progress: called as progress(bytes so far, total) after each block.

    Raises:
        OSError: the file can not be written; and what the iterable raises. There is no file then.
    """
    part = f"{os.fspath(path)}.{os.getpid()}.tmp"
    size = 0
    try:
        with open(part, "wb") as file:  # noqa: PTH123 - any path
            for block in blocks:
                file.write(block)
                size += len(block)
                if progress is not None:
                    progress(size, total)
        os.replace(part, path)  # noqa: PTH105 - any path
    except BaseException:
        if os.path.exists(part):  # noqa: PTH110 - any path
            os.unlink(part)  # noqa: PTH108 - any path
        raise
    return size


def download(
    fetch: Callable[[dict[str, str]], Any],
    path: str | PathLike[str],
    *,
    progress: Progress | None = None,
    resume: bool = True,
) -> int:
    """Download to a file, going on from what an earlier attempt has left; returns the file's size in bytes.

    Args:
        fetch: sends a GET with the fields it is given, and returns the response.
        path: the file, replaced when there is one.
        progress: called as progress(bytes so far, total or None) after each block.
        resume: whether to keep, and to use, what came when the download breaks off.

    Raises:
        RequestFailed: the status is neither 200 nor 206.
        ResponseError: the server answers with another part than was asked for.
        RestkitError: the download broke off; the next call goes on from there.
        OSError: the file can not be written.
    """
    part = _Part(os.fspath(path))
    fields = part.range_fields() if resume else {}
    response = fetch(fields)
    if fields and not part.goes_on(response):
        response.close()
        if response.status_int == 416 and part.is_whole(response.headers.get("content-range") or ""):
            return part.finish()
        fields = {}
        response = fetch({})
    if response.status_int not in (200, 206):
        raise RequestFailed(response.error_text(), http_code=response.status_int, response=response)
    begin = 0
    if response.status_int == 206:
        begin = part.check_range(response, bool(fields))
    part.write(response, begin, progress, keep=resume)
    return part.finish()


class _Part:
    """What there is of a download."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.part = f"{path}.part"
        self.note = f"{path}.part.validator"

    def range_fields(self) -> dict[str, str]:
        """The fields that ask for the rest; none when there is nothing to go on from."""
        try:
            size = os.path.getsize(self.part)  # noqa: PTH202 - any path
            with open(self.note, encoding="latin-1") as file:  # noqa: PTH123
                validator = file.read().strip()
        except OSError:
            return {}
        if not size or not validator:
            return {}
        return {"Range": f"bytes={size}-", "If-Range": validator}

    def goes_on(self, response: Any) -> bool:
        """Whether what was sent is what the part is of: not so when there is no rest, or a server ignores If-Range."""
        if response.status_int != 206:
            return bool(response.status_int != 416)
        with open(self.note, encoding="latin-1") as file:  # noqa: PTH123
            noted = file.read().strip()
        name = "etag" if noted.startswith('"') else "last-modified"
        return bool(response.headers.get(name, noted) == noted)

    def is_whole(self, content_range: str) -> bool:
        """Whether a 416 says that the part is all there is: `bytes */SIZE` (RFC 9110 §15.5.17)."""
        return content_range == f"bytes */{os.path.getsize(self.part)}"  # noqa: PTH202

    def check_range(self, response: Any, asked: bool) -> int:
        """Where the part that was sent begins. Raises ResponseError when it is not the one that was asked for."""
        size = os.path.getsize(self.part) if asked else 0  # noqa: PTH202
        content_range = response.headers.get("content-range") or ""
        if not content_range.startswith(f"bytes {size}-"):
            response.close()
            raise ResponseError(f"asked for the bytes from {size} on, got Content-Range: {content_range!r}")
        return size

    def write(self, response: Any, begin: int, progress: Progress | None, *, keep: bool) -> None:
        length = response.content_length
        total = None if length is None else begin + length
        if not begin:
            self._note(response if keep else None)
        size = begin
        try:
            with open(self.part, "ab" if begin else "wb") as file:  # noqa: PTH123
                for block in response.iter_bytes():
                    file.write(block)
                    size += len(block)
                    if progress is not None:
                        progress(size, total)
            if total is not None and size != total:
                raise IncompleteBody(total, size)
        except BaseException:
            if not keep:
                self._remove(self.part)
            raise

    def _note(self, response: Any) -> None:
        """Remember the validator, if there is a strong one."""
        validator = None if response is None else _strong_validator(response.headers)
        if validator is None:
            self._remove(self.note)
            return
        with open(self.note, "w", encoding="latin-1") as file:  # noqa: PTH123
            file.write(validator)

    def finish(self) -> int:
        os.replace(self.part, self.path)  # noqa: PTH105
        self._remove(self.note)
        return os.path.getsize(self.path)  # noqa: PTH202

    @staticmethod
    def _remove(path: str) -> None:
        try:
            os.unlink(path)  # noqa: PTH108
        except FileNotFoundError:
            return


def _strong_validator(headers: Headers) -> str | None:
    """What If-Range may say: a strong entity tag, or a date that is a second past (RFC 9110 §8.8.2.2, §13.1.5)."""
    tag: str | None = headers.get("etag")
    if tag is not None:
        return tag if tag.startswith('"') else None
    modified: str | None = headers.get("last-modified")
    if modified is None:
        return None
    from email.utils import parsedate_to_datetime

    try:
        age = parsedate_to_datetime(headers.get("date") or "") - parsedate_to_datetime(modified)
    except (TypeError, ValueError):
        return None
    return modified if age.total_seconds() >= 1 else None
