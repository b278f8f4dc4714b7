"""Regions (GB/T 2260) with their validity in time: dated data in the package, no table."""

from datetime import date

from zhunsheng.foundation.bilingual import Text


def name_of(code: str, on: date) -> Text:
    """The full name that a region bore on a day."""
    return Text(en=code, zh=code)
