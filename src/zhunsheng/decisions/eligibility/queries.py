"""Facts for the rules, and decisions taken."""

import json
from typing import Any

from zhunsheng.capability.profile.queries import Capability, LineOnDay
from zhunsheng.decisions.eligibility.models import Decision
from zhunsheng.decisions.eligibility.policies import policy_by_version
from zhunsheng.decisions.eligibility.rules import decide, pair
from zhunsheng.foundation.signing import canonical_json


def facts_of(known: Capability) -> dict[str, Any]:
    """All that the rules look at, as plain JSON values; nothing that they do not."""
    return {
        "institution": {"id": str(known.institution.pk), **pair(known.institution.name)},
        "parameter": {"code": known.parameter.code, **pair(known.parameter.name)},
        "matrix": {"code": known.matrix.code, "field": known.matrix.field, **pair(known.matrix.name)},
        "on": known.on.isoformat(),
        "certificates": [_certificate(c) for c in known.certificates],
        "last_certificate": _certificate(known.last_certificate) if known.last_certificate else None,
        "scope": [_scope(one) for one in known.lines if one.covers],
        "last_scope": _scope(known.lines[0]) if known.lines else None,
        "signatories": [{"name": a.person.name, **_validity(a)} for a in known.signatories],
        "evidence": [
            {
                "id": str(e.pk), "kind": e.kind, "occurred_on": e.occurred_on.isoformat(), "source_sha256": e.source_sha256,
                "round": e.payload["round"], "score": e.payload["score"], "score_kind": e.payload["score_kind"],
                "signal": e.payload["signal"],
            }
            for e in known.evidence
        ],
    }  # fmt: skip


def _validity(row: Any) -> dict[str, str | None]:
    return {"valid_from": row.valid_from.isoformat(), "valid_to": row.valid_to.isoformat() if row.valid_to else None}


def _certificate(row: Any) -> dict[str, Any]:
    return {"scheme": row.scheme, "number": row.number, **_validity(row)}


def _scope(one: LineOnDay) -> dict[str, Any]:
    instruments = [
        {"serial": i.instrument.serial, "covering": _calibration(i.covering), "latest": _calibration(i.latest)}
        for i in one.instruments
    ]
    return {"method": one.line.method.number, "instruments": instruments, **_validity(one.line)}


def _calibration(row: Any) -> dict[str, Any] | None:
    return {"certificate": row.certificate, **_validity(row)} if row else None


def verdict(decision: Decision) -> dict[str, Any]:
    """The frozen answer with its trace."""
    parsed: dict[str, Any] = json.loads(bytes(decision.verdict))
    return parsed


def recomputes(decision: Decision) -> bool:
    """Do the frozen facts and the policy's version give the very same bytes again?"""
    again = decide(json.loads(bytes(decision.facts)), policy_by_version(decision.policy))
    return canonical_json(again) == bytes(decision.verdict)
