"""The clock of calibrations: an instrument is calibrated again before its certificate ends."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef
from django.urls import reverse

from zhunsheng.faces.clocks.who import HoldersAt
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.rules import WorkingCalendar
from zhunsheng.foundation.calendar.validity import known
from zhunsheng.foundation.messages.rules import Clock, Due
from zhunsheng.registry.equipment.models import Calibration
from zhunsheng.registry.people.states import Post


def find(
    *, on: date, since: date, until: date, calendar: WorkingCalendar, where: Collection[UUID] | None
) -> Iterator[Due]:
    """Calibrations that end in the period and have no successor: one thing for all of an institution that end on one day."""
    later = Calibration.objects.filter(known(on), instrument=OuterRef("instrument"), valid_to__gt=OuterRef("valid_to"))
    ending = Calibration.objects.filter(known(on), valid_to__gte=since, valid_to__lte=until).filter(~Exists(later))
    if where is not None:
        ending = ending.filter(instrument__institution__in=where)
    else:
        ending = ending.filter(instrument__institution__posts__person__user__is_active=True)
    place = "instrument__institution"
    address = reverse("workspace_capability")  # once: to find an address costs as much as all else of a row
    rows = ending.order_by("valid_to", place).values("valid_to", place, f"{place}__name_zh", f"{place}__name_en")
    for row in rows.annotate(
        n=Count("instrument", distinct=True), serial=Min("instrument__serial"), zh=Min("instrument__name_zh"),
        en=Min("instrument__name_en"),
    ):  # fmt: skip
        yield _due(row, calendar, address)


def _due(row: Mapping[str, Any], calendar: WorkingCalendar, address: str) -> Due:
    place = row["instrument__institution"]
    return Due(
        about=f"calibration:{place}:{row['valid_to'].isoformat()}",
        due_on=calendar.on_or_before(row["valid_to"]),
        what=_what(row),
        why=t("Calibration valid to {d}.", "校准有效期至 {d}。", d=row["valid_to"].isoformat()),
        address=address,
        verb=t("See what rests on it", "查看相关能力"),
        whose=Text(en=row["instrument__institution__name_en"], zh=row["instrument__institution__name_zh"]),
        holder=HoldersAt(place, (Post.TECHNICAL_MANAGER, Post.QUALITY_MANAGER)),
        superior=HoldersAt(place, (Post.QUALITY_MANAGER,)),
        superior_address=address,
    )


def _what(row: Mapping[str, Any]) -> Text:
    name = Text(en=row["en"], zh=row["zh"])
    if row["n"] == 1:
        return t("Calibrate {i} {s}", "校准 {i} {s}", i=name, s=row["serial"])
    return t(
        "Calibrate {n} instruments, {s} among them", "校准 {s} 等 {n} 台仪器设备", n=row["n"], s=row["serial"]
    )  # fmt: skip


CALIBRATION = Clock(
    kind="calibration",
    name=t("Calibration of instruments", "仪器设备校准"),
    basis=t(
        "A calibration covers its last day; from the next, results of the instrument support no report.",
        "校准有效期含最后一日；次日起，该设备的结果不能用于出具报告。",
    ),
    offsets=(20, 5, 1, 0, -1),
    escalate_after=5,
    find=find,
)
