"""The verbs of an answer: give it, accept it or give it back, close a case that nobody has to confirm."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from zhunsheng.activities.proficiency.follow.models import Answer, AnswerFile, Case, Closing, Review
from zhunsheng.activities.proficiency.follow.queries import answerers_of
from zhunsheng.activities.proficiency.follow.rules.answers import Said, check_answer, check_new_day, digest_of
from zhunsheng.activities.proficiency.follow.rules.refusals import check_other_person, check_outsider, check_reason
from zhunsheng.activities.proficiency.follow.rules.retests import check_close
from zhunsheng.activities.proficiency.follow.states import CASE
from zhunsheng.activities.proficiency.models import Identity, Participation
from zhunsheng.activities.proficiency.rules.judging import rule_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import keep
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.statechart import move
from zhunsheng.registry.institutions.queries import family_ids
from zhunsheng.registry.people.queries import visitor


@transaction.atomic
def answer(case: Case, said: Said, files: Mapping[str, bytes], *, actor: User, at: datetime) -> Answer:
    """The laboratory says what went wrong and what it did. Raises FollowRefused for a part that is missing, NotAllowedNow."""
    check_answer(said)
    move(CASE, "answer", Case.objects.filter(pk=case.pk))
    kept = [keep(name=name, content=content, actor=actor, at=at) for name, content in files.items()]
    made = Answer.objects.create(
        case=case, number=case.answers.count() + 1, cause_class=said.cause_class, cause=said.cause, correction=said.correction,
        corrective_action=said.corrective_action, like_cases=said.like_cases,
        sha256=digest_of(said, [one.sha256 for one in kept]), by=actor, at=at,
    )  # fmt: skip
    proofs = AnswerFile.objects.bulk_create(AnswerFile(answer=made, attachment=one) for one in kept)
    journal.record(
        "answer_case", actor=actor, at=at, subject=f"pt_case:{case.pk}", covers=[made, *proofs],
        after={"sha256": made.sha256, "cause_class": made.cause_class, "files": len(proofs)},
    )  # fmt: skip
    case.refresh_from_db()
    return made


@transaction.atomic
def accept(case: Case, *, reason: str, actor: User, at: datetime) -> Review:
    """Accept the last answer. Raises FollowRefused for whoever answered or belongs to the laboratory, NotAllowedNow."""
    return _review(case, "accept", reason, None, actor, at)


@transaction.atomic
def return_(case: Case, *, reason: str, due_on: date | None, actor: User, at: datetime) -> Review:
    """Give the last answer back, with a new day. Raises as `accept`."""
    check_new_day(due_on, timezone.localdate(at))
    return _review(case, "give_back", reason, due_on, actor, at)


def _review(case: Case, verb: str, reason: str, due_on: date | None, actor: User, at: datetime) -> Review:
    check_reason(reason)
    check_other_person(actor.pk, answerers_of(case))
    check_not_ours(case.participation, actor, at)
    move(CASE, verb, Case.objects.filter(pk=case.pk), **({"due_on": due_on} if due_on else {}))
    made = Review.objects.create(
        answer=case.answers.order_by("-number")[0], accepted=verb == "accept", reason=reason.strip(), due_on=due_on,
        by=actor, at=at,
    )  # fmt: skip
    journal.record(
        "review_answer", actor=actor, at=at, subject=f"pt_case:{case.pk}", covers=[made], reason=made.reason,
        after={"accepted": made.accepted, "due_on": due_on.isoformat() if due_on else ""},
    )  # fmt: skip
    case.refresh_from_db()
    return made


def check_not_ours(participation: Participation, actor: User, at: datetime) -> None:
    """Raise FollowRefused for somebody who holds a post in the laboratory behind a code, under whichever of its entries."""
    behind = Identity.objects.filter(participation=participation, institution__isnull=False).select_related(
        "institution"
    )
    for one in behind:
        assert one.institution is not None
        check_outsider(visitor(actor, on=timezone.localdate(at)).places, family_ids(one.institution))


@transaction.atomic
def close(case: Case, *, reason: str, actor: User, at: datetime) -> Closing:
    """Close a case that needs no retest, or whose retest nobody has to confirm. Raises FollowRefused, NotAllowedNow."""
    check_reason(reason)
    check_other_person(actor.pk, answerers_of(case))
    check_not_ours(case.participation, actor, at)
    held = Case.objects.select_for_update().select_related("round").get(pk=case.pk)
    CASE.check("close", held.state)
    check_close(held.state, rule_of(held.round.judging), commissioned=held.round.commissioned_by_id is not None)
    move(CASE, "close", Case.objects.filter(pk=case.pk))
    made = Closing.objects.create(case=case, verb="close", reason=reason.strip(), by=actor, at=at)
    journal.record(
        "close_case", actor=actor, at=at, subject=f"pt_case:{case.pk}", covers=[made], reason=made.reason, after={}
    )
    case.refresh_from_db()
    return made
