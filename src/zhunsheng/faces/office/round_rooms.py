"""The pages around one planned round, in the order of its work: which there are, and which one is looked at."""

from dataclasses import dataclass

from django.urls import reverse

from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.states import ROUND
from zhunsheng.foundation.bilingual import Text, t

ROOMS: tuple[tuple[str, Text], ...] = (
    ("office_round", t("Overview", "概况")),
    ("office_round_plan", t("Plan", "方案")),
)
"""The address of each page, which takes the key of the round alone, and what it is called."""


@dataclass(frozen=True, slots=True)
class Room:
    """One page around a round."""

    name: str
    title: Text
    address: str


def rooms_of(round_: Round) -> list[Room]:
    """The pages of a round that was planned here; a round made of a file has one page only."""
    if not hasattr(round_, "plan"):
        return []
    return [Room(name, title, reverse(name, args=[round_.pk])) for name, title in ROOMS]


def steps_of(round_: Round) -> list[str]:
    """The states that a round goes through: one made of a file begins with its results."""
    through = [state for state in ROUND.states if state != "cancelled"]
    if round_.state == "cancelled":
        return [*through[:1], "cancelled"]
    return through if hasattr(round_, "plan") else through[through.index("collected") :]
