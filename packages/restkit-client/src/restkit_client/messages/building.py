"""A request from what a caller gives: the parameters into the URL, JSON, forms and files into the body."""

from __future__ import annotations

from restkit_parser import Headers

from ..errors import RequestError
from .request import Request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ..options import Options
    from .request import Fields

__all__ = ["build_request", "with_query"]


def build_request(
    options: Options,
    url: str,
    method: str,
    body: Any,
    headers: Fields,
    params: Any,
    data: Any,
    json: Any,
    files: Any,
    trailers: Sequence[tuple[str, str]],
) -> Request:
    """The request for the arguments of `Client.request`, which see.

    Raises:
        InvalidUrl, RequestError: the request can not be sent.
    """
    if options.base_url is not None:
        from ..urls import join_url

        url = join_url(options.base_url, url)
    if params is not None:
        url = with_query(url, params)
    if data is not None or json is not None or files is not None:
        body, headers = _content(body, headers, data, json, files)
    request = Request(url, method, body, headers)
    if trailers:
        request.trailers = trailers
    request.options = options
    return request


def with_query(url: str, params: Any) -> str:
    """The URL with parameters added to its query; a dict, or pairs."""
    from restkit_forms import form_encode

    query = form_encode(params).decode("ascii")
    url, mark, fragment = url.partition("#")
    joint = "" if not query or url.endswith(("?", "&")) else "&" if "?" in url else "?"
    return f"{url}{joint}{query}{mark}{fragment}"


def _content(body: Any, headers: Fields, data: Any, json: Any, files: Any) -> tuple[Any, Fields]:
    """What to send when it was given as `data`, `json` or `files`."""
    if body is not None or (json is not None and (data is not None or files is not None)):
        raise RequestError("give one body: body=, data= (with files= for a multipart form), or json=")
    if json is not None:
        from json import dumps

        fields = Headers(headers)
        fields.setdefault("Content-Type", "application/json")
        return dumps(json, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode(), fields
    if files is not None:
        from restkit_forms import MultipartForm

        return MultipartForm([*_pairs(data), *_pairs(files)]), headers
    return data, headers


def _pairs(value: Any) -> list[tuple[str, Any]]:
    if value is None:
        return []
    return list(value.items()) if hasattr(value, "items") else list(value)
