"""Requests and responses in a log, without a secret."""

from __future__ import annotations

import logging
from time import monotonic
from typing import TYPE_CHECKING

from restkit_client.urls import redact
from restkit_parser.headers import is_secret_field

if TYPE_CHECKING:
    from restkit_client.filters.protocol import FilteredRequest, FilteredResponse
    from restkit_parser import Headers

__all__ = ["LoggingFilter"]

# Their values are URLs, where tokens travel too.
_URL_FIELDS = frozenset({"location", "content-location", "referer"})


class LoggingFilter:
    """Logs a line when a request goes out and one when its response comes, and at debug level their fields.

    Last in a list of filters it logs what is really sent. Values of fields that may carry a credential, user names and passwords in
    URLs, and query parameters that look like a secret are shown as `***`.

    Args:
        logger: a logging.Logger; default: `restkit.requests`.
        level: the level of the two lines, a number of the logging module.
    """

    any_origin = True

    def __init__(self, logger: logging.Logger | None = None, level: int = logging.INFO) -> None:
        self.logger = logger or logging.getLogger("restkit.requests")
        self.level = level
        self._key = f"restkit.logging.{id(self)}"

    def on_request(self, request: FilteredRequest) -> None:
        """Log what goes out."""
        request.context[self._key] = monotonic()
        self.logger.log(self.level, "%s %s", request.method, redact(request.url))
        self._log_fields(">", request.headers)

    def on_response(self, response: FilteredResponse, request: FilteredRequest) -> None:
        """Log what came back, and after how many seconds."""
        started = request.context.get(self._key)
        seconds = 0.0 if started is None else monotonic() - started
        self.logger.log(
            self.level,
            "%s %s: %d in %.3f s",
            request.method,
            redact(request.url),
            response.status_int,
            seconds,
        )
        self._log_fields("<", response.headers)

    def _log_fields(self, direction: str, headers: Headers) -> None:
        if self.logger.isEnabledFor(logging.DEBUG):
            for name, value in headers.items():
                self.logger.debug("%s %s: %s", direction, name, _shown(name, value))


def _shown(name: str, value: str) -> str:
    if is_secret_field(name):
        return "***"
    return redact(value) if name.lower() in _URL_FIELDS else value
