"""How many tickets a laboratory has: integers, from dated policy data."""

from collections.abc import Mapping
from typing import Any, TypedDict


class DrawPolicy(TypedDict):
    """What a frozen list says of the policy that it follows.

    `tickets` by risk class ("none": not classified); `no_show` are added for each missed round of proficiency testing; nobody
    has more than `most`. The share `even` (numerator, denominator) of each quota is drawn without weights. `officers` go to a
    laboratory.
    """

    id: str
    tickets: dict[str, int]
    no_show: int
    most: int
    even: list[int]
    officers: int


def policy_of(data: Mapping[str, Any]) -> DrawPolicy:
    """The part of a policy file that a list states."""
    return {
        "id": f"{data['name']}/{data['version']}", "tickets": dict(data["tickets"]), "no_show": data["no_show"],
        "most": data["most"], "even": list(data["even"]), "officers": data["officers"],
    }  # fmt: skip


def tickets(policy: DrawPolicy, risk: str, no_shows: int) -> int:
    """min(most, tickets of the class + no_show × missed rounds); at least 1, so that nobody is ever safe."""
    return min(policy["most"], policy["tickets"][risk] + policy["no_show"] * no_shows)


def even_share(policy: DrawPolicy, quota: int) -> int:
    """⌈a n / b⌉ of a quota n: how many are drawn without weights. They alone tell how common problems really are."""
    a, b = policy["even"]
    return (quota * a + b - 1) // b
