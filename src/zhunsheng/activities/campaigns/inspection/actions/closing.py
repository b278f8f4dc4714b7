"""Closing a record and signing it: what is signed can no longer change."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhunsheng.activities.campaigns.inspection.documents import record_document
from zhunsheng.activities.campaigns.inspection.models import Inspection, Record, Signature
from zhunsheng.activities.campaigns.inspection.queries import team_of, unproven_codes
from zhunsheng.activities.campaigns.inspection.rules.refusals import InspectionRefused
from zhunsheng.activities.campaigns.inspection.rules.signatures import check_manner, check_proven, is_complete
from zhunsheng.activities.campaigns.inspection.states import INSPECTION
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.signing import canonical_json
from zhunsheng.foundation.statechart import move
from zhunsheng.registry.people.models import Person


@transaction.atomic
def close_record(inspection: Inspection, *, actor: User | None, at: datetime) -> Record:
    """Freeze the record: from now on nothing is added, and it can be signed.

    Raises InspectionRefused while a nonconformity has no evidence, NotAllowedNow unless the visit is going on.
    """
    check_proven(unproven_codes(inspection))
    move(INSPECTION, "close", Inspection.objects.filter(pk=inspection.pk), closed_at=at)
    content = canonical_json(record_document(inspection, at))
    made = Record.objects.create(
        inspection=inspection, content=content, sha256=hashlib.sha256(content).hexdigest(), made_at=at, made_by=actor
    )
    journal.record(
        "close_record",
        actor=actor,
        at=at,
        subject=f"inspection:{inspection.pk}",
        covers=[made],
        after={"sha256": made.sha256},
    )
    inspection.refresh_from_db()
    return made


@transaction.atomic
def sign_as_officer(
    inspection: Inspection, *, officer: Person, sha256: str, actor: User | None, at: datetime
) -> Signature:
    """An officer signs the record with the digest that was on the screen. Raises InspectionRefused where it is another record."""
    if officer not in team_of(inspection):
        raise InspectionRefused(t("Only officers on the task sign.", "仅任务中的检查人员可以签字。"))
    return _sign(
        inspection, Signature(officer=officer, manner="account", name=officer.name), sha256=sha256, actor=actor, at=at
    )


@transaction.atomic
def sign_for_institution(
    inspection: Inspection, *, manner: str, name: str, statement: str, sha256: str, actor: User | None, at: datetime
) -> Signature:
    """The institution signs, in its own account or on paper, with what it holds against the record; or its refusal is noted.

    Raises InspectionRefused for a refusal without what happened, or where the record is another one.
    """
    check_manner(manner, statement, name)
    made = Signature(officer=None, manner=manner, name=name, statement=statement)
    return _sign(inspection, made, sha256=sha256, actor=actor, at=at)


def _sign(inspection: Inspection, made: Signature, *, sha256: str, actor: User | None, at: datetime) -> Signature:
    locked = Inspection.objects.select_for_update().get(pk=inspection.pk)
    INSPECTION.check("complete", locked.state)
    if locked.record.sha256 != sha256:
        raise InspectionRefused(t("The record is another one than was shown.", "记录与所显示的不一致，请刷新页面。"))
    if locked.signatures.filter(officer=made.officer).exists():
        raise InspectionRefused(t("That was signed already.", "已签字，不能重复签字。"))
    made.inspection, made.record_sha256, made.made_by, made.at = locked, sha256, actor, at
    made.save(force_insert=True)
    complete = _is_complete(locked)
    if complete:
        move(INSPECTION, "complete", Inspection.objects.filter(pk=locked.pk), ended_at=at)
    journal.record(
        "sign_record", actor=actor, at=at, subject=f"inspection:{locked.pk}", covers=[made],
        after={"manner": made.manner, "complete": complete},
    )  # fmt: skip
    inspection.refresh_from_db()
    return made


def _is_complete(inspection: Inspection) -> bool:
    said: dict[UUID | None, str] = dict(inspection.signatures.values_list("officer_id", "manner"))
    return is_complete([one.pk for one in team_of(inspection)], said.keys(), said.get(None))
