"""The repository's own commands, called by the Makefile: standard library only, so that a bare Python runs them."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (this is the place that says so)
    sys.exit("Python 3.11 or newer is needed; name one, as in: make test PYTHON=python3.12")
