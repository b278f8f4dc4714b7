"""What institutions had said of themselves, beside what was found there."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from zhunsheng.activities.campaigns.inspection.models import Inspection
from zhunsheng.activities.campaigns.plan.models import Campaign, Participant
from zhunsheng.activities.campaigns.selfcheck.models import Call, ChecklistItem, Frozen
from zhunsheng.activities.campaigns.summary.queries.visits import HEAD
from zhunsheng.activities.campaigns.summary.rules.counterparts import counterparts
from zhunsheng.activities.campaigns.summary.rules.discrepancies import CALLED_FINE, COMPARABLE, Said, saying
from zhunsheng.activities.campaigns.summary.rules.intervals import Share
from zhunsheng.activities.campaigns.summary.rules.visits import Problem, Visit

Form = tuple[datetime, Said]
CHUNK = 200
"""Frozen forms read from the database at a time: each holds every answer."""


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One nonconformity, with what the self-check had said about the matter."""

    visit: Visit
    problem: Problem
    saying: str


def compared(campaign: Campaign, participants: QuerySet[Participant], visits: Sequence[Visit]) -> list[Discrepancy]:
    """Each nonconformity of these visits beside the form that was handed in before the visit began; three queries.

    A form that came after the officers proves nothing, so it does not count.
    """
    forms = _forms(campaign, participants, {one.institution for one in visits})
    asked = counterparts()
    return [
        Discrepancy(visit, one, saying(asked.get(one.code, ()), _before(forms[visit.institution], visit.begun_at)))
        for visit in visits for one in visit.nonconformities
    ]  # fmt: skip


def _before(forms: Iterable[Form], begun_at: datetime | None) -> Said | None:
    """The last form until then."""
    in_time = [said for at, said in forms if begun_at and at <= begun_at]
    return in_time[-1] if in_time else None


def _forms(campaign: Campaign, participants: QuerySet[Participant], heads: set[UUID]) -> dict[UUID, list[Form]]:
    found: dict[UUID, list[Form]] = defaultdict(list)
    call = Call.objects.filter(campaign=campaign).first()
    if call is None or not heads:
        return found
    clauses = dict(ChecklistItem.objects.filter(checklist=call.checklist_id).values_list("no", "clause"))
    head = Coalesce(F("selfcheck__participant__institution__merged_into"), F("selfcheck__participant__institution"))
    kept = Frozen.objects.filter(selfcheck__participant__in=participants.order_by().values("pk"))
    rows = kept.annotate(head=head).order_by("submitted_at", "version").values_list("head", "submitted_at", "content")
    for key, at, content in rows.filter(head__in=visited(campaign)).iterator(chunk_size=CHUNK):
        if key in heads:
            found[key].append((at, _said(bytes(content), clauses)))
    return found


def _said(content: bytes, clauses: dict[int, str]) -> Said:
    found: dict[str, set[str]] = defaultdict(set)
    for one in json.loads(content)["answers"]:
        found[clauses[one["no"]]].add(one["answer"])
    return found


def visited(campaign: Campaign) -> QuerySet[Inspection, UUID]:
    """The entries that stand for the institutions whose record of a visit is signed."""
    signed = Inspection.objects.filter(campaign=campaign, state="signed").order_by()
    return signed.annotate(head=HEAD).values_list("head", flat=True)


def sayings(found: Iterable[Discrepancy]) -> Counter[str]:
    """What had been said → nonconformities."""
    return Counter(one.saying for one in found)


def called_fine(found: Iterable[Discrepancy]) -> Share:
    """Institutions that had called fine something in which a nonconformity was found, of those that had been asked about one."""
    asked, fine = set(), set()
    for one in found:
        if one.saying in COMPARABLE:
            asked.add(one.visit.institution)
        if one.saying == CALLED_FINE:
            fine.add(one.visit.institution)
    return Share(len(fine), len(asked))
