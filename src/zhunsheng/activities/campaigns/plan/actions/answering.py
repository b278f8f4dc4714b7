"""The verbs of whoever a campaign asks: sign the commitment, acknowledge a task, say that it is done."""

import hashlib
from datetime import datetime
from typing import Literal

from django.db import IntegrityError, transaction

from zhunsheng.activities.campaigns.plan.actions.planning import commitment_of
from zhunsheng.activities.campaigns.plan.models import Campaign, Commitment, Participant, Receipt, Task
from zhunsheng.activities.campaigns.plan.rules.planning import PlanRefused
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.signing import canonical_json
from zhunsheng.registry.institutions.models import Institution

LONGEST_NAME = 100


def text_sha256(text: Text) -> str:
    """Which version of the commitment it is: SHA-256 of both languages as canonical JSON."""
    return hashlib.sha256(canonical_json({"en": text.en, "zh": text.zh})).hexdigest()


@transaction.atomic
def sign_commitment(
    participant: Participant, *, responsible: str, position: str, seen: str, actor: User | None, at: datetime
) -> Commitment:
    """Sign the commitment in the name of an institution, which names the person responsible.

    `seen`: the SHA-256 of the text that the person was shown. Raises PlanRefused without a name, for another text than the
    campaign's, once the same was signed by the same person, or once the campaign is over.
    """
    campaign = Campaign.objects.select_for_update().get(pk=participant.campaign_id)
    text = commitment_of(campaign)
    _check_signature(campaign, responsible, position, seen, text_sha256(text))
    before = participant.commitments.order_by("-signed_at", "-pk").first()
    if before and (before.responsible, before.text_sha256) == (responsible.strip(), text_sha256(text)):
        raise PlanRefused(t("{n} signed this already.", "{n} 已签署。", n=responsible.strip()))
    made = Commitment.objects.create(
        participant=participant, responsible=responsible.strip(), position=position.strip(), text_sha256=text_sha256(text),
        text_zh=text.zh, text_en=text.en, signed_at=at, signed_by=actor,
    )  # fmt: skip
    journal.record(
        "sign_commitment", actor=actor, at=at, subject=f"campaign:{campaign.pk}", covers=[made],
        after={"institution": str(participant.institution_id), "text_sha256": made.text_sha256},
    )  # fmt: skip
    return made


def _check_signature(campaign: Campaign, responsible: str, position: str, seen: str, text: str) -> None:
    if campaign.state != "published":
        raise PlanRefused(t("The campaign is over.", "整顿行动已结束。"))
    if not responsible.strip():
        raise PlanRefused(t("Name the person responsible.", "请填写责任人。"))
    if max(len(responsible), len(position)) > LONGEST_NAME:
        raise PlanRefused(t("A name is longer than {n} characters.", "姓名或职务超过 {n} 字。", n=LONGEST_NAME))
    if seen != text:
        raise PlanRefused(
            t("The text has changed since you read it: read it again.", "承诺书内容已更新，请重新阅读后签署。")
        )


@transaction.atomic
def acknowledge_task(
    task: Task, institution: Institution, kind: Literal["read", "done"], *, words: str, actor: User | None, at: datetime
) -> Receipt:
    """Say in the name of an institution that a task was read, or done; said once, it stands. Raises PlanRefused once it is over."""
    if not Campaign.objects.filter(pk=task.campaign_id, state="published").exists():
        raise PlanRefused(t("The campaign is over.", "整顿行动已结束。"))
    if there := Receipt.objects.filter(task=task, institution=institution, kind=kind).first():
        return there
    try:
        with transaction.atomic():
            made = Receipt.objects.create(
                task=task, institution=institution, kind=kind, words=words.strip(), at=at, by=actor
            )
    except IntegrityError:
        return Receipt.objects.get(task=task, institution=institution, kind=kind)
    journal.record(
        "acknowledge_task", actor=actor, at=at, subject=f"campaign:{task.campaign_id}", covers=[made],
        after={"task": str(task.pk), "institution": str(institution.pk), "kind": kind},
    )  # fmt: skip
    return made
