"""--curl: the curl command that does what restcli was asked to do."""

from __future__ import annotations

import shlex

from .calls import plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from restkit_client import Request

    from .arguments import Namespace

__all__ = ["curl_command"]

# restcli's option → curl's, where the value is the same.
SAME = {
    "max_time": "--max-time",
    "connect_timeout": "--connect-timeout",
    "proxy": "--proxy",
    "cacert": "--cacert",
    "cert": "--cert",
    "key": "--key",
    "unix_socket": "--unix-socket",
    "output": "--output",
}
FLAGS = {"insecure": "--insecure", "netrc": "--netrc", "download": "--remote-name", "verbose": "--verbose"}
# curl makes these itself.
LEFT_OUT = ("content-length", "transfer-encoding", "accept-encoding")


def curl_command(options: Namespace) -> str:
    """The command, ready to be pasted into a shell, credentials and all; a line.

    Raises:
        UsageError, RestkitError: as for the request itself.
    """
    from restkit_client.transports.function import FunctionTransport, Reply

    seen: list[Request] = []

    def look(request: Request) -> Any:
        seen.append(request)
        return Reply(204)

    # Sent to nobody: so the fields are those that the filters set.
    digest = options.digest
    if digest:
        user, options.user, options.digest = options.user, None, False
    plan(options, transport=FunctionTransport(look)).send()
    words = ["curl", *_connection(options)]
    if digest:
        words += ["--digest", "--user", user]
    return shlex.join([*words, *_request(seen[-1])]) + "\n"


def _connection(options: Namespace) -> list[str]:
    words = ["--compressed"]
    for name, option in SAME.items():
        value = getattr(options, name)
        if value is not None:
            words += [option, f"{value:g}" if isinstance(value, float) else str(value)]
    words += [option for name, option in FLAGS.items() if getattr(options, name)]
    for entry in options.resolve:
        words += ["--resolve", entry]
    if options.follow_redirect:
        words += ["--location", "--max-redirs", str(options.max_redirects)]
    if options.retry:
        words += ["--retry", str(options.retry)]
    if options.resume:
        words += ["--continue-at", "-"]
    return [*words, f"-{options.family}"] if options.family else words


def _request(request: Request) -> list[str]:
    words: list[str] = []
    has_body = request.content is not None
    if request.method == "HEAD":
        words.append("--head")
    elif request.method != ("POST" if has_body else "GET"):
        words += ["--request", request.method]
    is_form = hasattr(request.body, "boundary")
    for name, value in request.headers.items():
        if name.lower() in LEFT_OUT or (is_form and name.lower() == "content-type"):
            continue
        words += ["--header", f"{name}: {value}" if value else f"{name};"]
    if has_body and not is_form and "content-type" not in request.headers:
        words += ["--header", "Content-Type:"]
    if has_body:
        words += _form(request.body) if is_form else _body(request)
    return [*words, request.url or ""]


def _body(request: Request) -> list[str]:
    body = request.body
    if isinstance(body, bytes):
        try:
            text = body.decode()
        except UnicodeDecodeError:
            text = "\0"
        if "\0" not in text:
            return ["--data-raw", text]
        return ["--data-binary", "@-"]
    name = getattr(body, "name", None)
    return ["--data-binary", f"@{name}" if isinstance(name, str) and name != "<stdin>" else "@-"]


def _form(form: Any) -> list[str]:
    words: list[str] = []
    for part in form.boundaries:
        path = getattr(part.value, "name", None)
        if path is None:
            text = part.value.decode() if isinstance(part.value, bytes) else str(part.value)
            words += ["--form-string", f"{part.name}={text}"]
        else:
            words += ["--form", f"{part.name}=@{path}{f';type={part.filetype}' if part.filetype else ''}"]
    return words
