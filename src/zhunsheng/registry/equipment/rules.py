"""When two instruments may be one, and when one is due; pure."""

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

SOON = timedelta(days=60)
TELLING = 6
"""So many letters and digits make a serial number that hardly occurs twice by chance."""


def serial_key(serial: str) -> str:
    """A serial number without case, spaces and signs, full-width forms as half-width ones: what two plates are compared by."""
    return "".join(c for c in unicodedata.normalize("NFKC", serial).upper() if c.isalnum())


@dataclass(frozen=True, slots=True)
class Plate:
    """What stands on an instrument."""

    serial: str
    manufacturer: str
    name: str


def may_be_one(one: Plate, other: Plate) -> bool:
    """Two plates with one serial number: of one manufacturer where both name it, else of one name, else by a telling number alone."""
    if not serial_key(one.serial) or serial_key(one.serial) != serial_key(other.serial):
        return False
    makers = serial_key(one.manufacturer), serial_key(other.manufacturer)
    if all(makers):
        return makers[0] == makers[1]
    return serial_key(one.name) == serial_key(other.name) or len(serial_key(one.serial)) >= TELLING


def state_on(on: date, *, valid_to: date | None, latest: date | None, retired_on: date | None) -> str:
    """in_date, due_soon, out_of_date, never or retired: `valid_to` of what covers the day, `latest` of what was ever known."""
    if retired_on is not None and retired_on < on:
        return "retired"
    if valid_to is not None:
        return "due_soon" if valid_to < on + SOON else "in_date"
    return "out_of_date" if latest is not None else "never"
