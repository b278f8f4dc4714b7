"""The list that is frozen before a draw (抽样框): its parts, and the one order in which they stand.

The same laboratories in any order give the same list, byte for byte; so nobody can choose an outcome by sorting.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from operator import itemgetter
from typing import Any, TypedDict

from zhunsheng.activities.campaigns.draw.rules.tickets import DrawPolicy, tickets
from zhunsheng.foundation.bilingual import Text


class Words(TypedDict):
    en: str
    zh: str


class Redrawn(TypedDict):
    """The draw that this one replaces, and why."""

    id: str
    reason: Words


class About(TypedDict):
    """Which draw this is; `on` is the day whose facts the list states."""

    id: str
    title: Words
    authority: Words
    on: str
    replaces: Redrawn | None


class Beacon(TypedDict):
    """The public value that nobody knows yet: who will publish it, how it is to be written, and on which day."""

    source: Words
    on: str


class Stratum(TypedDict):
    id: str
    name: Words
    field: str
    quota: int


class Candidate(TypedDict):
    """A laboratory that can be drawn; its tickets follow from its risk class and how often it missed proficiency testing."""

    id: str
    name: Words
    stratum: str
    risk: str
    no_shows: int
    tickets: int


class Excluded(TypedDict):
    """A laboratory that cannot be drawn, and why."""

    id: str
    name: Words
    stratum: str
    reason: Words


class Officer(TypedDict):
    """Someone who can be sent, by number: in which fields competent, and to how many laboratories at most."""

    id: str
    fields: list[str]
    cap: int


class ExcludedOfficer(TypedDict):
    id: str
    reason: Words


class Recusal(TypedDict):
    """An officer who may not be sent to a laboratory, and why: a key of `RECUSALS`."""

    laboratory: str
    officer: str
    reason: str


class Frame(TypedDict):
    draw: About
    policy: DrawPolicy
    parties: list[Words]
    beacon: Beacon
    strata: list[Stratum]
    laboratories: list[Candidate]
    excluded: list[Excluded]
    officers: list[Officer]
    excluded_officers: list[ExcludedOfficer]
    recusals: list[Recusal]


ORDERS: Mapping[str, tuple[str, ...]] = {
    "strata": ("id",),
    "laboratories": ("id",),
    "excluded": ("id",),
    "officers": ("id",),
    "excluded_officers": ("id",),
    "recusals": ("laboratory", "officer", "reason"),
}
"""By what the rows of each list ascend; identifiers are ASCII, so every language sorts them alike."""


def frame(
    *,
    draw: About,
    policy: DrawPolicy,
    parties: Iterable[Words],
    beacon: Beacon,
    strata: Iterable[Stratum],
    laboratories: Iterable[Mapping[str, Any]],
    excluded: Iterable[Excluded],
    officers: Iterable[Officer],
    excluded_officers: Iterable[ExcludedOfficer],
    recusals: Iterable[Recusal],
) -> Frame:
    """The list in its one form: ordered, names in Unicode's form NFC, tickets as the policy gives them."""
    given: dict[str, Any] = {
        "draw": draw, "policy": policy, "parties": list(parties), "beacon": beacon, "strata": strata, "excluded": excluded,
        "laboratories": [{**one, "tickets": tickets(policy, one["risk"], one["no_shows"])} for one in laboratories],
        "officers": [{**one, "fields": sorted(set(one["fields"]))} for one in officers],
        "excluded_officers": excluded_officers, "recusals": recusals,
    }  # fmt: skip
    for name, keys in ORDERS.items():
        given[name] = sorted(given[name], key=itemgetter(*keys))
    composed: Frame = _composed(given)
    return composed


def _composed(value: Any) -> Any:
    """The same with every string in form NFC."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {key: _composed(one) for key, one in value.items()}
    return [_composed(one) for one in value] if isinstance(value, list | tuple) else value


def words(text: Text) -> Words:
    return {"en": text.en, "zh": text.zh}


def iso(day: date) -> str:
    return day.isoformat()
