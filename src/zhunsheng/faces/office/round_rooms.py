"""The pages around one planned round, in the order of its work: which there are, and which one is looked at."""

from dataclasses import dataclass

from django.urls import reverse

from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.states import ROUND
from zhunsheng.foundation.bilingual import Text, t

BY_CODE = frozenset(
    {"office_round", "office_round_evaluation", "office_round_prepare", "office_round_screen", "office_round_follow"}
)
"""The pages that a statistician may open, too: they show codes only."""
OF_A_FILE = BY_CODE - {"office_round_prepare"} | {"office_round_pipeline", "office_round_reports"}
"""The pages of a round made of a results file: it has no plan, and nothing to prepare."""
ROOMS: tuple[tuple[str, Text], ...] = (
    ("office_round", t("Overview", "概况")),
    ("office_round_pipeline", t("Step by step", "流程")),
    ("office_round_plan", t("Plan", "方案")),
    ("office_round_enrol", t("Enrolment", "报名")),
    ("office_round_prepare", t("Items", "样品")),
    ("office_round_ship", t("Shipping", "样品发放")),
    ("office_round_collect", t("Results", "结果收集")),
    ("office_round_evaluation", t("What the evaluation rests on", "评定依据")),
    ("office_round_correct", t("Correction", "更正")),
    ("office_round_screen", t("Screen", "数据筛查")),
    ("office_round_reports", t("Laboratory reports", "实验室报告")),
    ("office_round_follow", t("Follow-up", "后续处理")),
)
"""The address of each page, which takes the key of the round alone, and what it is called."""


@dataclass(frozen=True, slots=True)
class Room:
    """One page around a round."""

    name: str
    title: Text
    address: str


def rooms_of(round_: Round, *, coordinates: bool = True) -> list[Room]:
    """The pages of a round: of one made of a file, and for its statistician, those that show codes only."""
    has_plan = hasattr(round_, "plan")
    named = [room for room in ROOMS if (coordinates or room[0] in BY_CODE) and (has_plan or room[0] in OF_A_FILE)]
    return [Room(name, title, reverse(name, args=[round_.pk])) for name, title in named]


def steps_of(round_: Round) -> list[str]:
    """The states that a round goes through: one made of a file begins with its results."""
    through = [state for state in ROUND.states if state != "cancelled"]
    if round_.state == "cancelled":
        return [*through[:1], "cancelled"]
    return through if hasattr(round_, "plan") else through[through.index("collected") :]
