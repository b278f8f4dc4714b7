"""The verbs of an appeal: file it in time, withdraw it, decide it; one that is upheld begins a correction of the round."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from zhunsheng.activities.proficiency.correcting import begin_correction
from zhunsheng.activities.proficiency.follow.actions.answering import check_not_ours
from zhunsheng.activities.proficiency.follow.models import Appeal, AppealDecision, AppealFile
from zhunsheng.activities.proficiency.follow.queries import who_acted, window_of
from zhunsheng.activities.proficiency.follow.rules.appeals import check_grounds, check_in_time, correction_reason
from zhunsheng.activities.proficiency.follow.rules.refusals import check_decider, check_reason, check_released
from zhunsheng.activities.proficiency.follow.states import APPEAL
from zhunsheng.activities.proficiency.models import Participation, Round, RoundMeasurand
from zhunsheng.activities.proficiency.queries import issued_evaluation
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import keep
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.signing import canonical_json
from zhunsheng.foundation.statechart import move


@transaction.atomic
def appeal(
    participation: Participation, measurand: RoundMeasurand | None, *, grounds: str, files: Mapping[str, bytes], actor: User,
    at: datetime,
) -> Appeal:  # fmt: skip
    """A laboratory appeals against its result for a measurand, or (None) all of its results.

    Raises FollowRefused before the release, after the last day (and names it), without grounds, or while the same is open already.
    """
    round_ = Round.objects.select_for_update().get(pk=participation.round_id)
    check_released(round_.state)
    evaluation, held = issued_evaluation(round_), window_of(participation, on=timezone.localdate(at))
    assert evaluation is not None and held is not None  # a released round has both
    check_in_time(held, at)
    same = Appeal.objects.filter(participation=participation, measurand=measurand, state="open")
    check_grounds(grounds, open_already=same.exists())
    kept = [keep(name=name, content=content, actor=actor, at=at) for name, content in files.items()]
    said = {"grounds": grounds.strip(), "files": sorted(one.sha256 for one in kept)}
    made = Appeal.objects.create(
        round=round_, participation=participation, number=Appeal.objects.filter(round=round_).count() + 1, evaluation=evaluation,
        measurand=measurand, grounds=grounds.strip(), sha256=hashlib.sha256(canonical_json(said)).hexdigest(),
        until=held.until, by=actor, at=at,
    )  # fmt: skip
    proofs = AppealFile.objects.bulk_create(AppealFile(appeal=made, attachment=one) for one in kept)
    journal.record(
        "appeal_result", actor=actor, at=at, subject=f"pt_appeal:{made.pk}", covers=proofs,
        after={"round": str(round_.pk), "number": made.number, "position": measurand.position if measurand else None,
               "sha256": made.sha256, "until": made.until.isoformat()},
    )  # fmt: skip
    return made


@transaction.atomic
def withdraw_appeal(made: Appeal, *, actor: User, at: datetime) -> None:
    """The laboratory does not uphold it. Raises NotAllowedNow once it is decided."""
    move(APPEAL, "withdraw", Appeal.objects.filter(pk=made.pk))
    journal.record("withdraw_appeal", actor=actor, at=at, subject=f"pt_appeal:{made.pk}", after={"withdrawn": True})
    made.refresh_from_db()


@transaction.atomic
def decide_appeal(made: Appeal, *, upheld: bool, reason: str, actor: User, at: datetime) -> AppealDecision:
    """Uphold or reject it, with reasons; upheld, a correction of the round is begun unless one is under way.

    Raises FollowRefused for whoever evaluated or released the round or belongs to the laboratory, and without reasons;
    NotAllowedNow once it is decided or withdrawn.
    """
    round_ = Round.objects.select_for_update().get(pk=made.round_id)
    check_reason(reason)
    check_decider(actor.pk, {*who_acted(round_), made.by_id})
    check_not_ours(made.participation, actor, at)
    move(APPEAL, "uphold" if upheld else "reject", Appeal.objects.filter(pk=made.pk))
    decision = AppealDecision.objects.create(appeal=made, upheld=upheld, reason=reason.strip(), by=actor, at=at)
    journal.record(
        "decide_appeal", actor=actor, at=at, subject=f"pt_appeal:{made.pk}", covers=[decision], reason=decision.reason,
        after={"upheld": upheld},
    )  # fmt: skip
    if upheld and not round_.correcting:
        begin_correction(round_, reason=correction_reason(made.number).both(), actor=actor, at=at)
    made.refresh_from_db()
    return decision
