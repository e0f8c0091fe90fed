"""MultiDict: the case-sensitive dictionary of repeated keys that restkit 4.2.2 gave and took.

Accepted wherever fields or parameters are; the client itself returns `restkit_parser.Headers`.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, Self

__all__ = ["MultiDict"]

_MISSING: Any = object()


class MultiDict:
    """Ordered, case-sensitive, many values for a key; `keys`, `values`, `items` and `len` count every pair.

    Args:
        *args: one mapping, or one iterable of (key, value).
        **kwargs: more pairs.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._items: list[tuple[Any, Any]] = []
        if len(args) > 1:
            raise TypeError(f"MultiDict takes one mapping or iterable of pairs, not {len(args)} of them")
        self.extend(*args, **kwargs)

    @classmethod
    def from_fieldstorage(cls, fs: Any) -> Self:
        """The fields of an object like cgi.FieldStorage: a file field as itself, any other as its value."""
        return cls((field.name, field if field.filename else field.value) for field in fs.list or ())

    def __getitem__(self, key: Any) -> Any:
        for k, value in reversed(self._items):
            if k == key:
                return value
        raise KeyError(key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._remove(key)
        self._items.append((key, value))

    def __delitem__(self, key: Any) -> None:
        if not self._remove(key):
            raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        return any(k == key for k, _ in self._items)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self._items)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, MultiDict):
            return self._items == other._items
        return self.mixed() == other if isinstance(other, Mapping) else NotImplemented

    __hash__ = None  # type: ignore[assignment] # it changes

    def __repr__(self) -> str:
        return f"MultiDict({self._items!r})"

    def get(self, key: Any, default: Any = None) -> Any:
        """The last value of the key, or `default`."""
        try:
            return self[key]
        except KeyError:
            return default

    def add(self, key: Any, value: Any) -> None:
        """Adds a value, beside those that the key has."""
        self._items.append((key, value))

    def getall(self, key: Any) -> list[Any]:
        """All values of the key, in order."""
        return [value for k, value in self._items if k == key]

    def getone(self, key: Any) -> Any:
        """The one value of the key.

        Raises:
            KeyError: there is none, or more than one.
        """
        values = self.getall(key)
        if len(values) != 1:
            raise KeyError(f"{key!r} has {len(values)} values, not one")
        return values[0]

    def iget(self, key: str) -> Any:
        """The first value of the key without regard to case, or None."""
        return next((value for k, value in self._items if k.lower() == key.lower()), None)

    def ipop(self, key: str, default: Any = _MISSING) -> Any:
        """Takes out the first pair with the key without regard to case, and returns its value."""
        for index, (k, _) in enumerate(self._items):
            if k.lower() == key.lower():
                return self._items.pop(index)[1]
        return self._or_missing(key, default)

    def mixed(self) -> dict[Any, Any]:
        """A dict: a single value as itself, several as a list."""
        return {
            key: values[0] if len(values) == 1 else values for key, values in self.dict_of_lists().items()
        }

    def dict_of_lists(self) -> dict[Any, list[Any]]:
        """A dict of each key's values."""
        lists: dict[Any, list[Any]] = {}
        for key, value in self._items:
            lists.setdefault(key, []).append(value)
        return lists

    def has_key(self, key: Any) -> bool:
        """Whether the key has a value."""
        return key in self

    def keys(self) -> list[Any]:
        """The key of each pair, repeats included."""
        return [key for key, _ in self._items]

    def values(self) -> list[Any]:
        """The value of each pair."""
        return [value for _, value in self._items]

    def items(self) -> list[tuple[Any, Any]]:
        """The pairs."""
        return self._items[:]

    def copy(self) -> Self:
        """Another one with the same pairs; later changes of one do not show in the other."""
        return type(self)(self._items)

    __copy__ = copy

    def clear(self) -> None:
        """Takes out everything."""
        self._items.clear()

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """The last value of the key; without one, `default` is added and returned."""
        if key not in self:
            self.add(key, default)
        return self[key]

    def pop(self, key: Any, default: Any = _MISSING) -> Any:
        """Takes out the first pair with the key, and returns its value."""
        for index, (k, _) in enumerate(self._items):
            if k == key:
                return self._items.pop(index)[1]
        return self._or_missing(key, default)

    def popitem(self) -> tuple[Any, Any]:
        """Takes out the last pair, and returns it."""
        if not self._items:
            raise KeyError("the MultiDict is empty")
        return self._items.pop()

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Sets each key to its new values, all old ones replaced."""
        new = type(self)(*args, **kwargs)
        for key in new.dict_of_lists():
            self._remove(key)
        self._items += new._items

    def extend(
        self, other: Mapping[Any, Any] | Iterable[tuple[Any, Any]] | None = None, /, **kwargs: Any
    ) -> None:
        """Adds pairs, beside those that are there."""
        if other is not None:
            pairs: Iterable[tuple[Any, Any]] = other.items() if hasattr(other, "items") else other
            self._items += [(key, value) for key, value in pairs]
        self._items += kwargs.items()

    def _remove(self, key: Any) -> bool:
        kept = [pair for pair in self._items if pair[0] != key]
        found = len(kept) != len(self._items)
        self._items = kept
        return found

    def _or_missing(self, key: Any, default: Any) -> Any:
        if default is _MISSING:
            raise KeyError(key)
        return default


MutableMapping.register(MultiDict)
