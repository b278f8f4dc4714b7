"""Checking a file: every row read, mended where that is safe, asked of the register, staged; chunk by chunk, goes on after a crash."""

from __future__ import annotations

import hashlib
import itertools
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.imports import staging
from zhunsheng.foundation.imports.models import Chunk, FailedRow, Import, StagedRow
from zhunsheng.foundation.imports.register import Checked, Context, Given, Register
from zhunsheng.foundation.imports.rules.cells import parse, veiled
from zhunsheng.foundation.imports.rules.columns import Column
from zhunsheng.foundation.imports.rules.headers import EXPLANATION, Header, find_header
from zhunsheng.foundation.imports.states import IMPORT, Mode, Verdict
from zhunsheng.foundation.spreadsheets import BadFile, Fault, Piece, Reading, Row, column_letters
from zhunsheng.foundation.statechart import move

Progress = Callable[[int, int], None]
Reason = tuple[str, str, str, str, str]
"""Column letters, heading en and zh, sentence en and zh."""
EMPTY = t("The sheet is empty. Put a header row and rows in it.", "工作表为空。请填入表头和数据。")
PAUSE_SECONDS = 0.05
"""Between two writing chunks on SQLite, which has one write lock: without a pause others wait for seconds, with it for milliseconds."""


def silent(done: int, total: int) -> None:
    """Nobody is watching."""


def check(imported: Import, register: Register, *, at: datetime, progress: Progress = silent) -> None:
    """Check a received file to its end, from where an earlier attempt stopped; afterwards it is checked or refused."""
    if imported.state != "received":
        return
    if imported.checked_to == 0:
        with transaction.atomic():
            staging.make(imported.pk, register.models)
            Chunk.objects.filter(belongs_to=imported).delete()
    try:
        with Reading(content_of(imported), imported.filename) as reading:
            _check_pieces(imported, register, reading, at=at, progress=progress)
    except BadFile as bad:
        _refuse(imported, [fault.text for fault in bad.faults[:100]], at=at)
        return
    _conclude(imported, register, at=at)


class FileGone(Exception):
    """The file was forgotten before it was checked."""

    reason = t("The file was forgotten after a day. Send it again.", "文件已超过一天，系统已删除，请重新提交。")


def content_of(imported: Import) -> bytes:
    """The file itself; raises FileGone when its draft was swept."""
    kept = imported.attachment or imported.draft
    if kept is None:
        raise FileGone
    return bytes(kept.content)


def _check_pieces(imported: Import, register: Register, reading: Reading, *, at: datetime, progress: Progress) -> None:
    pieces = reading.pieces()
    first = next(pieces, None)
    if first is None:
        raise BadFile([Fault(imported.filename, reading.sheet, None, None, EMPTY)])
    header = find_header(first.rows, register.columns, file=imported.filename, sheet=reading.sheet)
    _note_header(imported, header, first.rows, reading)
    context = Context(
        at=at, on=timezone.localdate(at), reach=imported.reach, source=imported.filename, sender=imported.started_by_id
    )
    for piece in itertools.chain([first], pieces):
        rows = [row for row in piece.rows if row.number > max(header.row, imported.checked_to)]
        if rows:
            _check_chunk(imported, register, header, rows, piece, context)
            pause()
        seen = piece.rows[-1].number
        progress(seen, max(seen, round(seen / piece.position)) if piece.position else seen)


def pause() -> None:
    """Let others write."""
    if connection.vendor == "sqlite":
        time.sleep(PAUSE_SECONDS)


def _note_header(imported: Import, header: Header, rows: Sequence[Row], reading: Reading) -> None:
    row = next(row for row in rows if row.number == header.row)
    imported.header = [text for index, text in enumerate(row.texts) if index not in header.ours]
    if imported.checked_to == 0:
        for note in header.notes():
            add_note(imported, note, header.row)
        others = [name for name in reading.other_sheets if name not in (EXPLANATION.en, EXPLANATION.zh)]
        if others:
            said = "，".join(others[:10])
            add_note(imported, t("Other sheets were not read: {s}.", "其他工作表未读取：{s}。", s=said), header.row)


@dataclass
class Found:
    """What checking a chunk found."""

    given: list[Given] = field(default_factory=list)
    reasons: dict[int, list[Reason]] = field(default_factory=dict)
    notes: list[tuple[Text, int]] = field(default_factory=list)

    def fail(self, row: int, letters: str, column: Column | None, message: Text) -> None:
        head = column.header if column else Text(en="", zh="")
        self.reasons.setdefault(row, []).append((letters, head.en, head.zh, message.en, message.zh))


def _check_chunk(
    imported: Import, register: Register, header: Header, rows: list[Row], piece: Piece, context: Context
) -> None:
    """Read, ask, stage; all that a chunk leaves is written in one transaction with how far the check is."""
    found = read_rows(header, rows, piece, on=context.on)
    results = register.check(found.given, context)
    by_row = {given.row: result for given, result in zip(found.given, results, strict=True)}
    _take_faults(register, header, found, by_row)
    _tell_of_veils(register, header, rows, found)
    with transaction.atomic():
        _refuse_doubles(imported, found, by_row)
        good = {row: result for row, result in by_row.items() if row not in found.reasons}
        _stage(imported, register, rows, good)
        FailedRow.objects.bulk_create(
            [
                FailedRow(
                    belongs_to=imported,
                    row=row.number,
                    reasons=found.reasons[row.number],
                    cells=_cells(row, header, register),
                )
                for row in rows
                if row.number in found.reasons
            ],
            batch_size=200,
        )
        for note, number in found.notes:
            add_note(imported, note, number)
        _count(imported, rows, found, good)


def read_rows(header: Header, rows: Sequence[Row], piece: Piece, *, on: date) -> Found:
    """The cells of the register's columns, read; a row with one bad cell is failed with all its reasons."""
    found = Found()
    columns = list(header.columns.items())
    for row in rows:
        values: dict[str, str | None] = {}
        for index, column in columns:
            place = (row.number, index)
            text = row.texts[index] if index < len(row.texts) else ""
            parsed = parse(column, text, on=on, damaged=piece.damaged.get(place), formula=piece.formulas.get(place))
            values[column.key] = parsed.value
            found.notes += [(noted(column, note), row.number) for note in parsed.notes]
            if parsed.fault is not None:
                found.fail(row.number, column_letters(index), column, parsed.fault)
        if row.number not in found.reasons:
            found.given.append(Given(row.number, values))
    return found


def noted(column: Column, note: Text) -> Text:
    return Text(en=f"{column.header.en}: {note.en}", zh=f"{column.header.zh}：{note.zh}")


def _take_faults(register: Register, header: Header, found: Found, by_row: dict[int, Checked]) -> None:
    columns = {column.key: column for column in register.columns}
    letters = {column.key: column_letters(index) for index, column in header.columns.items()}
    for row, result in by_row.items():
        for key, message in result.faults:
            found.fail(row, letters.get(key, ""), columns.get(key), message)
        found.notes += [
            (noted(columns[key], message) if key in columns else message, row) for key, message in result.notes
        ]


VEILED = t(
    "is shown by its last four characters only. Type the whole number again before you send this row; it may stay so if the person is"
    " registered with it already.",
    "此处仅显示末四位。再次提交本行前请重新填写完整号码；如该人员已登记此号码，可保持不变。",
)


def _tell_of_veils(register: Register, header: Header, rows: Sequence[Row], found: Found) -> None:
    """A failed row whose secret cell comes back veiled says what to do about it."""
    secret = [(index, column) for index, column in header.columns.items() if column.key in register.secret]
    for row in rows:
        for index, column in secret:
            if row.number in found.reasons and index < len(row.texts) and row.texts[index].strip():
                found.fail(row.number, column_letters(index), column, VEILED)


def _refuse_doubles(imported: Import, found: Found, by_row: dict[int, Checked]) -> None:
    """A thing may stand in a file once: the second row would undo the first."""
    keys = {result.key for result in by_row.values()}
    first = dict(StagedRow.objects.filter(belongs_to=imported, key__in=keys).values_list("key", "row"))
    for row in sorted(by_row):
        key = by_row[row].key
        if key in first:
            message = t(
                "is about the same as row {n}. Delete one of the two.", "与第 {n} 行重复，请删除其一。", n=first[key]
            )
            found.fail(row, "", None, message)
        elif row not in found.reasons:
            first[key] = row


def _stage(imported: Import, register: Register, rows: Sequence[Row], good: dict[int, Checked]) -> None:
    inserts: dict[str, list[tuple[int, dict[str, object]]]] = {label: [] for label in register.models}
    digest = hashlib.sha256()
    staged = []
    for row, result in good.items():
        for op in result.operations:
            digest.update(json.dumps(op.plain(), sort_keys=True, ensure_ascii=False).encode() + b"\n")
            if op.kind == "insert":
                inserts[op.model].append((row, op.values))
        others = [op.plain() for op in result.operations if op.kind != "insert"]
        staged.append(
            StagedRow(
                belongs_to=imported, row=row, key=result.key, verdict=result.verdict.value, label=result.label[:200],
                subject=result.subject,
                changes=result.changes or None, operations=others or None,
            )
        )  # fmt: skip
    for label, values in inserts.items():
        staging.fill(imported.pk, label, values)
    staging.note(staged)
    verdicts = [result.verdict for result in good.values()]
    Chunk.objects.create(
        belongs_to=imported, first=rows[0].number, last=rows[-1].number, sha256=digest.hexdigest(),
        new=verdicts.count(Verdict.NEW), changed=verdicts.count(Verdict.CHANGED),
        unchanged=verdicts.count(Verdict.UNCHANGED),
    )  # fmt: skip


def _cells(row: Row, header: Header, register: Register) -> list[str]:
    """The cells as given, but for those that are never kept."""
    secret = {index for index, column in header.columns.items() if column.key in register.secret}
    return [
        veiled(text) if index in secret else text for index, text in enumerate(row.texts) if index not in header.ours
    ]


def add_note(imported: Import, note: Text, row: int) -> None:
    """Count a note; the first row it was made of is told."""
    for known in imported.notes:
        if known[0] == note.en:
            known[2] += 1
            return
    if len(imported.notes) < 200:
        imported.notes.append([note.en, note.zh, 1, row])


def _count(imported: Import, rows: Sequence[Row], found: Found, good: dict[int, Checked]) -> None:
    verdicts = [result.verdict for result in good.values()]
    imported.rows += len(rows)
    imported.failed += len(found.reasons)
    imported.new += verdicts.count(Verdict.NEW)
    imported.changed += verdicts.count(Verdict.CHANGED)
    imported.unchanged += verdicts.count(Verdict.UNCHANGED)
    imported.checked_to = rows[-1].number
    imported.save(update_fields=["header", "notes", "rows", "failed", "new", "changed", "unchanged", "checked_to"])


def _conclude(imported: Import, register: Register, *, at: datetime) -> None:
    nothing = imported.rows == imported.failed
    if nothing or (imported.mode == Mode.ALL and imported.failed):
        _refuse(imported, [_why_refused(imported)], at=at)
    else:
        staging.index(imported.pk, register.models)
        move(IMPORT, "check", Import.objects.filter(pk=imported.pk), checked_at=at)


def _why_refused(imported: Import) -> Text:
    if not imported.rows:
        return t("There is no row below the header.", "表头以下没有数据行。")
    if imported.failed == imported.rows:
        return t("Not one of the {n} rows can go in.", "共 {n} 行，均无法导入。", n=imported.rows)
    return t(
        "{n} of {m} rows have faults, and the file was sent to go in whole or not at all. Nothing was changed.",
        "共 {m} 行，其中 {n} 行有错误；该文件按“全部或全不”提交，未作任何更改。",
        n=imported.failed,
        m=imported.rows,
    )


def _refuse(imported: Import, faults: Sequence[Text], *, at: datetime) -> None:
    said = [[fault.en, fault.zh] for fault in faults]
    move(IMPORT, "refuse", Import.objects.filter(pk=imported.pk), faults=said, checked_at=at, ended_at=at)
