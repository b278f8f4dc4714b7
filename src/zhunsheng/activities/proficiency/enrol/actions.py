"""The verbs of enrolment: invite, enrol, withdraw, end the enrolment and draw codes, take one in late. Files: `importing`."""

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from zhunsheng.activities.proficiency.enrol.models import Acceptance, Enrolment, Invitation
from zhunsheng.activities.proficiency.enrol.queries import codes_before, one_each, standing_for, standing_in
from zhunsheng.activities.proficiency.enrol.rules.enrolling import (
    NOBODY,
    EnrolmentRefused,
    check_late,
    check_open,
    check_promise,
    new_codes,
)
from zhunsheng.activities.proficiency.enrol.states import ENROLMENT
from zhunsheng.activities.proficiency.models import Identity, Participation, Round
from zhunsheng.activities.proficiency.plan.models import Plan, Promise
from zhunsheng.activities.proficiency.plan.queries import promise_of
from zhunsheng.activities.proficiency.states import ROUND
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.journal.append_only import AppendOnly
from zhunsheng.foundation.statechart import move
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import family_of

BATCH = 500


@dataclass(frozen=True, slots=True)
class Details:
    """Where items go and who is asked."""

    contact: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    note: str = ""


@transaction.atomic
def invite(round_: Round, institutions: Sequence[Institution], *, actor: User | None, at: datetime) -> int:
    """Invite laboratories that were not invited yet; how many. Raises EnrolmentRefused unless the enrolment is open."""
    held = _locked(round_)
    check_open(held.state, Plan.objects.get(round=held).enrol_until, at)
    there = set(Invitation.objects.filter(round=held).values_list("institution_id", flat=True))
    fresh = {one.pk: Invitation(round=held, institution=one, sent_at=at) for one in institutions if one.pk not in there}
    if fresh:
        Invitation.objects.bulk_create(fresh.values(), batch_size=BATCH)
        journal.record(
            "invite_to_round", actor=actor, at=at, subject=f"round:{held.pk}", covers=list(fresh.values()),
            after={"invited": len(fresh)},
        )  # fmt: skip
    return len(fresh)


@transaction.atomic
def enrol(
    round_: Round, institution: Institution, *, promise_sha256: str, details: Details, actor: User, at: datetime
) -> Enrolment:
    """A laboratory enrols, or changes what it said. Raises EnrolmentRefused when it is too late or the promise was changed meanwhile."""
    held = _locked(round_)
    check_open(held.state, Plan.objects.get(round=held).enrol_until, at)
    promise = _promise(held)
    check_promise(promise_sha256, promise.sha256)
    made, accepted = _take(held, institution, details, actor, at, on_behalf=False)
    journal.record(
        "enrol_in_round", actor=actor, at=at, subject=f"enrolment:{made.pk}", covers=[accepted],
        after={"round": str(held.pk), "promise": promise.sha256, **asdict(details)},
    )  # fmt: skip
    return made


@transaction.atomic
def withdraw(enrolment: Enrolment, *, actor: User, at: datetime) -> None:
    """A laboratory does not take part after all; while the enrolment is open it may enrol again."""
    held = _locked(enrolment.round)
    check_open(held.state, Plan.objects.get(round=held).enrol_until, at)
    move(ENROLMENT, "withdraw", Enrolment.objects.filter(pk=enrolment.pk))
    journal.record("withdraw_from_round", actor=actor, at=at, subject=f"enrolment:{enrolment.pk}")
    enrolment.refresh_from_db()


@transaction.atomic
def begin(round_: Round, *, draw: random.Random, actor: User | None, at: datetime) -> int:
    """End the enrolment: every laboratory gets a code of this round, apart from its identity; how many. One of two is told it is done.

    Raises EnrolmentRefused while nobody is enrolled, NotAllowedNow unless the enrolment is open.
    """
    held = _locked(round_)
    ROUND.check("begin", held.state)
    enrolled = one_each(list(standing_in(held).order_by("pk")))
    if not enrolled:
        raise EnrolmentRefused(NOBODY)
    heads = standing_for([one.institution for one in enrolled])
    codes = new_codes([one.pk for one in heads], codes_before(held), source=draw)
    covered = _write(held, list(zip(heads, codes, strict=True)))
    move(ROUND, "begin", Round.objects.filter(pk=held.pk))
    Plan.objects.filter(round=held).update(began_at=at)
    journal.record(
        "begin_round",
        actor=actor,
        at=at,
        subject=f"round:{held.pk}",
        covers=covered,
        after={"laboratories": len(codes)},
    )
    round_.refresh_from_db()
    return len(codes)


@transaction.atomic
def take_in_late(
    round_: Round, institution: Institution, *, details: Details, reason: str, draw: random.Random, actor: User, at: datetime
) -> Participation:  # fmt: skip
    """Give a laboratory a code while results come in, with a reason. Raises EnrolmentRefused where it has one already."""
    held = _locked(round_)
    check_late(held.state, reason)
    institution = standing_for([institution])[0]
    if Identity.objects.filter(participation__round=held, institution__in=family_of([institution])).exists():
        raise EnrolmentRefused(t("This laboratory takes part already.", "该实验室已参加本轮次。"))
    _, accepted = _take(held, institution, details, actor, at, on_behalf=True)
    taken = list(Participation.objects.filter(round=held).values_list("code", flat=True))
    code = new_codes([institution.pk], codes_before(held), source=draw, taken=taken)[0]
    covered = _write(held, [(institution, code)])
    journal.record(
        "take_in_late", actor=actor, at=at, subject=f"round:{held.pk}", covers=[accepted, *covered], reason=reason.strip(),
        after={},
    )  # fmt: skip
    return Participation.objects.get(round=held, code=code)


def _write(round_: Round, pairs: Sequence[tuple[Institution, str]]) -> list[AppendOnly]:
    """Codes and, in a table of their own, who is behind them; what the journal vouches for. Shuffled: keys tell no order."""
    ordered = sorted(pairs, key=lambda pair: pair[1])
    codes = Participation.objects.bulk_create(
        [Participation(round=round_, code=code) for _, code in ordered], batch_size=BATCH
    )
    people = [
        Identity(participation=one, institution=institution, name=institution.name_zh)
        for one, (institution, _) in zip(codes, ordered, strict=True)
    ]
    return [*codes, *Identity.objects.bulk_create(people, batch_size=BATCH)]


def _take(
    round_: Round, institution: Institution, details: Details, actor: User, at: datetime, *, on_behalf: bool
) -> tuple[Enrolment, Acceptance]:
    """Write or change an enrolment under the newest promise; what was accepted before stays among its acceptances."""
    promise = _promise(round_)
    there = Enrolment.objects.filter(round=round_, institution=institution)
    if there.filter(state="withdrawn").exists():
        move(ENROLMENT, "enrol_again", there)
    said = {"promise": promise, "accepted_at": at, "accepted_by": actor, "on_behalf": on_behalf, **asdict(details)}
    made, _ = Enrolment.objects.update_or_create(round=round_, institution=institution, defaults=said)
    return made, Acceptance.objects.create(enrolment=made, promise=promise, at=at, by=actor, on_behalf=on_behalf)


def _promise(round_: Round) -> Promise:
    found = promise_of(round_)
    if found is None:
        raise EnrolmentRefused(t("The round has no confidentiality statement.", "本轮次没有保密声明。"))
    return found


def _locked(round_: Round) -> Round:
    found: QuerySet[Round] = Round.objects.select_for_update()
    return found.get(pk=round_.pk)
