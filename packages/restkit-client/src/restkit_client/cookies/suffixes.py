"""Public suffixes ("com", "co.uk", "github.io"): nobody may set a cookie for everybody under one.

The list is that of the extra `cookies` (the package publicsuffixlist). Without it no Domain attribute widens a cookie.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["installed_rule"]

_rules: list[Callable[[str], bool]] = []


def installed_rule() -> Callable[[str], bool] | None:
    """A function telling whether a domain is a public suffix, or None when the list is not installed."""
    if not _rules:
        try:
            from publicsuffixlist import PublicSuffixList
        except ImportError:
            return None
        suffix_of = PublicSuffixList().publicsuffix
        _rules.append(lambda domain: suffix_of(domain) == domain)
    return _rules[0]
