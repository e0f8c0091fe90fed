"""Header fields of a part, read: the block of them, and values with parameters (RFC 2045 §5.1, RFC 8187).

Every function takes time linear in its input.
"""

from __future__ import annotations

from .boundary import TOKEN_CHARACTERS
from .errors import MalformedMultipart

MAX_READ_BOUNDARY = (
    200  # RFC 2046 says 70; a longer one does no harm to a reader, an endless one would slow its search.
)

UNIQUE_FIELDS = ("content-disposition", "content-type")  # Two of these, and readers disagree which counts.


def parse_fields(block: bytes) -> dict[str, str]:
    """The fields of a part's header, by lower-case name; repeated ones are joined with ", ".

    Args:
        block: the lines without the blank one; a line that starts with a blank continues the one before.

    Raises:
        MalformedMultipart: no colon, no valid name, a stray CR, LF or NUL, a second Content-Disposition or
            Content-Type.
    """
    fields: dict[str, list[str]] = {}
    text = block.decode("utf-8", "replace").replace("\r\n ", " ").replace("\r\n\t", " ")
    for line in text.split("\r\n") if text else ():
        name, colon, value = line.partition(":")
        if not colon or not name or not TOKEN_CHARACTERS.issuperset(name):
            raise MalformedMultipart(f"{line[:80]!a} is no header field of a part")
        if "\r" in value or "\n" in value or "\0" in value:
            raise MalformedMultipart(f"a stray CR, LF or NUL in the field {name!a} of a part")
        fields.setdefault(name.lower(), []).append(value.strip(" \t"))
    for name in UNIQUE_FIELDS:
        if len(fields.get(name, ())) > 1:
            raise MalformedMultipart(f"a part has two {name} fields")
    return {name: ", ".join(values) for name, values in fields.items()}


def parse_value(field: str) -> tuple[str, dict[str, str]]:
    r"""A field value and its parameters, names in lower case, e.g. `form-data; name="a"`.

    Within quotation marks `\"` stands for `"` and anything else for itself; `unescaped` goes further.

    Raises:
        MalformedMultipart: a parameter without "=", an unclosed quotation mark, a parameter that comes twice.
    """
    value, _, rest = field.partition(";")
    parameters: dict[str, str] = {}
    rest = rest.strip(" \t")
    position = 0
    while position < len(rest):
        equals = rest.find("=", position)
        name = rest[position:equals].strip(" \t;").lower()
        if equals < 0 or not name or not TOKEN_CHARACTERS.issuperset(name):
            raise MalformedMultipart(f"{rest[position : position + 80]!a} is no parameter")
        if name in parameters:
            raise MalformedMultipart(f"the parameter {name!a} comes twice")
        parameters[name], position = _parameter_value(rest, equals + 1)
    return value.strip(" \t").lower(), parameters


def _parameter_value(text: str, start: int) -> tuple[str, int]:
    """The value that starts there, still escaped, and where the next parameter starts."""
    if not text.startswith('"', start):
        end = text.find(";", start)
        end = len(text) if end < 0 else end
        return text[start:end].strip(" \t"), end + 1
    end = _closing_quote(text, start + 1)
    after = text.find(";", end)
    after = len(text) if after < 0 else after
    if text[end + 1 : after].strip(" \t"):
        raise MalformedMultipart(f"{text[end : end + 80]!a} follows a quoted parameter")
    return text[start + 1 : end], after + 1


def _closing_quote(text: str, start: int) -> int:
    """The first quotation mark from there that no backslash escapes."""
    position, quote = start, text.find('"', start)
    while quote >= 0:
        backslash = text.find("\\", position, quote)
        if backslash < 0:
            return quote
        position = backslash + 2
        if position > quote:
            quote = text.find('"', position)
    raise MalformedMultipart(f"the quotation mark before {text[start : start + 80]!a} is not closed")


def unescaped(raw: str) -> str:
    r"""A name or filename as it was before it was escaped.

    HTML's `%22 %0D %0A` (and our own final `%5C`) are decoded. A backslash is HTML's plain character, unless
    the writer escaped by RFC 9110 §5.6.4, which shows: there is a `\"`, or every run of backslashes is even.
    """
    if "\\" in raw and ('\\"' in raw or "\\" not in raw.replace("\\\\", "")):
        raw = raw.replace("\\\\", "\0").replace('\\"', '"').replace("\0", "\\")
    if "%" in raw:
        raw = raw.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")
        raw = raw[:-3] + "\\" if raw.endswith("%5C") else raw
    return raw


def decoded_extended(raw: str) -> str | None:
    """An RFC 8187 value (`utf-8''h%C3%A9.txt`) as text; None when it is none."""
    charset, quote, rest = raw.partition("'")
    _, second, encoded = rest.partition("'")
    if not quote or not second or charset.lower() not in {"utf-8", "iso-8859-1"}:
        return None
    from urllib.parse import unquote  # only aiohttp and mail-like writers send one

    try:
        return unquote(encoded, charset, "strict")
    except UnicodeDecodeError:
        return None


def boundary_of(content_type: str) -> str:
    """The boundary that a multipart Content-Type names.

    Raises:
        MalformedMultipart: it is not multipart, or names none.
    """
    kind, parameters = parse_value(content_type)
    if not kind.startswith("multipart/"):
        raise MalformedMultipart(f"{kind!a} is not multipart")
    boundary = parameters.get("boundary", "")
    if not boundary:
        raise MalformedMultipart(f"no boundary in {content_type!a}")
    if len(boundary) > MAX_READ_BOUNDARY or not (boundary.isascii() and boundary.isprintable()):
        raise MalformedMultipart(f"no usable boundary in {content_type[:80]!a}")
    return boundary
