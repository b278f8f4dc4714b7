"""Which number formats show a date, and which date a serial number is."""

from __future__ import annotations

import datetime as dt
import re

_BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_NOT_LETTERS = re.compile(r'"[^"]*"|\\.|\[(?![hms]+\])[^\]]*\]|_.|\*.', re.IGNORECASE)
_DATE_LETTERS = re.compile(r"[ymdhs]", re.IGNORECASE)


def is_date_format(number: int, code: str) -> bool:
    """Does this number format show a date or a time? (ECMA-376-1, 18.8.30; 27–36 and 50–58 are those of East Asia)"""
    if not code:
        return number in _BUILT_IN_DATES
    return bool(_DATE_LETTERS.search(_NOT_LETTERS.sub("", code.split(";")[0])))


def day_of(serial: float, *, epoch_1904: bool = False) -> dt.date | dt.datetime | dt.time | float:
    """The day (with its time, if it has one) of a serial number; the number itself where there is no such day.

    Day 1 is 1900-01-01, and the calendar of 1900 has a 29 February that never was (ECMA-376-1, 18.17.4.1).
    """
    if not 0 <= serial < 2_958_466:
        return serial
    whole, part = divmod(serial, 1)
    seconds = round(part * 86_400)
    if whole == 0 and not epoch_1904:
        minutes, second = divmod(min(seconds, 86_399), 60)
        return dt.time(*divmod(minutes, 60), second)
    first = dt.date(1904, 1, 1) if epoch_1904 else dt.date(1899, 12, 30 if whole >= 60 else 31)
    day = first + dt.timedelta(days=int(whole))
    if not seconds:
        return day
    return dt.datetime(day.year, day.month, day.day) + dt.timedelta(seconds=seconds)  # noqa: DTZ001 - a sheet has no zone
