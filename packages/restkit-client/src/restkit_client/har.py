"""Exchanges as an HTTP Archive (HAR 1.2), for the tools of browsers."""

from __future__ import annotations

import time

from restkit_parser import is_secret_field

from . import __version__
from .masking import shown_body
from .urls import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from restkit_parser import Headers

    from .messages.request import Request
    from .messages.response import Response

__all__ = ["entry", "export"]


def export(responses: Iterable[Response], *, show_secrets: bool = False) -> dict[str, Any]:
    """The archive of some exchanges, redirects included, ready for json.dump.

    Args:
        responses: whose bodies were read by `body_string`, `text` or `json`; other bodies are left out.
        show_secrets: show credentials instead of `***`.
    """
    chain = [each for response in responses for each in (*response.history, response)]
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "restkit", "version": __version__},
            "entries": [entry(each, show_secrets=show_secrets) for each in chain],
        }
    }


def entry(response: Response, *, show_secrets: bool = False) -> dict[str, Any]:
    """One exchange of an archive."""
    timings = response.timings
    started = _started(response)
    return {
        "startedDateTime": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(started))
        + f".{int(started % 1 * 1000):03}Z",
        "time": timings.total * 1000 if timings else 0,
        "request": _request(response.request, show_secrets),
        "response": _response(response, show_secrets),
        "cache": {},
        "timings": _timings(timings),
    }


def _started(response: Response) -> float:
    """When the request was begun, in seconds since 1970; now for one that came without a network."""
    now = time.time()
    if response.moments is None or response.timings is None:
        return now
    opening = response.timings.name + response.timings.connect + response.timings.tls
    return now - (time.monotonic() - response.moments[1]) - opening


def _timings(timings: Any) -> dict[str, float]:
    if timings is None:
        return {"send": 0, "wait": 0, "receive": 0}
    found = {
        "dns": timings.name,
        "connect": timings.connect + timings.tls,
        "ssl": timings.tls,
        "send": timings.send,
        "wait": timings.wait,
        "receive": timings.body,
    }
    return {name: seconds * 1000 for name, seconds in found.items()}


def _request(request: Request, show_secrets: bool) -> dict[str, Any]:
    from urllib.parse import parse_qsl

    url = request.url or ""
    shown_url = url if show_secrets else redact(url)
    query = parse_qsl(shown_url.partition("#")[0].partition("?")[2], keep_blank_values=True)
    content = request.content
    length = 0 if content is None else content.content_length
    found: dict[str, Any] = {
        "method": request.method,
        "url": shown_url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _fields(request.headers, show_secrets),
        "queryString": [{"name": name, "value": value} for name, value in query],
        "headersSize": -1,
        "bodySize": -1 if length is None else length,
    }
    text = shown_body(request, show_secrets=show_secrets)
    if text is not None:
        found["postData"] = {"mimeType": request.headers.get("content-type", ""), "text": text}
    return found


def _response(response: Response, show_secrets: bool) -> dict[str, Any]:
    content: dict[str, Any] = {"size": -1, "mimeType": response.headers.get("content-type", "")}
    body = response.known_body
    if body is not None:
        content |= {"size": len(body), **_text(body)}
    return {
        "status": response.status_int,
        "statusText": response.reason,
        "httpVersion": "HTTP/{}.{}".format(*response.version),
        "cookies": [],
        "headers": _fields(response.headers, show_secrets),
        "content": content,
        "redirectURL": redact(response.location or ""),
        "headersSize": -1,
        "bodySize": -1,
    }


def _text(body: bytes) -> dict[str, str]:
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        from binascii import b2a_base64

        return {"text": b2a_base64(body, newline=False).decode("ascii"), "encoding": "base64"}


def _fields(headers: Headers, show_secrets: bool) -> list[dict[str, str]]:
    return [
        {"name": name, "value": value if show_secrets or not is_secret_field(name) else "***"}
        for name, value in headers.items()
    ]
