"""What the registers say of the items of a checklist, as of a day, for many institutions at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from zhunsheng.activities.campaigns.selfcheck.rules.checklists import Item
from zhunsheng.activities.campaigns.selfcheck.rules.points import BEYOND, LIVED, ONLY_DENIES, RESULTS
from zhunsheng.activities.campaigns.selfcheck.rules.prefilling import prefilled
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.capability.profile.queries import SUSPENDING, by_pair, current, suspended_by
from zhunsheng.foundation.bilingual import Text, join, t
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import family_of, heads_of
from zhunsheng.registry.management.queries.records import lived_by_page
from zhunsheng.registry.management.queries.requirements import dues_of
from zhunsheng.registry.management.rules.lived import Line, opened
from zhunsheng.registry.management.rules.requirements import Due
from zhunsheng.registry.stocktaking.queries import facts_of
from zhunsheng.registry.stocktaking.rules import Point, points


@dataclass(frozen=True, slots=True)
class Said:
    """What the registers say of one item: the answer beforehand, and the points it comes from."""

    answer: str
    points: tuple[Point, ...]

    @property
    def reasons(self) -> list[Text]:
        return [one.reason for one in self.points if one.reason is not None]


def said_of(
    institutions: Sequence[Institution], items: Iterable[Item], *, on: date, known_on: date, private: bool = False
) -> dict[UUID, dict[int, Said]]:
    """Institution → number of the item → what the registers said of it on a day, as known on a day; where they say anything.

    The points are those of the stock-taking, of lived rules and of rounds: one figure, one definition. A constant number of
    queries. `private`: with what the institution alone may be told, that is its results in rounds, and lived rules within their
    days of grace.
    """
    asked = [one for one in items if one.register]
    codes = {code for one in asked for code in one.register}
    found: dict[UUID, dict[str, Point]] = {one.pk: {} for one in institutions}
    if asked:
        for pk, facts in facts_of(institutions, on=on, known_on=known_on, quarters=()).items():
            found[pk] = {point.code: point for point in points(facts, ())}
    if codes & LIVED.keys():
        _add(found, _lived(institutions, on=on, known_on=known_on, private=private))
    if RESULTS in codes and private:
        _add(found, _results(institutions, on=on, known_on=known_on))
    return {pk: said for pk, those in found.items() if (said := _said(asked, those))}


def _add(found: dict[UUID, dict[str, Point]], more: Mapping[UUID, Iterable[Point]]) -> None:
    for pk, those in more.items():
        found[pk] |= {point.code: point for point in those}


def _said(items: Sequence[Item], found: Mapping[str, Point]) -> dict[int, Said]:
    """With an answer, or at least something that applies; what can only deny confirms nothing."""
    holds = {code: _holds(point) for code, point in found.items()}
    said = {
        one.no: Said(prefilled(one.register, holds), tuple(found[code] for code in one.register if code in found))
        for one in items
    }
    return {no: one for no, one in said.items() if any(point.applies for point in one.points)}


def _holds(point: Point) -> bool | None:
    return None if not point.applies or (point.holds and point.code in ONLY_DENIES) else point.holds


def _lived(institutions: Sequence[Institution], *, on: date, known_on: date, private: bool) -> dict[UUID, list[Point]]:
    """Of each record that a management system must show, the last that was due by the day; none where nothing was asked."""
    every = sorted((one for year in (on.year - 1, on.year) for one in dues_of(year)), key=lambda one: one.due_on)
    last = {one.requirement.key: one for one in every if one.due_on <= on and one.requirement.key in LIVED.values()}
    dues: list[Due] = list(last.values()) if private else opened(last.values(), on)
    codes = {key: code for code, key in LIVED.items()}
    lines = lived_by_page(institutions, dues, known_on)
    return {pk: [_of_line(codes[one.due.requirement.key], one) for one in those] for pk, those in lines.items()}


def _of_line(code: str, line: Line) -> Point:
    why = t("{n}, {p}: {r}", "{p}{n}：{r}", n=line.due.requirement.name, p=line.due.period.words, r=line.reason)
    return Point(code, "consistency", BEYOND[code], line.made, None if line.made else why, "lived")


def _results(institutions: Sequence[Institution], *, on: date, known_on: date) -> dict[UUID, list[Point]]:
    """Whether an item is suspended by a failed round; none where there is no result. Two queries, and that of the families."""
    heads = heads_of(family_of(institutions))
    rows = current(Evidence.objects.filter(institution__in=heads, kind__in=SUSPENDING), on=on, known_on=known_on)
    found: dict[UUID, list[Evidence]] = {}
    for row in rows.select_related("parameter", "matrix"):
        found.setdefault(heads[row.institution_id], []).append(row)
    return {pk: [_of_results(lines)] for pk, lines in found.items()}


def _of_results(lines: Sequence[Evidence]) -> Point:
    failed = [
        t("{p} in {m}", "{m}中{p}", p=some[0].parameter.name, m=some[0].matrix.name)
        for some in by_pair(lines).values()
        if suspended_by(some)
    ]
    why = t(
        "Failed, and no retest confirmed: {x}.", "能力验证不合格，补测尚未确认：{x}。", x=join(failed, en=", ", zh="、")
    )
    return Point(RESULTS, "consistency", BEYOND[RESULTS], not failed, why if failed else None, "results")
