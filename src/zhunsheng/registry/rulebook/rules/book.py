"""The whole rulebook: all versions of all regulations, and the pack of a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from zhunsheng.registry.rulebook.rules import reading
from zhunsheng.registry.rulebook.rules.packs import SEPARATOR, RulePack
from zhunsheng.registry.rulebook.rules.parts import FindingClass, Regulation, Version
from zhunsheng.registry.rulebook.rules.reading import BadRulebook


@dataclass(frozen=True)
class Rulebook:
    """Regulations in their order, every edition of every version, the classes of findings by code."""

    regulations: tuple[Regulation, ...]
    editions: Mapping[str, Version]
    classes: Mapping[str, FindingClass]

    @property
    def versions(self) -> list[Version]:
        """The newest edition of each version, by regulation and day."""
        newest: dict[str, Version] = {}
        for one in sorted(self.editions.values(), key=lambda v: v.edition):
            newest[one.id] = one
        order = [one.id for one in self.regulations]
        return sorted(newest.values(), key=lambda v: (order.index(v.regulation.id), v.valid_from))

    def on(self, day: date) -> RulePack:
        """All that is in force on a day; a day before every rule has an empty pack."""
        return RulePack(tuple(one for one in self.versions if one.covers(day)))

    def pack(self, id_: str) -> RulePack:
        """The pack of an id, whatever dates are set today. Raises LookupError for an id that names an unknown edition."""
        keys = id_.split(SEPARATOR) if id_ else []
        if unknown := [key for key in keys if key not in self.editions]:
            raise LookupError(f"the rulebook has no {', '.join(unknown)}")
        return RulePack(tuple(self.editions[key] for key in keys))

    def versions_of(self, regulation: str) -> list[Version]:
        return [one for one in self.versions if one.regulation.id == regulation]

    def change_days(self) -> list[date]:
        """The days on which some rule began or had ended, in order."""
        ends = (one.valid_to + timedelta(days=1) for one in self.versions if one.valid_to)
        return sorted({*(one.valid_from for one in self.versions), *ends})


def rulebook(
    regulations: Iterable[Mapping[str, Any]],
    classes: Iterable[Mapping[str, Any]],
    versions: Mapping[str, Mapping[str, Any]],
    set_dates: Mapping[str, date],
) -> Rulebook:
    """Put the data files together; a version ends the day before the one that replaces it begins.

    Raises BadRulebook for a file that does not hold, for a set date of an unknown version, and for one that puts a
    revision before what it revises.
    """
    known = {row["id"]: reading.regulation(row) for row in regulations}
    read = {key: reading.version(key, raw, known, set_dates) for key, raw in versions.items()}
    if strange := set_dates.keys() - {one.id for one in read.values()}:
        raise BadRulebook(f"no version is called {', '.join(sorted(strange))}")
    begins = {old: one for one in read.values() for old in one.replaces}
    ended = {key: replace(one, valid_to=_end(one, begins.get(one.id))) for key, one in read.items()}
    return Rulebook(tuple(known.values()), ended, {row["code"]: reading.finding_class(row) for row in classes})


def _end(version: Version, successor: Version | None) -> date | None:
    if successor is None:
        return None
    if successor.valid_from <= version.valid_from:
        raise BadRulebook(f"{successor.id} cannot take effect before {version.id}, which it replaces")
    return successor.valid_from - timedelta(days=1)
