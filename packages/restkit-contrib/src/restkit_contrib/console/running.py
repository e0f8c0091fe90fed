"""restcli's life: the command line, the request, the output, the exit code."""

from __future__ import annotations

import os
import sys

from .exit_codes import OUTPUT, UsageError, code_of, code_of_status, line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from .sending import Call

__all__ = ["run"]

# What a shell reports for a program ended by SIGINT.
INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit code. Errors are one line on standard error."""
    try:
        return _run(arguments)
    except UsageError as error:
        return _fail(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough. Python would complain at exit about what it could not flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OUTPUT


def _fail(error: BaseException) -> int:
    sys.stderr.write(line_of(error) + "\n")
    return code_of(error)


def _run(arguments: Sequence[str]) -> int:
    from .arguments import parse, positionals
    from .config import update_defaults

    options = parse(arguments, update_defaults({}))
    words = positionals(options.words)
    if options.shell:
        return _shell(options, words.url)
    if options.log_level != "warning":
        from restkit_client import set_logging

        set_logging(options.log_level)
    from restkit_client.errors import RestkitError
    from restkit_forms import FormError
    from restkit_oauth2 import Error as OAuthError

    from .sending import plan

    try:
        call = plan(options, words)
        if options.offline or options.curl:
            return _print_only(call, options)
        return _send(call, options)
    except BrokenPipeError:
        raise
    except (RestkitError, FormError, OAuthError, ValueError) as error:
        return _fail(error)


def _send(call: Call, options: argparse.Namespace) -> int:
    from .output import show

    if options.verbose:
        from .verbose import show_sent

        show_sent(call)
    response = call.send()
    try:
        if options.verbose:
            from .verbose import show_received

            show_received(response)
        show(response, options)
    finally:
        response.close()
    if options.timing:
        from .verbose import show_timings

        show_timings(response)
    if options.har:
        from .verbose import write_har

        write_har(response, options.har)
    return code_of_status(response.status_int) if options.check_status else 0


def _print_only(call: Call, options: argparse.Namespace) -> int:
    request = call.as_sent()
    if options.curl:
        sys.stdout.write(request.to_curl() + "\n")
    else:
        from .output import show_request

        show_request(call.client.make_headers_string(request), request.content)
    return 0


def _shell(options: argparse.Namespace, url: str) -> int:
    try:
        from ..ipython_shell import main
    except ImportError as error:
        return _fail(error)
    from .sending import full_url

    main(full_url(url), options=options)
    return 0
