"""The verbs of whoever fills in a self-check: answer, submit; and of the authority: give back, make final."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from zhunsheng.activities.campaigns.selfcheck.actions import tallying
from zhunsheng.activities.campaigns.selfcheck.models import Answer, Frozen, SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.standing import Line, given_of, lines_of
from zhunsheng.activities.campaigns.selfcheck.rules.answering import (
    AnsweredMeanwhile,
    AnswerRefused,
    Given,
    check_answer,
    check_complete,
    check_two_people,
)
from zhunsheng.activities.campaigns.selfcheck.states import PROBLEM, SELFCHECK
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.signing import canonical_json
from zhunsheng.foundation.statechart import move


@transaction.atomic
def answer_items(
    selfcheck: SelfCheck,
    given: Sequence[Given],
    *,
    actor: User | None,
    at: datetime,
    was: Mapping[int, str] | None = None,
) -> int:
    """Keep what was answered so far, as far as it differs from what stands; return how many answers changed.

    Whoever answers an item confirms it: what the registers said beforehand is the institution's word from then on. Nothing is
    written in the journal before it is submitted, for until then nothing was declared. `was`: item → stamp of what its writer
    saw. Raises AnsweredMeanwhile where an item stands otherwise now, AnswerRefused, NotAllowedNow; then nothing is kept.
    """
    for one in given:
        check_answer(one)
    locked = held_to_write(selfcheck)
    standing = {one.item.no: one for one in locked.answers.select_related("item")}
    if unknown := [one.item for one in given if one.item not in standing]:
        raise AnswerRefused(t("The checklist has no item {n}.", "自查表没有第 {n} 项。", n=unknown[0]), unknown[0])
    changed = [(standing[one.item], one) for one in given if _differs(standing[one.item], one)]
    if clashing := [new.item for old, new in changed if _moved_on(old, new, (was or {}).get(new.item))]:
        raise AnsweredMeanwhile(clashing)
    if not changed:
        return 0
    for old, new in changed:
        old.answer, old.remark, old.correction = new.said
        old.prefilled, old.by, old.at = False, actor, at
    Answer.objects.bulk_update(
        [old for old, _ in changed], ["answer", "remark", "correction", "prefilled", "by", "at"], batch_size=100
    )
    _recount(locked)
    selfcheck.refresh_from_db()
    return len(changed)


def held_to_write(selfcheck: SelfCheck) -> SelfCheck:
    """The form, held until the verb is done, if it may be written now. Raises NotAllowedNow, AnswerRefused."""
    locked = _held(SelfCheck.objects.filter(pk=selfcheck.pk)).get()
    SELFCHECK.check("submit", locked.state)
    if locked.call.campaign.state == "closed":
        raise AnswerRefused(t("The campaign is over.", "本次行动已结束。"))
    return locked


def _held(forms: QuerySet[SelfCheck]) -> QuerySet[SelfCheck]:
    """Forms that nobody else changes until the verb is done."""
    return forms.select_for_update(of=("self",)).select_related("participant", "call__campaign")


def _differs(old: Answer, new: Given) -> bool:
    return _standing(old, new).said != new.said or (old.prefilled and bool(new.answer))


def _moved_on(old: Answer, new: Given, was: str | None) -> bool:
    """Whether an item says something that its writer has not seen; what says the same already is no quarrel."""
    standing = _standing(old, new)
    return was is not None and was != standing.stamp and standing.said != new.said


def _standing(old: Answer, new: Given) -> Given:
    return Given(new.item, old.answer, old.remark, old.correction)


def _recount(selfcheck: SelfCheck) -> None:
    counted = selfcheck.answers.aggregate(
        answered=Count("pk", filter=~Q(answer="")), problems=Count("pk", filter=Q(answer=PROBLEM))
    )
    SelfCheck.objects.filter(pk=selfcheck.pk).update(**counted, revision=F("revision") + 1)


@transaction.atomic
def submit_selfcheck(selfcheck: SelfCheck, *, actor: User | None, at: datetime) -> Frozen:
    """Submit the form: what it says now is frozen with its digest. Signed by another person than the one who filled it in.

    Raises AnswerRefused naming what is missing, NotAllowedNow.
    """
    locked = held_to_write(selfcheck)
    lines = lines_of(locked)
    check_complete(given_of(lines), (one.item.no for one in lines if one.answer.prefilled))
    check_two_people({one.answer.by_id for one in lines if one.answer.by_id}, actor.pk if actor else None)
    content = canonical_json(_document(locked, lines))
    frozen = Frozen.objects.create(
        selfcheck=locked, version=locked.frozen.count() + 1, content=content, sha256=hashlib.sha256(content).hexdigest(),
        submitted_at=at, submitted_by=actor,
    )  # fmt: skip
    move(
        SELFCHECK, "submit", SelfCheck.objects.filter(pk=locked.pk), submitted_at=at, submitted_by=actor, reason="",
    )  # fmt: skip
    tallying.stands(locked.call, locked, ((one.item.pk, one.answer.answer) for one in lines))
    journal.record(
        "submit_selfcheck", actor=actor, at=at, subject=f"selfcheck:{locked.pk}", covers=[frozen],
        after={"version": frozen.version, "sha256": frozen.sha256, "problems": locked.problems},
    )  # fmt: skip
    selfcheck.refresh_from_db()
    return frozen


def _document(selfcheck: SelfCheck, lines: Iterable[Line]) -> dict[str, Any]:
    """What is frozen: everything that the form says, and by which checklist."""
    checklist = selfcheck.call.checklist
    return {
        "selfcheck": str(selfcheck.pk), "campaign": str(selfcheck.call.campaign_id),
        "institution": str(selfcheck.participant.institution_id),
        "checklist": {"id": str(checklist.pk), "version": checklist.version, "sha256": checklist.sha256},
        "answers": [
            {
                "no": one.item.no, "answer": one.answer.answer, "remark": one.answer.remark, "correction": one.answer.correction,
                "by": one.answer.by_id, "at": one.answer.at.isoformat() if one.answer.at else None,
                "proofs": [proof.attachment.sha256 for proof in one.proofs],
                "register": one.said.answer if one.said else "",
            }
            for one in lines
        ],
    }  # fmt: skip


@transaction.atomic
def return_selfcheck(selfcheck: SelfCheck, *, reason: str, actor: User | None, at: datetime) -> None:
    """Give a submitted form back with a reason; what was submitted stays frozen, but counts no more until it is submitted again.

    Raises AnswerRefused, NotAllowedNow.
    """
    if not reason.strip():
        raise AnswerRefused(t("Say why it is given back.", "请说明退回理由。"))
    locked = _held(SelfCheck.objects.filter(pk=selfcheck.pk)).get()
    SELFCHECK.check("return", locked.state)
    move(
        SELFCHECK, "return", SelfCheck.objects.filter(pk=locked.pk), reason=reason.strip(), submitted_at=None,
        submitted_by=None,
    )  # fmt: skip
    tallying.stands_no_more(locked.call, locked, locked.answers.values_list("item", "answer"))
    journal.record("return_selfcheck", actor=actor, at=at, subject=f"selfcheck:{selfcheck.pk}", reason=reason.strip())
    selfcheck.refresh_from_db()


@transaction.atomic
def freeze_selfchecks(participants: Collection[UUID], *, campaign: UUID, actor: User | None, at: datetime) -> int:
    """Make forms final before their institutions are inspected; nothing of them changes afterwards. Return how many were not final yet."""
    sources = SELFCHECK.transitions["freeze"].sources
    waiting = SelfCheck.objects.filter(participant__in=list(participants), state__in=sources, call__campaign=campaign)
    moved = list(_held(waiting).order_by("pk"))
    if not moved:
        return 0
    SelfCheck.objects.filter(pk__in=[one.pk for one in moved]).update(state="frozen")
    tallying.made_final(moved[0].call, moved)
    journal.record(
        "freeze_selfchecks", actor=actor, at=at, subject=f"campaign:{campaign}",
        rows=[{"selfcheck": str(one.pk)} for one in moved],
    )  # fmt: skip
    return len(moved)
