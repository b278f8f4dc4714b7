"""Telephone numbers as spreadsheet programs leave them; pure."""

import re

_SERVICE = re.compile(r"[48]00\d{7}")
_LONG = re.compile(r"[2-9]\d{8,10}|10\d{8}")
"""Area code without its 0 and seven or eight digits: 57188888888, 2188888888, 1088888888 (Beijing)."""


def lost_its_zero(number: str) -> bool:
    """Is it a trunk number that a spreadsheet program took for a quantity, without the 0 of its area code?

    Mobile numbers (11 digits from 13 on), 400 and 800 numbers and local ones have no such 0.
    """
    return bool(_LONG.fullmatch(number)) and not _SERVICE.fullmatch(number)
