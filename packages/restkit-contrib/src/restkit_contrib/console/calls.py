"""From a command line to a request, and how it is sent."""

from __future__ import annotations

import sys

from .content import content_of
from .exit_codes import UsageError
from .items import read_header, read_items
from .positionals import full_url, positionals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from restkit_client import Client, Request, Response

    from .arguments import Namespace
    from .content import Content
    from .sessions import Session
    from .trace import Trace

__all__ = ["Call", "plan"]


class Call:
    """A request ready to be sent.

    Attributes:
        client: with all options of the command line.
        request: what to send.
        session: what --session remembers, or None.
        trace: what --verbose shows, or None.
    """

    __slots__ = ("client", "request", "session", "trace")

    def __init__(
        self, client: Client, request: Request, session: Session | None, trace: Trace | None
    ) -> None:
        self.client = client
        self.request = request
        self.session = session
        self.trace = trace

    def send(self, fields: dict[str, str] | None = None) -> Response:
        """Send it, with some more fields. Raises RestkitError."""
        request = self.request
        if fields:
            request = request.copy()
            for name, value in fields.items():
                request.headers[name] = value
        response = self.client.perform(request)
        if self.session is not None:
            self.session.save()
        return response


def plan(options: Namespace, **extra: Any) -> Call:
    """The call that a command line asks for.

    Args:
        options: the parsed command line.
        **extra: options for the client, over those of the command line.

    Raises:
        UsageError: contradictions, and files that can not be read.
        RestkitError: what may not be sent.
    """
    from restkit_client.client import Client

    from .authentication import auth_filters
    from .client_options import client_options

    words = positionals(options.words)
    items = read_items(words.items)
    content = content_of(options, words.filename, items)
    given = [read_header(text) for text in options.headers] + [
        (name, value or None) for name, value in items.headers
    ]
    session, trace = _session(options), _trace(options)
    settings = client_options(options)
    settings["filters"] = [
        *auth_filters(options),
        *([] if session is None else [session.filter]),
        *([] if trace is None else [trace]),
    ]
    if trace is not None or options.retry:
        settings["on_event"] = _listener(trace)
    if trace is not None:
        settings["on_interim"] = trace.interim
    client = Client(**{**settings, **extra})
    method = options.method or words.method or _default_method(options, content)
    request = _build(
        client,
        (full_url(words.url), method.upper(), content.body, _headers(given, content)),
        items.query or None,
    )
    if session is not None:
        session.complete(request, [(name, value) for name, value in given if value is not None])
    # What goes nowhere leaves nothing behind.
    return Call(client, request, None if "transport" in extra else session, trace)


def _default_method(options: Namespace, content: Content) -> str:
    if options.head:
        return "HEAD"
    return "GET" if content.body is None else "POST"


def _headers(given: list[tuple[str, str | None]], content: Content) -> list[tuple[str, str]]:
    """The request's fields: ours first, unless they are given; a name without a value leaves one of ours out."""
    names = {name.lower() for name, _ in given}
    ours = [("Accept", content.accept), ("Content-Type", content.kind)]
    fields = [(name, value) for name, value in ours if value is not None and name.lower() not in names]
    return fields + [(name, value) for name, value in given if value is not None]


def _build(client: Client, parts: tuple[Any, ...], query: Any) -> Request:
    """The request; what is refused here is the command line's fault, and no answer's."""
    from restkit_client.errors import RestkitError
    from restkit_parser import check_field_name, check_field_value

    try:
        request = client.build_request(*parts, params=query)
        for name, value in request.headers.items():
            check_field_name(name)
            check_field_value(value, name)
    except RestkitError as error:
        raise UsageError(str(error)) from error
    return request


def _session(options: Namespace) -> Session | None:
    if options.session is None:
        return None
    from .sessions import Session

    return Session(options.session)


def _trace(options: Namespace) -> Trace | None:
    if not options.verbose:
        return None
    from .trace import Trace

    return Trace(sys.stderr)


def _listener(trace: Trace | None) -> Any:
    def listen(event: str, subject: Any) -> None:
        if event == "retry":
            sys.stderr.write(f"restcli: trying again after: {_why(subject)}\n")
        elif trace is not None and event == "response_started":
            trace.response(subject)

    return listen


def _why(subject: Any) -> str:
    from .exit_codes import line_of

    if isinstance(subject, BaseException):
        return line_of(subject).removeprefix("An error happened: ")
    return str(subject.status)
