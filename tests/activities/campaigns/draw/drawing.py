"""Lists to draw from, made up for tests: strata, laboratories, officers, and the two parties' secrets."""

import hashlib
from datetime import date
from typing import Any

from zhunsheng.activities.campaigns.draw.policies import policy_on
from zhunsheng.activities.campaigns.draw.rules.chance import list_sha256, secret_sha256
from zhunsheng.activities.campaigns.draw.rules.drawfile import commit, reveal
from zhunsheng.activities.campaigns.draw.rules.frame import Frame, Words, frame
from zhunsheng.activities.campaigns.draw.rules.tickets import DrawPolicy, policy_of

BEACON = "051118202733"


def policy(**changes: Any) -> DrawPolicy:
    return {**policy_of(policy_on("draw", date(2026, 6, 1))), **changes}  # type: ignore[typeddict-item]


def words(en: str, zh: str) -> Words:
    return {"en": en, "zh": zh}


def secret(party: int) -> str:
    return hashlib.sha256(f"secret of party {party}".encode()).hexdigest()


def stratum(name: str = "food", *, quota: int, field: str | None = None) -> dict[str, Any]:
    return {"id": name, "name": words(name.title(), f"{name} 领域"), "field": field or name, "quota": quota}


def laboratory(name: str, where: str = "food", *, risk: str = "B", no_shows: int = 0) -> dict[str, Any]:
    named = words(f"Laboratory {name}", f"示例机构 {name}")
    return {"id": name, "name": named, "stratum": where, "risk": risk, "no_shows": no_shows}


def laboratories(n: int, where: str = "food", **also: Any) -> list[dict[str, Any]]:
    return [laboratory(f"{where[0].upper()}{i:02d}", where, **also) for i in range(1, n + 1)]


def officer(name: str, *fields: str, cap: int = 9) -> dict[str, Any]:
    return {"id": name, "fields": list(fields or ("food",)), "cap": cap}


def officers(n: int, *fields: str, cap: int = 9) -> list[dict[str, Any]]:
    return [officer(f"N{i:02d}", *fields, cap=cap) for i in range(1, n + 1)]


def recusal(where: str, who: str, reason: str = "mentor") -> dict[str, Any]:
    return {"laboratory": where, "officer": who, "reason": reason}


def listed(*, parties: Any = 2, **given: Any) -> Frame:
    """A frozen list; what is not given has a plain value."""
    usual: dict[str, Any] = {
        "draw": {
            "id": "test-draw", "title": words("Test draw", "测试抽取"), "authority": words("Test authority", "测试部门"),
            "on": "2026-06-01", "replaces": None,
        },
        "policy": policy(), "parties": [words(f"Party {i}", f"第 {i} 方") for i in range(1, parties + 1)],
        "beacon": {"source": words("a lottery, two digits a ball", "某彩票开奖号码，每球两位数字"), "on": "2026-06-03"},
        "strata": [stratum(quota=3)], "laboratories": laboratories(8), "excluded": [], "officers": officers(5),
        "excluded_officers": [], "recusals": [],
    }  # fmt: skip
    return frame(**{**usual, **given})


def promised(frozen: Frame) -> list[str]:
    return [secret_sha256(secret(i)) for i, _ in enumerate(frozen["parties"], 1)]


def drawn(frozen: Frame, beacon: str = BEACON) -> dict[str, Any]:
    """The finished file of a list."""
    secrets = [secret(i) for i, _ in enumerate(frozen["parties"], 1)]
    return reveal(frozen, commit(frozen, promised(frozen)), secrets, beacon)


def drawn_unpromised(frozen: Frame) -> dict[str, Any]:
    """A finished file of a list that `commit` would refuse, with hashes that fit it."""
    secrets = [secret(i) for i, _ in enumerate(frozen["parties"], 1)]
    return reveal(frozen, {"list_sha256": list_sha256(frozen), "secrets": promised(frozen)}, secrets, BEACON)
