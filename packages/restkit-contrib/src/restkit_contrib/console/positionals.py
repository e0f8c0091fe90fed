"""What stands behind the options: the URL, and after it METHOD, items and filename in any order."""

from __future__ import annotations

from .exit_codes import UsageError
from .items import is_item

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["RULES", "Positionals", "full_url", "positionals"]

RULES = """  METHOD     letters only; a file of such a name is written ./name
  item       name=value      a member of the JSON body (a field with --form or --multipart)
             name:=json      the same, the value is JSON
             name==value     a parameter of the url's query
             Name:value      a header field; an empty value leaves a default one out
             name@file       a file of a multipart form; name@file;type=TYPE
             name=@file and name:=@file take the value from a file; \\= \\: \\@ stand for themselves
  filename   anything else, and all that begins with ./ ../ or /; one file, sent as the body, by POST
             unless a METHOD is given; - is stdin, which is read only then"""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})


class Positionals:
    """What stands behind the options.

    Attributes:
        url: as given, "" where there is none.
        method, filename: None where there is none.
        items: in their order.
    """

    __slots__ = ("filename", "items", "method", "url")

    def __init__(self) -> None:
        self.url = ""
        self.method: str | None = None
        self.filename: str | None = None
        self.items: list[str] = []


def positionals(words: Sequence[str]) -> Positionals:
    """Tell URL, METHOD, items and filename apart, as `RULES` says.

    Raises:
        UsageError: no URL, two filenames, two methods.
    """
    found = Positionals()
    if not words or not words[0]:
        raise UsageError("incorrect number of arguments: give a url (restcli --help shows how)")
    found.url = words[0]
    if found.url in METHODS and len(words) > 1:
        raise UsageError(f"the url stands first: restcli {words[1]} {found.url}")
    for word in words[1:]:
        _take(found, word)
    return found


def _take(found: Positionals, word: str) -> None:
    if word.isascii() and word.isalpha():
        if found.method is not None:
            raise UsageError(f"two methods: {found.method} and {word}; a file is written ./{word}")
        found.method = word
    elif not word.startswith(("./", "../", "/")) and is_item(word):
        found.items.append(word)
    elif found.filename is None:
        found.filename = word
    else:
        raise UsageError(f"two filenames: {found.filename} and {word}; one file is sent")


def full_url(url: str) -> str:
    """The URL that a short form means: `:8080/path` is on localhost, `example.com` is http."""
    if url.startswith(":"):
        rest = url[1:]
        return (
            f"http://localhost:{rest}" if rest[:1].isdigit() else "http://localhost/" + rest.removeprefix("/")
        )
    if "://" in url.partition("?")[0] or url.startswith("/"):
        return url
    return f"http://{url}"
