"""The verbs of a laboratory: keep a draft, submit, approve, give back, withdraw."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Lower

from zhunsheng.activities.proficiency.collect.models import Receipt, Submission, Value
from zhunsheng.activities.proficiency.collect.queries.entering import asked_of, deadline_of, values_of
from zhunsheng.activities.proficiency.collect.rules.checking import Asked, check_ready
from zhunsheng.activities.proficiency.collect.rules.given import (
    Given,
    Key,
    ResultsRefused,
    WrittenMeanwhile,
    check_given,
    day_of,
)
from zhunsheng.activities.proficiency.collect.rules.late import is_late
from zhunsheng.activities.proficiency.collect.states import SUBMISSION
from zhunsheng.activities.proficiency.models import Participation, Round, RoundMeasurand
from zhunsheng.activities.proficiency.plan.models import Plan
from zhunsheng.activities.proficiency.states import ROUND
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.signing import canonical_json
from zhunsheng.foundation.statechart import move
from zhunsheng.registry.catalogue.models import Method

COLUMNS = (
    "result", "uncertainty", "k", "method", "method_text", "method_reason", "instrument", "analyst", "measured_on", "could_not",
    "by", "at",
)  # fmt: skip
KEY = ("submission", "measurand", "replicate")


@transaction.atomic
def save_draft(
    participation: Participation,
    given: Sequence[Given],
    *,
    actor: User | None,
    at: datetime,
    was: Mapping[Key, str] | None = None,
) -> Submission:
    """Keep rows as they were typed so far, complete or not; rows that are not named stay.

    Nothing is journalled before it is submitted, for until then nothing was declared. `was`: row → stamp of what its writer saw.
    Raises WrittenMeanwhile where a row says something else now, ResultsRefused, NotAllowedNow; then nothing is kept.
    """
    for one in given:
        check_given(one)
    held = _held_to_write(participation)
    standing = {one.given.key: one for one in held.values.filter(measurand__in={one.measurand for one in given})}
    changed = [one for one in given if one.stamp != _stamp(standing.get(one.key))]
    clashing = [
        one.key
        for one in changed
        if (was or {}).get(one.key, _stamp(standing.get(one.key))) != _stamp(standing.get(one.key))
    ]
    if clashing:
        raise WrittenMeanwhile(clashing)
    if changed:
        _keep(held, changed, standing, actor=actor, at=at)
        Submission.objects.filter(pk=held.pk).update(version=F("version") + 1, saved_at=at)
        held.version, held.saved_at = held.version + 1, at
    return held


def _stamp(standing: Value | None) -> str:
    return standing.given.stamp if standing else ""


def _held_to_write(participation: Participation) -> Submission:
    """The submission, made if it is the first word of the laboratory and held until the verb is done. Raises NotAllowedNow."""
    own = Submission.objects.filter(participation=participation).annotate(round_state=F("participation__round__state"))
    held = own.select_for_update(of=("self",)).first()
    if held is None:
        ROUND.check("collect", Round.objects.values_list("state", flat=True).get(pk=participation.round_id))
        Submission.objects.get_or_create(participation=participation)
        held = own.select_for_update(of=("self",)).get()
    ROUND.check("collect", held.round_state)
    SUBMISSION.check("submit", held.state)
    return held


def _keep(
    held: Submission, changed: Sequence[Given], standing: Mapping[Key, Value], *, actor: User | None, at: datetime
) -> None:  # fmt: skip
    new = [one for one in changed if one.key not in standing]
    if new:
        _check_asked(held, new)
    methods = _methods(changed)
    rows = [_filled(Value(submission=held), one, methods, actor, at) for one in changed]
    Value.objects.bulk_create(rows, update_conflicts=True, update_fields=COLUMNS, unique_fields=KEY, batch_size=50)


def _check_asked(held: Submission, given: Iterable[Given]) -> None:
    """Only what the round asks for is answered."""
    wanted = {one.measurand for one in given}
    known = RoundMeasurand.objects.filter(round__participations=held.participation_id, pk__in=wanted)
    if unknown := wanted - set(known.values_list("pk", flat=True)):
        raise ResultsRefused(t("The round does not ask for this.", "本轮次没有该被测量。"), (min(unknown), 1))


def _methods(given: Iterable[Given]) -> dict[str, Method]:
    """The methods of the catalogue by number in small letters."""
    written = {one.method.lower() for one in given if one.method}
    if not written:
        return {}
    return {one.number.lower(): one for one in Method.objects.annotate(low=Lower("number")).filter(low__in=written)}


def _filled(row: Value, one: Given, methods: Mapping[str, Method], actor: User | None, at: datetime) -> Value:
    row.measurand_id, row.replicate = one.key
    row.result, row.uncertainty, row.k = one.result, one.uncertainty, one.k
    row.method, row.method_text, row.method_reason = methods.get(one.method.lower()), one.method, one.method_reason
    row.instrument, row.analyst, row.could_not = one.instrument, one.analyst, one.could_not
    row.measured_on, row.by, row.at = day_of(one), actor, at
    return row


def held_round(participation: Participation, verb: str = "collect") -> Round:
    """The round, held until the verb is done: nothing is submitted while the collection is being closed. Raises NotAllowedNow."""
    held = Round.objects.select_for_update().get(pk=participation.round_id)
    ROUND.check(verb, held.state)
    return held


@transaction.atomic
def submit(
    participation: Participation, *, version: int, actor: User, at: datetime, late_reason: str = ""
) -> Receipt:  # fmt: skip
    """Submit what the draft says; a receipt keeps it byte for byte. `version` is what the person looked at.

    Raises ResultsRefused for what cannot be submitted or comes too late, WrittenMeanwhile where the draft was changed since,
    NotAllowedNow.
    """
    round_ = held_round(participation)
    held = _held_to_write(participation)
    if held.version != version:
        raise WrittenMeanwhile([])
    late = is_late(deadline_of(Plan.objects.get(round=round_), held), at, late_reason)
    rows, asked = values_of(held), asked_of(round_)
    check_ready(asked, [one.given for one in rows])
    receipt = _receipt(round_, held, rows, asked, at=at, late=late)
    move(
        SUBMISSION, "submit", Submission.objects.filter(pk=held.pk), submitted_at=at, submitted_by=actor, late=late,
        late_reason=late_reason.strip()[:300] if late else "", returned_because="", version=F("version") + 1,
    )  # fmt: skip
    journal.record(
        "submit_results", actor=actor, at=at, subject=f"submission:{held.pk}", covers=[receipt], reason=late_reason.strip() if late else "",
        after={"version": receipt.version, "sha256": receipt.sha256, "late": late},
    )  # fmt: skip
    return receipt


def _receipt(
    round_: Round, held: Submission, rows: Sequence[Value], asked: Sequence[Asked], *, at: datetime, late: bool
) -> Receipt:  # fmt: skip
    content = canonical_json(_document(round_, held, rows, asked, at=at, late=late))
    return Receipt.objects.create(
        submission=held, version=held.version, content=content, sha256=hashlib.sha256(content).hexdigest(), at=at
    )


def _document(
    round_: Round, held: Submission, rows: Sequence[Value], asked: Sequence[Asked], *, at: datetime, late: bool
) -> dict[str, Any]:  # fmt: skip
    """What is kept: the round, the code, the instant, and every answer as it was received."""
    of = {one.measurand: one for one in asked}
    return {
        "round": str(round_.pk), "number": round_.number, "code": held.participation.code, "version": held.version,
        "submitted_at": at.isoformat(), "late": late,
        "values": [
            {"item": of[one.measurand_id].item, "measurand": of[one.measurand_id].name, "unit": of[one.measurand_id].unit,
             "replicate": one.replicate, **one.given.said}
            for one in rows if not one.given.empty
        ],
    }  # fmt: skip


@transaction.atomic
def approve(participation: Participation, *, version: int, actor: User, at: datetime) -> None:
    """Approve what was submitted, as another person than the one who submitted it.

    Raises ResultsRefused for the same person, WrittenMeanwhile where it is not what the person looked at, NotAllowedNow.
    """
    held_round(participation)
    held = Submission.objects.select_for_update().get(participation=participation)
    SUBMISSION.check("approve", held.state)
    if held.version != version:
        raise WrittenMeanwhile([])
    if held.submitted_by_id == actor.pk:
        raise ResultsRefused(
            t("You submitted these results; a second person approves them.", "结果由您提交，须由另一人审核。")
        )
    move(SUBMISSION, "approve", Submission.objects.filter(pk=held.pk), approved_at=at, approved_by=actor)
    journal.record(
        "approve_results", actor=actor, at=at, subject=f"submission:{held.pk}", after={"version": held.version}
    )


@transaction.atomic
def give_back(participation: Participation, *, reason: str, actor: User, at: datetime) -> None:
    """Give submitted results back with a reason; they are a draft again. Raises ResultsRefused, NotAllowedNow."""
    if not reason.strip():
        raise ResultsRefused(t("Say why they are given back.", "请说明退回理由。"), field="reason")
    held_round(participation)
    held = Submission.objects.get(participation=participation)
    move(SUBMISSION, "return", Submission.objects.filter(pk=held.pk), **draft_again(reason))
    journal.record("return_results", actor=actor, at=at, subject=f"submission:{held.pk}", reason=reason.strip())


@transaction.atomic
def withdraw(participation: Participation, *, actor: User, at: datetime) -> None:
    """Take submitted or approved results back before the deadline, to change them. Raises ResultsRefused after it, NotAllowedNow."""
    round_ = held_round(participation)
    held = Submission.objects.get(participation=participation)
    SUBMISSION.check("withdraw", held.state)
    if at > deadline_of(Plan.objects.get(round=round_), held).in_time_until:
        raise ResultsRefused(
            t("The deadline has passed: what was submitted stands. The coordinator can reopen it with a reason.",
              "已过上报截止时间，已提交的结果不再撤回；如确有必要，由协调员说明理由后重新开放。")
        )  # fmt: skip
    move(SUBMISSION, "withdraw", Submission.objects.filter(pk=held.pk), **draft_again(""))
    journal.record("withdraw_results", actor=actor, at=at, subject=f"submission:{held.pk}")


def draft_again(reason: str) -> dict[str, Any]:
    """The columns of what is a draft again; the receipts of what was submitted stay."""
    return {
        "returned_because": reason.strip()[:300], "submitted_at": None, "submitted_by": None, "approved_at": None,
        "approved_by": None, "late": False, "late_reason": "", "version": F("version") + 1,
    }  # fmt: skip
