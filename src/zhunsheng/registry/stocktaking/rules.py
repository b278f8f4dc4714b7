"""What a complete and consistent entry is: each point with its reason and its mend; pure.

Two scores, each a share that can be counted by hand: points of completeness that hold, points of consistency that hold,
each of those for which there is anything to look at.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from zhunsheng.foundation.bilingual import Text, join, t
from zhunsheng.foundation.statechart import NotAllowedNow

Sort = Literal["completeness", "consistency"]
QUARTERS_ASKED = 4


@dataclass(frozen=True, slots=True)
class Facts:
    """What the registers hold of one institution (with all entries merged into it) on a day."""

    uscc: str = ""
    uscc_faults: tuple[Text, ...] = ()
    uscc_reason: str = ""
    address: str = ""
    legal_representative: str = ""
    region_ended: Text | None = None
    """the name of its place, when that code is not in force on the day"""
    region_known: bool = True
    contacts: int = 0
    certificates: int = 0
    """those that cover the day"""
    certificate_notes: tuple[Text, ...] = ()
    posts: Mapping[str, int] = field(default_factory=dict)
    """people by post, on the day"""
    people: int = 0
    people_elsewhere: tuple[str, ...] = ()
    """names of people who hold posts in another institution on the day"""
    instruments: int = 0
    instruments_out_of_date: int = 0
    serials_elsewhere: tuple[str, ...] = ()
    """serial numbers that another institution has, too"""
    lines: int = 0
    """active scope lines on the day"""
    lines_without_instrument: int = 0
    lines_by_ended_standards: tuple[str, ...] = ()
    """numbers of superseded or withdrawn standards that active lines name"""
    fields: tuple[str, ...] = ()
    """fields of the active lines"""
    fields_without_signatory: tuple[str, ...] = ()
    quarters: Mapping[str, int] = field(default_factory=dict)
    """reports issued by quarter, like 2026Q1"""


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that is looked at: what is asked, whether it holds, why not, and where it is mended."""

    code: str
    sort: Sort
    asked: Text
    holds: bool
    reason: Text | None = None
    mend: str = ""
    """the part of the entry where it is mended: facts, contacts, certificates, people, equipment, scope, reports"""
    applies: bool = True
    """whether there is anything to look at; what is not there can be missing, but it is neither right nor wrong"""


Look = Callable[[Facts, Sequence[str]], Text | None]
"""None where the point holds, else the reason why it does not; the second argument are the quarters asked for."""


@dataclass(frozen=True, slots=True)
class Check:
    code: str
    sort: Sort
    asked: Text
    mend: str
    look: Look
    needs: str = ""
    """the fact without which there is nothing to look at; empty: always looked at"""


def _missing(words: Text) -> Text:
    return t("{w} is missing.", "缺少{w}。", w=words)


def _uscc_given(f: Facts, _: Sequence[str]) -> Text | None:
    return None if f.uscc else _missing(t("The unified social credit code", "统一社会信用代码"))


def _address(f: Facts, _: Sequence[str]) -> Text | None:
    return None if f.address else _missing(t("The address", "地址"))


def _representative(f: Facts, _: Sequence[str]) -> Text | None:
    return None if f.legal_representative else _missing(t("The legal representative", "法定代表人"))


def _contact(f: Facts, _: Sequence[str]) -> Text | None:
    return None if f.contacts else _missing(t("A contact", "联系人"))


def _certificate(f: Facts, _: Sequence[str]) -> Text | None:
    return None if f.certificates else t("No certificate covers the day.", "当日没有有效证书。")


def _post(kind: str, words: Text) -> Look:
    def look(f: Facts, _: Sequence[str]) -> Text | None:
        return None if f.posts.get(kind) else t("Nobody holds the post: {w}.", "未任命{w}。", w=words)

    return look


def _instruments(f: Facts, _: Sequence[str]) -> Text | None:
    return None if f.instruments else t("No instrument is entered.", "未录入设备。")


def _lines(f: Facts, _: Sequence[str]) -> Text | None:
    return None if f.lines else t("No active scope line is entered.", "没有有效的能力项。")


def _reports(f: Facts, quarters: Sequence[str]) -> Text | None:
    absent = [one for one in quarters if one not in f.quarters]
    return t("Number of reports missing for {q}.", "缺少 {q} 的报告数量。", q=_list(absent)) if absent else None


def _uscc_sound(f: Facts, _: Sequence[str]) -> Text | None:
    if not f.uscc_faults or f.uscc_reason:
        return None
    return t(
        "{f} Keep it with a reason if it is right.",
        "{f}如确认无误，请填写保留理由。",
        f=join(f.uscc_faults, en=" ", zh=""),
    )


def _region(f: Facts, _: Sequence[str]) -> Text | None:
    if not f.region_known:
        return t("The region code is not one of GB/T 2260.", "行政区划代码不在 GB/T 2260 中。")
    if f.region_ended is not None:
        return t(
            "The region {r} has ended; enter the one of today.",
            "行政区划“{r}”已撤销，请改为现行代码。",
            r=f.region_ended,
        )
    return None


def _certificate_sound(f: Facts, _: Sequence[str]) -> Text | None:
    return join(f.certificate_notes, en=" ", zh="") if f.certificate_notes else None


def _one_institution(f: Facts, _: Sequence[str]) -> Text | None:
    if not f.people_elsewhere:
        return None
    return t("In another institution on the same day: {p}.", "同日在其他机构任职：{p}。", p=_list(f.people_elsewhere))


def _own_instruments(f: Facts, _: Sequence[str]) -> Text | None:
    if not f.serials_elsewhere:
        return None
    return t(
        "Another institution has the serial numbers {s}.",
        "设备编号 {s} 同时出现在其他机构。",
        s=_list(f.serials_elsewhere),
    )


def _in_date(f: Facts, _: Sequence[str]) -> Text | None:
    if not f.instruments_out_of_date:
        return None
    return t(
        "{n} of {m} instruments are out of date.",
        "{m} 台设备中有 {n} 台超出有效期。",
        n=f.instruments_out_of_date,
        m=f.instruments,
    )


def _equipped(f: Facts, _: Sequence[str]) -> Text | None:
    if not f.lines_without_instrument:
        return None
    return t(
        "{n} of {m} scope lines name no instrument.",
        "{m} 项能力中有 {n} 项未列出设备。",
        n=f.lines_without_instrument,
        m=f.lines,
    )


def _current(f: Facts, _: Sequence[str]) -> Text | None:
    if not f.lines_by_ended_standards:
        return None
    return t(
        "Lines name standards that are no longer current: {s}. An expert looks whether the method changed.",
        "能力项引用的标准已非现行：{s}。由专家判断方法有无实质变化。",
        s=_list(f.lines_by_ended_standards),
    )


def _signed_for(f: Facts, _: Sequence[str]) -> Text | None:
    if not f.fields_without_signatory:
        return None
    return t("Nobody may sign for: {f}.", "以下领域没有授权签字人：{f}。", f=_list(f.fields_without_signatory))


def _list(words: Iterable[str], most: int = 5) -> Text:
    """The first few, and how many more there are."""
    words = list(words)
    shown, more = words[:most], len(words) - most
    en, zh = ", ".join(shown), "、".join(shown)
    return Text(en=f"{en} and {more} more", zh=f"{zh}等 {len(words)} 项") if more > 0 else Text(en=en, zh=zh)


_quality_manager = _post("quality_manager", t("quality manager", "质量负责人"))
_technical_manager = _post("technical_manager", t("technical manager", "技术负责人"))

CHECKS: tuple[Check, ...] = (
    Check("C1", "completeness", t("Unified social credit code", "统一社会信用代码"), "facts", _uscc_given),
    Check("C2", "completeness", t("Address", "地址"), "facts", _address),
    Check("C3", "completeness", t("Legal representative", "法定代表人"), "facts", _representative),
    Check("C4", "completeness", t("Contact", "联系人"), "contacts", _contact),
    Check("C5", "completeness", t("Certificate that covers the day", "当日有效的资质认定证书"), "certificates", _certificate),
    Check("C6", "completeness", t("Quality manager", "质量负责人"), "people", _quality_manager),
    Check("C7", "completeness", t("Technical manager", "技术负责人"), "people", _technical_manager),
    Check("C8", "completeness", t("Instruments", "设备"), "equipment", _instruments),
    Check("C9", "completeness", t("Active scope lines", "有效能力项"), "scope", _lines),
    Check("C10", "completeness", t("Reports of the last four quarters", "近四个季度报告数量"), "reports", _reports),
    Check("K1", "consistency", t("Code obeys its check characters", "信用代码校验位正确"), "facts", _uscc_sound, "uscc"),
    Check("K2", "consistency", t("Region is one of today", "行政区划为现行"), "facts", _region),
    Check("K3", "consistency", t("Certificate numbers make sense", "证书编号合理"), "certificates", _certificate_sound, "certificates"),
    Check("K4", "consistency", t("People work here only", "人员未多处从业"), "people", _one_institution, "people"),
    Check("K5", "consistency", t("Instruments are counted here only", "设备未重复计入"), "equipment", _own_instruments, "instruments"),
    Check("K6", "consistency", t("Instruments within their calibration", "设备在校准有效期内"), "equipment", _in_date, "instruments"),
    Check("K7", "consistency", t("Scope lines name their instruments", "能力项列出所用设备"), "scope", _equipped, "lines"),
    Check("K8", "consistency", t("Standards are current", "标准现行有效"), "scope", _current, "lines"),
    Check("K9", "consistency", t("Someone may sign in every field", "各领域均有授权签字人"), "people", _signed_for, "fields"),
)  # fmt: skip


def points(facts: Facts, quarters: Sequence[str]) -> list[Point]:
    """Every check applied, in order."""
    found = []
    for check in CHECKS:
        applies = not check.needs or bool(getattr(facts, check.needs))
        reason = check.look(facts, quarters) if applies else None
        found.append(
            Point(check.code, check.sort, check.asked, applies and reason is None, reason, check.mend, applies)
        )
    return found


def score(some: Iterable[Point], sort: Sort) -> tuple[int, int]:
    """How many points of a sort hold, of how many for which there was anything to look at."""
    of_sort = [one for one in some if one.sort == sort and one.applies]
    return sum(one.holds for one in of_sort), len(of_sort)


def quarters_before(day: date, n: int = QUARTERS_ASKED) -> list[str]:
    """The last n quarters that had ended on a day, oldest first: 2025Q4, 2026Q1 …"""
    last = day.year * 4 + (day.month - 1) // 3 - 1
    return [f"{one // 4}Q{one % 4 + 1}" for one in range(last - n + 1, last + 1)]


def check_open(*, due_on: date, today: date, title_zh: str, title_en: str) -> None:
    """Raise NotAllowedNow unless a stock-taking can begin so: with a name in both languages and a day that is to come."""
    if not title_zh.strip() or not title_en.strip():
        raise NotAllowedNow(t("Give the stock-taking a name in both languages.", "请填写中英文名称。"))
    if due_on <= today:
        raise NotAllowedNow(t("The last day must lie after today.", "截止日期必须晚于今日。"))


def check_reports(numbers: Mapping[str, int], asked: Sequence[str]) -> None:
    """Raise NotAllowedNow for a quarter that was not asked for or a number that cannot be."""
    for quarter, n in numbers.items():
        if quarter not in asked:
            raise NotAllowedNow(t("{q} was not asked for.", "未要求填报 {q}。", q=quarter))
        if not 0 <= n <= 100_000_000:
            raise NotAllowedNow(
                t("{q}: {n} cannot be a number of reports.", "{q}：{n} 不是合理的报告数量。", q=quarter, n=n)
            )


def check_reason(reason: str) -> None:
    """Raise NotAllowedNow without a reason: whoever gets a return back must know why."""
    if not reason.strip():
        raise NotAllowedNow(t("Say what is to be mended.", "请说明需要修改的内容。"))
