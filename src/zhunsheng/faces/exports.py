"""What a list shows, as a file: every row that the address asks for, not the page of it alone."""

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse

from zhunsheng.faces.files import download
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.spreadsheets import CellValue, Sheet, write_csv, write_xlsx

EXPORTED = 20_000
"""So many rows are written; a further one says that there are more."""
WHOLE = 1_000_000
"""For lists that are read in chunks: what a sheet holds, beside its heading."""
CHUNK = 2_000
"""So many rows at a time are looked up further."""
FORMATS = ("xlsx", "csv")
MORE = t("There are more rows. Narrow the search.", "还有更多行，请缩小查询范围。")


def file_asked(request: HttpRequest) -> str:
    """The kind of file that the address asks for instead of the page, else nothing."""
    asked = request.GET.get("format", "")
    return asked if request.method == "GET" and asked in FORMATS else ""


def table_file(
    form: str, name: str, title: Text, columns: Sequence[Text], rows: Iterable[Sequence[CellValue]], *,
    widths: Sequence[float] = (), most: int = EXPORTED,
) -> HttpResponse:  # fmt: skip
    """The rows as a workbook or as CSV; text that begins like a formula stays text, -0.5 stays a number.

    `widths` are those of the columns of the workbook, in characters.
    """
    header, written = [str(one) for one in columns], bounded(rows, most)
    if form == "csv":
        return download(write_csv(header, written), f"{name}.csv")
    buffer = io.BytesIO()
    write_xlsx(buffer, [Sheet(str(title), header, written, widths=list(widths) or [24] * len(header))])
    return download(buffer.getvalue(), f"{name}.xlsx")


def every(page: Page[Any]) -> Any:
    """The rows of all pages, and one beyond the bound."""
    return page.paginator.object_list[: EXPORTED + 1]


def bounded(rows: Iterable[Sequence[CellValue]], most: int = EXPORTED) -> Iterator[Sequence[CellValue]]:
    """So many of the rows at most; where there are more, the last row says so."""
    waiting = iter(rows)
    yield from islice(waiting, most)
    if next(waiting, None) is not None:
        yield [str(MORE)]
