"""restcli's life: the command line, the request, the output, the exit code."""

from __future__ import annotations

import os
import sys

from .. import __version__
from .exit_codes import OUTPUT, UsageError, code_of, code_of_status, line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from restkit_client import Response

    from .arguments import Namespace
    from .calls import Call

__all__ = ["run"]

# What a shell reports for a program ended by SIGINT.
INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit code. Errors are one line on standard error."""
    try:
        code = _run(arguments)
        sys.stdout.flush()
        return code
    except SystemExit as done:
        # --help and --version; their output is still to be flushed, and may go nowhere.
        return _flush(int(done.code or 0))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return _quiet(OUTPUT)
    except Exception as error:  # noqa: BLE001 - whatever it is, a user gets one line and no traceback
        return _fail(error)


def _fail(error: Exception) -> int:
    """Say what went wrong in one line; what no documented class covers is a fault of restcli itself, and still one line."""
    if isinstance(error, OSError) and not _is_ours(error):
        code = _flush(OUTPUT)
        sys.stderr.write(
            line_of(UsageError(f"the output can not be written: {error.strerror or error}")) + "\n"
        )
        return _quiet(code)
    sys.stderr.write(line_of(error) + "\n")
    return _flush(code_of(error))


def _is_ours(error: BaseException) -> bool:
    """Whether an OSError is one of the client's classes; those are loaded when one was raised."""
    errors = sys.modules.get("restkit_client.errors")
    return errors is not None and isinstance(error, errors.RestkitError)


def _flush(code: int) -> int:
    try:
        sys.stdout.flush()
    except OSError:
        return _quiet(OUTPUT)
    return code


def _quiet(code: int) -> int:
    """Nobody reads our output: what is still buffered goes nowhere, or Python would complain about it at its exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _run(arguments: Sequence[str]) -> int:
    from .arguments import options as make_parser
    from .arguments import parse
    from .config import update_defaults

    parser = make_parser()
    defaults = {action.dest: action.default for action in parser._actions if action.default != "==SUPPRESS=="}
    parser.set_defaults(**update_defaults(defaults))
    options = parse(arguments, parser)
    if options.version:
        sys.stdout.write(f"restcli {__version__}\n")
        return 0
    if options.from_curl is not None:
        from .from_curl import read_curl

        options = parse([*read_curl(options.from_curl), *arguments], parser)
    if options.completion:
        from .completion import completion

        sys.stdout.write(completion(parser, options.completion))
    elif options.man:
        from .man_page import man_page

        sys.stdout.write(man_page(parser))
    elif options.shell:
        return _shell(options)
    elif options.oauth_login is not None and not options.words:
        from .oauth_login import print_token

        print_token(options)
    else:
        return _request(options)
    return 0


def _request(options: Namespace) -> int:
    if options.log_level != "info":
        from restkit_client.log import set_logging

        set_logging(options.log_level)
    from .calls import plan

    if options.offline:
        from .request_text import OfflineTransport

        plan(options, transport=OfflineTransport(sys.stdout.buffer)).send()
        return 0
    if options.curl:
        from .curl_command import curl_command

        sys.stdout.write(curl_command(options))
        return 0
    call = plan(options)
    if sys.stderr and sys.stderr.isatty():
        from .upload import watch

        watch(call.request, "upload")
    if _is_download(options):
        from .download import download

        response = download(call, options)
        if response is not None and options.server_response:
            from .output import show_fields

            show_fields(response, options)
    else:
        response = _send(call, options)
    return _finish(response, options)


def _is_download(options: Namespace) -> bool:
    """Whether the body is for a file that may be gone on with. Raises UsageError."""
    into_file = options.download or options.output not in (None, "-")
    if options.resume and not into_file:
        raise UsageError("--continue goes on with a file: give -O, or -o FILE")
    if options.download and (options.head or options.har):
        raise UsageError(f"--download does not go with {'--head' if options.head else '--har'}: use -o FILE")
    return bool(options.download or options.resume)


def _send(call: Call, options: Namespace) -> Response:
    from .output import show

    recording = None
    if options.har:
        from .recording import Recording

        recording = Recording()
    with call.send() as response:
        show(response, options, recording)
    if recording is not None:
        recording.save(response, options.har)
    return response


def _finish(response: Response | None, options: Namespace) -> int:
    if response is None:
        return 0
    if options.timing and response.timings is not None:
        from .timing import picture

        sys.stderr.write(picture(response.timings))
    return code_of_status(response.status_int) if options.check_status else 0


def _shell(options: Namespace) -> int:
    try:
        from ..ipython_shell import main
    except ImportError as error:
        return _fail(error)
    from .positionals import full_url

    urls = [full_url(word) for word in options.words[:1]]
    main(*urls, options=options)
    return 0
