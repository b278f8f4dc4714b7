"""The bulletin as a PDF that carries its own data, and its tables as a workbook."""

import hashlib
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from zhunsheng.activities.campaigns.inspection.documents import words
from zhunsheng.activities.campaigns.summary.documents.parts import parts_of
from zhunsheng.foundation.bilingual import Language, Text, t
from zhunsheng.foundation.signing import canonical_json
from zhunsheng.foundation.spreadsheets import CellValue, Sheet, write_xlsx
from zhunsheng.foundation.typesetting.charts import ChartLanguage
from zhunsheng.foundation.typesetting.typeset import Attachment, typeset


def bulletin_pdf(
    paper: Mapping[str, Any], lang: ChartLanguage, *, number: int | None, released_at: datetime | None
) -> bytes:
    """The bulletin as a tagged PDF with its data as `bulletin.json` (RFC 8785); a draft says on every page that it is one."""
    content = canonical_json(dict(paper))
    data = {
        "lang": lang, "sha256": hashlib.sha256(content).hexdigest(), "title": paper["title"], "issuer": paper["issuer"],
        "number": words(number_in_words(number)), "released": f"{timezone.localtime(released_at):%Y-%m-%d}" if released_at else "",
        "facts": [[words(label), words(value)] for label, value in facts_of(paper)], "parts": parts_of(paper),
    }  # fmt: skip
    described = "Data of this bulletin, canonical JSON (RFC 8785) 通报数据"
    return typeset("bulletin", data, attachments={"bulletin.json": Attachment(content, "application/json", described)})


def number_in_words(number: int | None) -> Text:
    """Which bulletin of its campaign it is."""
    return t("No. {n}", "第 {n} 号", n=number) if number else t("Draft", "草稿")


def facts_of(paper: Mapping[str, Any]) -> list[tuple[Text, Text | str]]:
    """What stands over a bulletin."""
    found: list[tuple[Text, Text | str]] = [
        (t("Campaign", "整顿行动"), Text(**paper["campaign"]["title"])),
        (t("Period", "起止时间"), " – ".join(paper["days"])),
        (t("Figures as of", "数据截至"), paper["figures"]["on"]),
    ]
    if old := paper["corrects"]:
        found.append((t("Corrects", "更正"), number_in_words(old["number"])))
        found.append((t("Why", "更正原因"), Text(**old["reason"])))
    return found


def bulletin_workbook(paper: Mapping[str, Any], lang: Language) -> bytes:
    """The tables of a bulletin, one a sheet, with the last sheet telling how to read them."""
    sheets, told = [], []
    for part in parts_of(paper):
        if part["table"]:
            sheets.append(_sheet(part, lang))
        if part["key"] in ("effects", "method"):
            told += [[one[lang]] for one in part["passages"]]
    told.append([f"SHA-256 {hashlib.sha256(canonical_json(dict(paper))).hexdigest()}"])
    sheets.append(Sheet(t("Notes", "说明").in_(lang), [Text(**paper["title"]).in_(lang)], told, widths=[110]))
    buffer = io.BytesIO()
    write_xlsx(buffer, sheets)
    return buffer.getvalue()


def _sheet(part: Mapping[str, Any], lang: Language) -> Sheet:
    table = part["table"]
    kept = [i for i, column in enumerate(table["columns"]) if column["kind"] != "bar"]
    heads = [table["columns"][i]["head"][lang] for i in kept]
    rows: list[list[CellValue]] = [[row[i].get("value", row[i][lang]) for i in kept] for row in table["rows"]]
    widths = [16 if table["columns"][i]["kind"] == "number" else 44 for i in kept]
    return Sheet(part["head"][lang][:31].replace("?", "").replace(":", ""), heads, rows, widths=widths)
