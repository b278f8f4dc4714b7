"""Which laboratories are drawn in each stratum: some evenly, the others by ticket, nobody twice."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypedDict

from zhunsheng.activities.campaigns.draw.rules.chance import Numbers
from zhunsheng.activities.campaigns.draw.rules.frame import Candidate, Frame, Stratum
from zhunsheng.activities.campaigns.draw.rules.tickets import DrawPolicy, even_share


class Drawn(TypedDict):
    """A drawn laboratory: by which part of the draw ("even" or "tickets") and with which number."""

    laboratory: str
    part: str
    number: str


class DrawnStratum(TypedDict):
    stratum: str
    drawn: list[Drawn]


def draw_laboratories(frozen: Frame, numbers: Numbers) -> list[DrawnStratum]:
    """The drawn laboratories of every stratum, in the order in which they were drawn."""
    by_stratum: dict[str, list[Candidate]] = {one["id"]: [] for one in frozen["strata"]}
    for candidate in frozen["laboratories"]:
        by_stratum[candidate["stratum"]].append(candidate)
    return [
        {"stratum": one["id"], "drawn": draw_stratum(one, by_stratum[one["id"]], frozen["policy"], numbers)}
        for one in frozen["strata"]
    ]


def draw_stratum(
    stratum: Stratum, candidates: Sequence[Candidate], policy: DrawPolicy, numbers: Numbers
) -> list[Drawn]:
    """The first ⌈a n / b⌉ by one number each; the rest of n by the smallest of each laboratory's tickets, without replacement.

    The smallest of w independent uniform numbers is drawn first with a chance in proportion to w, so this is successive
    weighted sampling without replacement; the measured chances are compared with the exact ones in the tests.
    """
    share = even_share(policy, stratum["quota"])
    even = smallest(candidates, share, lambda one: numbers.even(one["id"]), "even")
    gone = {one["laboratory"] for one in even}
    left = [one for one in candidates if one["id"] not in gone]
    rest = stratum["quota"] - share
    return even + smallest(left, rest, lambda one: numbers.by_ticket(one["id"], one["tickets"]), "tickets")


def smallest(candidates: Iterable[Candidate], n: int, number: Callable[[Candidate], str], part: str) -> list[Drawn]:
    """The n candidates with the smallest numbers, ascending; the identifier decides between equal numbers."""
    ordered = sorted((number(one), one["id"]) for one in candidates)
    return [{"laboratory": laboratory, "part": part, "number": value} for value, laboratory in ordered[:n]]
