"""Who goes to which drawn laboratory: competent, not recused, evenly loaded, otherwise by chance."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from zhunsheng.activities.campaigns.draw.rules.chance import Numbers
from zhunsheng.activities.campaigns.draw.rules.frame import Frame
from zhunsheng.activities.campaigns.draw.rules.seating import Seating
from zhunsheng.foundation.bilingual import Text, t

RECUSALS: Mapping[str, Text] = {
    "origin": t("came from this laboratory", "曾在该机构任职"),
    "mentor": t("mentors this laboratory", "对该机构开展帮扶"),
    "consultant": t("has advised this laboratory", "曾为该机构提供咨询"),
    "interest": t("has declared an interest", "已申报与该机构存在利益关系"),
}
"""Why an officer may not be sent to a laboratory (Order 163, art. 29)."""


class Team(TypedDict):
    laboratory: str
    officers: list[str]


def competent(frozen: Frame) -> dict[str, list[str]]:
    """Field → the officers competent in it, ascending."""
    found: dict[str, list[str]] = {one["field"]: [] for one in frozen["strata"]}
    for officer in frozen["officers"]:
        for field in officer["fields"]:
            if field in found:
                found[field].append(officer["id"])
    return found


def recused(frozen: Frame) -> dict[str, set[str]]:
    """Laboratory → the officers who may not be sent there."""
    found: dict[str, set[str]] = {}
    for one in frozen["recusals"]:
        found.setdefault(one["laboratory"], set()).add(one["officer"])
    return found


def eligible_for(frozen: Frame, laboratories: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """For each (laboratory, stratum), in that order: the officers who may be sent, ascending."""
    fields = {one["id"]: one["field"] for one in frozen["strata"]}
    by_field, barred = competent(frozen), recused(frozen)
    return {
        laboratory: [one for one in by_field[fields[stratum]] if one not in barred.get(laboratory, ())]
        for laboratory, stratum in laboratories
    }


def draw_teams(frozen: Frame, drawn: Sequence[tuple[str, str]], numbers: Numbers) -> tuple[list[Team], int]:
    """The teams of the drawn (laboratory, stratum), in that order, and by how much all caps had to be raised.

    For each seat the officer with the fewest seats so far, among those with the smallest number, with whom all other seats can
    still be filled. Where no seating within the caps exists, every cap goes up by one until one does: a draw that stopped here
    could be repeated by whoever dislikes its laboratories.
    """
    size = frozen["policy"]["officers"]
    eligible = eligible_for(frozen, drawn)
    seating, raised = _full_seating(frozen, eligible, size)
    load = dict.fromkeys((one["id"] for one in frozen["officers"]), 0)
    teams: list[Team] = []
    for laboratory, officers in eligible.items():
        order = {one: numbers.officer(laboratory, one) for one in officers}
        team: list[str] = []
        for _ in range(size):
            team.append(_next(laboratory, order, load, team, seating))
        teams.append({"laboratory": laboratory, "officers": team})
    return teams, raised


def _next(
    laboratory: str, order: Mapping[str, str], load: dict[str, int], team: Sequence[str], seating: Seating
) -> str:
    """The officer for the next seat. Some officer always fits: the seating is full at every moment."""
    waiting = sorted((load[one], number, one) for one, number in order.items() if one not in team)
    chosen = next(one for _, _, one in waiting if seating.fix(laboratory, one))
    load[chosen] += 1
    return chosen


def _full_seating(frozen: Frame, eligible: Mapping[str, Sequence[str]], size: int) -> tuple[Seating, int]:
    raised = 0
    while True:
        caps = {one["id"]: one["cap"] + raised for one in frozen["officers"]}
        seating = Seating(eligible, caps, size)
        if seating.fill():
            return seating, raised
        raised += 1
