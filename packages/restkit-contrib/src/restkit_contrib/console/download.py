"""--download and --continue: a body into a file, under a name that can do no harm, and on from where it broke off."""

from __future__ import annotations

import os
import sys

from .exit_codes import OUTPUT, UsageError, code_of, code_of_status
from .progress import progress_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from restkit_client import Response

    from .arguments import Namespace
    from .calls import Call

__all__ = ["download", "name_of", "safe_name"]

# The longest name that usual file systems take is 255 bytes; `.part.validator` is added to it.
MAX_NAME = 200
NAMELESS = "index.html"


def download(call: Call, options: Namespace) -> Response | None:
    """Download as the options say; returns the last response, None when the file was there already.

    Raises:
        UsageError: the file is there already or can not be written, or the server has none.
        RestkitError: the body did not come whole; --continue goes on from there.
    """
    from restkit_client.errors import RequestFailed

    source = _Source(call)
    path = options.output
    if path is None:
        # What is to be continued must have its name before the server is asked.
        path = name_of(call.request.url or "", None if options.resume else source.peek())
    if not _is_free(path, options):
        return None
    try:
        _save(source, path)
    except RequestFailed as error:
        status = error.response.status_int
        code = code_of_status(status) if options.check_status else 1
        raise UsageError(f"{error.response.status}: nothing is saved", code) from error
    return source.last


def _is_free(path: str, options: Namespace) -> bool:
    """Whether to download to a path; what an earlier attempt left there is removed unless it is to be continued."""
    part = f"{path}.part"
    if options.resume and os.path.exists(path) and not os.path.exists(part) and not options.force:  # noqa: PTH110
        sys.stderr.write(f"restcli: {path} is there already, nothing to do; --force downloads it again\n")
        return False
    if options.resume:
        return True
    if options.output is None and os.path.lexists(path) and not options.force:
        raise UsageError(f"{path} is there already: --force overwrites it, -o gives another name", OUTPUT)
    for old in (part, f"{part}.validator"):
        if os.path.lexists(old):
            os.unlink(old)  # noqa: PTH108 - pathlib costs 5 ms of start-up
    return True


def _save(source: _Source, path: str) -> None:
    from restkit_client.errors import RestkitError, UnexpectedEOF
    from restkit_client.saving import download as save

    progress = progress_of(path, "down")
    try:
        save(source.fetch, path, progress=progress)
    except UnexpectedEOF as error:
        raise UsageError(f"{error}; --continue goes on from there", code_of(error)) from error
    except OSError as error:
        if isinstance(error, RestkitError):
            raise
        raise UsageError(f"{path} can not be written: {error.strerror or error}", OUTPUT) from error
    finally:
        if progress is not None:
            progress.end()


class _Source:
    """Asks the server; a response that was looked at for its name is used."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.ready: Response | None = None
        self.last: Response | None = None

    def peek(self) -> Response:
        self.ready = self.fetch({})
        return self.ready

    def fetch(self, fields: dict[str, str]) -> Response:
        ready, self.ready = self.ready, None
        if ready is not None and not fields:
            return ready
        # A coded body has another length than its file, and can not be continued.
        self.last = self.call.send({"Accept-Encoding": "identity", **fields})
        return self.last


def name_of(url: str, response: Any = None) -> str:
    """The name for a download: what the response's Content-Disposition says (RFC 6266), else the URL's last segment."""
    from urllib.parse import unquote, urlsplit

    if response is not None:
        offered = safe_name(_offered(response.headers.get("content-disposition") or ""))
        if offered:
            return offered
        url = response.final_url or url
    return safe_name(unquote(urlsplit(url).path)) or NAMELESS


def _offered(disposition: str) -> str:
    from urllib.parse import unquote

    from restkit_client.parameters import parse_parameters

    parameters = parse_parameters(disposition)[1]
    charset, _, rest = parameters.get("filename*", "").partition("'")
    encoded = rest.partition("'")[2]
    if encoded and charset.lower() in ("utf-8", "iso-8859-1"):
        return unquote(encoded, charset, "replace")
    return parameters.get("filename", "")


def safe_name(name: str) -> str:
    """A plain file name of this folder: no path, no leading dot, nothing unprintable; "" when nothing is left."""
    base = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(char for char in base if char.isprintable() and char not in ':*?"<>|')
    return shown.lstrip(". ").rstrip(". ").encode()[:MAX_NAME].decode("utf-8", "ignore")
