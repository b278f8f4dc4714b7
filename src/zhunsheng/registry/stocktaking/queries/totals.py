"""What all returns of a stock-taking come to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry import regions
from zhunsheng.registry.institutions.queries import head_of
from zhunsheng.registry.stocktaking.models import StockTaking
from zhunsheng.registry.stocktaking.queries.entries import facts_of, totals_of
from zhunsheng.registry.stocktaking.queries.once import instruments_once, people_once
from zhunsheng.registry.stocktaking.queries.standing import (
    changed_since,
    counted_returns,
    heads_behind,
    standing_returns,
)
from zhunsheng.registry.stocktaking.rules import CHECKS, quarters_before

COUNTED = ("people", "instruments", "lines", "certificates")
WHOLE, ELSEWHERE = t("All", "合计"), t("Elsewhere or unknown", "其他")


@dataclass
class Row:
    """The returns of one part of the region: how many stand where, and what the confirmed ones come to."""

    name: Text
    code: str
    states: Counter[str] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)
    reports: Counter[str] = field(default_factory=Counter)
    complete: int = 0
    complete_of: int = 0
    consistent: int = 0
    consistent_of: int = 0
    confirmed: int = 0

    @property
    def institutions(self) -> int:
        return sum(self.states.values())

    def share(self, sort: str) -> float | None:
        """Points that held as a share of those that applied, over the confirmed returns; none where nothing applied."""
        held, asked = (
            (self.complete, self.complete_of) if sort == "completeness" else (self.consistent, self.consistent_of)
        )
        return held / asked if asked else None

    def add(self, state: str, scores: Sequence[int | None], totals: Mapping[str, Any] | None) -> None:
        """One more return: where it stands and, once it is confirmed, its scores (held and applied, of both sorts) and totals."""
        self.states[state] += 1
        if totals is None or state not in ("confirmed", "accepted"):
            return
        complete, complete_of, consistent, consistent_of = (n or 0 for n in scores)
        self.confirmed += 1
        self.complete, self.complete_of = self.complete + complete, self.complete_of + complete_of
        self.consistent, self.consistent_of = self.consistent + consistent, self.consistent_of + consistent_of
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

    While it is open derived from the returns and the registers of its day, once it is closed as kept then. Institutions that were
    merged or parted since they confirmed are counted anew. A constant number of queries.
    """
    return kept(stocktaking) if stocktaking.summary else derived(stocktaking)


def derived(stocktaking: StockTaking) -> RollUp:
    """The totals as they stand now."""
    day, parts = stocktaking.as_of, parts_of(stocktaking)
    whole, other = Row(WHOLE, ""), Row(ELSEWHERE, "")
    anew = counted_anew(stocktaking)
    rows = standing_returns().filter(stocktaking=stocktaking).values_list(
        "pk", "institution__region_code", "state", "complete", "complete_of", "consistent", "consistent_of", "totals"
    )  # fmt: skip
    for key, code, state, *scores, totals in rows.iterator(chunk_size=5_000):
        part = next((parts[one.code] for one in regions.path_of(code, day) if one.code in parts), other)
        for row in (part, whole):
            row.add(state, scores, anew.get(key, totals))
    listed = [row for row in parts.values() if row.institutions] + ([other] if other.institutions else [])
    heads = heads_behind(counted_returns(stocktaking))
    return RollUp(listed, whole, people_once(heads, day), instruments_once(heads, day))


def parts_of(stocktaking: StockTaking) -> dict[str, Row]:
    """A row for each part of the region, still empty."""
    code, day = stocktaking.region_code, stocktaking.as_of
    return {
        one.code: Row(one.name, one.code) for one in (regions.children(code, day) if code else regions.provinces(day))
    }


def counted_anew(stocktaking: StockTaking) -> dict[UUID, dict[str, Any]]:
    """The totals of returns whose institution was merged or parted since: what was frozen is of another institution."""
    changed = list(changed_since(counted_returns(stocktaking)).select_related("institution__merged_into"))
    if not changed:
        return {}
    heads = {one.pk: head_of(one.institution) for one in changed}
    facts = facts_of(
        list({head.pk: head for head in heads.values()}.values()), on=stocktaking.as_of,
        known_on=max(localdate(one.confirmed_at) for one in changed if one.confirmed_at),
        quarters=quarters_before(stocktaking.as_of),
    )  # fmt: skip
    return {key: totals_of(facts[head.pk]) for key, head in heads.items()}


def kept(stocktaking: StockTaking) -> RollUp:
    """The totals as they were when it was closed."""
    found = stocktaking.summary or {}
    names = {code: row.name for code, row in parts_of(stocktaking).items()}
    rows = [_kept_row(one, names.get(one["code"], ELSEWHERE)) for one in found["rows"]]
    whole = found["whole"]
    return RollUp(rows, _kept_row(whole, WHOLE), whole["people_once"], whole["instruments_once"])


def _kept_row(one: Mapping[str, Any], name: Text) -> Row:
    asked = {
        sort: one["confirmed"] * sum(check.sort == sort for check in CHECKS) for sort in ("completeness", "consistency")
    }
    return Row(
        name, one["code"], Counter(one["states"]), Counter(one["sums"]), Counter(one["reports"]), one["complete"],
        one.get("complete_of", asked["completeness"]), one["consistent"],
        one.get("consistent_of", asked["consistency"]), one["confirmed"],
    )  # fmt: skip
