"""When two instruments may be one, and when one is due; pure."""

import unicodedata
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

SOON = timedelta(days=60)
TELLING = 6
"""So many letters and digits make a serial number that hardly occurs twice by chance."""
NO_NUMBER = "/"
"""What a form says in the place of a number that the plate does not bear."""
WAYS_TO_SAY_NONE = frozenset(
    {"无", "没有", "暂无", "无编号", "无出厂编号", "无序列号", "不详", "未知", "NONE", "NA", "NIL", "NULL", "UNKNOWN"}
)
Key = TypeVar("Key", bound=Hashable)


def plain_key(text: str) -> str:
    """Letters and digits alone, in capitals, full-width forms as half-width ones."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())


def serial_key(serial: str) -> str:
    """A number without case, spaces and signs: what two plates are compared by; empty for “/”, “无”, 0 and other ways to say none."""
    key = plain_key(serial)
    return "" if key in WAYS_TO_SAY_NONE or not key.strip("0") else key


@dataclass(frozen=True, slots=True)
class Mark:
    """What an institution tells its instruments apart by, as keys."""

    serial: str
    manufacturer: str
    model: str
    inventory: str


def mark(serial: str, manufacturer: str, model: str, inventory: str) -> Mark:
    return Mark(serial_key(serial), plain_key(manufacturer), plain_key(model), serial_key(inventory))


def filled(one: Mark, other: Mark) -> Mark:
    """A mark with what it lacks taken from another one of the same instrument."""
    return Mark(
        one.serial or other.serial, one.manufacturer or other.manufacturer, one.model or other.model,
        other.inventory or one.inventory,
    )  # fmt: skip


def told_apart(one: Mark, other: Mark) -> bool:
    """Two marks with one serial number: by the manufacturer where both name it, by the model where neither does."""
    if one.manufacturer and other.manufacturer:
        return one.manufacturer != other.manufacturer
    neither = not one.manufacturer and not other.manufacturer
    return neither and bool(one.model and other.model) and one.model != other.model


def ones_meant(asked: Mark, held: Mapping[Key, Mark]) -> list[Key]:
    """Which of an institution's instruments a mark may stand for: none, one, or several that it does not tell apart.

    By serial number, manufacturer and, where both lack it, model; an instrument without serial number by its inventory number.
    """
    same_inventory = [key for key, one in held.items() if asked.inventory and one.inventory == asked.inventory]
    if not asked.serial:
        return same_inventory
    found = [key for key, one in held.items() if one.serial == asked.serial and not told_apart(asked, one)]
    if exact := [key for key in found if held[key].manufacturer == asked.manufacturer]:
        found = [key for key in exact if held[key].model == asked.model] or exact
    found = [key for key in found if key in same_inventory] or found
    return found or [key for key in same_inventory if not held[key].serial and not told_apart(asked, held[key])]


def lost_zeros(asked: Mark, held: Mapping[Key, Mark]) -> list[Key]:
    """Instruments whose serial number is the one asked for with zeros before it: 0012 for 12, which a program makes of it."""
    if not asked.serial.isdecimal():
        return []
    return [
        key
        for key, one in held.items()
        if len(one.serial) > len(asked.serial) and one.serial.lstrip("0") == asked.serial and not told_apart(asked, one)
    ]


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
