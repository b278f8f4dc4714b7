"""Applying a checked file: all rows in one transaction, or chunk by chunk; killed at any instant and run again, the same end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import discard, keep_draft
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.imports import staging
from zhunsheng.foundation.imports.actions.checking import FileGone, Progress, pause, silent
from zhunsheng.foundation.imports.actions.receiving import forget
from zhunsheng.foundation.imports.models import Chunk, FailedRow, Import, StagedRow
from zhunsheng.foundation.imports.register import Register
from zhunsheng.foundation.imports.states import IMPORT, Mode, Verdict
from zhunsheng.foundation.imports.writing import ChangedMeanwhile, write
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.statechart import move


@transaction.atomic
def begin_applying(imported: Import, register: Register, *, actor: User, at: datetime) -> None:
    """Decide that a checked file goes in. The file is kept for ever, unless it holds what is never kept.

    Raises NotAllowedNow, FileGone.
    """
    draft = imported.draft
    if draft is None:
        raise FileGone
    move(IMPORT, "apply", Import.objects.filter(pk=imported.pk), applied_by=actor)
    kept = None if register.secret else keep_draft(draft, at=at)
    if kept is None:
        discard(draft)
    Import.objects.filter(pk=imported.pk).update(attachment=kept)
    imported.refresh_from_db()


def apply(imported: Import, register: Register, *, at: datetime, progress: Progress = silent) -> None:
    """Do what the file would do. The register having changed since the check, an import of all or nothing is refused."""
    if imported.state != "applying":
        return
    if imported.mode == Mode.ALL:
        _apply_whole(imported, register, at=at)
    else:
        _apply_chunks(imported, register, at=at, progress=progress)


def _apply_whole(imported: Import, register: Register, *, at: datetime) -> None:
    try:
        with staging.room_for_indexes(), transaction.atomic():
            chunks = list(imported.chunks.all())
            move(IMPORT, "finish", Import.objects.filter(pk=imported.pk), ended_at=at)
            _write(imported, register, chunks, after=0, to=imported.checked_to, at=at)
            forget(imported, register)
    except (IntegrityError, ChangedMeanwhile):
        reason = ChangedMeanwhile.reason
        with transaction.atomic():
            said = [[reason.en, reason.zh]]
            move(IMPORT, "refuse", Import.objects.filter(pk=imported.pk), ended_at=at, faults=said)
            forget(imported, register)


def _apply_chunks(imported: Import, register: Register, *, at: datetime, progress: Progress) -> None:
    for chunk in imported.chunks.filter(applied=False):
        _apply_chunk(imported, register, chunk, at=at)
        progress(chunk.last, imported.checked_to)
        pause()
    with transaction.atomic():
        move(IMPORT, "finish", Import.objects.filter(pk=imported.pk), ended_at=at)
        forget(imported, register)


def _apply_chunk(imported: Import, register: Register, chunk: Chunk, *, at: datetime) -> None:
    """One chunk in one transaction; where a row no longer fits the register, the others go in without it."""
    try:
        with transaction.atomic():
            _write(imported, register, [chunk], after=chunk.first - 1, to=chunk.last, at=at)
            Chunk.objects.filter(pk=chunk.pk).update(applied=True)
    except (IntegrityError, ChangedMeanwhile):
        with transaction.atomic():
            fitting = _fitting(imported, register, chunk.first - 1, chunk.last, at=at)
            _record(imported, register, [chunk], fitting, at=at)
            Chunk.objects.filter(pk=chunk.pk).update(applied=True)


def _fitting(imported: Import, register: Register, after: int, to: int, *, at: datetime) -> list[Any]:
    """Write what fits of a stretch, halving it until the rows that do not are alone; these fail."""
    try:
        with transaction.atomic():
            return list(write(imported, register, after=after, to=to, at=at))
    except (IntegrityError, ChangedMeanwhile):
        if to - after == 1:
            _fail(imported, to)
            return []
    middle = (after + to) // 2
    return [
        *_fitting(imported, register, after, middle, at=at),
        *_fitting(imported, register, middle, to, at=at),
    ]


def _fail(imported: Import, row: int) -> None:
    staged = StagedRow.objects.get(belongs_to=imported, row=row)
    reason: Text = ChangedMeanwhile.reason
    FailedRow.objects.create(belongs_to=imported, row=row, cells=None, reasons=[["", "", "", reason.en, reason.zh]])
    now = Import.objects.get(pk=imported.pk)
    counted = Verdict(staged.verdict).value
    setattr(now, counted, getattr(now, counted) - 1)
    now.failed += 1
    now.save(update_fields=[counted, "failed"])


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
