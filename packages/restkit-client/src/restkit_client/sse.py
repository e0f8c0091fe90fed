"""Server-sent events (HTML Standard §9.2.6): the events of a text/event-stream body."""

from __future__ import annotations

from .errors import BodyTooLarge
from .lines import iter_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["MAX_EVENT", "Event", "iter_events"]

# As for a line: more than any event has, and one event can not fill memory.
MAX_EVENT = 16 << 20
_BOM = b"\xef\xbb\xbf"


class Event:
    """One event.

    Attributes:
        event: its type, "message" unless the stream says another.
        data: its data lines, joined by newlines.
        id: the last event id so far, to be sent as Last-Event-ID when the stream is opened again.
        retry: how long to wait before that, in milliseconds, as the stream said last; None if it did not.
    """

    __slots__ = ("data", "event", "id", "retry")

    def __init__(self, event: str, data: str, id: str = "", retry: int | None = None) -> None:  # noqa: A002
        self.event = event
        self.data = data
        self.id = id
        self.retry = retry

    def __repr__(self) -> str:
        return f"Event(event={self.event!r}, data={self.data!r}, id={self.id!r}, retry={self.retry!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Event):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    __hash__ = None  # type: ignore[assignment] # it can be changed


def iter_events(chunks: Iterable[bytes], *, max_size: int | None = MAX_EVENT) -> Iterator[Event]:
    """The events of a body, each as soon as the blank line that ends it has come.

    An event that the end of the body cuts is dropped, as the standard wants; what is not UTF-8 becomes U+FFFD.

    Args:
        chunks: the body, cut anywhere.
        max_size: the most bytes of an event; None is no limit.

    Raises:
        BodyTooLarge: an event is larger than `max_size`.
    """
    event_type, last_id, retry = "", "", None
    data: list[str] = []
    size = 0
    for line in _without_bom(iter_lines(chunks, max_length=max_size)):
        if not line:
            if data:
                yield Event(event_type or "message", "\n".join(data), last_id, retry)
            event_type, size = "", 0
            data.clear()
            continue
        size += len(line)
        if max_size is not None and size > max_size:
            raise BodyTooLarge(
                f"an event has more than {max_size} bytes; raise max_size to allow it", max_size
            )
        name, _, value = line.decode("utf-8", "replace").partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            data.append(value)
        elif name == "event":
            event_type = value
        elif name == "id" and "\0" not in value:
            last_id = value
        elif name == "retry" and value.isascii() and value.isdigit():
            # More digits than any wait has would only cost time to convert.
            retry = int(value[:18])


def _without_bom(lines: Iterator[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield line.removeprefix(_BOM)
        break
    yield from lines
