"""The verbs of a retest: ask for it, record its result as evidence, confirm it; what was suspended is derived from that."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from zhunsheng.activities.proficiency.access import rounds_commissioned_by
from zhunsheng.activities.proficiency.follow.actions.answering import check_not_ours
from zhunsheng.activities.proficiency.follow.models import Case, CaseRow, Closing, Retest, RetestRow
from zhunsheng.activities.proficiency.follow.queries import answerers_of, rows_of
from zhunsheng.activities.proficiency.follow.rules.refusals import check_other_person, check_reason
from zhunsheng.activities.proficiency.follow.rules.retests import (
    Scored,
    Written,
    check_all,
    check_day,
    check_retest_asked,
    passes,
    scored,
)
from zhunsheng.activities.proficiency.follow.states import CASE
from zhunsheng.activities.proficiency.models import Identity
from zhunsheng.activities.proficiency.rules.judging import rule_of
from zhunsheng.activities.proficiency.rules.retests import CONFIRMED_MEANWHILE
from zhunsheng.capability.evidence import actions as evidence
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.signing import canonical_json
from zhunsheng.foundation.statechart import NotAllowedNow, move
from zhunsheng.registry.people.queries import Visitor


@transaction.atomic
def ask_retest(case: Case, *, reason: str, actor: User, at: datetime) -> None:
    """Ask the laboratory for a retest, and say of what. Raises FollowRefused where the rule has none, NotAllowedNow."""
    check_reason(reason)
    check_retest_asked(rule_of(case.round.judging))
    move(CASE, "ask_retest", Case.objects.filter(pk=case.pk))
    journal.record(
        "ask_retest", actor=actor, at=at, subject=f"pt_case:{case.pk}", reason=reason.strip(), after={"asked": True}
    )
    case.refresh_from_db()


@transaction.atomic
def record_retest(
    case: Case, written: Mapping[int, Written], *, performed_on: date, note: str, actor: User, at: datetime
) -> Retest:  # fmt: skip
    """Record the retest of every measurand at fault, by its key: scores are computed, each becomes evidence.

    Raises FollowRefused, naming the measurand, for what cannot be scored; for whoever answered or belongs to the laboratory;
    NotAllowedNow unless a retest was asked for.
    """
    check_other_person(actor.pk, answerers_of(case))
    check_not_ours(case.participation, actor, at)
    check_day(performed_on, case.round.performed_on, timezone.localdate(at))
    asked = {row.measurand_id: row for row in rows_of(case)}
    check_all(list(asked), written)
    found = {key: scored(name_of(asked[key]), one) for key, one in written.items()}
    passed = passes([one.signal for one in found.values()], rule_of(case.round.judging))
    move(CASE, "pass" if passed else "fail", Case.objects.filter(pk=case.pk))
    made = Retest.objects.create(
        case=case,
        number=case.retests.count() + 1,
        performed_on=performed_on,
        passed=passed,
        note=note.strip(),
        by=actor,
        at=at,
    )
    rows = RetestRow.objects.bulk_create(
        RetestRow(
            retest=made, measurand=asked[key].measurand, result=one.result, assigned_value=one.assigned, sigma_pt=one.sigma,
            score=one.score, signal=one.signal,
        )
        for key, one in found.items()
    )  # fmt: skip
    lines = evidence.lines(
        _shown(case, made, asked, found), at=at,
        source_sha256=hashlib.sha256(canonical_json({str(key): asdict(one) for key, one in found.items()})).hexdigest(),
    )  # fmt: skip
    entry = journal.record(
        "record_retest", actor=actor, at=at, subject=f"pt_case:{case.pk}", covers=[made, *rows, *lines],
        after={"passed": passed, "performed_on": performed_on.isoformat()},
    )  # fmt: skip
    evidence.record(lines, entry=entry)
    case.refresh_from_db()
    return made


def name_of(row: CaseRow) -> Text:
    """What a measurand is called: as in the catalogue, else as in the round."""
    one = row.measurand
    if one.parameter is not None:
        return one.parameter.name
    said = one.name or f"{one.position + 1}"
    return Text(en=said, zh=said)


def _shown(
    case: Case, made: Retest, asked: Mapping[int, CaseRow], found: Mapping[int, Scored]
) -> Sequence[evidence.Shown]:
    """What a retest has shown, of measurands that the catalogue has, about a laboratory that the register knows."""
    institution = institution_behind(case)
    if institution is None:
        return []
    return [
        evidence.Shown(
            institution_id=institution, parameter_id=one.parameter_id, matrix_id=one.matrix_id, kind="retest_result", version=1,
            payload={
                "round": case.round.number, "result": found[key].result, "unit": one.unit, "score_kind": "z",
                "score": found[key].score, "signal": found[key].signal, "assigned_value": found[key].assigned,
                "sigma_pt": found[key].sigma, "verdict": "passed" if made.passed else "failed", "number": made.number,
            },
            occurred_on=made.performed_on, source=source_of(made, one.position), disclosed_to_id=case.round.commissioned_by_id,
        )
        for key, one in ((key, row.measurand) for key, row in asked.items())
        if one.parameter_id is not None and one.matrix_id is not None
    ]  # fmt: skip


def source_of(retest: Retest, position: int) -> str:
    return f"round-retest:{retest.pk}:{position}"


def institution_behind(case: Case) -> UUID | None:
    """The laboratory behind the code of a case, where the register knows it."""
    found = Identity.objects.filter(participation=case.participation_id, institution__isnull=False)
    return found.values_list("institution_id", flat=True).first()


@transaction.atomic
def confirm(case: Case, *, reason: str, visitor: Visitor, at: datetime) -> Closing:
    """The authority that commissioned the round confirms a passed retest: what the round suspended is given back.

    Raises PermissionError for everybody else, FollowRefused without a reason, NotAllowedNow unless a retest was passed.
    """
    commissioned = rounds_commissioned_by(visitor).filter(pk=case.round_id).exists()
    if visitor.user is None or not commissioned:
        raise PermissionError("the authority that commissioned the round confirms")
    check_reason(reason)
    check_other_person(visitor.user.pk, answerers_of(case))
    move(CASE, "confirm", Case.objects.filter(pk=case.pk))
    made = Closing.objects.create(case=case, verb="confirm", reason=reason.strip(), by=visitor.user, at=at)
    shown = _given_back(case, made.reason, timezone.localdate(at))
    digest = hashlib.sha256(canonical_json([one.payload for one in shown])).hexdigest()
    lines = evidence.lines(shown, at=at, source_sha256=digest)
    entry = journal.record(
        "confirm_case", actor=visitor.user, at=at, subject=f"pt_case:{case.pk}", covers=[made, *lines], reason=made.reason,
        after={"given_back": len(lines)},
    )  # fmt: skip
    try:
        with transaction.atomic():
            evidence.record(lines, entry=entry)
    except IntegrityError:
        raise NotAllowedNow(CONFIRMED_MEANWHILE) from None
    case.refresh_from_db()
    return made


def _given_back(case: Case, reason: str, today: date) -> list[evidence.Shown]:
    """One confirmation for every result of the round that suspends an item, and that nobody has confirmed yet."""
    retest = case.retests.order_by("-number")[0]
    failed = _lines_of_round(case)
    passed = {
        (one.parameter_id, one.matrix_id): one
        for one in Evidence.objects.filter(kind="retest_result", source__startswith=f"round-retest:{retest.pk}:")
    }
    confirmed = set(
        Evidence.objects.filter(
            kind="retest_confirmed", institution__in={one.institution_id for one in failed}
        ).values_list("payload__failed", flat=True)
    )
    return [
        evidence.Shown(
            institution_id=one.institution_id, parameter_id=one.parameter_id, matrix_id=one.matrix_id, kind="retest_confirmed",
            version=1, payload=_confirmation(one, passed[(one.parameter_id, one.matrix_id)], case.round.number, reason),
            occurred_on=today, source=f"retest:{one.pk}"[:64], disclosed_to_id=case.round.commissioned_by_id,
        )
        for one in failed
        if str(one.pk) not in confirmed and (one.parameter_id, one.matrix_id) in passed
    ]  # fmt: skip


def _confirmation(failed: Evidence, passed: Evidence, number: str, reason: str) -> dict[str, Any]:
    return {"failed": str(failed.pk), "passed": str(passed.pk), "round": number, "reason": reason}


def _lines_of_round(case: Case) -> list[Evidence]:
    """The results of the round that suspend items of the laboratory, as they stand after any corrigendum."""
    institution = institution_behind(case)
    if institution is None:
        return []
    found = Evidence.objects.filter(
        source__startswith=f"round:{case.round_id}:", kind="proficiency_result", institution=institution, superseded_by=None,
        payload__signal="action",
    )  # fmt: skip
    return list(found.order_by("source", "pk"))
