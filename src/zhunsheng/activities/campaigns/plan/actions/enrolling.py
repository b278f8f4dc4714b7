"""The verb that enrols who takes part: thousands at a time, each step whole or not at all."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhunsheng.activities.campaigns.plan.models import Campaign, Participant
from zhunsheng.activities.campaigns.plan.queries.participants import fields_of, not_enrolled, wanted
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.statechart import NotAllowedNow

STEP = 2_000
BATCH = 200
Progress = Callable[[int, int], None]


def silent(done: int, of: int) -> None:
    """Nobody watches."""


def enrol_participants(campaign_id: UUID, *, actor: User | None, at: datetime, progress: Progress = silent) -> int:
    """Enrol every laboratory that the plan names and that does not stand there yet; return how many were.

    Each step of some thousand is a transaction with its act: killed at any instant and run again, or run by two at once,
    it ends the same. Raises
    NotAllowedNow unless the plan is published.
    """
    campaign = Campaign.objects.get(pk=campaign_id)
    if campaign.state != "published":
        raise NotAllowedNow(t("Only a published campaign enrols.", "方案发布后才能登记参加机构。"))
    of, before = wanted(campaign).count(), Participant.objects.filter(campaign=campaign).count()
    made = 0
    while n := _enrol_step(campaign_id, actor=actor, at=at):
        made += n
        progress(min(before + made, of), of)
    Campaign.objects.filter(pk=campaign.pk, enrolled_at=None).update(enrolled_at=at)
    return made


@transaction.atomic
def _enrol_step(campaign_id: UUID, *, actor: User | None, at: datetime) -> int:
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)  # of two at once the second finds it done
    step = list(not_enrolled(campaign).values_list("pk", "region_code")[:STEP])
    if step:
        _enrol(campaign, step, actor=actor, at=at)
    return len(step)


def _enrol(campaign: Campaign, step: Sequence[tuple[UUID, str]], *, actor: User | None, at: datetime) -> None:
    fields = fields_of(campaign, [key for key, _ in step])
    rows = [
        Participant(campaign=campaign, institution_id=key, region_code=code, fields=fields.get(key, []))
        for key, code in step
    ]
    Participant.objects.bulk_create(rows, batch_size=BATCH)
    journal.record(
        "enrol_participants", actor=actor, at=at, subject=f"campaign:{campaign.pk}",
        rows=[{"institution": str(key), "region": code} for key, code in step],
    )  # fmt: skip
