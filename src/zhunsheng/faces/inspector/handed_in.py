"""What other rooms of the campaign hand to the officers of a visit: the frozen self-check, and suspicions that were taken up."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from zhunsheng.activities.campaigns.inspection.models import Finding, Inspection
from zhunsheng.activities.campaigns.screen.models import Suspicion
from zhunsheng.activities.campaigns.selfcheck.actions.answering import freeze_selfchecks
from zhunsheng.activities.campaigns.selfcheck.models import SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.standing import answers_in, frozen_of, lines_of, selfchecks_of
from zhunsheng.activities.campaigns.selfcheck.states import PROBLEM
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.queries import family


@dataclass(frozen=True, slots=True)
class Handed:
    """A self-check as it was submitted last: its digest, how many of each answer, and the items with a problem or a remark."""

    sha256: str
    counts: dict[str, int]
    told: list[dict[str, Any]]


def selfcheck_of(inspection: Inspection) -> SelfCheck | None:
    """The self-check of the institution in the campaign of the visit."""
    if inspection.campaign_id is None:
        return None
    found = selfchecks_of(list(family(inspection.institution)))
    return found.filter(call__campaign=inspection.campaign_id).first()


def freeze(inspection: Inspection, *, actor: User, at: datetime) -> int:
    """Make the self-check final before an officer sees it; returns how many were not final before."""
    found = selfcheck_of(inspection)
    if found is None or inspection.campaign_id is None:
        return 0
    return freeze_selfchecks([found.participant_id], campaign=inspection.campaign_id, actor=actor, at=at)


def handed(inspection: Inspection) -> Handed | None:
    """The final self-check; nothing before it was frozen, and nothing of what was never submitted."""
    found = selfcheck_of(inspection)
    frozen = frozen_of(found) if found is not None and found.state == "frozen" else None
    if found is None or frozen is None:
        return None
    items = {one.item.no: one.item for one in lines_of(found, with_registers=False)}
    answers = answers_in(frozen)
    told = [{**one, "item": items.get(one["no"])} for one in answers if one["answer"] == PROBLEM or one["remark"]]
    return Handed(frozen.sha256, dict(Counter(one["answer"] for one in answers)), told)


def suspicions_of(inspection: Inspection) -> list[Suspicion]:
    """The suspicions about the institution that the authority took up, and that are no finding yet."""
    taken = Suspicion.objects.filter(
        institution__in=family(inspection.institution), state="taken_up", screen__authority=inspection.authority_id
    )
    found = Finding.objects.filter(suspicion__isnull=False).values("suspicion")
    return list(taken.exclude(pk__in=found).order_by("code", "pk"))


def suspicion_of(inspection: Inspection, pk: UUID) -> Suspicion | None:
    """One of them."""
    return next((one for one in suspicions_of(inspection) if one.pk == pk), None)
