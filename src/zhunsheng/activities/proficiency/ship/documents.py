"""Papers of shipping, as data and as PDF: labels of parcels and items, the pack list, and the table of tracking numbers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.plan.models import Item
from zhunsheng.activities.proficiency.ship.models import Parcel
from zhunsheng.activities.proficiency.ship.queries import Address
from zhunsheng.activities.proficiency.ship.rules.shipping import mark_of
from zhunsheng.foundation.bilingual import Text, language, t
from zhunsheng.foundation.spreadsheets import FormColumn, write_form
from zhunsheng.foundation.typesetting.typeset import typeset

PARCEL, TRACKING = t("Parcel", "包裹编号"), t("Tracking number", "运单号")
ADDRESS_LABEL, ITEM_LABEL = "address", "item"
LABELS_A_FILE = 2_500
"""Typst takes seconds and some hundred megabytes for more; a round of more parcels is printed in parts."""


def labels_of(
    parcels: Sequence[Parcel], items: Mapping[str, Item], addresses: Mapping[str, Address]
) -> Iterator[dict[str, Any]]:
    """For each parcel its address, then one label for each unit in it.

    Outside stand the laboratory and the parcel's mark, inside the code, the item and its mark: who carries a parcel learns no code,
    and no label tells a variant.
    """
    for one in parcels:
        to = addresses.get(one.participation.code, Address(Text(en="", zh=""), "", "", ""))
        yield {
            "kind": ADDRESS_LABEL, "number": mark_of(one.pk, ""), "laboratory": {"en": to.laboratory.en, "zh": to.laboratory.zh},
            "contact": to.contact, "phone": to.phone, "address": to.address,
        }  # fmt: skip
        for inside in one.contents:
            name = items[inside["item"]].name if inside["item"] in items else Text(en="", zh="")
            yield {
                "kind": ITEM_LABEL, "number": one.number, "item": inside["item"], "name": {"en": name.en, "zh": name.zh},
                "mark": mark_of(one.pk, inside["item"]),
            }  # fmt: skip


def labels(round_: Round, labelled: Sequence[Mapping[str, Any]]) -> bytes:
    """The labels on sheets of A4, three across and eight down (70 mm × 37 mm), in the reader's language."""
    data = {
        "lang": language(),
        "title": f"{round_.number} {t('labels', '标签')}",
        "round": round_.number,
        "labels": list(labelled),
    }
    return typeset("labels", data)


def pack_list(round_: Round, parcels: Sequence[Parcel], addresses: Mapping[str, Address]) -> bytes:
    """What goes into each parcel, item by item with variant and mark, and where it goes: for the packer, with boxes to tick."""
    data = {
        "lang": language(), "title": {"en": round_.title_en, "zh": round_.title_zh}, "number": round_.number,
        "issuer": {"en": round_.provider.name_en or round_.provider.name_zh, "zh": round_.provider.name_zh},
        "rows": [_packed(one, addresses.get(one.participation.code)) for one in parcels],
    }  # fmt: skip
    return typeset("packlist", data)


def _packed(one: Parcel, to: Address | None) -> dict[str, Any]:
    inside = [f"{unit['item']} · {unit['variant']} · {mark_of(one.pk, unit['item'])}" for unit in one.contents]
    name = to.laboratory if to else Text(en="", zh="")
    return {
        "number": one.number, "outside": mark_of(one.pk, ""), "inside": inside, "laboratory": {"en": name.en, "zh": name.zh},
        "address": " ".join(filter(None, (to.address, to.contact, to.phone))) if to else "",
    }  # fmt: skip


def tracking_table(parcels: Sequence[Parcel]) -> bytes:
    """The table in which the carrier's numbers are entered, one row a parcel that waits to be sent."""
    columns = [FormColumn(str(PARCEL), required=True, width=18), FormColumn(str(TRACKING), width=28)]
    lines = [
        [str(t("How to fill it in", "填写说明"))],
        [str(t("Write the carrier's number beside each parcel. Parcels whose row you delete are not sent.",
               "在包裹编号旁填写运单号。删去的行对应的包裹不会交寄。"))],
    ]  # fmt: skip
    rows = [[one.number, one.tracking] for one in parcels]
    return write_form(
        str(t("Tracking numbers", "运单号")),
        columns,
        rows=rows,
        explanation=(str(t("Explanation", "说明")), lines),
        label={},
    )
