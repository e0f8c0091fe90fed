"""Completion inside of quotes: known paths, field names, content types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .content_types import MEDIA_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .shell_client import ShellClient

__all__ = ["candidates", "make_matcher"]

# Those that people type (RFC 9110's request fields, and the usual ones beside them).
FIELD_NAMES = (
    *("Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Content-Encoding"),
    *(
        "Content-Language",
        "Content-Type",
        "Cookie",
        "Expect",
        "If-Match",
        "If-Modified-Since",
        "If-None-Match",
    ),
    *(
        "If-Range",
        "If-Unmodified-Since",
        "Origin",
        "Prefer",
        "Range",
        "Referer",
        "User-Agent",
        "X-Requested-With",
    ),
)

_PATH = re.compile(r"""\b(?:get|head|post|put|patch|delete|options|set_url)\s*\(?\s*["']([^"']*)$""")
_TYPE = re.compile(
    r"""(?:content_type\s*=|(?:Content-Type|Accept)["']\]?\s*[:=])\s*["']([^"']*)$""", re.IGNORECASE
)
_FIELD = re.compile(r"""headers(?:\[|\s*=\s*\{(?:[^{}]*,)?)\s*["']([^"':]*)$""")


def candidates(client: ShellClient, line: str) -> tuple[str, list[str]] | None:
    """What the open quote at the end of a line may be: the beginning that is there, and whole texts; None elsewhere."""
    for pattern, known in ((_TYPE, MEDIA_TYPES), (_FIELD, FIELD_NAMES), (_PATH, sorted(client.paths))):
        match = pattern.search(line)
        if match is not None:
            begun = match[1]
            return begun, [text for text in known if text.lower().startswith(begun.lower())]
    return None


def make_matcher(client: ShellClient) -> Callable[[Any], Any]:
    """A matcher for IPython's completer (its API 2)."""
    from IPython.core.completer import SimpleCompletion, context_matcher

    def matcher(context: Any) -> Any:
        found = candidates(client, context.text_until_cursor)
        if found is None:
            return {"completions": []}
        begun, texts = found
        completions = [SimpleCompletion(text, type="restkit") for text in texts]
        return {"completions": completions, "matched_fragment": begun, "suppress": True}

    marked: Callable[[Any], Any] = context_matcher(identifier="restkit")(matcher)
    return marked
