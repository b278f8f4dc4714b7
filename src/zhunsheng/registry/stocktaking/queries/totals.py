"""What all returns of a stock-taking come to."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.validity import holding
from zhunsheng.registry import regions
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.institutions.access import of_heads
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Post
from zhunsheng.registry.stocktaking.models import Return, StockTaking
from zhunsheng.registry.stocktaking.rules import CHECKS

COUNTED = ("people", "instruments", "lines", "certificates")


@dataclass
class Row:
    """The returns of one part of the region: how many stand where, and what the confirmed ones come to."""

    name: Text
    code: str
    states: Counter[str] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)
    reports: Counter[str] = field(default_factory=Counter)
    complete: int = 0
    consistent: int = 0
    confirmed: int = 0

    @property
    def institutions(self) -> int:
        return sum(self.states.values())

    def share(self, sort: str) -> float | None:
        """Points that held as a share of all points of that sort, over the confirmed returns."""
        points = sum(check.sort == sort for check in CHECKS) * self.confirmed
        held = self.complete if sort == "completeness" else self.consistent
        return held / points if points else None

    def add(self, state: str, complete: int | None, consistent: int | None, totals: dict[str, Any] | None) -> None:
        self.states[state] += 1
        if totals is None or state not in ("confirmed", "accepted"):
            return
        self.confirmed += 1
        self.complete += complete or 0
        self.consistent += consistent or 0
        self.sums.update({key: totals[key] for key in COUNTED})
        self.reports.update(totals["reports"])


@dataclass(frozen=True, slots=True)
class RollUp:
    """All of it: parts of the region, the whole, and what is counted once although several institutions name it."""

    rows: list[Row]
    whole: Row
    people_once: int
    instruments_once: int


def rollup(stocktaking: StockTaking) -> RollUp:
    """The totals of the confirmed returns by the parts of the region, and people and instruments each counted once.

    A person counts once however many institutions name them; an instrument once by serial number and manufacturer. Four queries.
    """
    day = stocktaking.as_of
    parts = {one.code: Row(one.name, one.code) for one in regions.children(stocktaking.region_code, day)}
    if not stocktaking.region_code:
        parts = {one.code: Row(one.name, one.code) for one in regions.provinces(day)}
    whole, other = Row(t("All", "合计"), ""), Row(t("Elsewhere or unknown", "其他"), "")
    rows = Return.objects.filter(stocktaking=stocktaking).values_list(
        "institution__region_code", "state", "complete", "consistent", "totals"
    )
    for code, state, complete, consistent, totals in rows.iterator(chunk_size=5_000):
        part = next((parts[one.code] for one in regions.path_of(code, day) if one.code in parts), other)
        for row in (part, whole):
            row.add(state, complete, consistent, totals)
    listed = [row for row in parts.values() if row.institutions] + ([other] if other.institutions else [])
    heads = Institution.objects.filter(returns__stocktaking=stocktaking, returns__state__in=("confirmed", "accepted"))
    return RollUp(listed, whole, people_once(heads, stocktaking), instruments_once(heads, stocktaking))


def people_once(heads: QuerySet[Institution], stocktaking: StockTaking) -> int:
    """How many different people hold a post in these institutions on the day."""
    held = Post.objects.filter(holding(stocktaking.as_of), of_heads(heads))
    return held.aggregate(n=Count("person", distinct=True))["n"] or 0


def instruments_once(heads: QuerySet[Institution], stocktaking: StockTaking) -> int:
    """How many different instruments are in use there on the day; a serial number of one manufacturer is one instrument."""
    in_use = Instrument.objects.filter(of_heads(heads)).exclude(retired_on__lt=stocktaking.as_of)
    return in_use.order_by().values("serial_key", "manufacturer").distinct().count()
