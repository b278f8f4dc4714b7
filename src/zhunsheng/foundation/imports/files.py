"""The files that imports hand out: templates, what is in a register as such a template, and the failed rows of an import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from zhunsheng import __version__
from zhunsheng.foundation.bilingual import Language, Text, t
from zhunsheng.foundation.imports.models import FailedRow, Import
from zhunsheng.foundation.imports.register import Register
from zhunsheng.foundation.imports.rules.columns import KINDS, Column, Kind, heading
from zhunsheng.foundation.imports.rules.headers import EXPLANATION, REASON, ROW_THERE
from zhunsheng.foundation.spreadsheets import CellValue, FormColumn, Reading, write_csv, write_form

_HEADS = (
    t("Column", "列名"), t("Required", "是否必填"), t("What stands in it", "填写内容"), t("Example", "示例"),
    t("Explanation", "说明"),
)  # fmt: skip
_YES, _NO = t("yes", "必填"), t("no", "选填")


def template(register: Register, lang: Language, *, rows: Iterable[Sequence[CellValue]] = ()) -> bytes:
    """The register's template as .xlsx in a language; with rows, what is in the register in the same form."""
    return write_form(
        register.name.in_(lang)[:31], [form_column(column, lang) for column in register.columns], rows=rows,
        explanation=(EXPLANATION.in_(lang), explanation(register, lang)), label=label_of(register, lang),
    )  # fmt: skip


def template_csv(register: Register, lang: Language, *, rows: Iterable[Sequence[CellValue]] = ()) -> bytes:
    """The same as CSV."""
    return write_csv([column.header.in_(lang) for column in register.columns], rows)


def label_of(register: Register, lang: Language) -> dict[str, str]:
    return {"register": register.key, "language": lang, "version": __version__}


def form_column(column: Column, lang: Language) -> FormColumn:
    choices = [words.in_(lang) for words in column.choices.values()]
    return FormColumn(
        column.header.in_(lang),
        column.required,
        text=column.kind is not Kind.NUMBER,
        width=column.width,
        choices=choices,
    )


def explanation(register: Register, lang: Language) -> list[list[str]]:
    """What each column means, a line a column."""
    lines = [[head.in_(lang) for head in _HEADS]]
    for column in register.columns:
        offered = Text(
            en=", ".join(words.en for words in column.choices.values()),
            zh="、".join(words.zh for words in column.choices.values()),
        )
        kind = offered if column.choices else KINDS[column.kind]
        lines.append(
            [
                column.header.in_(lang), (_YES if column.required else _NO).in_(lang), kind.in_(lang), column.example,
                column.explanation.in_(lang),
            ]
        )  # fmt: skip
    return lines


def error_file(imported: Import, register: Register, lang: Language) -> bytes:
    """The failed rows as they were sent, with the reasons in a last column: to be mended and sent again. As .xlsx."""
    columns = [_as_sent(text, register, lang) for text in imported.header]
    columns += [
        FormColumn(ROW_THERE.in_(lang), text=False, width=12),
        FormColumn(REASON.in_(lang), width=80),
    ]
    return write_form(
        register.name.in_(lang)[:31], columns, rows=_error_rows(imported, lang),
        explanation=(EXPLANATION.in_(lang), explanation(register, lang)), label=label_of(register, lang),
    )  # fmt: skip


def error_csv(imported: Import, lang: Language) -> bytes:
    """The same as CSV."""
    return write_csv([*imported.header, ROW_THERE.in_(lang), REASON.in_(lang)], _error_rows(imported, lang))


def _as_sent(text: str, register: Register, lang: Language) -> FormColumn:
    column = next((one for one in register.columns if heading(text) in one.names()), None)
    if column is None:
        return FormColumn(text)
    form = form_column(column, lang)
    return FormColumn(text, form.required, form.text, form.width, form.choices)


def _error_rows(imported: Import, lang: Language) -> Iterator[list[CellValue]]:
    width = len(imported.header)
    again = cells_again(imported)
    for failed in FailedRow.objects.filter(belongs_to=imported).order_by("row").iterator():
        cells = failed.cells if failed.cells is not None else again.get(failed.row, [])
        padded = [*cells, *[""] * (width - len(cells))][:width]
        yield [*padded, failed.row, reasons_in(failed, lang)]


def reasons_in(failed: FailedRow, lang: Language) -> str:
    """All that is wrong with a row, each with its column."""
    said = []
    for letters, en_head, zh_head, en, zh in failed.reasons:
        head, sentence = (en_head, en) if lang == "en" else (zh_head, zh)
        where = f"{head} ({letters}): " if lang == "en" else f"{head}（{letters}）："
        said.append((where if head else "") + sentence)
    return (" " if lang == "en" else "").join(said)


def cells_again(imported: Import) -> dict[int, list[str]]:
    """The cells of rows that failed only while they were applied, read from the file once more."""
    from zhunsheng.foundation.imports.actions.checking import content_of

    wanted = set(FailedRow.objects.filter(belongs_to=imported, cells__isnull=True).values_list("row", flat=True))
    if not wanted or imported.attachment is None:
        return {}
    with Reading(content_of(imported), imported.filename) as reading:
        return {row.number: row.texts for piece in reading.pieces() for row in piece.rows if row.number in wanted}
