"""What a plain head looks like, as regular expressions, and what chunk extensions do.

Imported when the first message is parsed: `re` costs more than the rest of this package. Every repetition is possessive,
so that a match takes one pass over the bytes whatever they are.
"""

from __future__ import annotations

import re

__all__ = ["EXTENSIONS", "FIELD", "REQUEST_HEAD", "RESPONSE_HEAD"]

_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++"
_CONTENT = rb"[\t -~\x80-\xff]*+"
_SECTION = rb"((?:\r\n" + _TOKEN + rb":" + _CONTENT + rb")*+\r\n\r\n)"
_QUOTED = rb'"(?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t -~\x80-\xff])*+"'

# The minor version, the status code, the reason phrase and the field section, from CR LF to CR LF CR LF.
RESPONSE_HEAD = re.compile(rb"HTTP/1\.([0-9]) ([1-9][0-9][0-9])(?: (" + _CONTENT + rb"))?+" + _SECTION)

# The method, the target, the minor version and the field section.
REQUEST_HEAD = re.compile(rb"(" + _TOKEN + rb") ([!-~]++) HTTP/1\.([0-9])" + _SECTION)

# The name and the value of each field of such a section, as text; whitespace may be left at the end of the value.
# A class of one excluded character is matched fastest, and suffices in a section that was matched before.
FIELD = re.compile(r"\r\n([^:]++):[ \t]*+([^\r]*+)")

# RFC 9112 section 7.1.1, with at least one extension.
EXTENSIONS = re.compile(
    rb"(?:[ \t]*+;[ \t]*+" + _TOKEN + rb"(?:[ \t]*+=[ \t]*+(?:" + _TOKEN + rb"|" + _QUOTED + rb"))?+)++"
)
