"""Where the participants of a round are: at each step who came in, who went on, who left and why, who is still there; pure.

Up to the results each number is counted of its own table (enrolments, codes with their parcels and submissions, the
evaluation), and none is what the others leave over: so a step whose numbers do not add up shows that somebody was lost
between two tables. Shipped and received are steps where parcels were packed; whoever hands in results had the items,
confirmed or not, and the step says how many did not confirm. Scored and released are counted of the one document that was
released, and cannot differ. A result that is out of the statistics is scored nevertheless, and nobody leaves by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field

from zhunsheng.foundation.bilingual import Text, t

STEPS: dict[str, Text] = {
    "registered": t("registered", "已报名"),
    "coded": t("with a code", "已编码"),
    "shipped": t("shipped", "已发样"),
    "received": t("received", "已收样"),
    "submitted": t("submitted", "已提交"),
    "taken": t("among the results", "纳入结果"),
    "evaluated": t("scored", "已评定"),
    "released": t("released", "已发布"),
}
LEAVING: dict[str, Text] = {
    "withdrawn": t("withdrew", "退出"),
    "not_shipped": t("nothing shipped", "未发样"),
    "not_received": t("nothing received", "未收样"),
    "no_reply": t("no reply", "未上报"),
    "not_approved": t("not approved", "未经审核"),
    "could_not": t("could not test", "未能检测"),
    "no_number": t("no number to score", "无可评数值"),
    "cancelled": t("round cancelled", "轮次取消"),
}
SHIPPING = ("shipped", "received")
OPEN, CLOSED = ("planned", "enrolling"), ("collected", "evaluated", "released")


@dataclass(frozen=True, slots=True)
class Scored:
    """How the participants stand in an evaluation: those scored for something, and the others."""

    scored: int
    could_not: int
    no_number: int

    @property
    def taken(self) -> int:
        return self.scored + self.could_not + self.no_number


@dataclass(frozen=True, slots=True)
class Shipped:
    """Of the participants with a code: nothing left for them; on the way; arrived without results; results without a receipt."""

    unsent: int
    on_way: int
    waiting: int
    unconfirmed: int

    def __add__(self, other: "Shipped") -> "Shipped":
        return Shipped(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True)
class Facts:
    """What the tables say of a round. `planned`: it has a plan, else it was made of a file; nobody enrolled or submitted there."""

    state: str
    planned: bool
    registered: int = 0
    enrolled: int = 0
    withdrawn: int = 0
    codes: int = 0
    nothing: int = 0
    draft: int = 0
    submitted: int = 0
    approved: int = 0
    evaluation: Scored | None = None
    shipped: Shipped | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `came` = `went` + who left + `here`, or something is wrong by `difference`.

    `unconfirmed` of those who came to "received" never said so.
    """

    key: str
    came: int
    went: int = 0
    here: int = 0
    left: Mapping[str, int] = field(default_factory=dict)
    unconfirmed: int = 0

    @property
    def out(self) -> int:
        return sum(self.left.values())

    @property
    def difference(self) -> int:
        return self.came - self.went - self.here - self.out


def steps_of(facts: Facts) -> list[Step]:
    """Every step of a round in its order; a round made of a file begins with its codes."""
    came = _came(facts)
    keys = [key for key in STEPS if _has(facts, key)]
    found = []
    for n, key in enumerate(keys):
        went = came[keys[n + 1]] if n + 1 < len(keys) else 0
        here, left = _waiting(facts, key), _left(facts, key)
        if facts.state == "cancelled" and here:
            here, left = 0, {**left, "cancelled": here}
        unconfirmed = facts.shipped.unconfirmed if facts.shipped and key == "received" else 0
        found.append(Step(key, came[key], went, here, {why: n for why, n in left.items() if n}, unconfirmed))
    return found


def _has(facts: Facts, key: str) -> bool:
    if key in SHIPPING:
        return facts.shipped is not None
    return facts.planned or key not in ("registered", "submitted")


def _came(facts: Facts) -> dict[str, int]:
    done, state = facts.evaluation, facts.state
    scored = done.scored if done else 0
    handed_in = facts.submitted + facts.approved if facts.planned else facts.codes
    arrived = handed_in + facts.shipped.waiting if facts.shipped else 0
    return {
        "registered": facts.registered, "coded": facts.codes,
        "shipped": arrived + facts.shipped.on_way if facts.shipped else 0, "received": arrived, "submitted": handed_in,
        "taken": done.taken if done else facts.approved if facts.planned else facts.codes,
        "evaluated": scored, "released": scored if state == "released" else 0,
    }  # fmt: skip


def _waiting(facts: Facts, key: str) -> int:
    """Who is at a step and may still go on."""
    done, closed = facts.evaluation, facts.state in CLOSED
    if key == "registered":
        return 0 if facts.codes else facts.enrolled
    if key in ("coded", *SHIPPING):
        return 0 if closed else _without_results(facts, key)
    if key == "submitted":
        return 0 if done else facts.submitted
    if key == "taken":
        return 0 if done else facts.approved if facts.planned else facts.codes
    if key == "evaluated":
        return done.scored if done and facts.state != "released" else 0
    return done.scored if done and facts.state == "released" else 0


def _without_results(facts: Facts, key: str) -> int:
    """Who of those with a code handed nothing in, by how far the items came."""
    if facts.shipped:
        return {"coded": facts.shipped.unsent, "shipped": facts.shipped.on_way, "received": facts.shipped.waiting}[key]
    return facts.nothing + facts.draft if facts.planned else 0


def _left(facts: Facts, key: str) -> dict[str, int]:
    done = facts.evaluation
    if key == "registered":
        return {"withdrawn": facts.withdrawn}
    if key in ("coded", *SHIPPING) and facts.state in CLOSED:
        why = {"coded": "not_shipped", "shipped": "not_received"}.get(key, "no_reply") if facts.shipped else "no_reply"
        return {why: _without_results(facts, key)}
    if key == "submitted" and done and done.taken < facts.submitted + facts.approved:
        return {"not_approved": facts.submitted}  # the collection takes all of these, or none
    if key == "taken" and done:
        return {"could_not": done.could_not, "no_number": done.no_number}
    return {}


def unreconciled(steps: Sequence[Step]) -> dict[str, int]:
    """The steps whose numbers do not add up, and by how much."""
    return {one.key: one.difference for one in steps if one.difference}


def summed(many: Sequence[Sequence[Step]]) -> list[Step]:
    """All rounds together: every number added. The steps of a round made of a file are those that it has."""
    of: dict[str, list[Step]] = {key: [] for key in STEPS}
    for steps in many:
        for one in steps:
            of[one.key].append(one)
    return [
        Step(
            key, sum(s.came for s in found), sum(s.went for s in found), sum(s.here for s in found), _added(found),
            sum(s.unconfirmed for s in found),
        )
        for key, found in of.items()
    ]  # fmt: skip


def _added(steps: Sequence[Step]) -> dict[str, int]:
    found = {why: sum(one.left.get(why, 0) for one in steps) for why in LEAVING}
    return {why: n for why, n in found.items() if n}
