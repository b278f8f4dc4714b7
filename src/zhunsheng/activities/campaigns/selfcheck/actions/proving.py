"""The verbs of the files that prove an answer: add one, take it back before it is submitted."""

import hashlib
from datetime import datetime

from django.db import transaction

from zhunsheng.activities.campaigns.selfcheck.actions.answering import held_to_write
from zhunsheng.activities.campaigns.selfcheck.models import Proof, SelfCheck, WithdrawnProof
from zhunsheng.activities.campaigns.selfcheck.rules.answering import AnswerRefused
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import keep
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal


@transaction.atomic
def add_proof(selfcheck: SelfCheck, item: int, *, name: str, content: bytes, actor: User | None, at: datetime) -> Proof:
    """Keep a file that proves an answer. The same file twice is kept once. Raises AnswerRefused, NotAllowedNow."""
    locked = held_to_write(selfcheck)
    answer = locked.answers.filter(item__no=item).first()
    if answer is None:
        raise AnswerRefused(t("The checklist has no item {n}.", "自查表没有第 {n} 项。", n=item), item)
    sha256 = hashlib.sha256(content).hexdigest()
    if there := answer.proofs.filter(attachment__sha256=sha256, withdrawn=None).first():
        return there
    attachment = keep(name=name, content=content, actor=actor, at=at)
    made = Proof.objects.create(answer=answer, attachment=attachment, added_at=at, added_by=actor)
    journal.record(
        "add_proof", actor=actor, at=at, subject=f"selfcheck:{selfcheck.pk}", covers=[made],
        after={"item": item, "sha256": sha256},
    )  # fmt: skip
    return made


@transaction.atomic
def withdraw_proof(proof: Proof, *, actor: User | None, at: datetime) -> None:
    """Take a file back from an answer; what was submitted with it keeps it. Raises AnswerRefused, NotAllowedNow."""
    selfcheck = held_to_write(proof.answer.selfcheck)
    if WithdrawnProof.objects.filter(proof=proof).exists():
        return  # sent twice, done once
    made = WithdrawnProof.objects.create(proof=proof, at=at, by=actor)
    journal.record(
        "withdraw_proof", actor=actor, at=at, subject=f"selfcheck:{selfcheck.pk}", covers=[made],
        after={"item": proof.answer.item.no, "sha256": proof.attachment.sha256},
    )  # fmt: skip
