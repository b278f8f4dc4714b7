"""Applying a checked file: all rows in one transaction, or chunk by chunk; killed at any instant and run again, the same end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import discard, keep_draft
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.imports import staging
from zhunsheng.foundation.imports.actions.checking import FileGone, Progress, pause, silent
from zhunsheng.foundation.imports.actions.receiving import forget
from zhunsheng.foundation.imports.models import Chunk, FailedRow, Import, StagedRow
from zhunsheng.foundation.imports.register import Overtaken, Register
from zhunsheng.foundation.imports.rules.reach import OutOfReach, check_reaches, reaches
from zhunsheng.foundation.imports.states import IMPORT, Mode, Verdict
from zhunsheng.foundation.imports.writing import ChangedMeanwhile, write
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.statechart import move

ENDED = {"done", "refused"}
STRETCH = 50_000


@transaction.atomic
def begin_applying(
    imported: Import, register: Register, *, reach: Mapping[str, Any], actor: User, at: datetime
) -> None:
    """Decide that a checked file goes in; `reach` is what the actor may write about now.

    The file is kept for ever, unless it holds what is never kept. Raises NotAllowedNow, FileGone, OutOfReach.
    """
    check_reaches(reach, imported.reach)
    draft = imported.draft
    if draft is None:
        raise FileGone
    move(IMPORT, "apply", Import.objects.filter(pk=imported.pk), applied_by=actor)
    kept = None if register.secret else keep_draft(draft, at=at)
    if kept is None:
        discard(draft)
    Import.objects.filter(pk=imported.pk).update(attachment=kept)
    imported.refresh_from_db()


def apply(
    imported: Import,
    register: Register,
    *,
    reach: Callable[[], Mapping[str, Any]],
    at: datetime,
    progress: Progress = silent,
) -> None:
    """Do what the file would do. The register having changed since the check, an import of all or nothing is refused.

    `reach` says what who applies it may write about by now: a file may wait long, and an office is lost in a day.
    """
    if imported.state == "applying":
        _decide(imported, register, reach=reach(), at=at, progress=progress)
        imported.refresh_from_db(fields=["state"])
    if imported.state in ENDED:
        _clear_away(imported, register)


def _decide(
    imported: Import, register: Register, *, reach: Mapping[str, Any], at: datetime, progress: Progress
) -> None:
    if not reaches(reach, imported.reach):
        _refuse(imported, register, OutOfReach.reason, at=at)
    elif imported.mode == Mode.ALL:
        _apply_whole(imported, register, at=at)
    else:
        _apply_chunks(imported, register, at=at, progress=progress)


def _clear_away(imported: Import, register: Register) -> None:
    """Remove what was staged, a stretch at a time and not in the switch: others may write between. Done again, it does nothing."""
    for after in range(0, imported.checked_to, STRETCH):
        StagedRow.objects.filter(belongs_to=imported, row__gt=after, row__lte=after + STRETCH).delete()
        pause()
    forget(imported, register)


def _apply_whole(imported: Import, register: Register, *, at: datetime) -> None:
    try:
        with staging.room_for_indexes(), transaction.atomic():
            chunks = list(imported.chunks.all())
            move(IMPORT, "finish", Import.objects.filter(pk=imported.pk), ended_at=at)
            _write(imported, register, chunks, after=0, to=imported.checked_to, at=at)
    except (IntegrityError, ChangedMeanwhile):
        _refuse(imported, register, ChangedMeanwhile.reason, at=at)
    except Overtaken as ended:
        _refuse(imported, register, ended.reason, at=at)


def _refuse(imported: Import, register: Register, reason: Text, *, at: datetime) -> None:
    said = [[reason.en, reason.zh]]
    move(IMPORT, "refuse", Import.objects.filter(pk=imported.pk), ended_at=at, faults=said)


def _apply_chunks(imported: Import, register: Register, *, at: datetime, progress: Progress) -> None:
    for chunk in imported.chunks.filter(applied=False):
        try:
            _apply_chunk(imported, register, chunk, at=at)
        except Overtaken as ended:
            _leave_out(imported, register, chunk, ended.reason)
        progress(chunk.last, imported.checked_to)
        pause()
    move(IMPORT, "finish", Import.objects.filter(pk=imported.pk), ended_at=at)


@transaction.atomic
def _leave_out(imported: Import, register: Register, chunk: Chunk, reason: Text) -> None:
    """None of the rows of a chunk goes in: what they stand on has ended."""
    staged = StagedRow.objects.filter(belongs_to=imported, row__gte=chunk.first, row__lte=chunk.last)
    _fail(imported, register, list(staged.values_list("row", flat=True)), reason)
    Chunk.objects.filter(pk=chunk.pk).update(applied=True)


def _apply_chunk(imported: Import, register: Register, chunk: Chunk, *, at: datetime) -> None:
    """One chunk in one transaction; where a row no longer fits the register, the others go in without it."""
    try:
        with transaction.atomic():
            _write(imported, register, [chunk], after=chunk.first - 1, to=chunk.last, at=at)
            Chunk.objects.filter(pk=chunk.pk).update(applied=True)
    except (IntegrityError, ChangedMeanwhile):
        with transaction.atomic():
            fitting = _fitting(imported, register, chunk.first - 1, chunk.last, at=at)
            chunk.refresh_from_db()
            _record(imported, register, [chunk], fitting, at=at)
            Chunk.objects.filter(pk=chunk.pk).update(applied=True)


def _fitting(imported: Import, register: Register, after: int, to: int, *, at: datetime) -> list[Any]:
    """Write what fits of a stretch: rows known not to fail together, others are found by halving until they are alone."""
    try:
        with transaction.atomic():
            return list(write(imported, register, after=after, to=to, at=at))
    except (IntegrityError, ChangedMeanwhile) as found:
        if rows := getattr(found, "rows", ()):
            _fail(imported, register, rows, ChangedMeanwhile.reason)
            return _fitting(imported, register, after, to, at=at)
        if to - after == 1:
            _fail(imported, register, [to], ChangedMeanwhile.reason)
            return []
    middle = (after + to) // 2
    return [
        *_fitting(imported, register, after, middle, at=at),
        *_fitting(imported, register, middle, to, at=at),
    ]


def _fail(imported: Import, register: Register, rows: Collection[int], reason: Text) -> None:
    """These rows of a chunk do not go in: what they would have done is forgotten, and they are told and counted as failed."""
    staged = StagedRow.objects.filter(belongs_to=imported, row__in=rows)
    failed = [
        FailedRow(belongs_to=imported, row=row, cells=None, reasons=[["", "", "", reason.en, reason.zh]])
        for row in staged.order_by("row").values_list("row", flat=True)
    ]
    FailedRow.objects.bulk_create(failed, batch_size=200)
    for verdict in Verdict:
        fewer = staged.filter(verdict=verdict.value).count()
        counted = {verdict.value: F(verdict.value) - fewer}
        Import.objects.filter(pk=imported.pk).update(**counted, failed=F("failed") + fewer)
        imported.chunks.filter(first__lte=min(rows), last__gte=max(rows)).update(**counted)
    for label in register.models:
        staging.leave_out(imported.pk, label, rows)
    staged.update(operations=None, changes=None)


def _write(imported: Import, register: Register, chunks: Sequence[Chunk], *, after: int, to: int, at: datetime) -> None:
    _record(imported, register, chunks, write(imported, register, after=after, to=to, at=at), at=at)


def _record(
    imported: Import, register: Register, chunks: Sequence[Chunk], covers: Sequence[Any], *, at: datetime
) -> None:
    """One journal row: which rows of which file, and a digest over all that they wrote."""
    rows = [{"first": chunk.first, "last": chunk.last, "sha256": chunk.sha256} for chunk in chunks]
    counts = {
        "new": sum(c.new for c in chunks), "changed": sum(c.changed for c in chunks),
        "unchanged": sum(c.unchanged for c in chunks), "file": imported.sha256, "import": str(imported.pk),
    }  # fmt: skip
    if counts["new"] or counts["changed"]:
        journal.record(
            f"import_{register.key}", actor=imported.applied_by, at=at, subject=f"import:{imported.pk}", rows=rows,
            covers=covers, after=counts,
        )  # fmt: skip
