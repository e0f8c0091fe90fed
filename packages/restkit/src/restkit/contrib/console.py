"""restcli (the manual's restkit.contrib.console)."""

from restkit_contrib.console import (
    as_bool,
    common_indent,
    external,
    indent,
    indent_json,
    indent_xml,
    main,
    options,
    prettify,
    update_defaults,
)

__all__ = [
    "as_bool",
    "common_indent",
    "external",
    "indent",
    "indent_json",
    "indent_xml",
    "main",
    "options",
    "prettify",
    "update_defaults",
]
