"""The draw as one file: what was frozen, what was promised, what was revealed, what was drawn. Canonical JSON (RFC 8785)."""

from collections.abc import Sequence
from typing import Any, TypedDict

from zhunsheng.activities.campaigns.draw.rules.chance import Numbers, list_sha256, secret_sha256, seed_of
from zhunsheng.activities.campaigns.draw.rules.frame import Frame
from zhunsheng.activities.campaigns.draw.rules.possible import check_possible
from zhunsheng.activities.campaigns.draw.rules.refusals import DrawRefused
from zhunsheng.activities.campaigns.draw.rules.selection import DrawnStratum, draw_laboratories
from zhunsheng.activities.campaigns.draw.rules.shape import BEACON, HEX64, first_fault
from zhunsheng.activities.campaigns.draw.rules.teams import Team, draw_teams
from zhunsheng.foundation.bilingual import t

FORMAT = "zhunsheng-draw/1"


class Commitment(TypedDict):
    """What is published before the beacon: hashes of the list and of each party's secret."""

    list_sha256: str
    secrets: list[str]


class Result(TypedDict):
    seed: str
    strata: list[DrawnStratum]
    teams: list[Team]
    caps_raised: int


def commit(frozen: Frame, secrets: Sequence[str]) -> Commitment:
    """The promise: hash of the list, and the parties' hashes of their secrets as they gave them.

    Raises DrawRefused where the draw could not be made, a party is missing or two gave the same hash.
    """
    if len(secrets) != len(frozen["parties"]) or len(set(secrets)) != len(secrets):
        raise DrawRefused(
            t("Each party promises a secret of its own.", "各方须分别对各自的秘密值作出承诺，不得缺少或相同。")
        )
    if not all(HEX64.fullmatch(one) for one in secrets):
        raise DrawRefused(
            t(
                "A promise is a SHA-256 value: 64 digits 0–9 and a–f, in small letters.",
                "承诺值应为 SHA-256 值：64 位十六进制数字（0–9、a–f，小写）。",
            )
        )
    if fault := first_fault({"list": frozen}, only="list"):
        raise DrawRefused(
            t("The list is wrong at {p}: {why}.", "名单在 {p} 处有误：{why}。", p=fault.place, why=fault.reason)
        )
    check_possible(frozen)
    return {"list_sha256": list_sha256(frozen), "secrets": list(secrets)}


def check_reveal(commitment: Commitment, secrets: Sequence[str], beacon: str) -> None:
    """Raise DrawRefused unless each secret is the promised one and the beacon value is written as it must be."""
    if not BEACON.fullmatch(beacon):
        raise DrawRefused(
            t(
                "The beacon value is written in digits and small letters without spaces, 6 to 128 of them.",
                "信标值应以数字和小写字母书写，不含空格，6 至 128 位。",
            )
        )
    if len(secrets) != len(commitment["secrets"]):
        raise DrawRefused(t("Each party reveals its secret.", "各方均须公开秘密值。"))
    for i, (secret, promised) in enumerate(zip(secrets, commitment["secrets"], strict=True), 1):
        if not HEX64.fullmatch(secret) or secret_sha256(secret) != promised:
            raise DrawRefused(
                t(
                    "The secret of party {i} is not the one that was promised.",
                    "第 {i} 方公开的秘密值与其承诺不符。",
                    i=i,
                )
            )


def compute(frozen: Frame, seed: str) -> Result:
    """The whole result of a list and a seed."""
    numbers = Numbers(seed)
    strata = draw_laboratories(frozen, numbers)
    drawn = [(one["laboratory"], each["stratum"]) for each in strata for one in each["drawn"]]
    teams, raised = draw_teams(frozen, drawn, numbers)
    return {"seed": seed, "strata": strata, "teams": teams, "caps_raised": raised}


def reveal(frozen: Frame, commitment: Commitment, secrets: Sequence[str], beacon: str) -> dict[str, Any]:
    """The finished draw file. Raises DrawRefused where a secret was not the promised one."""
    check_reveal(commitment, secrets, beacon)
    seed = seed_of(commitment["list_sha256"], secrets, beacon)
    return {
        "format": FORMAT, "list": frozen, "commitment": commitment,
        "reveal": {"secrets": list(secrets), "beacon": beacon}, "result": compute(frozen, seed),
    }  # fmt: skip
