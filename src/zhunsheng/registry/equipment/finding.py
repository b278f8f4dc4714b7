"""Which instrument a file means: by serial number and manufacturer, by the institution's own number, by what another file calls it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from django.db.models import Q

from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.equipment.rules import plain_key, serial_key

_IN_BRACKETS = re.compile("(.+?)\\s*[(\uff08](.+)[)\uff09]")
Families = Mapping[UUID, Collection[UUID]]
"""The institutions by key, each with the keys of the entries that it stands for."""


def called(one: Instrument) -> str:
    """How a file calls an instrument: serial number with the manufacturer, else the model; without a number the own one, else the name."""
    if not serial_key(one.serial):
        return one.inventory_number or one.name_zh
    beside = one.manufacturer or one.model
    return f"{one.serial}\uff08{beside}\uff09" if beside else one.serial


def named_so(names: Collection[str], families: Families) -> Callable[[UUID, str], list[Instrument]]:
    """The instruments that an institution may call by a name, asked for all names in one query."""
    head_of = {key: head for head, keys in families.items() for key in keys}
    found: dict[UUID, list[Instrument]] = defaultdict(list)
    for one in _bearing(names, head_of) if names else ():
        found[head_of[one.institution_id]].append(one)
    return lambda head, name: _meant(name, head, found.get(head, []))


def _bearing(names: Collection[str], institutions: Collection[UUID]) -> list[Instrument]:
    parts = {part for name in names for part in (name, _parted(name)[0])}
    keys = {serial_key(part) for part in parts} - {""}
    wanted = (
        Q(serial_key__in=keys) | Q(inventory_key__in=keys) | Q(serial__in=names) | Q(serial_key="", name_zh__in=names)
    )
    return list(Instrument.objects.filter(wanted, institution__in=institutions).order_by("pk"))


def _parted(name: str) -> tuple[str, str]:
    """0012 and the manufacturer of “0012（示例厂）”."""
    found = _IN_BRACKETS.fullmatch(name)
    return (found[1], plain_key(found[2])) if found else (name, "")


def _meant(name: str, head: UUID, held: list[Instrument]) -> list[Instrument]:
    """Those called exactly so, else by a number however it is written, else by the number with what stands in brackets."""
    key, (number, beside) = serial_key(name), _parted(name)
    ways: tuple[Callable[[Instrument], bool], ...] = (
        lambda one: called(one) == name,
        lambda one: bool(key) and key in (serial_key(one.serial), one.inventory_key),
        lambda one: (
            bool(beside)
            and serial_key(one.serial) == serial_key(number)
            and beside in (plain_key(one.manufacturer), plain_key(one.model))
        ),
    )
    found: list[Instrument] = next((some for way in ways if (some := [one for one in held if way(one)])), [])
    return [one for one in found if one.institution_id == head] or found
