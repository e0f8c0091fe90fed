"""Dates of cookies, read as leniently as RFC 6265 §5.1.1 says: in one pass, whatever the order of the parts."""

from __future__ import annotations

__all__ = ["parse_cookie_date"]

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DIGITS = frozenset("0123456789")

# The grammar's `delimiter`, as the blanks that str.split knows.
_DELIMITERS = dict.fromkeys(
    (0x09, *range(0x20, 0x30), *range(0x3B, 0x41), *range(0x5B, 0x61), *range(0x7B, 0x7F)), " "
)


def parse_cookie_date(text: str) -> int | None:
    """Seconds since 1970 of an Expires attribute, or None when it is no date."""
    time: tuple[int, int, int] | None = None
    day = month = year = None
    for token in text.translate(_DELIMITERS).split(" "):
        if time is None and (found := _time(token)) is not None:
            time = found
        elif day is None and (number := _leading_number(token, 1, 2)) is not None:
            day = number
        elif month is None and (number := _MONTHS.get(token[:3].lower())) is not None:
            month = number
        elif year is None and (number := _leading_number(token, 2, 4)) is not None:
            year = _full_year(number)
    if time is None or day is None or month is None or year is None:
        return None
    return _seconds(year, month, day, time)


def _time(token: str) -> tuple[int, int, int] | None:
    parts = token.split(":", 2)
    if len(parts) != 3 or not all(1 <= len(part) <= 2 and _DIGITS.issuperset(part) for part in parts[:2]):
        return None
    second = _leading_number(parts[2], 1, 2)
    return None if second is None else (int(parts[0]), int(parts[1]), second)


def _leading_number(token: str, fewest: int, most: int) -> int | None:
    """The number a token starts with, when it has that many digits and no more."""
    digits = 0
    while digits <= most and token[digits : digits + 1] in _DIGITS:
        digits += 1
    return int(token[:digits]) if fewest <= digits <= most else None


def _full_year(year: int) -> int:
    if 70 <= year <= 99:
        return year + 1900
    return year + 2000 if year <= 69 else year


def _seconds(year: int, month: int, day: int, time: tuple[int, int, int]) -> int | None:
    hour, minute, second = time
    if year < 1601 or hour > 23 or minute > 59 or second > 59 or not 1 <= day <= _DAYS_IN_MONTH[month - 1]:
        return None
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if month == 2 and day == 29 and not leap:
        return None
    # Days since 1970-01-01, with years that begin in March, so that the leap day is the last.
    shifted = year - (month <= 2)
    in_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    days = shifted * 365 + shifted // 4 - shifted // 100 + shifted // 400 + in_year - 719468
    return days * 86400 + hour * 3600 + minute * 60 + second
