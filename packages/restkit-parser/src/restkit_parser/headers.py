"""The fields of a message: ordered, case-insensitive, repeats kept apart."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, Self, TypeAlias

    # What a constructor accepts: a mapping, pairs, other Headers, or nothing.
    Fields: TypeAlias = "Headers | Mapping[str, str] | Iterable[tuple[str, str]] | None"

__all__ = ["Headers", "is_secret_field"]

_SECRET_FIELDS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "set-cookie2"})
_SECRET_PARTS = ("api-key", "apikey", "token", "secret", "password", "signature", "credential")


def is_secret_field(name: str) -> bool:
    """Whether a field of this name may carry a credential, so that its value must not be shown."""
    name = name.lower()
    return name in _SECRET_FIELDS or any(part in name for part in _SECRET_PARTS)


class Headers:
    """A field section (RFC 9110 section 5), in the order and the spelling of the wire.

    `headers[name]` joins the values of repeated fields by ", " (RFC 9110 section 5.2); `get_all` keeps them apart, as
    Set-Cookie needs. Iteration, `len`, `keys`, `values` and `items` count every field line. Names are looked up without
    regard to case; values are str, each character one byte of latin-1.

    Made from a mapping, an iterable of pairs, other `Headers`, or nothing. Checks nothing: the writers do.
    """

    __slots__ = ("_lower", "_pairs", "_raw", "_values")

    def __init__(self, fields: Fields = None) -> None:
        # _raw and _lower are set while nobody has asked for the fields: b"\r\nName: value...\r\n\r\n" and its lower case.
        self._raw: bytes | None = None
        self._lower: bytes = b""
        self._pairs: list[tuple[str, str]] = []
        self._values: dict[str, list[str]] | None = None
        self.extend(fields)

    @classmethod
    def from_section(cls, raw: bytes, lower: bytes) -> Self:
        """Headers over a checked field section that begins and ends with CR LF, and its lower case; nothing is built before it is asked for."""
        headers = cls.__new__(cls)
        headers._raw = raw
        headers._lower = lower
        return headers

    def get_all(self, name: str) -> list[str]:
        """The values of all fields called `name`, in order; an empty list when there are none."""
        if self._raw is not None:
            return self._scan(self._raw, name)
        values = self._values
        if values is None:
            values = self._values = {}
            for key, value in self._pairs:
                values.setdefault(key.lower(), []).append(value)
        return values.get(name.lower(), [])[:]

    def get(self, name: str, default: Any = None) -> Any:
        """The values of `name` joined by ", ", or `default` when there is no such field."""
        values = self.get_all(name)
        return ", ".join(values) if values else default

    def add(self, name: str, value: str) -> None:
        """Add a field line at the end, next to others of that name."""
        self._changed().append((_text(name), _text(value)))

    def items(self) -> list[tuple[str, str]]:
        """All field lines as (name, value) in order."""
        return (self._pairs if self._raw is None else self._parse(self._raw))[:]

    def keys(self) -> list[str]:
        """The name of each field line, in order, repeats included."""
        return [name for name, _ in self.items()]

    def values(self) -> list[str]:
        """The value of each field line, in order."""
        return [value for _, value in self.items()]

    def copy(self) -> Headers:
        """An independent copy."""
        return Headers(self)

    def extend(self, fields: Fields = None, /, **more: str) -> None:
        """Add each field line of `fields` and `more`, next to those there are."""
        self._changed().extend((_text(name), _text(value)) for name, value in _pairs_of(fields))
        for name, value in more.items():
            self.add(name, value)

    def update(self, fields: Fields = None, /, **more: str) -> None:
        """Replace the fields that `fields` and `more` name; repeats within `fields` are kept."""
        new = Headers(fields)
        new.extend(more)
        for name in new.keys():  # noqa: SIM118 - the names of lines, not of a dict
            self._remove(name)
        self.extend(new)

    def pop(self, name: str, *default: Any) -> Any:
        """Remove all fields called `name`; returns their values joined by ", ", else `default`, else KeyError."""
        values = self._take(name)
        if values:
            return ", ".join(values)
        if default:
            return default[0]
        raise KeyError(name)

    def popitem(self) -> tuple[str, str]:
        """Remove and return the last field line; KeyError when there is none."""
        pairs = self._changed()
        if not pairs:
            raise KeyError("popitem(): no fields")
        return pairs.pop()

    def setdefault(self, name: str, default: str = "") -> str:
        """The value of `name`; when there is no such field, `default` is added first."""
        if name not in self:
            self.add(name, default)
        return self[name]

    def clear(self) -> None:
        """Remove all fields."""
        self._changed().clear()

    # The documented methods of restkit 4's MultiDict.

    def getall(self, name: str) -> list[str]:
        """As `get_all`."""
        return self.get_all(name)

    def getone(self, name: str) -> str:
        """The value of the one field called `name`; KeyError unless there is exactly one."""
        values = self.get_all(name)
        if len(values) != 1:
            raise KeyError(f"{len(values)} fields are called {name!r}, not one")
        return values[0]

    def iget(self, name: str) -> str | None:
        """The value of the first field called `name`, or None."""
        values = self.get_all(name)
        return values[0] if values else None

    def ipop(self, name: str, *default: Any) -> Any:
        """Remove all fields called `name`; returns the first value, else `default`, else KeyError."""
        values = self._take(name)
        if values:
            return values[0]
        if default:
            return default[0]
        raise KeyError(name)

    def mixed(self) -> dict[str, str | list[str]]:
        """A dict of names to the value, or to a list of the values when there are more."""
        return {
            name: values if len(values) > 1 else values[0] for name, values in self.dict_of_lists().items()
        }

    def dict_of_lists(self) -> dict[str, list[str]]:
        """A dict of names, in their first spelling, to the lists of their values."""
        spelling: dict[str, str] = {}
        lists: dict[str, list[str]] = {}
        for name, value in self.items():
            lists.setdefault(spelling.setdefault(name.lower(), name), []).append(value)
        return lists

    def has_key(self, name: str) -> bool:
        """As `name in headers`."""
        return name in self

    def __getitem__(self, name: str) -> str:
        values = self.get_all(name)
        if not values:
            raise KeyError(name)
        return ", ".join(values)

    def __setitem__(self, name: str, value: str) -> None:
        """Replace all fields called `name`, at the place of the first."""
        key = _text(name).lower()
        new = (name, _text(value))
        pairs = self._changed()
        for at, (old, _) in enumerate(pairs):
            if old.lower() == key:
                pairs[at + 1 :] = [pair for pair in pairs[at + 1 :] if pair[0].lower() != key]
                pairs[at] = new
                return
        pairs.append(new)

    def __delitem__(self, name: str) -> None:
        if not self._take(name):
            raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self.get_all(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self.items())

    def __eq__(self, other: object) -> bool:
        """Whether both have the same names, by any case, with the same values in the same order each."""
        if not isinstance(other, (Headers, Mapping)):
            return NotImplemented
        return _comparable(self) == _comparable(Headers(other))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """The field lines, the values of secret fields masked."""
        shown = [(name, "***" if is_secret_field(name) else value) for name, value in self.items()]
        return f"Headers({shown!r})"

    def __reduce__(self) -> tuple[type[Headers], tuple[list[tuple[str, str]]]]:
        return Headers, (self.items(),)

    def _scan(self, raw: bytes, name: str) -> list[str]:
        """Find values in the bytes as they came, which is cheaper than taking them apart for one field."""
        # A colon would let the name reach into a value.
        if ":" in name or not name.isascii():
            return []
        needle = b"\r\n%b:" % name.lower().encode("ascii")
        found = []
        at = self._lower.find(needle)
        while at >= 0:
            begin = at + len(needle)
            end = raw.find(b"\r\n", begin)
            found.append(str(raw[begin:end].strip(b" \t"), "latin-1"))
            at = self._lower.find(needle, end)
        return found

    def _parse(self, raw: bytes) -> list[tuple[str, str]]:
        pairs = _find_fields(str(raw, "latin-1"))
        # Seldom enough that most heads need no second look at each value.
        if b"\t" in raw or raw.rfind(b" \r") >= 0:
            pairs = [(name, value.rstrip(" \t")) for name, value in pairs]
        self._pairs = pairs
        self._raw = None
        self._values = None
        return pairs

    def _changed(self) -> list[tuple[str, str]]:
        """The pairs, to be changed in place."""
        if self._raw is not None:
            self._parse(self._raw)
        self._values = None
        return self._pairs

    def _remove(self, name: str) -> None:
        key = name.lower()
        pairs = self._changed()
        pairs[:] = [pair for pair in pairs if pair[0].lower() != key]

    def _take(self, name: str) -> list[str]:
        values = self.get_all(name)
        if values:
            self._remove(name)
        return values


MutableMapping.register(Headers)


def _find_fields(text: str) -> list[tuple[str, str]]:
    """All fields of a checked section; the first call lets the pattern take this function's place."""
    from restkit_parser.patterns import FIELD

    globals().update(_find_fields=FIELD.findall)
    return FIELD.findall(text)


def _pairs_of(fields: Any) -> Iterable[tuple[Any, Any]]:
    if fields is None:
        return ()
    # Mappings, and the many dict-likes with repeats, tell their pairs by items().
    items = getattr(fields, "items", None)
    return fields if items is None else items()  # type: ignore[no-any-return]


def _comparable(headers: Headers) -> dict[str, list[str]]:
    return {name.lower(): values for name, values in headers.dict_of_lists().items()}


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, int):
        return str(value)
    raise TypeError(f"a field name or value is str, not {type(value).__name__}")
