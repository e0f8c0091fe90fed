"""The heads of responses off a stream: the final one, those before it, and one that comes too early."""

from __future__ import annotations

from time import monotonic

from restkit_parser import DEFAULT_LIMITS, ParserError, parse_response_head, take_response_head
from restkit_parser.scanning import RESPONSE, HeadScanner

from .errors import IncompleteHead, RemoteDisconnected
from .failures import lost_connection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from restkit_parser import Limits, ResponseHead

    from .stream import Stream

__all__ = ["HeadReader"]

# One read takes the head and the whole body of a common answer; larger blocks cost more to allocate than they save.
READ_SIZE = 16_384
# What of a broken head an error shows.
EXCERPT = 80


class HeadReader:
    """Reads the heads of the responses to one request.

    Args:
        stream: where from; what follows a head is put back.

    Attributes:
        limits: the parser's, for the request under way.
        on_interim: called with each interim response (1xx), or None.
        interim: how many there were.
    """

    __slots__ = ("interim", "limits", "on_interim", "stream")

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.limits: Limits = DEFAULT_LIMITS
        self.on_interim: Callable[[ResponseHead], None] | None = None
        self.interim = 0

    def read(self) -> ResponseHead:
        """The head of the final response; interim ones are passed by (RFC 9110 §15.2).

        Raises:
            RemoteDisconnected, IncompleteHead: the peer closed before it, or inside it.
            BadStatusLine, ParserError, ParseException: it is not a response by RFC 9112.
            ReadTimeout, TotalTimeout: it did not come in time.
        """
        stream = self.stream
        if not stream.received:
            # The answer can not be here yet: waiting first saves a recv that would say so.
            stream.wait_readable()
            stream.received = stream.recv(READ_SIZE)
            if not stream.received:
                raise lost_connection(None, "before it answered")
        while True:
            head = self._read_one()
            if head.status >= 200 or not self._is_interim(head):
                return head

    def await_continue(self, seconds: float) -> ResponseHead | None:
        """Wait for leave to send a body: None when it came, or nothing did for `seconds`; else the final response's head.

        Raises as `read`.
        """
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0 and self.stream.is_readable_within(left):
            head = self._read_one()
            if not self._is_interim(head):
                return head
            if head.status == 100:
                return None
        return None

    def early(self) -> ResponseHead | None:
        """The head of a response that came before the request was sent to its end, None for none yet. Never waits.

        Raises:
            RemoteDisconnected: the peer has closed.
        """
        stream = self.stream
        fresh = stream.recv_now(READ_SIZE)
        if fresh is None:
            return None
        if not fresh:
            raise lost_connection(None, "while the request was sent")
        data = stream.take_received() + fresh
        while data:
            taken = take_response_head(data, 0, len(data), self.limits)
            if taken is None:
                break
            head, end = taken
            data = data[end:]
            if not self._is_interim(head):
                stream.received = data
                return head
        stream.received = data
        return None

    def _is_interim(self, head: ResponseHead) -> bool:
        # 101 is final: what follows it is not HTTP.
        if head.status >= 200 or head.status == 101:
            return False
        self.interim += 1
        if self.interim > self.limits.max_interim_responses:
            raise ParserError(f"more than {self.limits.max_interim_responses} interim responses")
        if self.on_interim is not None:
            self.on_interim(head)
        return True

    def _read_one(self) -> ResponseHead:
        stream = self.stream
        data = stream.received
        stream.received = b""
        taken = take_response_head(data, 0, len(data), self.limits)
        if taken is None:
            return self._complete(bytearray(data))
        head, end = taken
        if end < len(data):
            stream.received = data[end:]
        return head

    def _complete(self, data: bytearray) -> ResponseHead:
        scanner = HeadScanner(self.limits, RESPONSE)
        while True:
            end = scanner.end(data, 0, len(data))
            if end >= 0:
                self.stream.received = bytes(data[end:])
                return parse_response_head(bytes(data[:end]), self.limits)
            data += self._recv(data)

    def _recv(self, so_far: bytes | bytearray) -> bytes:
        try:
            data = self.stream.recv(READ_SIZE)
        except RemoteDisconnected as error:
            if not so_far:
                raise
            raise IncompleteHead(bytes(so_far[:EXCERPT])) from error.__cause__
        if data:
            return data
        if so_far:
            raise IncompleteHead(bytes(so_far[:EXCERPT]))
        raise lost_connection(None, "before it answered")
