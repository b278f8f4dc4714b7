"""When items may be packed, what stands on a parcel, when it is overdue, when it is replaced; pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from zhunsheng.activities.proficiency.ship.states import CONDITIONS, IN_ORDER
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.rules import WorkingCalendar

TEMPERATURE = re.compile(r"[-−]?\d{1,3}(\.\d{1,2})?")
MARK_DIGITS = 6


class CannotShip(Exception):
    """A verb of shipping cannot be done, with the sentence why and what mends it."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Content:
    """One item in a parcel; the variant is for the packer alone."""

    item: str
    variant: int = 1

    def as_json(self) -> dict[str, str | int]:
        return {"item": self.item, "variant": self.variant}


def check_state(state: str) -> None:
    """Items are packed once codes are drawn, while results come in."""
    if state != "running":
        raise CannotShip(
            t(
                "Items are packed when the codes are drawn and results may come in.",
                "样品在编码之后、上报期间包装发送。",
            )
        )


def check_gate(missing: Sequence[Text]) -> None:
    """Nothing leaves before homogeneity and stability are settled, by results or by a person with a reason."""
    if missing:
        listed = Text(en=" ".join(one.en for one in missing[:5]), zh="".join(one.zh for one in missing[:5]))
        raise CannotShip(
            t("Homogeneity and stability are not settled: {m} See “Items”.", "均匀性、稳定性尚未确认：{m}详见“样品”页。", m=listed)
        )  # fmt: skip


def check_variants(without: int) -> None:
    """Everybody has a variant of each item that has variants."""
    if without:
        raise CannotShip(
            t("{n} laboratories have no variant of an item yet. Assign variants under “Items” first.",
              "尚有 {n} 家实验室未分配样品变体，请先在“样品”页分配。", n=without)
        )  # fmt: skip


def contents(items: Sequence[tuple[str, int]], variants: Mapping[str, int]) -> list[Content]:
    """What goes into one parcel: each item, (code, number of variants), in the variant that was drawn for this participant."""
    return [Content(code, variants[code] if several > 1 else 1) for code, several in items]


def mark_of(parcel: UUID, item: str) -> str:
    """What the label of a unit bears so that the packer takes the right one, and for no item the outside of the parcel.

    It tells neither variant nor laboratory nor code.

    The first hexadecimal digits of SHA-256 over the parcel's random key and the item's code.
    """
    return sha256(f"{parcel}:{item}".encode()).hexdigest()[:MARK_DIGITS].upper()


def number_of(code: str, replacement: int) -> str:
    """What a parcel is called: the laboratory's code, and R1, R2 … for what replaces it."""
    return f"{code}-R{replacement}" if replacement else code


def overdue(expected_on: date | None, today: date, calendar: WorkingCalendar) -> int:
    """How many working days have passed since the day on which a parcel was expected; 0 for none."""
    return 0 if expected_on is None else max(0, calendar.between(expected_on, today))


def check_days(sent_on: date, expected_on: date | None, today: date) -> None:
    """A parcel leaves today or left before, and arrives no earlier."""
    if sent_on > today:
        raise CannotShip(t("The day on which it left lies ahead.", "交寄日期不能晚于今天。"))
    if expected_on is not None and expected_on < sent_on:
        raise CannotShip(t("It is expected before it left.", "预计到达日期早于交寄日期。"))


def check_receipt(
    condition: str, temperature: str, remark: str, *, received_on: date, sent_on: date | None, today: date
) -> None:
    """What is said of an arrival can be so; what is not in order is described."""
    if condition not in CONDITIONS:
        raise CannotShip(t("Choose how the items arrived.", "请选择样品到达时的状态。"))
    if temperature and not TEMPERATURE.fullmatch(temperature):
        raise CannotShip(
            t("Write the temperature as a number in °C, like 4.5 or -18.", "温度请填写数字（℃），如 4.5 或 -18。")
        )
    if condition != IN_ORDER and not remark.strip():
        raise CannotShip(t("Describe what is not in order.", "请说明异常情况。"))
    if received_on > today or (sent_on is not None and received_on < sent_on):
        raise CannotShip(t("It arrived between the day it left and today.", "接收日期应在交寄日期与今天之间。"))


def may_replace(state: str, condition: str, *, asked: bool, replaced: bool) -> Text | None:
    """Why a parcel is not replaced, or None: lost, back, not in order, or asked for by the laboratory, and not replaced yet."""
    if replaced:
        return t("It was replaced already.", "已补发。")
    if state in ("lost", "returned") or asked or (state == "received" and condition != IN_ORDER):
        return None
    return t(
        "Replace a parcel that is lost, came back, or arrived not in order, or when the laboratory asks.",
        "仅在包裹丢失、退回、到达时异常或实验室申请时补发。",
    )


def check_spares(wanted: Iterable[str], used: Mapping[str, int], prepared: Mapping[str, int]) -> None:
    """Units enough were prepared; an item of which no number was said has no limit."""
    more = Counter(wanted)
    short = [
        (code, prepared[code] - used.get(code, 0))
        for code, n in more.items()
        if prepared.get(code) and used.get(code, 0) + n > prepared[code]
    ]
    if short:
        code, left = short[0]
        raise CannotShip(
            t("Item {i}: {n} are needed, {m} of {p} prepared units are left. Mend the number under “Plan” if more were prepared.",
              "样品 {i}：需要 {n} 份，制备的 {p} 份中仅余 {m} 份。如另有制备，请在“方案”页更正数量。",
              i=code, n=more[code], m=max(0, left), p=prepared[code])
        )  # fmt: skip


def check_reason(reason: str) -> None:
    """A reason is given."""
    if not reason.strip():
        raise CannotShip(t("Say why.", "请说明理由。"))


def check_all_there(wanted: Collection[str], packed: Collection[str]) -> None:
    """Every parcel that is named waits to be sent."""
    if unknown := [one for one in wanted if one not in set(packed)]:
        raise CannotShip(
            t("No packed parcel is called {x}.", "没有编号为 {x} 的待交寄包裹。", x=", ".join(unknown[:5]))
        )  # fmt: skip
