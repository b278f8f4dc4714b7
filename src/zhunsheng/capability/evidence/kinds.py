"""The kinds of evidence and the versioned shape of their payloads; pure.

A payload is checked when it is written: a ledger of unchecked JSON would be a heap. A new shape is a new version; old rows
keep theirs for ever.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhunsheng.foundation.bilingual import Text, t

NUMBER = (int, float)
MAYBE_NUMBER = (int, float, type(None))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of evidence: its name, and for every version the fields of its payload with their types."""

    name: Text
    versions: Mapping[int, Mapping[str, type | tuple[type, ...]]]


class BadPayload(ValueError):
    """A payload that does not have the shape of its kind and version."""


KINDS: dict[str, Kind] = {
    "proficiency_result": Kind(
        name=t("Proficiency-testing result", "能力验证结果"),
        versions={
            1: {
                "round": str,  # number of the round
                "result": str,  # as reported
                "unit": str,
                "score_kind": str,  # z or z_prime: which one the verdict rests on
                "score": NUMBER,
                "zeta": MAYBE_NUMBER,
                "e_n": MAYBE_NUMBER,
                "signal": str,  # acceptable, warning, action
                "assigned_value": NUMBER,
                "u_assigned": MAYBE_NUMBER,
                "sigma_pt": NUMBER,
                "n": int,
                "method": str,
                "engine": str,
            }
        },
    ),
    "retest_result": Kind(
        name=t("Result of a retest", "补测结果"),
        versions={
            1: {
                "round": str,  # number of the round that was failed
                "number": int,  # 1 for the first retest of it
                "result": str,
                "unit": str,
                "score_kind": str,  # z
                "score": NUMBER,
                "signal": str,  # acceptable, warning, action
                "assigned_value": NUMBER,
                "sigma_pt": NUMBER,
                "verdict": str,  # passed or failed, over every measurand of the retest
            }
        },
    ),
    "retest_confirmed": Kind(
        name=t("Retest confirmed by the authority", "补测合格确认"),
        versions={
            1: {
                "failed": str,  # the line of evidence that suspended the item
                "passed": str,  # the line of evidence that the authority looked at
                "round": str,  # number of the round of the passed result
                "reason": str,  # why the authority is satisfied
            }
        },
    ),
    "finding_outcome": Kind(
        name=t("Outcome of a finding", "检查问题整改结果"),
        versions={
            1: {
                "finding": str,  # key of the finding
                "code": str,  # its class, F01 to F23
                "grade": str,
                "act_on": str,  # day of the act
                "outcome": str,  # accepted, failed, effective, ineffective, overturned
                "reason": str,  # why, or by what it was seen
            }
        },
    ),
}


def check_payload(kind: str, version: int, payload: Mapping[str, Any]) -> None:
    """Raise BadPayload, naming the field, unless the payload has exactly the fields of its kind and version."""
    if kind not in KINDS or version not in KINDS[kind].versions:
        raise BadPayload(f"no kind of evidence is called {kind!r} version {version}")
    fields = KINDS[kind].versions[version]
    if strays := sorted(set(payload) ^ set(fields)):
        raise BadPayload(f"{kind} v{version}: fields missing or unknown: {', '.join(strays)}")
    for name, types in fields.items():
        if not isinstance(payload[name], types) or isinstance(payload[name], bool):
            raise BadPayload(f"{kind} v{version}: {name} has the type {type(payload[name]).__name__}")
