"""May the items leave? Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhunsheng.activities.proficiency.prepare.states import GOOD, KINDS, Kind, Outcome
from zhunsheng.foundation.bilingual import Text, t


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known about one measurand in one respect: no outcome where nothing was measured.

    stale: judged with another σ_pt, or against other homogeneity results, than hold now; other_unit: the unit has changed since.
    """

    measurand: Text
    kind: Kind
    outcome: Outcome | None = None
    waived: bool = False
    stale: bool = False
    other_unit: bool = False

    @property
    def settled(self) -> bool:
        """Nothing is missing: passed with what holds now, or a person lets it go in view of just this."""
        return not self.stale and not self.other_unit and (self.waived or self.outcome in GOOD)


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether items may leave, and if not what is missing, measurand by measurand."""

    open: bool
    missing: list[Text]


def may_ship(standings: Sequence[Standing]) -> Gate:
    """Open when there is a measurand and each is settled in both respects."""
    missing = list(_missing(standings))
    if not standings:
        missing = [t("Nothing is determined in this round yet.", "本轮次尚无被测量。")]
    return Gate(not missing, missing)


def _missing(standings: Iterable[Standing]) -> Iterable[Text]:
    for one in standings:
        if not one.settled:
            what = t("{m}, {k}", "{m}，{k}", m=one.measurand, k=KINDS[one.kind])
            yield t("{w}: {x}", "{w}：{x}", w=what, x=_why(one))


def _why(one: Standing) -> Text:
    if one.outcome is None:
        return t("there are no results.", "尚无检验结果。")
    if one.other_unit:
        return t("the unit has changed since; enter the results again.", "检验之后单位已改变，请重新录入结果。")
    if one.stale:
        return t(
            "σ_pt or the results compared with have changed since; judge again.",
            "判定之后 σ_pt 或对照结果已改变，请重新判定。",
        )
    if one.outcome == "undecided":
        return t(
            "not decidable before σ_pt is known; accept it with a reason.", "σ_pt 未定，暂不能判定；可说明理由后接受。"
        )
    return t("not passed.", "未通过。")
