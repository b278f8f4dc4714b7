"""Which results stay out of the statistics, by what was said of them one after the other; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.foundation.bilingual import Text, t

Excluded = Sequence[Mapping[str, str]]
"""For each measurand: code of a laboratory and why its result is out of the statistics."""

MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Said:
    """One act: the result of a code taken out or put back, of one measurand (counted from 0) or of all (None)."""

    position: int | None
    code: str
    out: bool
    reason: str


def standing(said: Iterable[Said], measurands: int) -> list[dict[str, str]]:
    """What is out of each measurand's statistics, with the reason: of the acts that speak of a result, the last counts."""
    out: list[dict[str, str]] = [{} for _ in range(measurands)]
    for one in said:
        for position in range(measurands) if one.position is None else [one.position]:
            if one.out:
                out[position][one.code] = one.reason
            else:
                out[position].pop(one.code, None)
    return out


def check_exclusion(reason: str, *, out: bool, now: Iterable[bool]) -> None:
    """An act has a reason and changes something; `now`: whether each result it speaks of is out at present."""
    if not reason.strip():
        raise CannotDo(t("Give a reason.", "请填写理由。"))
    if all(one == out for one in now):
        raise CannotDo(_ALREADY_OUT if out else _NOT_OUT)


_ALREADY_OUT = t("This result is out of the statistics already.", "该结果已不参与统计。")
_NOT_OUT = t("This result is not out of the statistics.", "该结果未被剔除。")


def told(excluded: Mapping[str, str]) -> Text:
    """Who is left out of the statistics and why, for the reader of an evaluation."""
    named = sorted(excluded.items())[:MOST_NAMED]
    rest = ["..."] * (len(excluded) > MOST_NAMED)
    return t(
        "Left out of the statistics, but scored: {n}. {who}",
        "不参与统计但仍评分：{n} 个。{who}",
        n=len(excluded),
        who=Text(
            en=", ".join([f"{code} ({why})" for code, why in named] + rest),
            zh="，".join([f"{code}（{why}）" for code, why in named] + rest),
        ),
    )
