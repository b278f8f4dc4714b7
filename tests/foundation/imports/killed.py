"""What the killed processes do: check and apply an import of institutions; and what is left of it."""

from typing import Any

from django.db import connection

from tests.cast import AT
from tests.foundation.imports.sent import NATIONAL, sender, workbook_of
from tests.killing import Killer
from zhunsheng.foundation.attachments.actions import stage
from zhunsheng.foundation.attachments.models import Attachment, Draft
from zhunsheng.foundation.imports import actions
from zhunsheng.foundation.imports.actions import checking
from zhunsheng.foundation.imports.models import Chunk, FailedRow, Import, StagedRow
from zhunsheng.foundation.imports.states import Mode
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.institutions.importing import Institutions
from zhunsheng.registry.institutions.models import Certificate, Institution

HEAD = ["机构名称", "行政区划代码", "地址", "CMA 证书编号", "CMA 有效期起", "CMA 有效期止"]
REGISTER = Institutions()


def rows(count: int, address: str) -> list[list[str]]:
    return [
        [f"示例检测中心{n}", "330106" if n % 7 else "11", address, f"2311{n:08d}", "2023-05-04", "2029-05-03"]
        for n in range(count)
    ]


def prepare(mode: Mode) -> None:
    """Some institutions there, and a file received that changes them and brings others; each seventh row is wrong in row mode."""
    good = [row for row in rows(9, "旧址") if row[1] != "11"]
    for content, apply in ((workbook_of([HEAD, *good]), True), (_file(mode), False)):
        draft = stage(name="f.xlsx", content=content, actor=sender(), at=AT)
        imported = actions.receive(REGISTER, draft, mode=mode, reach=NATIONAL, language="zh", actor=sender(), at=AT)
        if apply:
            actions.check(imported, REGISTER, at=AT)
            imported.refresh_from_db()
            actions.begin_applying(imported, REGISTER, reach=imported.reach, actor=sender(), at=AT)
            actions.apply(imported, REGISTER, reach=lambda: NATIONAL, at=AT)


def _file(mode: Mode) -> bytes:
    given = rows(30, "新址")
    return workbook_of([HEAD, *(given if mode is Mode.ROWS else [row for row in given if row[1] != "11"])])


def prepare_all(killer: Killer) -> None:
    prepare(Mode.ALL)


def prepare_rows(killer: Killer) -> None:
    prepare(Mode.ROWS)


def the_one() -> Import:
    return Import.objects.order_by("started_at", "rows", "pk").exclude(state="done", rows__lt=10).get()


def run(killer: Killer) -> int:
    """What the worker does from the first job to the last, in pieces small enough that chunks matter."""
    checking.PAUSE_SECONDS = 0
    imported = the_one()
    killer.statements = 0
    with small_pieces():
        actions.check(imported, REGISTER, at=AT)
    imported.refresh_from_db()
    if imported.state == "checked":
        actions.begin_applying(imported, REGISTER, reach=imported.reach, actor=sender(), at=AT)
    actions.apply(imported, REGISTER, reach=lambda: imported.reach, at=AT)
    return killer.statements


class small_pieces:
    """Cut what the child reads into pieces of seven rows, as a file of thousands is cut."""

    def __enter__(self) -> None:
        self.before = checking.Reading.pieces

        def cut(reading: Any) -> Any:
            for piece in self.before(reading):
                for start in range(0, len(piece.rows), 7):
                    yield type(piece)(piece.rows[start : start + 7], piece.damaged, piece.formulas, piece.position)

        checking.Reading.pieces = cut  # type: ignore[method-assign, assignment]

    def __exit__(self, *_: object) -> None:
        checking.Reading.pieces = self.before  # type: ignore[method-assign]


def look(killer: Killer) -> dict[str, Any]:
    """Everything that an import writes."""
    imported = the_one()
    return {
        "state": imported.state,
        "counts": [imported.rows, imported.new, imported.changed, imported.unchanged, imported.failed],
        "institutions": Institution.objects.count(),
        "certificates": Certificate.objects.count(),
        "new address": Institution.objects.filter(address="新址").count(),
        "failures": FailedRow.objects.count(),
        "staged": StagedRow.objects.count(),
        "tables": sum(name.startswith("staging_") for name in connection.introspection.table_names()),
        "chunks": Chunk.objects.filter(belongs_to=imported).count(),
        "kept": Attachment.objects.count(),
        "drafts": Draft.objects.count(),
        "journal": Entry.objects.filter(verb="import_institutions").count(),
        "notes": imported.notes,
    }


def register_only(killer: Killer) -> list[int]:
    """What others see of it."""
    found = look(killer)
    return [found["institutions"], found["certificates"], found["new address"], found["journal"]]
