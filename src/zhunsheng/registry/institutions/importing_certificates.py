"""The certificates in a row of a file: a renewal keeps its number and begins a further period; the same first day is a correction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.imports.comparing import replace
from zhunsheng.foundation.imports.register import Checked, Context, Given, Operation
from zhunsheng.registry.institutions.models import Certificate
from zhunsheng.registry.institutions.rules.certificates import lost_a_digit, number_notes

DAY = timedelta(days=1)
Held = Mapping[tuple[str, str], Sequence[Certificate]]
"""The periods that stand, first day first, by scheme and number."""


def enter_certificate(
    checked: Checked, row: Given, scheme: str, institution: str, held: Held, context: Context
) -> None:
    """Enter a period of a certificate, or correct its last day; a number that stands for another institution is a fault."""
    low = scheme.lower()
    number = row.text(f"{low}_number")
    if not number or not _days(checked, row, low):
        return
    if fault := lost_a_digit(scheme, number):
        checked.fault(f"{low}_number", fault)
    _check_once(checked, scheme, number, row.row, context)
    periods = held.get((scheme, number), ())
    other = next((one for one in periods if _head(one) != institution), None)
    if other is not None:
        checked.fault(f"{low}_number", t("is the certificate of {n}.", "已登记为{n}的证书。", n=other.institution.name))
        return
    if not periods:
        checked.notes += [(f"{low}_number", note) for note in _doubts(scheme, number, row)]
    _period(checked, row, low, periods, {"institution_id": institution, "scheme": scheme, "number": number}, context)


def _period(
    checked: Checked, row: Given, low: str, periods: Sequence[Certificate], named: Mapping[str, str], context: Context
) -> None:
    first, recorded = date.fromisoformat(row.text(f"{low}_from")), {"recorded_at": context.at.isoformat()}
    shown = {"valid_from": f"{low}_from", "valid_to": f"{low}_to"}
    last = _last(checked, row, low, first, periods)
    same = next((one for one in periods if one.valid_from == first), None)
    if same is not None:
        replace(checked, same, {"valid_to": last}, recorded=recorded, shown=shown)
        return
    for one in periods:
        if one.valid_from < first <= one.valid_to:
            replace(checked, one, {"valid_to": (first - DAY).isoformat()}, recorded=recorded, shown=shown)
    values = {**named, "valid_from": first.isoformat(), "valid_to": last, **recorded}
    checked.operations.append(Operation("insert", "institutions.Certificate", values=values))


def _last(checked: Checked, row: Given, low: str, first: date, periods: Sequence[Certificate]) -> str:
    """The last day that the row gives; the day before the next period where that begins earlier, which is said."""
    last = row.text(f"{low}_to")
    later = min((one.valid_from for one in periods if one.valid_from > first), default=None)
    if later is None or later.isoformat() > last:
        return last
    checked.notes.append(
        (
            f"{low}_to",
            t(
                "The period ends where the next one of the certificate begins.",
                "该有效期止于同一证书下一有效期开始之前。",
            ),
        )
    )
    return (later - DAY).isoformat()


def _days(checked: Checked, row: Given, low: str) -> bool:
    first, last = row[f"{low}_from"], row[f"{low}_to"]
    if not first or not last:
        missing = f"{low}_from" if not first else f"{low}_to"
        checked.fault(missing, t("is needed beside the number.", "与证书编号须同时填写。"))
    elif first > last:
        checked.fault(f"{low}_to", t("lies before the first day.", "早于起始日期。"))
    else:
        return True
    return False


def _head(one: Certificate) -> str:
    return str(one.institution.merged_into_id or one.institution_id)


def _doubts(scheme: str, number: str, row: Given) -> list[Text]:
    year = int(row.text(f"{scheme.lower()}_from")[:4])
    return number_notes(scheme, number, province=row.text("region_code")[:2], valid_from_year=year)


def _check_once(checked: Checked, scheme: str, number: str, row: int, context: Context) -> None:
    seen: dict[tuple[str, str], int] = context.kept.setdefault("certificates", {})
    if (first := seen.setdefault((scheme, number), row)) != row:
        message = t(
            "stands in rows {a} and {b}. Leave one of them, or send the periods of one certificate in one file each.",
            "在第 {a} 行和第 {b} 行重复出现。请只保留其一；同一证书的多个有效期请分次提交。",
            a=first, b=row,
        )  # fmt: skip
        checked.fault(f"{scheme.lower()}_number", message)
