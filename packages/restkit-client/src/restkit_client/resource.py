"""Resource: an object for everything under one URI (manual 2.2, 3.1.8)."""

from __future__ import annotations

from copy import copy

from .errors import RequestFailed, ResourceGone, ResourceNotFound, Unauthorized, UnrewindableBody
from .messages.response import Response
from .urls import cut_userinfo, redact
from .util import uri_with

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, Self

    from restkit_parser import Headers

    from .client import Client

    Fields = Mapping[str, Any] | Iterable[tuple[str, Any]] | Headers | None

__all__ = ["Resource"]

_JSON = "application/json"
_UNAUTHORIZED = (401, 403)


class Resource:
    """What is found under `uri`, by the methods of HTTP; a status of 400 or above is an exception.

    Made to be inherited from: `request` is the one method that every other one calls.

    Args:
        uri: the URI to begin with. A user name and password in it are cut out, and sent by BasicAuth.
        **client_opts: options of the Client that makes the requests.

    Attributes:
        uri: without user name and password.
        initial: the `uri` and `client_opts` as they were given, for `clone`.
        filters: the caller's filters.
        client_opts: the options that the client was made with.
        client: makes the requests.
    """

    charset = "utf-8"
    """Of text in paths and parameters."""
    encode_keys = True
    """Whether names of parameters are in `charset` too."""
    safe = "/:"
    """What is not quoted in a path."""
    basic_auth_url = True
    """Whether a user name and password in the URI become a BasicAuth filter here."""
    response_class: type[Response] = Response
    """What the client makes of an answer."""

    def __init__(self, uri: str, **client_opts: Any) -> None:
        self.initial: dict[str, Any] = {"uri": uri, "client_opts": client_opts.copy()}
        self.filters: list[Any] = list(client_opts.get("filters") or ())
        client_opts.setdefault("response_class", self.response_class)
        # Cut in any case: left in the URI, the client itself would answer for it by BasicAuth.
        uri, userinfo = cut_userinfo(uri)
        if userinfo is not None and self.basic_auth_url:
            from .filters import BasicAuth

            # A new list: the caller's is the caller's.
            client_opts["filters"] = [*self.filters, BasicAuth(*userinfo)]
        from .client import Client

        self.uri = uri
        self.client_opts = client_opts
        self.client: Client = Client(**client_opts)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {redact(self.uri)}>"

    def __call__(self, path: str) -> Self:
        """The resource under `path`: one of the same type, with the same options."""
        return self._at(self._uri(self.initial["uri"], path, {}))

    def clone(self) -> Self:
        """Another one like this; what is done to one is not seen in the other."""
        return self._at(self.initial["uri"])

    def update_uri(self, path: str) -> None:
        """Appends a path to the URI, for this object and its later clones."""
        self.uri = self._uri(self.uri, path, {})
        self.initial["uri"] = self._uri(self.initial["uri"], path, {})

    def get(
        self,
        path: str | None = None,
        headers: Fields = None,
        params_dict: Mapping[str, Any] | None = None,
        **params: Any,
    ) -> Any:
        """GET. The arguments are those of `request`; so it is for `head`, `delete` and `options`."""
        return self.request("GET", path=path, headers=headers, params_dict=params_dict, **params)

    def head(
        self,
        path: str | None = None,
        headers: Fields = None,
        params_dict: Mapping[str, Any] | None = None,
        **params: Any,
    ) -> Any:
        """HEAD: the answer's fields without its body."""
        return self.request("HEAD", path=path, headers=headers, params_dict=params_dict, **params)

    def delete(
        self,
        path: str | None = None,
        headers: Fields = None,
        params_dict: Mapping[str, Any] | None = None,
        **params: Any,
    ) -> Any:
        """DELETE."""
        return self.request("DELETE", path=path, headers=headers, params_dict=params_dict, **params)

    def options(
        self,
        path: str | None = None,
        headers: Fields = None,
        params_dict: Mapping[str, Any] | None = None,
        **params: Any,
    ) -> Any:
        """OPTIONS: what can be done with the resource."""
        return self.request("OPTIONS", path=path, headers=headers, params_dict=params_dict, **params)

    def post(
        self,
        path: str | None = None,
        payload: Any = None,
        headers: Fields = None,
        params_dict: Mapping[str, Any] | None = None,
        **params: Any,
    ) -> Any:
        """POST. The arguments are those of `request`; so it is for `put` and `patch`."""
        return self.request(
            "POST", path=path, payload=payload, headers=headers, params_dict=params_dict, **params
        )

    def put(
        self,
        path: str | None = None,
        payload: Any = None,
        headers: Fields = None,
        params_dict: Mapping[str, Any] | None = None,
        **params: Any,
    ) -> Any:
        """PUT."""
        return self.request(
            "PUT", path=path, payload=payload, headers=headers, params_dict=params_dict, **params
        )

    def patch(
        self,
        path: str | None = None,
        payload: Any = None,
        headers: Fields = None,
        params_dict: Mapping[str, Any] | None = None,
        **params: Any,
    ) -> Any:
        """PATCH (RFC 5789)."""
        return self.request(
            "PATCH", path=path, payload=payload, headers=headers, params_dict=params_dict, **params
        )

    def get_json(
        self,
        path: str | None = None,
        headers: Fields = None,
        params_dict: Mapping[str, Any] | None = None,
        **params: Any,
    ) -> Any:
        """GET, and the JSON value of the answer (None for an empty one)."""
        return self.request_json("GET", path=path, headers=headers, params_dict=params_dict, **params)

    def request_json(
        self,
        method: str,
        path: str | None = None,
        payload: Any = None,
        headers: Fields = None,
        params_dict: Mapping[str, Any] | None = None,
        **params: Any,
    ) -> Any:
        """Sends `payload` as JSON, unless it is None, and returns the JSON value of the answer (None for an empty one).

        Raises:
            ResponseError: the answer is no JSON; and as `request`.
        """
        from restkit_parser import Headers

        fields = Headers(headers)
        if "accept" not in fields:
            fields["Accept"] = _JSON
        if payload is not None:
            from json import dumps

            payload = dumps(payload).encode("ascii")
            if "content-type" not in fields:
                fields["Content-Type"] = _JSON
        response = self.request(
            method, path=path, payload=payload, headers=fields, params_dict=params_dict, **params
        )
        return response.json() if response.body else None

    def request(
        self,
        method: str,
        path: str | None = None,
        payload: Any = None,
        headers: Fields = None,
        params_dict: Mapping[str, Any] | None = None,
        **params: Any,
    ) -> Any:
        """Makes a request: the one method to override.

        Args:
            method: any method.
            path: what to append to the URI, quoted.
            payload: the body, as `Client.request` takes it.
            headers: a mapping, or (name, value) pairs.
            params_dict: parameters of the query; wins over `params`, and may have names such as "path".
            **params: more of them; see `restkit_client.util.make_uri` for what values mean.

        Returns:
            The response, of `response_class`; its status is below 400.

        Raises:
            ResourceNotFound, ResourceGone: 404, 410.
            Unauthorized: 401 or 403, when `unauthorized(response)` is true.
            RequestFailed: any other status of 400 and above.
        """
        query = self.make_params({**params, **(params_dict or {})}) or {}
        uri = self._uri(self.uri, path, query)
        tries = max(1, self.client.max_tries)
        rewind = _rewinder(payload) if tries > 1 else None
        while True:
            fields = self.make_headers(headers)
            response = self.client.request(uri, method=method, body=payload, headers=fields)
            if response.status_int < 400:
                return response
            tries -= 1
            if response.status_int not in _UNAUTHORIZED or not tries or self.unauthorized(response):
                raise _error_of(response)
            response.skip_body()
            if rewind is not None:
                rewind()

    def unauthorized(self, response: Response) -> bool:  # noqa: ARG002 - for subclasses
        """Whether a 401 or 403 is an error; False repeats the request, up to `max_tries` tries in all."""
        return True

    def make_params(self, params: dict[str, Any]) -> dict[str, Any]:
        """The parameters to send, for those that were given: for subclasses to change them."""
        return params

    def make_headers(self, headers: Fields) -> Any:
        """The fields to send, for those that were given: for subclasses to add to them."""
        return headers or []

    def _at(self, uri: str) -> Self:
        """One like this for another URI.

        The constructor of a subclass is not called: the manual's TwitterSearch, for one, takes no URI.
        """
        new = copy(self)
        Resource.__init__(new, uri, **self.initial["client_opts"])
        return new

    def _uri(self, base: str, path: str | None, query: Mapping[str, Any]) -> str:
        return uri_with(base, (path,), query, self.charset, self.safe, self.encode_keys)


def _error_of(response: Response) -> RequestFailed | ResourceGone | ResourceNotFound | Unauthorized:
    """The exception that a status of 400 or above means; the response's body is read."""
    message = response.error_text()
    status = response.status_int
    if status == 404:
        return ResourceNotFound(message, response=response)
    if status == 410:
        return ResourceGone(message, response=response)
    kind = Unauthorized if status in _UNAUTHORIZED else RequestFailed
    return kind(message, http_code=status, response=response)


def _rewinder(payload: Any) -> Callable[[], object] | None:
    """What brings a body back to where it was, so that it can be sent again; None when nothing is to be done."""
    if hasattr(payload, "seek") and hasattr(payload, "tell"):
        try:
            start = payload.tell()
        except OSError:
            return _refuse
        return lambda: payload.seek(start)
    # An iterator is used up once it was sent; a list, bytes or a dict is not.
    return _refuse if hasattr(payload, "__next__") or hasattr(payload, "read") else None


def _refuse() -> None:
    raise UnrewindableBody("the request has to be repeated, and its body can be read only once")
