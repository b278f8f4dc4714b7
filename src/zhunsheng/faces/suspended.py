"""Which items are suspended after failed proficiency testing, as a screen is told: as far as the asker may see results."""

from collections import defaultdict
from datetime import date, timedelta
from uuid import UUID

from zhunsheng.capability.evidence.access import visible_to
from zhunsheng.capability.profile.queries import confirmations_of, current, results_of
from zhunsheng.registry.institutions.queries import heads_of
from zhunsheng.registry.people.queries import Visitor

Suspension = tuple[UUID, int, int, date, date | None, str]
KINDS = ("proficiency_result", "retest_confirmed")


def suspensions_seen_by(visitor: Visitor) -> list[Suspension]:
    """Institution, parameter, matrix, first and last day, round: each failed result until its mending was confirmed; two queries."""
    lines = current(visible_to(visitor), on=visitor.on, known_on=visitor.on).filter(kind__in=KINDS)
    by_item = defaultdict(list)
    for line in lines:
        by_item[(line.institution_id, line.parameter_id, line.matrix_id)].append(line)
    heads = heads_of(institution for institution, _, _ in by_item)
    found: list[Suspension] = []
    for (institution, parameter, matrix), rows in by_item.items():
        confirmed = confirmations_of(rows)
        for failed in (one for one in results_of(rows) if one.signal == "action"):
            ended = confirmed.get(failed.id)
            last = ended - timedelta(days=1) if ended else None
            if last is None or last >= failed.occurred_on:
                found.append((heads[institution], parameter, matrix, failed.occurred_on, last, failed.round))
    return found
