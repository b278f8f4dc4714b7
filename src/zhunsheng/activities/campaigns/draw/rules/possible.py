"""Can a draw be made from a list at all? Asked before anything is promised: a draw that is promised can always be made."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from zhunsheng.activities.campaigns.draw.rules.frame import Frame, Stratum
from zhunsheng.activities.campaigns.draw.rules.refusals import DrawRefused
from zhunsheng.activities.campaigns.draw.rules.teams import competent, recused
from zhunsheng.foundation.bilingual import Text, t


class Obstacle(NamedTuple):
    """What stands in the way, at which place of the list (JSON pointer below the file), and what mends it."""

    place: str
    reason: Text


def obstacles(frozen: Frame) -> Iterator[Obstacle]:
    """Strata with fewer candidates than their quota, then laboratories with fewer eligible officers than a team needs."""
    candidates = Counter(one["stratum"] for one in frozen["laboratories"])
    for i, stratum in enumerate(frozen["strata"]):
        if candidates[stratum["id"]] < stratum["quota"]:
            yield Obstacle(f"/list/strata/{i}/quota", _too_few_candidates(stratum, candidates[stratum["id"]]))
    yield from _short_of_officers(frozen)


def _short_of_officers(frozen: Frame) -> Iterator[Obstacle]:
    strata, barred = {one["id"]: one for one in frozen["strata"]}, recused(frozen)
    officers = {field: set(them) for field, them in competent(frozen).items()}
    needed = frozen["policy"]["officers"]
    for i, one in enumerate(frozen["laboratories"]):
        stratum = strata[one["stratum"]]
        them = officers[stratum["field"]]
        n = len(them) - len(them & barred.get(one["id"], set()))
        if n < needed:
            laboratory = Text(en=one["name"]["en"], zh=one["name"]["zh"])
            yield Obstacle(f"/list/laboratories/{i}", _too_few_officers(laboratory, _name(stratum), n, needed))


def check_possible(frozen: Frame) -> None:
    """Raise DrawRefused with the first obstacle, or where the officers together cannot make so many visits."""
    for found in obstacles(frozen):
        raise DrawRefused(found.reason)
    _check_capacity(frozen)


def _check_capacity(frozen: Frame) -> None:
    """Per field, the caps of its officers against the seats of its strata; each cap counts once for each field."""
    caps, by_field = {one["id"]: one["cap"] for one in frozen["officers"]}, competent(frozen)
    for stratum in frozen["strata"]:
        same = [one for one in frozen["strata"] if one["field"] == stratum["field"]]
        visited = sum(one["quota"] for one in same)
        can, needed = (
            sum(min(caps[one], visited) for one in by_field[stratum["field"]]),
            frozen["policy"]["officers"] * visited,
        )
        if can < needed:
            raise DrawRefused(_too_little_capacity(_name(stratum), can, needed))


def _name(stratum: Stratum) -> Text:
    return Text(en=stratum["name"]["en"], zh=stratum["name"]["zh"])


def _too_few_candidates(stratum: Stratum, n: int) -> Text:
    return t(
        "The stratum “{s}” has {n} candidates for a quota of {q}. Lower the quota to {n}, or take in more laboratories.",
        "“{s}”层有 {n} 家候选机构，少于名额 {q}。请将名额降至 {n}，或增加候选机构。",
        s=_name(stratum), n=n, q=stratum["quota"],
    )  # fmt: skip


def _too_few_officers(laboratory: Text, stratum: Text, n: int, needed: int) -> Text:
    return t(
        "{lab} (stratum “{s}”) could be given {n} of {q} officers: the others are not competent in its field or are recused. "
        "Add {more} officers for this field, or exclude the laboratory with a reason.",
        "{lab}（“{s}”层）需要 {q} 名检查人员，可选派的只有 {n} 名：其余人员不具备该领域能力或须回避。"
        "请增加 {more} 名该领域检查人员，或注明理由后将该机构排除。",
        lab=laboratory, s=stratum, n=n, q=needed, more=needed - n,
    )  # fmt: skip


def _too_little_capacity(stratum: Text, can: int, needed: int) -> Text:
    return t(
        "The officers of the field of “{s}” may make {can} visits together and {needed} are needed. "
        "Raise their caps, add officers, or lower the quota.",
        "“{s}”层所属领域的检查人员合计最多可检查 {can} 家次，需要 {needed} 家次。请提高人均上限、增加检查人员或降低名额。",
        s=stratum, can=can, needed=needed,
    )  # fmt: skip
