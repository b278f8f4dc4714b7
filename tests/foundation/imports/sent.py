"""How a test sends a file: received, checked and, if it may, applied, through the verbs."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl

from tests.cast import AT
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import stage
from zhunsheng.foundation.bilingual import Language
from zhunsheng.foundation.imports import actions
from zhunsheng.foundation.imports.models import FailedRow, Import
from zhunsheng.foundation.imports.register import Register
from zhunsheng.foundation.imports.states import Mode

NATIONAL = {"national": True}


def sender() -> User:
    return User.objects.get_or_create(username="sender")[0]


def csv_of(rows: Sequence[Sequence[str]], *, encoding: str = "utf-8-sig") -> bytes:
    return "".join(",".join(row) + "\r\n" for row in rows).encode(encoding)


def workbook_of(rows: Sequence[Sequence[Any]], *, merge: str | None = None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    if merge:
        book.worksheets[0].merge_cells(merge)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def send(
    register: Register,
    content: bytes,
    *,
    name: str = "f.xlsx",
    mode: Mode = Mode.ALL,
    reach: Mapping[str, Any] = NATIONAL,
    language: Language = "en",
) -> Import:
    """Receive and check."""
    draft = stage(name=name, content=content, actor=sender(), at=AT)
    imported = actions.receive(register, draft, mode=mode, reach=reach, language=language, actor=sender(), at=AT)
    actions.check(imported, register, at=AT)
    imported.refresh_from_db()
    return imported


def send_and_apply(register: Register, content: bytes, **how: Any) -> Import:
    """Receive, check and apply; the file must be good enough for that."""
    imported = send(register, content, **how)
    assert imported.state == "checked", (imported.faults, reasons(imported))
    actions.begin_applying(imported, register, reach=imported.reach, actor=sender(), at=AT)
    actions.apply(imported, register, reach=lambda: imported.reach, at=AT)
    imported.refresh_from_db()
    return imported


def reasons(imported: Import) -> dict[int, list[str]]:
    """What is wrong with each failed row, in English with the column's letters."""
    return {
        failed.row: [f"{letters} {en}".strip() for letters, _, _, en, _ in failed.reasons]
        for failed in FailedRow.objects.filter(belongs_to=imported)
    }
