"""The parts of a bulletin in the order in which they are read: texts, tables, bars of intervals; for page, paper and workbook alike."""

from collections.abc import Mapping, Sequence
from typing import Any

from zhunsheng.activities.campaigns.inspection.documents import words
from zhunsheng.activities.campaigns.summary.rules.discrepancies import SAYINGS
from zhunsheng.activities.campaigns.summary.rules.effects import CAUTION, INDICATORS
from zhunsheng.activities.campaigns.summary.rules.suppression import WITHHELD, Shown
from zhunsheng.activities.campaigns.summary.states import CASE, FOREWORD, KINDS, PRACTICE
from zhunsheng.foundation.bilingual import Text, t

Part = dict[str, Any]
Cell = dict[str, Any]

PLACES: Mapping[str, Text] = {
    "enrolled": t("Take part", "参加机构"), "committed": t("Signed the commitment", "签署承诺"),
    "handed_in": t("Submitted the self-check", "提交自查"), "inspected": t("Inspected", "被检查"),
    "with_problem": t("With a nonconformity", "发现不符合"), "finished": t("Put all right", "全部整改到位"),
}  # fmt: skip
RECTIFIED: Mapping[tuple[str, str], Text] = {
    ("findings", "all"): t("Nonconformities found", "发现不符合项"),
    ("findings", "put_right"): t("of these put right, and accepted", "其中：整改验收通过"),
    ("findings", "not_yet"): t("of these not yet", "其中：尚未到位"),
    ("effective", "all"): t("Rectifications whose effect was judged", "已作效果确认的整改"),
    ("effective", "yes"): t("of these with effect", "其中：有效"),
    ("effective", "no"): t("of these without", "其中：无效"),
    ("look_back", "all"): t("Accepted ones looked at again by chance", "回头看随机核查"),
    ("look_back", "held"): t("of these found as accepted", "其中：核查属实"),
    ("look_back", "not_held"): t("of these found otherwise", "其中：核查不实"),
}
NOT_TOLD = t(
    "Too few institutions stand behind one of the counts: neither the comparison nor its interval is published.",
    "其中有的数据涉及机构过少，不公布比较结果及其区间。",
)


def parts_of(paper: Mapping[str, Any]) -> list[Part]:
    """What is shown of a bulletin, part by part."""
    figures = paper["figures"]
    return [
        *_texts(paper, FOREWORD), _places(figures), _classes(figures), _beside(figures), _rectified(figures), _effects(figures),
        *_texts(paper, CASE), *_texts(paper, PRACTICE), _method(figures),
    ]  # fmt: skip


def _part(
    key: str,
    head: Text,
    *,
    passages: Sequence[Text] = (),
    table: dict[str, Any] | None = None,
    items: Sequence[Any] = (),
) -> Part:
    said = [words(one) for one in passages]
    return {"key": key, "head": words(head), "passages": said, "table": table, "items": list(items)}


def _table(columns: Sequence[tuple[Text, str]], rows: Sequence[Sequence[Cell]]) -> dict[str, Any] | None:
    """Columns are text, number or bar; None without a row."""
    heads = [{"head": words(head), "kind": kind} for head, kind in columns]
    return {"columns": heads, "rows": [list(row) for row in rows]} if rows else None


def _number(shown: Shown) -> Cell:
    """A count as it is printed."""
    value = "*" if shown == WITHHELD else f"{shown}"
    return words(value) | ({"value": shown} if isinstance(shown, int) else {})


def _texts(paper: Mapping[str, Any], kind: str) -> list[Part]:
    found = [one for one in paper["passages"] if one["kind"] == kind]
    return [_part(kind, KINDS[kind], items=found)] if found else []


def _places(figures: Mapping[str, Any]) -> Part:
    rows = [[one["name"], *(_number(one[key]) for key in PLACES)] for one in figures["places"]]
    total = [words(t("Together", "合计")), *(_number(figures["total"][key]) for key in PLACES)]
    columns = [(t("Place", "地区"), "text"), *((name, "number") for name in PLACES.values())]
    return _part("places", t("Who finished what", "各地完成情况"), table=_table(columns, [*rows, total]),
                 passages=[t("Counts of institutions.", "单位：家。")])  # fmt: skip


def _classes(figures: Mapping[str, Any]) -> Part:
    rows = [
        [words(one["code"]), one["name"], _number(one["n"]), _share(one), _bars([one])] for one in figures["classes"]
    ]
    columns = [
        (t("Code", "代码"), "text"), (t("Class", "问题类别"), "text"), (t("Institutions", "机构数"), "number"),
        (t("Of those inspected (interval of 95 %)", "占被检查机构的比例（95% 置信区间）"), "number"), (t("0 to 100 %", "0～100%"), "bar"),
    ]  # fmt: skip
    said = t(
        "Of the institutions inspected, so many had a nonconformity of the class; one institution may count in several classes.",
        "被检查机构中存在该类不符合的机构数；一家机构可计入多个类别。",
    )
    none = t("No nonconformity was found.", "未发现不符合。")
    return _part(
        "classes", t("Problems by class", "问题分类"), table=_table(columns, rows), passages=[said if rows else none]
    )


def _beside(figures: Mapping[str, Any]) -> Part:
    fine = figures["called_fine"]
    lead = t(
        "Of the institutions whose self-check had asked for what was then found, {n} of {of} had called it fine{s}. A form that came after "
        "the officers does not count.",
        "自查涉及检查发现问题的机构中，{of} 家有 {n} 家自查称“未发现问题”{s}。检查开始后提交的自查不计。",
        n=_number(fine["n"])["en"], of=_number(fine["of"])["en"],
        s=t(", {s}", "，占 {s}", s=Text(**_share(fine))) if fine["interval"] else Text("", ""),
    )  # fmt: skip
    rows = [[words(SAYINGS[key]), _number(n)] for key, n in figures["sayings"].items()]
    columns = [(t("What the self-check had said", "自查结论"), "text"), (t("Nonconformities", "不符合项"), "number")]
    return _part(
        "beside",
        t("The self-check beside the inspection", "自查与检查对照"),
        table=_table(columns, rows),
        passages=[lead],
    )


def _rectified(figures: Mapping[str, Any]) -> Part:
    rows = [[words(name), _number(figures[of][key])] for (of, key), name in RECTIFIED.items()]
    columns = [(t("What became of it", "整改与回头看"), "text"), (t("Number", "数量"), "number")]
    return _part("rectified", t("Rectification and look-back", "整改与回头看"), table=_table(columns, rows))


def _effects(figures: Mapping[str, Any]) -> Part:
    rows = [
        [
            words(INDICATORS[one["key"]]), _share(one["before"], True), _share(one["after"], True), _bars([one["before"], one["after"]]),
            one["sentence"] if one["told"] else words(NOT_TOLD),
        ]
        for one in figures["effects"]
    ]  # fmt: skip
    columns = [
        (t("Indicator (less is better)", "指标（越低越好）"), "text"), (t("Before", "之前"), "number"), (t("After", "之后"), "number"),
        (t("0 to 100 %", "0～100%"), "bar"), (t("What may be said", "可以得出的结论"), "text"),
    ]  # fmt: skip
    cautions = list({one["zh"]: Text(**one) for each in figures["effects"] for one in each["cautions"]}.values())
    lead = t(
        "Before: the campaign before this one; in the last row the first visit. The bars show the intervals of 95 %, before above after.",
        "“之前”指上一次整顿行动，末行指首次检查。条形为 95% 置信区间，上为之前，下为之后。",
    )
    return _part(
        "effects",
        t("Did it help? Before and after", "成效：前后对比"),
        table=_table(columns, rows),
        passages=[lead, CAUTION, *cautions],
    )


def _share(one: Mapping[str, Any], counts: bool = False) -> Cell:
    """A share with its interval, or with its counts where those are asked for."""
    n, of = one["n"], one["of"]
    if counts:
        said = f"{_number(n)['en']}/{_number(of)['en']}"
        return words(f"{said} ({n / of:.0%})" if one["interval"] else said)
    if not one["interval"]:
        return words("–")
    low, high = one["interval"]
    return words(f"{n / of:.1%} ({low:.1%}–{high:.1%})")


def _bars(shares: Sequence[Mapping[str, Any]]) -> Cell:
    """From, share, to, each of 1; None where it is not told."""
    found = [
        [one["interval"][0], one["n"] / one["of"], one["interval"][1]] if one["interval"] else None for one in shares
    ]
    return {"bars": found, **words("")}


def _method(figures: Mapping[str, Any]) -> Part:
    said = [
        t(
            "“<{k}” stands for 1 to {m} institutions, or findings at so few; “*” for a count that is withheld because another could be "
            "computed from it. Nobody is singled out.",
            "“<{k}”表示涉及 1 至 {m} 家机构；“*”表示为避免由其推算出其他数据而不公布。本通报不使任何一家机构可被识别。",
            k=figures["method"]["alone_from"], m=figures["method"]["alone_from"] - 1,
        ),
        t(
            "Shares have Wilson’s interval (1927); differences of shares Newcombe’s (1998), for the same institutions seen twice that for "
            "pairs. An interval of 95 % covers the true value in about 19 of 20 such samples.",
            "比例用 Wilson 区间（1927）；比例之差用 Newcombe 区间（1998），同一批机构前后两次用其配对形式。"
            "在约二十分之十九的此类样本中，95% 置信区间包含真值。",
        ),
        t(
            "Figures as of {d}, method {n}-{v}.", "数据截至 {d}，统计方法 {n}-{v}。", d=figures["on"], n=figures["method"]["name"],
            v=figures["method"]["version"],
        ),
    ]  # fmt: skip
    return _part("method", t("How to read the figures", "数据说明"), passages=said)
