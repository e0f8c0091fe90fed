"""Names that are imported when they are first used (PEP 562), so that `import restkit` stays cheap."""

from __future__ import annotations

import sys
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["find"]


def find(module: str, homes: Mapping[str, str], name: str) -> object:
    """The attribute `name` of `module`, taken from the module that `homes` gives, and kept there.

    Raises:
        AttributeError: `module` has no such name.
    """
    home = homes.get(name)
    if home is None:
        raise AttributeError(f"module {module!r} has no attribute {name!r}")
    found: object = getattr(import_module(home), name)
    setattr(sys.modules[module], name, found)
    return found
