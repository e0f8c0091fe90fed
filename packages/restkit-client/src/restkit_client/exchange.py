"""One call, from the request that the caller gave to the response that the caller gets.

run                          round and round:
  → _send                      filters, then up to max_tries of
      → transports.sockets.send     one connection, one request, one head
  → _next                      a filter's answer to a challenge, or the redirect rule; None: done
"""

from __future__ import annotations

import time
from random import random

from .errors import RedirectLimit, RequestError, RestkitError, UnrewindableBody
from .log import debugging, logger
from .messages.request import Request
from .messages.response import Response
from .redirects import hop_headers, next_hop
from .retries import may_repeat, retry_after, wait_before
from .transports import Carried
from .transports.sockets import send
from .urls import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from restkit_parser import ResponseHead

    from .options import Options
    from .timeouts import Deadline

__all__ = ["Exchange"]

# A filter answers a challenge once, twice when its nonce was stale. A filter that never stops is a fault of its own.
MAX_ANSWERS = 10


class Exchange:
    """The state of one call.

    Args:
        options: the client's, as they were when the call began.
        pool: where connections are from.
        deadline: the call's clock, which runs.

    Attributes:
        connection: the one that the last try used; None when it got none.
    """

    __slots__ = (
        "answers",
        "connection",
        "credentials",
        "deadline",
        "foreign",
        "history",
        "hops",
        "options",
        "pool",
    )

    def __init__(self, options: Options, pool: Any, deadline: Deadline) -> None:
        self.options = options
        self.pool = pool
        self.deadline = deadline
        self.connection: Any = None
        self.history: tuple[Response, ...] = ()
        self.hops = 0
        self.answers = 0
        # Whether a redirect has left the origin that the caller asked: from then on only filters for any origin act.
        self.foreign = False
        self.credentials: Any = None

    def run(self, request: Request) -> Response:
        """Send a request, answer challenges and follow redirects, as the options say.

        Raises:
            RestkitError: with a note that names the request.
        """
        options = self.options
        if request.userinfo is not None:
            from .filters.basic import BasicAuth

            self.credentials = BasicAuth(*request.userinfo)
        try:
            while True:
                response = self._send(request)
                following = (
                    self._next(request, response) if options.follow or options.response_filters else None
                )
                if following is None:
                    if self.history:
                        response.history = self.history
                    return response
                request = following
        except RestkitError as error:
            error.add_note(f"during {request.method} {redact(request.url or '')}")
            raise

    # -- sending

    def _send(self, request: Request) -> Response:
        options = self.options
        tries = 0
        fresh = False
        while True:
            tries += 1
            self.connection = None
            try:
                response = self._send_once(request, fresh)
            except RestkitError as error:
                wait = self._wait_after(error, request, tries)
                error.add_note(f"attempt {tries} of {options.max_tries}")
                if wait is None:
                    raise
                if not request.can_rewind():
                    raise UnrewindableBody(f"error: '{error}', body can't be rewind.") from error
                self._event("retry", error)
            else:
                status = response.status_int
                if status != 408 and status not in options.retry_statuses:
                    return response
                wait = self._wait_after_status(response, tries)
                if wait is None or not request.can_rewind():
                    return response
                response.close()
                self._event("retry", response)
            fresh = True
            if wait:
                self._sleep(wait)

    def _send_once(self, request: Request, fresh: bool, answered: int = 0) -> Response:
        options = self.options
        outgoing = request
        if options.request_filters or self.credentials is not None:
            outgoing = request.copy()
            answer = self._filter(outgoing)
            if answer is not None:
                return answer
        if options.transport is not None:
            head, reader = options.transport.send(outgoing, self.deadline)
            return options.response_class(Carried(reader), outgoing, head)
        head, moments = send(outgoing, self, fresh)
        connection = self.connection
        if head.status == 417 and "expect" in outgoing.headers:
            # RFC 9110 §10.1.1: what does not understand the expectation gets the request without it, once.
            connection.close()
            request.maybe_rewind("417 Expectation Failed")
            plain = request.copy()
            del plain.headers["expect"]
            return self._send_once(plain, fresh, answered)
        if head.status == 407 and self._takes_challenge(outgoing, head, answered):
            connection.close()
            request.maybe_rewind("407 Proxy Authentication Required")
            return self._send_once(request, fresh, answered + 1)
        response = options.response_class(connection, outgoing, head)
        response.moments = moments
        if options.on_event is not None or debugging():
            self._event("response_started", response)
        return response

    def _takes_challenge(self, request: Request, head: ResponseHead, answered: int) -> bool:
        """Whether the proxy that forwards a request has asked for a digest, and the request can be sent with it."""
        proxy = getattr(self.connection, "proxy", None)
        # In a tunnel it is the origin that speaks.
        if proxy is None or not proxy.forwards(request.parsed_url) or not request.can_rewind():
            return False
        if "proxy-authorization" in request.headers:
            return False
        from .proxy_auth import take_challenge

        return take_challenge(proxy, head.headers.get_all("Proxy-Authenticate"), answered)

    def _filter(self, request: Request) -> Response | None:
        if self.credentials is not None and not self.foreign:
            self.credentials.on_request(request)
        for each in self.options.request_filters:
            if self.foreign and not getattr(each, "any_origin", False):
                continue
            answer = each.on_request(request)
            if isinstance(answer, Response):
                return answer
        return None

    def _wait_after(self, error: RestkitError, request: Request, tries: int) -> float | None:
        """Seconds to wait before the next try, None for no other."""
        options = self.options
        if tries >= options.max_tries:
            return None
        connection = self.connection
        wrote = connection is not None and connection.stream.wrote
        if not may_repeat(error, request.method, wrote=wrote, idempotent=options.idempotent):
            return None
        if connection is not None and connection.requests > 1:
            # The server had closed an idle connection: nothing is wrong with it, and nothing to wait for.
            return 0.0
        return wait_before(tries + 1, options.wait_tries, random)

    def _wait_after_status(self, response: Response, tries: int) -> float | None:
        options = self.options
        status = response.status_int
        if tries >= options.max_tries:
            return None
        # RFC 9110 §15.5.9: the server has closed an idle connection in words; the request was not looked at.
        if (
            status == 408
            and response.connection is not None
            and getattr(response.connection, "requests", 0) > 1
        ):
            return 0.0
        if status not in options.retry_statuses:
            return None
        asked = retry_after(response.headers.get("retry-after"), time.time())
        return wait_before(tries + 1, options.wait_tries, random) if asked is None else asked

    def _sleep(self, seconds: float) -> None:
        left = self.deadline.seconds(seconds)
        self.options.settings.backend.sleep(seconds if left is None else min(seconds, left))
        self.deadline.check()

    # -- deciding

    def _next(self, request: Request, response: Response) -> Request | None:
        """The request to send next, None when `response` is the final one."""
        if self.options.response_filters:
            answer = self._challenged(request, response)
            if answer is not None:
                return answer
        if not self.options.follow or not 300 <= response.status_int < 400:
            return None
        return self._redirected(request, response)

    def _challenged(self, request: Request, response: Response) -> Request | None:
        for each in reversed(self.options.response_filters):
            if self.foreign and not getattr(each, "any_origin", False):
                continue
            # The request as it was before on_request, so that a copy of it is what the caller gave: nothing is signed twice.
            answer = each.on_response(response, request)
            if isinstance(answer, Request):
                self.answers += 1
                if self.answers > MAX_ANSWERS:
                    raise RequestError(
                        f"{type(each).__name__} has sent {MAX_ANSWERS} more requests and wants another"
                    )
                answer.maybe_rewind(f"{response.status} has to be answered")
                response.close()
                return answer
        return None

    def _redirected(self, request: Request, response: Response) -> Request | None:
        options = self.options
        hop = next_hop(
            request.method,
            response.status_int,
            response.headers.get("location"),
            request.url or "",
            follow=True,
            force=options.force,
        )
        if hop is None:
            return None
        if self.hops >= options.max_hops:
            response.close()
            chain = (*(str(redact(one.final_url or "")) for one in self.history), redact(request.url or ""))
            raise RedirectLimit(f"Redirection limit is reached: {options.max_hops} followed", chain)
        if hop.downgrade and options.refuse_downgrade:
            response.close()
            raise RequestError(f"redirect from https to {redact(hop.url)} refused: refuse_downgrade=True")
        self.hops += 1
        if not hop.same_origin:
            self.foreign = True
        following = request.copy()
        following.method = hop.method
        following.url = hop.url
        following.headers = hop_headers(request.headers, hop)
        if not hop.keep_body:
            following.drop_body()
        elif not request.can_rewind():
            response.close()
            raise UnrewindableBody(f"redirect to {redact(hop.url)}: the body can not be sent a second time")
        # What of its body is not here yet is not read.
        response.close()
        self.history = (*self.history, response)
        self._event("redirect", following)
        return following

    def _event(self, name: str, subject: Any) -> None:
        if self.options.on_event is not None:
            self.options.on_event(name, subject)
        if debugging():
            logger("client").debug("%s: %r", name, subject)
