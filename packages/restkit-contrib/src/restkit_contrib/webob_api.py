"""WebOb requests that are sent by restkit (the manual's restkit.contrib.webob_api).

    request = Request.blank("http://127.0.0.1:5984/")
    response = request.get_response()      # or request.get(), request.post()…

The response is WebOb's; its body is read from the network as `app_iter` is iterated, and given up by closing that.
"""

from __future__ import annotations

import webob  # type: ignore[import-untyped]

from restkit_client.filters.basic import basic_credentials
from restkit_client.urls import cut_userinfo, join_url, split_url
from restkit_forms import form_encode

from .wsgi_proxy import Proxy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Self

__all__ = ["PROXY", "Method", "Request"]

PROXY = Proxy(
    allowed_methods=["GET", "POST", "HEAD", "DELETE", "PUT", "PURGE", "PATCH", "OPTIONS"],
    preserve_host=True,
    forwarded=False,
    via="",
)
"""What carries the requests; a client, which says nothing about anybody in front of it."""

FORM = "application/x-www-form-urlencoded"
# Marks an Authorization that came out of a URL: it goes when another host is asked.
FROM_URL = "restkit.authorization_from_url"


class Method(property):
    """An attribute that sets the request's method and gives what sends it: `request.get()`.

    Args:
        name: of the method, in any case.
    """

    def __init__(self, name: str) -> None:
        def sender(request: Request) -> Callable[..., Any]:
            request.method = name.upper()
            return request.get_response

        super().__init__(sender, doc=f"Set the method to {name.upper()}, and give what sends the request.")


class Request(webob.Request):  # type: ignore[misc]
    """A webob.Request that is sent to the host of its URL. For the arguments see WebOb."""

    get = Method("get")
    head = Method("head")
    post = Method("post")
    put = Method("put")
    delete = Method("delete")

    @classmethod
    def blank(cls, path: str, *args: Any, **options: Any) -> Self:
        """A request for a URL, as WebOb's; user name and password in it become Authorization."""
        plain, userinfo = cut_userinfo(path)
        request: Self = super().blank(plain, *args, **options)
        if userinfo is not None:
            request.set_url(path)
        return request

    def set_url(self, url: str) -> None:
        """Ask for another URL; a relative one is resolved against the present one.

        User name and password in it become the field Authorization; one that came so is dropped when the host changes.

        Raises:
            InvalidUrl: it can not be requested.
        """
        before = split_url(self.url).origin
        plain, userinfo = cut_userinfo(join_url(self.url, url))
        parts = split_url(plain)
        environ = self.environ
        environ["wsgi.url_scheme"] = parts.scheme
        environ["HTTP_HOST"] = parts.netloc
        environ["SERVER_NAME"] = parts.host
        environ["SERVER_PORT"] = str(parts.port)
        environ["RAW_URI"] = parts.target
        environ["SCRIPT_NAME"] = ""
        environ["PATH_INFO"] = _decoded(parts.path or "/")
        environ["QUERY_STRING"] = parts.query
        if before != parts.origin and environ.pop(FROM_URL, None):
            self.headers.pop("Authorization", None)
        if userinfo is not None:
            self.headers["Authorization"] = basic_credentials(*userinfo)
            environ[FROM_URL] = True

    def get_response(self, application: Any = None, catch_exc_info: bool = False) -> webob.Response:
        """Send the request; its answer.

        GET and DELETE are sent without a body, a POSTed form with the fields that `POST` has now.

        Args:
            application: a WSGI application to answer instead of the network.
            catch_exc_info: as WebOb's.
        """
        if self.method in ("GET", "DELETE"):
            self.body = b""
        elif self.method == "POST" and self.content_type in ("", FORM) and self.is_body_readable:
            self.body = form_encode(list(self.POST.items()))
            self.headers["Content-Type"] = FORM
        return super().get_response(application or PROXY, catch_exc_info)


def _decoded(path: str) -> str:
    from urllib.parse import unquote

    return unquote(path, "latin-1")
