"""Where a head ends, and whether what is there can still become one.

A head that arrives whole and well-formed never comes here: the functions of `head` take it in a few steps over all its
bytes. Everything else does: a head in pieces, one with line folds, and one that has to be refused. `HeadScanner` goes
through it line by line, looks at each byte once however the pieces are cut, and says what is wrong as soon as nothing
that could follow would make it right. So a fault is reported in the same way whole and byte by byte: what is refused
for a line is refused for the beginning of that line that holds the fault.
"""

from __future__ import annotations

from restkit_parser.errors import BadStatusLine, HeaderLimit, InvalidHeader, InvalidRequestLine
from restkit_parser.field_line import check_content, check_field_line, shown_line
from restkit_parser.grammar import FIELD_CONTENT, TOKEN
from restkit_parser.start_line import check_request_line, check_status_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from restkit_parser.limits import Limits

__all__ = ["REQUEST", "RESPONSE", "TRAILERS", "HeadScanner"]

REQUEST, RESPONSE, TRAILERS = "request", "response", "trailers"

# RFC 9112 section 2.2 asks for at least one; who sends more than a few is not a client in good faith.
_MAX_EMPTY_LINES = 8
# What a reused connection may carry over is the rest of one body: at most a buffer full of it.
_MAX_GARBAGE = 65_536
# "HTTP/1.1 200 ": beyond it a status line is free text.
_FIXED_STATUS_LINE = 13


class HeadScanner:
    """Finds the end of one head, or trailer section, in a buffer that grows.

    Args:
        limits: bounds and leniencies.
        kind: `REQUEST`, `RESPONSE` or `TRAILERS`.
    """

    __slots__ = ("_fields", "_fields_begin", "_kind", "_limits", "_line", "_pieces", "_seen", "_skipped")

    def __init__(self, limits: Limits, kind: str) -> None:
        self._limits = limits
        self._kind = kind
        # Offsets from the start of the head, so that the buffer may be moved between calls.
        self._line = 0
        self._seen = 0
        # Where the first field line begins; -1 while the start line is not complete.
        self._fields_begin = 0 if kind == TRAILERS else -1
        self._fields = 0
        self._skipped = 0
        self._pieces: list[bytes] = []

    def end(self, buffer: bytes | bytearray, start: int, stop: int) -> int:
        """The index just past the blank line of the head that begins at `start`, or -1 when more is needed.

        Between two calls bytes may only be added at the end. Raises what the bytes deserve as soon as they can not
        become a head any more.
        """
        while True:
            newline = buffer.find(b"\n", start + self._seen, stop)
            if newline < 0:
                self._check_unfinished(buffer, start, stop)
                return -1
            is_blank = self._take_line(bytes(buffer[start + self._line : newline]))
            self._line = self._seen = newline + 1 - start
            if is_blank:
                return newline + 1

    def normalised(self) -> bytes:
        """The head that was found, with CR LF line ends, without folds and without what was skipped before it."""
        return b"".join(self._pieces) + b"\r\n\r\n"

    def _take_line(self, line: bytes) -> bool:
        """Check one line, whose LF was cut off; returns whether it is the blank line that ends the head."""
        content = line[:-1] if line.endswith(b"\r") else line
        in_fields = self._fields_begin >= 0
        if in_fields and content:
            self._take_field_line(content)
        elif not in_fields:
            if self._is_garbage(content):
                self._skip_garbage(len(line) + 1)
                return False
            self._take_start_line(content)
        if content is line and not self._limits.allow_bare_lf:
            raise self._bare_lf(content)
        if not in_fields and content:
            self._pieces.append(content)
            self._fields_begin = self._line + len(line) + 1
        return in_fields and not content

    def _take_start_line(self, line: bytes) -> None:
        limit = self._limits.max_start_line
        if len(line) > limit:
            self._refuse_control_characters(line[: limit + 1])
            self._check_beginning(line[: limit + 1])
            code = 414 if self._kind == REQUEST else None
            reason = f"a start line of more than {limit} bytes"
            raise HeaderLimit().at(self._line, "RFC 9112 section 3", reason, code)
        if self._kind == RESPONSE:
            check_status_line(line, self._line)
        elif line:
            check_request_line(line, self._line)
        else:
            self._skip_empty_line()

    def _take_field_line(self, line: bytes) -> None:
        room = self._room()
        if len(line) > room:
            self._refuse_control_characters(line[: room + 1])
            raise self._too_long()
        if line[0] in b" \t":
            self._check_fold(line)
            self._pieces.append(b" " + line.lstrip(b" \t"))
            return
        line = self._without_space_before_colon(line)
        check_field_line(line, self._line)
        self._fields += 1
        limit = self._limits.max_header_count
        if 0 < limit < self._fields:
            raise HeaderLimit().at(self._line, "RFC 9110 section 5.4", f"more than {limit} fields")
        self._pieces.append(b"\r\n" + line)

    def _without_space_before_colon(self, line: bytes) -> bytes:
        if not self._limits.allow_space_before_colon or self._kind == REQUEST:
            return line
        name, colon, value = line.partition(b":")
        return name.rstrip(b" \t") + colon + value if colon else line

    def _check_fold(self, line: bytes) -> None:
        """Refuse a line that begins with whitespace where none may; its text may be a secret, so it is not shown."""
        if not self._fields:
            raise InvalidHeader("").at(
                self._line, "RFC 9112 section 2.2", "whitespace before the first field"
            )
        if self._kind == REQUEST and not self._limits.allow_request_obs_fold:
            raise InvalidHeader("").at(self._line, "RFC 9112 section 5.2", "a line fold in a request")
        check_content(line, b"", self._line)

    def _skip_empty_line(self) -> None:
        self._skipped += 1
        if self._skipped > _MAX_EMPTY_LINES:
            reason = f"more than {_MAX_EMPTY_LINES} empty lines before a request"
            raise HeaderLimit().at(self._line, "RFC 9112 section 2.2", reason, 400)

    def _is_garbage(self, line: bytes) -> bool:
        """Whether this line, or beginning of one, is to be skipped because no status line begins so."""
        if self._kind != RESPONSE or self._limits.max_status_line_garbage == 0:
            return False
        return line[:5] != b"HTTP/"[: len(line)] or not line

    def _skip_garbage(self, size: int) -> None:
        allowed = self._limits.max_status_line_garbage
        self._skipped += 1
        if allowed is not None and self._skipped > allowed:
            reason = f"more than {allowed} lines of something else before it"
            raise BadStatusLine("No HTTP status line").at(self._line, "RFC 9112 section 4", reason)
        self._check_garbage_size(self._line + size)

    def _check_garbage_size(self, size: int) -> None:
        if size > _MAX_GARBAGE:
            reason = f"more than {_MAX_GARBAGE} bytes of something else before it"
            raise BadStatusLine("No HTTP status line").at(0, "RFC 9112 section 4", reason)

    def _check_unfinished(self, buffer: bytes | bytearray, start: int, stop: int) -> None:
        """Check what is there of a line whose LF has not come."""
        begin = start + self._line
        if (
            self._fields_begin < 0
            and begin < stop
            and self._is_garbage(bytes(buffer[begin : min(begin + 5, stop)]))
        ):
            self._check_garbage_size(stop - start)
            self._seen = stop - start
            return
        # A CR at the end may be half of a line end: it is looked at with what follows it.
        if stop > begin and buffer[stop - 1] == 0x0D:
            stop -= 1
        seen = self._seen
        self._seen = stop - start
        suspect = bytes(buffer[start + seen : stop]).translate(None, FIELD_CONTENT) != b""
        if suspect:
            self._refuse_control_characters(bytes(buffer[begin:stop]))
        elif self._fields_begin >= 0:
            if stop - begin > self._room():
                raise self._too_long()
        elif stop - begin > self._limits.max_start_line:
            self._take_start_line(bytes(buffer[begin:stop]))
        elif seen - self._line < _FIXED_STATUS_LINE:
            self._check_beginning(bytes(buffer[begin:stop]))

    def _check_beginning(self, line: bytes) -> None:
        if self._kind == RESPONSE:
            check_status_line(line, self._line, is_beginning=True)
        elif line and line[0] not in TOKEN:
            check_request_line(line, self._line)

    def _refuse_control_characters(self, line: bytes) -> None:
        """Raise when this beginning of a line holds a control character."""
        if not line.translate(None, FIELD_CONTENT):
            return
        if self._fields_begin < 0:
            self._check_beginning(line)
            check_request_line(line, self._line)
        elif line[0] in b" \t":
            self._check_fold(line)
        else:
            check_field_line(self._without_space_before_colon(line), self._line)

    def _room(self) -> int:
        """How long the field line that begins at `_line` may be."""
        return max(
            0, min(self._limits.max_field_line, self._section_limit() - (self._line - self._fields_begin))
        )

    def _section_limit(self) -> int:
        return self._limits.max_trailers if self._kind == TRAILERS else self._limits.max_field_section

    def _too_long(self) -> HeaderLimit:
        limit = self._limits.max_field_line
        what = f"a field line of more than {limit} bytes"
        if self._room() < limit:
            what = f"a field section of more than {self._section_limit()} bytes"
        return HeaderLimit().at(self._line, "RFC 9110 section 5.4", what)

    def _bare_lf(self, line: bytes) -> BadStatusLine | InvalidRequestLine | InvalidHeader:
        error: BadStatusLine | InvalidRequestLine | InvalidHeader = InvalidHeader(shown_line(line))
        if self._fields_begin < 0:
            error = (
                BadStatusLine("Bad HTTP status line") if self._kind == RESPONSE else InvalidRequestLine("")
            )
        return error.at(
            self._line + len(line), "RFC 9112 section 2.2", "a line ends with LF alone, not with CR LF"
        )
