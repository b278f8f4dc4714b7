"""People and instruments counted once, however many institutions name them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Count, QuerySet

from zhunsheng.foundation.calendar.validity import holding
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.equipment.queries import plate
from zhunsheng.registry.equipment.rules import Plate, may_be_one, serial_key
from zhunsheng.registry.institutions.access import of_heads
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Post


def people_once(heads: QuerySet[Institution], on: date) -> int:
    """How many different people hold a post in these institutions on a day."""
    held = Post.objects.filter(holding(on), of_heads(heads))
    return held.aggregate(n=Count("person", distinct=True))["n"] or 0


def instruments_once(heads: QuerySet[Institution], on: date) -> int:
    """How many different instruments are in use there on a day, by the rule that finds duplicates (`equipment.rules.may_be_one`).

    Only serial numbers that several entries name are looked at one by one.
    """
    in_use = Instrument.objects.filter(of_heads(heads)).exclude(retired_on__lt=on).order_by()
    several = (
        in_use.exclude(serial_key="")
        .values("serial_key")
        .annotate(places=Count("institution", distinct=True))
        .filter(places__gt=1)
    )
    named = list(in_use.filter(serial_key__in=several.values("serial_key")))
    return in_use.count() - len(named) + len(each_once(named))


def each_once(instruments: Iterable[Instrument]) -> list[list[Instrument]]:
    """The rows of each different instrument together; two rows of one entry are always two instruments."""
    by_key: dict[str, list[Instrument]] = defaultdict(list)
    for one in instruments:
        by_key[one.serial_key].append(one)
    found: list[list[Instrument]] = [[one] for one in by_key.pop("", [])]
    for rows in by_key.values():
        found += _each_once(rows) if len(rows) > 1 else [rows]
    return found


def _each_once(rows: Sequence[Instrument]) -> list[list[Instrument]]:
    """Rows of one serial number: within what may be one, the first of each entry are one instrument, the second another, and so on."""
    alike = _alike({plate(one) for one in rows})
    found: dict[tuple[int, int], list[Instrument]] = defaultdict(list)
    seen: dict[tuple[int, object], int] = defaultdict(int)
    for one in rows:
        group = alike[plate(one)]
        found[group, seen[group, one.institution_id]].append(one)
        seen[group, one.institution_id] += 1
    return list(found.values())


def _alike(plates: Iterable[Plate]) -> dict[Plate, int]:
    """Which plates are taken to be one: each joins the first group of which it may be one with every member.

    Those that name a manufacturer come first: a plate without one can join only one of two manufacturers, and never makes them one.
    """
    groups: list[list[Plate]] = []
    found: dict[Plate, int] = {}
    for one in sorted(plates, key=_makers_first):
        fits = (i for i, group in enumerate(groups) if all(may_be_one(one, other) for other in group))
        found[one] = next(fits, len(groups))
        if found[one] == len(groups):
            groups.append([])
        groups[found[one]].append(one)
    return found


def _makers_first(one: Plate) -> tuple[bool, str, str, str]:
    return not serial_key(one.manufacturer), serial_key(one.manufacturer), one.name, one.serial
