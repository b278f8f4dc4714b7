"""What a draw file must look like, place by place, before anything in it is computed.

Strict on purpose: a file that two readers could read in two ways could show two draws.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from zhunsheng.activities.campaigns.draw.rules.frame import ORDERS
from zhunsheng.activities.campaigns.draw.rules.teams import RECUSALS
from zhunsheng.foundation.bilingual import Text, t

HEX64 = re.compile(r"[0-9a-f]{64}")
IDENTIFIER = re.compile(r"[A-Za-z0-9._:-]{1,64}")
BEACON = re.compile(r"[0-9a-z]{6,128}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
RISKS = ("A", "B", "C", "D", "none")
MOST_TICKETS, MOST_OFFICERS, MOST_DRAWN, MOST_COUNT = 8, 9, 100_000, 1_000_000


class Fault(NamedTuple):
    """The first place that is not as it must be (JSON pointer), and why."""

    place: str
    reason: Text


Look = Callable[[Any, str], Fault | None]


def first_fault(document: Any, *, only: str | None = None) -> Fault | None:
    """The first fault of form or order of a draw file; `only` looks at one part of it."""
    shape = {only: FILE[only]} if only else FILE
    return fields(shape)(document, "") or in_order(document["list"])


def fields(shape: Mapping[str, Look]) -> Look:
    """An object with exactly these keys; looked at in the order of all keys, those given and those wanted."""

    def look(value: Any, place: str) -> Fault | None:
        if not isinstance(value, dict):
            return Fault(place, t("an object was expected", "此处应为对象"))
        for key in sorted(shape.keys() | value.keys(), key=utf_16):
            where = f"{place}/{pointed(key)}"
            if key not in value:
                return Fault(where, t("this is missing", "缺少此项"))
            if key not in shape:
                return Fault(where, t("this does not belong here", "此处不应有此项"))
            if fault := shape[key](value[key], where):
                return fault
        return None

    return look


def utf_16(key: str) -> bytes:
    """What keys are ordered by (RFC 8785, 3.2.3)."""
    return key.encode("utf-16-be")


def pointed(key: str) -> str:
    """A key as a part of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def list_of(item: Look, least: int = 0) -> Look:
    def look(value: Any, place: str) -> Fault | None:
        if not isinstance(value, list) or len(value) < least:
            return Fault(place, t("a list of at least {n} was expected", "此处应为至少 {n} 项的列表", n=least))
        return next((fault for i, one in enumerate(value) if (fault := item(one, f"{place}/{i}"))), None)

    return look


def text(value: Any, place: str) -> Fault | None:
    """Text that is not empty, in Unicode's form NFC: two encodings of one name would be two lists."""
    if not isinstance(value, str) or not value:
        return Fault(place, t("text was expected", "此处应为文本"))
    if unicodedata.normalize("NFC", value) != value:
        return Fault(place, t("this text is not in Unicode form NFC", "此处文本不是 Unicode NFC 形式"))
    return None


def matching(pattern: re.Pattern[str]) -> Look:
    def look(value: Any, place: str) -> Fault | None:
        if isinstance(value, str) and pattern.fullmatch(value):
            return None
        return Fault(place, t("this is not written as {pattern}", "此处写法不符合 {pattern}", pattern=pattern.pattern))

    return look


def one_of(*values: str) -> Look:
    def look(value: Any, place: str) -> Fault | None:
        if isinstance(value, str) and value in values:
            return None
        return Fault(place, t("this is none of {values}", "此处应为以下之一：{values}", values=", ".join(values)))

    return look


def integer(least: int, most: int) -> Look:
    def look(value: Any, place: str) -> Fault | None:
        if type(value) is int and least <= value <= most:
            return None
        return Fault(place, t("an integer from {a} to {b} was expected", "此处应为 {a} 至 {b} 的整数", a=least, b=most))

    return look


def nothing_or(look: Look) -> Look:
    return lambda value, place: None if value is None else look(value, place)


def share(value: Any, place: str) -> Fault | None:
    """A fraction [a, b] with 0 ≤ a ≤ b."""
    if fault := list_of(integer(0, MOST_COUNT))(value, place):
        return fault
    if len(value) == 2 and value[0] <= value[1] and value[1] > 0:
        return None
    return Fault(place, t("a fraction from 0 to 1 was expected", "此处应为 0 至 1 的分数"))


def in_order(listed: Mapping[str, Any]) -> Fault | None:
    """Every list ascends, nothing stands in it twice, and what is named exists."""
    for name, keys in ORDERS.items():
        rows = [[row[key] for key in keys] for row in listed[name]]
        for i in range(1, len(rows)):
            if rows[i - 1] >= rows[i]:
                return Fault(f"/list/{name}/{i}", t("this is out of order or stands here twice", "此处次序有误或重复"))
    return _unknown(listed)


def _unknown(listed: Mapping[str, Any]) -> Fault | None:
    strata, laboratories, officers = (
        {one["id"] for one in listed[name]} for name in ("strata", "laboratories", "officers")
    )
    for name, key, known in (
        ("laboratories", "stratum", strata), ("excluded", "stratum", strata),
        ("recusals", "laboratory", laboratories), ("recusals", "officer", officers),
    ):  # fmt: skip
        for i, row in enumerate(listed[name]):
            if row[key] not in known:
                return Fault(f"/list/{name}/{i}/{key}", t("the list has no such entry", "名单中没有该项"))
    for name, taken in (("excluded", laboratories), ("excluded_officers", officers)):
        for i, row in enumerate(listed[name]):
            if row["id"] in taken:
                return Fault(
                    f"/list/{name}/{i}", t("this is excluded and a candidate at once", "此项既被排除又在候选名单中")
                )
    return None


IDENTIFIED, HASH, ON = matching(IDENTIFIER), matching(HEX64), matching(DAY)
WORDS = fields({"en": text, "zh": text})
EXCLUDED = fields({"id": IDENTIFIED, "reason": WORDS})
FILE: Mapping[str, Look] = {
    "format": one_of("zhunsheng-draw/1"),
    "list": fields(
        {
            "draw": fields(
                {"id": IDENTIFIED, "title": WORDS, "authority": WORDS, "on": ON, "replaces": nothing_or(EXCLUDED)}
            ),
            "policy": fields(
                {
                    "id": text, "tickets": fields({risk: integer(1, MOST_TICKETS) for risk in RISKS}),
                    "no_show": integer(0, MOST_TICKETS), "most": integer(1, MOST_TICKETS), "even": share,
                    "officers": integer(2, MOST_OFFICERS),
                }
            ),
            "parties": list_of(WORDS, least=2),
            "beacon": fields({"source": WORDS, "on": ON}),
            "strata": list_of(
                fields({"id": IDENTIFIED, "name": WORDS, "field": IDENTIFIED, "quota": integer(1, MOST_DRAWN)}), least=1
            ),
            "laboratories": list_of(
                fields(
                    {
                        "id": IDENTIFIED, "name": WORDS, "stratum": IDENTIFIED, "risk": one_of(*RISKS),
                        "no_shows": integer(0, MOST_COUNT), "tickets": integer(1, MOST_TICKETS),
                    }
                )
            ),
            "excluded": list_of(fields({"id": IDENTIFIED, "name": WORDS, "stratum": IDENTIFIED, "reason": WORDS})),
            "officers": list_of(
                fields({"id": IDENTIFIED, "fields": list_of(IDENTIFIED), "cap": integer(1, MOST_COUNT)})
            ),
            "excluded_officers": list_of(EXCLUDED),
            "recusals": list_of(fields({"laboratory": IDENTIFIED, "officer": IDENTIFIED, "reason": one_of(*RECUSALS)})),
        }
    ),
    "commitment": fields({"list_sha256": HASH, "secrets": list_of(HASH)}),
    "reveal": fields({"secrets": list_of(HASH), "beacon": matching(BEACON)}),
    "result": fields(
        {
            "seed": HASH,
            "strata": list_of(
                fields(
                    {
                        "stratum": IDENTIFIED,
                        "drawn": list_of(
                            fields({"laboratory": IDENTIFIED, "part": one_of("even", "tickets"), "number": HASH})
                        ),
                    }
                )
            ),
            "teams": list_of(fields({"laboratory": IDENTIFIED, "officers": list_of(IDENTIFIED)})),
            "caps_raised": integer(0, MOST_COUNT),
        }
    ),
}  # fmt: skip
