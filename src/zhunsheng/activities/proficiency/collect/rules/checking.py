"""What is odd in reported results, told while they are typed; and what keeps them from being submitted. Pure.

Nothing here knows an assigned value: a row is compared with the laboratory's other rows, with the reporting step and with a
σ_pt that every participant is told.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from statistics import median

from zhunsheng.activities.proficiency.collect.rules.given import Given, Key, ResultsRefused
from zhunsheng.activities.proficiency.rules.reported_spreads import positive_number
from zhunsheng.activities.proficiency.rules.reported_values import has_decimal_comma, may_be_thousands, read_value
from zhunsheng.foundation.bilingual import Text, t

NEAR = 0.08
"""How near the logarithm of a ratio must be to a whole number for a slip of the unit (a factor of 1.2)."""
STEPS = 1_000_000
"""A value of more steps than this is rather in another unit."""
LARGE_U = 1.5
"""A standard uncertainty above so many σ_pt says that the laboratory cannot tell good from bad."""
MOST_DIGITS = 2
"""Significant digits of an uncertainty (JJF 1059.1-2012: one or two)."""
TIGHTER = 0.2
"""An exchange is suspected where it leaves no more than this part of the scatter."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: a measurand in an item, its unit and reporting step, σ_pt if it is public, the methods allowed."""

    measurand: int
    name: str
    item: str = ""
    unit: str = ""
    step: str = ""
    sigma: float | None = None
    methods: tuple[str, ...] = ()
    called: Text | None = None
    """the name in the reader's language; `name` is the one that stands in files"""

    @property
    def title(self) -> Text:
        return self.called or Text(en=self.name, zh=self.name)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to be looked at in a cell; `blocks`: it cannot be submitted like that."""

    key: Key
    field: str
    text: Text
    blocks: bool = False


def remarks(asked: Sequence[Asked], given: Iterable[Given]) -> list[Remark]:
    """Everything to be said about the rows, in their order; faults that block before doubts."""
    rows = [one for one in given if not one.empty]
    of = {one.measurand: one for one in asked}
    found = [remark for one in rows for remark in _of_row(of[one.measurand], one)]
    found += _notations(rows)
    found += _slips(rows)
    found += _exchanges(asked, rows)
    found += _silent(asked, rows)
    return sorted(found, key=lambda one: (not one.blocks, one.key))


def check_ready(asked: Sequence[Asked], given: Sequence[Given]) -> None:
    """Raise ResultsRefused for what keeps the rows from being submitted: nothing given, or the first fault that blocks."""
    if all(one.empty for one in given):
        raise ResultsRefused(t("Nothing was entered yet.", "尚未填写任何内容。"))
    names = {one.measurand: one for one in asked}
    for one in remarks(asked, given):
        if one.blocks:
            raise ResultsRefused(_at(names[one.key[0]], one), one.key, one.field)


def _at(asked: Asked, one: Remark) -> Text:
    return t("{i} {p} ({r}): {x}", "{i} {p}（{r}）：{x}", i=asked.item, p=asked.title, r=one.key[1], x=one.text)


def number_of(text: str) -> float | None:
    """The number that a cell says; None for a limit, "not detected", nothing, or no number."""
    value = read_value(text)
    return float(value.number) if value.kind == "number" else None


def _of_row(asked: Asked, one: Given) -> list[Remark]:
    value = read_value(one.result)
    if value.kind == "bad" and value.message is not None:
        return [Remark(one.key, "result", value.message, blocks=True), *_method(asked, one)]
    found = _method(asked, one) + _silence(one, value.kind)
    if value.kind == "number":
        found += _digits(asked, one, value.number)
    return found + _uncertainty(asked, one, value.number if value.kind == "number" else None)


def _method(asked: Asked, one: Given) -> list[Remark]:
    allowed = {number.casefold() for number in asked.methods}
    if not allowed or one.could_not:
        return []
    if not one.method:
        return [Remark(one.key, "method", t("Say by which method it was measured.", "请填写所用检测方法。"))]
    if one.method.casefold() in allowed or one.method_reason:
        return []
    said = t(
        "This method is not among those allowed ({m}). Choose one of them, or say why it was used.",
        "该方法不在允许的方法（{m}）之内。请改选，或说明采用理由。", m=Text(en=", ".join(asked.methods), zh="、".join(asked.methods)),
    )  # fmt: skip
    return [Remark(one.key, "method", said, blocks=True)]


def _silence(one: Given, kind: str) -> list[Remark]:
    if one.could_not and kind != "blank":
        said = t("There is a result and a reason why there is none. Keep one of them.",
                 "同时填写了结果和无法检测的原因，请只保留一项。")  # fmt: skip
        return [Remark(one.key, "could_not", said, blocks=True)]
    if kind == "blank" and not one.could_not:
        said = t(
            "No result. Enter one, or say why it could not be tested.", "没有结果。请填写结果，或说明无法检测的原因。"
        )
        return [Remark(one.key, "result", said)]
    return []


def _digits(asked: Asked, one: Given, number: str) -> list[Remark]:
    """Against the reporting step: more decimals, fewer, or a size that belongs to another unit."""
    step = read_value(asked.step)
    if step.kind != "number":
        return []
    value, width = Decimal(number), Decimal(step.number)
    if value and (abs(value) < width or abs(value) / width > STEPS):
        said = t("Far from the reporting step {s} {u}: is the value in another unit?",
                 "数值与修约间隔 {s} {u} 相差悬殊，请核对单位。", s=asked.step, u=asked.unit)  # fmt: skip
        return [Remark(one.key, "result", said)]
    if value % width:
        said = t("Finer than the reporting step {s}. Round the value.", "比修约间隔 {s} 更细，请修约。", s=asked.step)
        return [Remark(one.key, "result", said)]
    if _places(number) < _places(step.number):
        said = t("Fewer digits than the reporting step {s}. Write all digits, zeros too.",
                 "位数少于修约间隔 {s}，请写全各位（包括末尾的零）。", s=asked.step)  # fmt: skip
        return [Remark(one.key, "result", said)]
    return []


def _places(number: str) -> int:
    """Decimal places as written; negative for a power of ten."""
    return -int(Decimal(number).as_tuple().exponent)


def _uncertainty(asked: Asked, one: Given, number: str | None) -> list[Remark]:
    U, wrong = _positive(one, "uncertainty")
    k, wrong_k = _positive(one, "k")
    found = [*wrong, *wrong_k]
    if U is None:
        return found
    if k is None and not wrong_k:
        found.append(Remark(one.key, "k", t("Give the coverage factor k of U; without it 2 is assumed.",
                                            "请填写 U 的包含因子 k；未填写时按 2 计。")))  # fmt: skip
    if number is None:
        said = t("An uncertainty without a number as result is not used.", "结果不是数值，所填不确定度不予采用。")
        return [*found, Remark(one.key, "uncertainty", said)]
    return [*found, *_size(asked, one, number, U, float(k or 2)), *_digits_of_u(one, number, U)]


def _positive(one: Given, name: str) -> tuple[str | None, list[Remark]]:
    """The number of U or k; one that is not above zero is only doubted, since it is left out of the evaluation and no more."""
    text = one.said[name]
    if not text:
        return None, []
    number, message = positive_number(text, name)
    if message is None:
        return number, []
    value = number_of(text)
    if value is not None and value <= 0:
        said = t("Not above zero: it is kept on the receipt, but not used. Correct it or leave it empty.",
                 "不大于零：仅保留在回执中，不参与评定。请更正或留空。")  # fmt: skip
        return None, [Remark(one.key, name, said)]
    return None, [Remark(one.key, name, message, blocks=True)]


def _size(asked: Asked, one: Given, number: str, U: str, k: float) -> list[Remark]:
    if float(number) and float(U) > abs(float(number)):
        said = t("U is larger than the result: is it in another unit, or in per cent?",
                 "U 大于结果本身，请核对单位，或是否误填为百分数。")  # fmt: skip
        return [Remark(one.key, "uncertainty", said)]
    if asked.sigma and float(U) / k > LARGE_U * asked.sigma:
        said = t("u = U/k is above {f} σ_pt ({s} {u}): look at unit, k and the budget.",
                 "u = U/k 超过 {f} 倍 σ_pt（{s} {u}），请核对单位、k 和不确定度评定。",
                 f=LARGE_U, s=f"{asked.sigma:g}", u=asked.unit)  # fmt: skip
        return [Remark(one.key, "uncertainty", said)]
    return []


def _digits_of_u(one: Given, number: str, U: str) -> list[Remark]:
    digits = len(Decimal(U).normalize().as_tuple().digits)
    if digits > MOST_DIGITS:
        said = t("Give U with one or two significant digits.", "U 请保留一位或两位有效数字。")
        return [Remark(one.key, "uncertainty", said)]
    if _places(U) != _places(number):
        said = t("Result and U end at different decimal places. Round both to the same.",
                 "结果与 U 的末位不一致，请修约到相同位数。")  # fmt: skip
        return [Remark(one.key, "uncertainty", said)]
    return []


def _notations(rows: Sequence[Given]) -> list[Remark]:
    """Beside decimal commas a point may separate thousands: two readings, so it cannot be taken."""
    if not any(has_decimal_comma(one.result) for one in rows):
        return []
    said = t("Elsewhere you write decimal commas, so this can be read in two ways. Write all decimals with a point.",
             "其他结果使用逗号作小数点，此处有两种读法。请统一用“.”作小数点。")  # fmt: skip
    return [Remark(one.key, "result", said, blocks=True) for one in rows if may_be_thousands(one.result)]


def _by_measurand(rows: Iterable[Given]) -> dict[int, list[tuple[Key, float]]]:
    found: dict[int, list[tuple[Key, float]]] = {}
    for one in rows:
        value = number_of(one.result)
        if value is not None:
            found.setdefault(one.measurand, []).append((one.key, value))
    return found


def _slips(rows: Sequence[Given]) -> list[Remark]:
    """A replicate that is 10ⁿ times the median of the others of its measurand."""
    found = []
    for values in _by_measurand(rows).values():
        for at, (key, value) in enumerate(values):
            others = [x for i, (_, x) in enumerate(values) if i != at]
            power = power_of_ten(value, median(others)) if others else 0
            if power:
                said = t("10^{n} times your other replicates: is it in another unit?",
                         "为本室其他平行结果的 10^{n} 倍，请核对单位。", n=power)  # fmt: skip
                found.append(Remark(key, "result", said))
    return found


def power_of_ten(value: float, other: float) -> int:
    """n where value/other is about 10ⁿ (within a factor of 1.2), n ≠ 0; else 0."""
    if value * other <= 0:
        return 0
    logarithm = math.log10(value / other)
    return round(logarithm) if abs(logarithm - round(logarithm)) <= NEAR else 0


def _exchanges(asked: Sequence[Asked], rows: Sequence[Given]) -> list[Remark]:
    """Replicates of two items of one measurand that agree much better the other way round."""
    values = {key: {k[1]: x for k, x in found} for key, found in _by_measurand(rows).items()}
    found = []
    for a, b in combinations([one for one in asked if one.measurand in values], 2):
        if a.name == b.name and a.item != b.item:
            for replicate in exchanged(values[a.measurand], values[b.measurand]):
                found += [_exchange(a, b, replicate), _exchange(b, a, replicate)]
    return found


def _exchange(one: Asked, other: Asked, replicate: int) -> Remark:
    said = t("Replicate {r} fits item {b} better than {a}: were the items exchanged?",
             "第 {r} 次结果更接近样品 {b} 而非 {a}，请核对样品是否混淆。", r=replicate, a=one.item, b=other.item)  # fmt: skip
    return Remark((one.measurand, replicate), "result", said)


def exchanged(a: dict[int, float], b: dict[int, float]) -> list[int]:
    """The replicates whose exchange between two items leaves no more than a fifth of the scatter within both."""
    found = []
    for replicate in sorted(a.keys() & b.keys()):
        before = _spread(a.values()), _spread(b.values())
        x, y = {**a, replicate: b[replicate]}, {**b, replicate: a[replicate]}
        after = _spread(x.values()), _spread(y.values())
        if all(was > 0 and now <= TIGHTER * was for was, now in zip(before, after, strict=True)):
            found.append(replicate)
    return found


def _spread(values: Collection[float]) -> float:
    return max(values) - min(values)


def _silent(asked: Sequence[Asked], rows: Sequence[Given]) -> list[Remark]:
    """Measurands about which nothing is said, once anything is."""
    told = {one.measurand for one in rows}
    said = t("Nothing is entered. Enter a result, or say why it could not be tested.",
             "尚未填写。请填写结果，或说明无法检测的原因。")  # fmt: skip
    return [Remark((one.measurand, 1), "result", said) for one in asked if rows and one.measurand not in told]
