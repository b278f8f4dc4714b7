"""The verbs: enter, correct and withdraw a record; enter and publish risk classes."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.journal.append_only import uncorrected
from zhunsheng.registry.institutions.models import Institution, RiskClass
from zhunsheng.registry.management.models import ManagementRecord
from zhunsheng.registry.management.queries.requirements import requirements
from zhunsheng.registry.management.rules.entering import Refused, check_class, check_correction, check_record

__all__ = [
    "Entered",
    "Refused",
    "correct_record",
    "enter_record",
    "enter_risk_classes",
    "publish_risk_classes",
    "withdraw_record",
]


CHUNK = 5000
"""How many keys one query names."""


@transaction.atomic
def enter_record(
    *, institution: Institution, kind: str, period: str, held_on: date, title: str, made_by: str,
    document: Attachment | None, actor: User | None, at: datetime,
) -> ManagementRecord:  # fmt: skip
    """Enter a record that was made. Raises Refused when it cannot be."""
    record = ManagementRecord(
        institution=institution, kind=kind, period=period, held_on=held_on, title=title.strip(), made_by=made_by.strip(),
        document=document, entered_by=actor, recorded_at=at,
    )  # fmt: skip
    return _enter("enter_management_record", record, actor=actor, at=at)


@transaction.atomic
def correct_record(
    old: ManagementRecord, *, held_on: date, title: str, made_by: str, document: Attachment | None, reason: str,
    actor: User | None, at: datetime,
) -> ManagementRecord:  # fmt: skip
    """Replace what a record says; the old one stays readable. Raises Refused without a reason or when it was corrected already."""
    _check_correction(old, reason)
    record = ManagementRecord(
        institution=old.institution, kind=old.kind, period=old.period, held_on=held_on, title=title.strip(),
        made_by=made_by.strip(), document=document or old.document, supersedes=old, reason=reason.strip(), entered_by=actor,
        recorded_at=at,
    )  # fmt: skip
    return _enter("correct_management_record", record, actor=actor, at=at)


@transaction.atomic
def withdraw_record(old: ManagementRecord, *, reason: str, actor: User | None, at: datetime) -> ManagementRecord:
    """Say that a record was not made after all. Raises Refused without a reason or when it was corrected already."""
    _check_correction(old, reason)
    record = ManagementRecord(
        institution=old.institution, kind=old.kind, period=old.period, held_on=old.held_on, title=old.title,
        made_by=old.made_by, document=old.document, supersedes=old, withdrawn=True, reason=reason.strip(), entered_by=actor,
        recorded_at=at,
    )  # fmt: skip
    return _enter("withdraw_management_record", record, actor=actor, at=at)


def _check_correction(old: ManagementRecord, reason: str) -> None:
    """The lock makes two corrections at once follow each other; SQLite has one writer anyway."""
    list(Institution.objects.select_for_update().filter(pk=old.institution_id).values_list("pk"))
    check_correction(superseded=ManagementRecord.objects.filter(supersedes=old).exists(), reason=reason)
    if old.withdrawn:
        check_correction(superseded=True, reason=reason)


def _enter(verb: str, record: ManagementRecord, *, actor: User | None, at: datetime) -> ManagementRecord:
    check_record(
        requirements().get(record.kind), period=record.period, held_on=record.held_on, title=record.title,
        made_by=record.made_by, today=timezone.localdate(at),
    )  # fmt: skip
    record.save(force_insert=True)
    journal.record(
        verb, actor=actor, at=at, subject=f"institution:{record.institution_id}", covers=[record], reason=record.reason
    )
    return record


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a set of classes."""

    new: int
    corrected: int
    unchanged: int


@transaction.atomic
def enter_risk_classes(classes: Sequence[RiskClass], *, actor: User | None, at: datetime) -> Entered:
    """Enter classes, all or none. A class of the same institution and first day corrects the one there; the same again is
    left out, so that a file can be sent twice. Raises Refused with the institution at fault.
    """
    twice = {(one.institution_id, one.valid_from) for one in classes}
    if len(twice) != len(classes):
        raise Refused(t("An institution has two classes from the same day.", "同一机构同日有两个类别。"))
    for one in classes:
        check_class(
            letter=one.letter, valid_from=one.valid_from, valid_to=one.valid_to, reason=one.reason, source=one.source
        )
    standing = _current([one.institution_id for one in classes])
    new, corrected = [], []
    for one in classes:
        old = standing.get((one.institution_id, one.valid_from))
        if old is None:
            new.append(one)
        elif _said(old) != _said(one):
            one.supersedes, one.published_at = old, one.published_at or old.published_at
            corrected.append(one)
    try:
        with transaction.atomic():
            _write("enter_risk_classes", [*new, *corrected], actor=actor, at=at)
    except IntegrityError as error:
        raise Refused(
            t(
                "Somebody else entered a class of one of these institutions meanwhile. Load the page again.",
                "其中有机构的类别已被他人录入或更正，请刷新页面后重试。",
            )
        ) from error
    return Entered(len(new), len(corrected), len(classes) - len(new) - len(corrected))


@transaction.atomic
def publish_risk_classes(
    institutions: Collection[Institution], *, published_at: datetime, actor: User | None, at: datetime
) -> int:
    """From `published_at` on the institutions may see their classes that are not published yet; returns how many classes."""
    keys = [one.pk for one in institutions]
    waiting = [row for row in _current(_families(keys)).values() if row.published_at is None]
    copies = [
        RiskClass(
            institution_id=row.institution_id, letter=row.letter, valid_from=row.valid_from, valid_to=row.valid_to,
            reason=row.reason, source=row.source, supersedes=row, published_at=published_at,
        )
        for row in waiting
    ]  # fmt: skip
    _write("publish_risk_classes", copies, actor=actor, at=at)
    return len(copies)


def _families(keys: Sequence[UUID]) -> list[UUID]:
    """The keys and those of the entries merged into them."""
    found = list(keys)
    for start in range(0, len(keys), CHUNK):
        merged = Institution.objects.filter(merged_into__in=keys[start : start + CHUNK]).order_by()
        found += merged.values_list("pk", flat=True)
    return found


def _current(keys: Iterable[UUID]) -> dict[tuple[UUID, date], RiskClass]:
    """The rows that nothing corrects, of many institutions; a second correction of one is refused by its unique column."""
    found: dict[tuple[UUID, date], RiskClass] = {}
    every = list(dict.fromkeys(keys))
    for start in range(0, len(every), CHUNK):
        rows = RiskClass.objects.filter(uncorrected(RiskClass), institution__in=every[start : start + CHUNK])
        found |= {(row.institution_id, row.valid_from): row for row in rows}
    return found


def _said(row: RiskClass) -> tuple[object, ...]:
    return row.letter, row.valid_to, row.reason, row.source


def _write(verb: str, rows: Sequence[RiskClass], *, actor: User | None, at: datetime) -> None:
    if not rows:
        return
    for row in rows:
        row.recorded_at = at
    RiskClass.objects.bulk_create(rows, batch_size=500)
    journal.record_new(verb, rows, actor=actor, at=at)
