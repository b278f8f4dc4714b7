"""A signed visit as a summary reads it, and how visits add up by class of findings, place and field; pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from zhunsheng.activities.campaigns.summary.rules.intervals import Share

MAJOR, GOOD = "major", "good_practice"
NONCONFORMITIES = frozenset({MAJOR, "minor"})


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding of a visit."""

    finding: UUID
    code: str
    grade: str
    decided: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit with a signed record to an institution that was enrolled."""

    inspection: UUID
    institution: UUID
    """the entry that stands for it"""
    region_code: str
    fields: tuple[str, ...]
    on: date
    begun_at: datetime | None
    drawn: bool
    problems: tuple[Problem, ...] = ()

    @property
    def nonconformities(self) -> tuple[Problem, ...]:
        return tuple(one for one in self.problems if one.grade in NONCONFORMITIES)


@dataclass(slots=True)
class Row:
    """What was found in a place, a field or a class: how many institutions were inspected and how many had a problem."""

    inspected: set[UUID] = field(default_factory=set)
    with_problem: set[UUID] = field(default_factory=set)
    findings: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    """class → findings"""

    @property
    def share(self) -> Share:
        return Share(len(self.with_problem), len(self.inspected))

    def add(self, visit: Visit) -> None:
        """Count a visit; a second one to the same institution adds its findings and no institution."""
        self.inspected.add(visit.institution)
        found = visit.nonconformities
        if found:
            self.with_problem.add(visit.institution)
        self.findings += len(found)
        self.codes.update(one.code for one in found)


def whole(visits: Iterable[Visit]) -> Row:
    """All visits together."""
    row = Row()
    for one in visits:
        row.add(one)
    return row


def by_place(visits: Iterable[Visit], *, digits: int) -> dict[str, Row]:
    """First digits of the region code → what was found there."""
    return _by(visits, lambda one: (one.region_code[:digits],))


def by_field(visits: Iterable[Visit]) -> dict[str, Row]:
    """Field → what was found at those who test in it; an institution of several fields counts in each of them."""
    return _by(visits, lambda one: one.fields)


def by_class(visits: Sequence[Visit]) -> dict[str, Row]:
    """Class of findings → how often and at how many of all inspected; most institutions first."""
    everybody = {one.institution for one in visits}
    found: dict[str, Row] = defaultdict(lambda: Row(inspected=everybody))
    for one in visits:
        for problem in one.nonconformities:
            row = found[problem.code]
            row.with_problem.add(one.institution)
            row.findings += 1
            row.codes[problem.code] += 1
    return dict(sorted(found.items(), key=lambda pair: (-len(pair[1].with_problem), pair[0])))


def testing(visits: Iterable[Visit], code: str) -> list[Visit]:
    """The visits to institutions that test in a field; all where no field is named."""
    return [one for one in visits if not code or code in one.fields]


def _by(visits: Iterable[Visit], keys: Callable[[Visit], Iterable[str]]) -> dict[str, Row]:
    found: dict[str, Row] = defaultdict(Row)
    for one in visits:
        for key in keys(one):
            found[key].add(one)
    return dict(sorted(found.items()))
