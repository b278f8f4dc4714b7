"""What the registers say of the items of a checklist, as of a day, for many institutions at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from zhunsheng.activities.campaigns.selfcheck.rules.checklists import Item
from zhunsheng.activities.campaigns.selfcheck.rules.prefilling import prefilled
from zhunsheng.foundation.bilingual import Text
from zhunsheng.registry.institutions.models import Institution
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
    institutions: Sequence[Institution], items: Iterable[Item], *, on: date, known_on: date
) -> dict[UUID, dict[int, Said]]:
    """Institution → number of the item → what the registers said of it on a day, as known on a day; where they say anything.

    The points are those of the stock-taking: one figure, one definition. A constant number of queries.
    """
    asked = [one for one in items if one.register]
    if not asked:
        return {}
    facts = facts_of(institutions, on=on, known_on=known_on, quarters=())
    return {pk: _said(asked, {point.code: point for point in points(found, ())}) for pk, found in facts.items()}


def _said(items: Sequence[Item], found: Mapping[str, Point]) -> dict[int, Said]:
    holds = {code: point.holds if point.applies else None for code, point in found.items()}
    answers = {one.no: prefilled(one.register, holds) for one in items}
    return {
        one.no: Said(answers[one.no], tuple(found[code] for code in one.register if code in found))
        for one in items
        if answers[one.no]
    }
