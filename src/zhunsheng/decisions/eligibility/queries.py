"""Facts for the rules, and decisions taken."""

import json
from datetime import date
from operator import itemgetter
from typing import Any

from zhunsheng.capability.profile.queries import Capability, InstrumentOnDay, LineOnDay
from zhunsheng.capability.profile.rules import MODEL, Suspension, Trend, further_results
from zhunsheng.decisions.eligibility import first_form
from zhunsheng.decisions.eligibility.models import Decision
from zhunsheng.decisions.eligibility.policies import policy_by_version
from zhunsheng.decisions.eligibility.rules import FORM, MOST_FURTHER, Facts, Policy, decide
from zhunsheng.foundation.signing import canonical_json


def facts_of(known: Capability, policy: Policy) -> dict[str, Any]:
    """All that the rules of a policy look at, as plain JSON values; nothing that they do not.

    People, instruments and calibrations are ids here: who asks may not see their names, and is shown them only by `access.answer_for`.
    """
    return {
        "form": FORM,
        "institution": str(known.institution.pk),
        "parameter": known.parameter.code,
        "matrix": known.matrix.code,
        "field": known.matrix.field,
        "on": known.on.isoformat(),
        "known_on": known.known_on.isoformat(),
        "certificates": [_certificate(c) for c in known.certificates],
        "last_certificate": _certificate(known.last_certificate) if known.last_certificate else None,
        "scope": [_scope(one) for one in known.lines if one.covers],
        "last_scope": _scope(known.lines[0]) if known.lines else None,
        "signatories": sorted(({"id": str(a.person_id), **_validity(a)} for a in known.signatories), key=itemgetter("id")),
        "evidence": [
            {
                "id": str(e.pk), "kind": e.kind, "occurred_on": e.occurred_on.isoformat(), "source_sha256": e.source_sha256,
                "round": e.payload["round"], "score": e.payload["score"], "score_kind": e.payload["score_kind"],
                "signal": e.payload["signal"],
            }
            for e in known.evidence
            if e.kind == "proficiency_result"
        ],
        "trend": _trend(known.trend, policy),
        "suspension": _suspension(known.suspended),
    }  # fmt: skip


def _trend(trend: Trend, policy: Policy) -> dict[str, Any]:
    """The prediction with what it was computed from; rounded here, so that the rule and the reader see the same figure."""
    needed = policy.get("probability_needed", 0.0)
    scores = [one.score for one in trend.results]
    short = bool(scores) and trend.probability < needed
    return {
        "n": trend.n, "scores": scores, "probability": round(trend.probability, 4), "model": MODEL,
        "further_results": further_results(scores, needed=needed, most=MOST_FURTHER) if short else None,
        "evidence": [one.id for one in trend.results],
    }  # fmt: skip


def _suspension(held: Suspension | None) -> dict[str, Any] | None:
    if held is None:
        return None
    return {
        "since": held.since.isoformat(), "failed": held.failed.id, "passed": held.passed.id if held.passed else None,
    }  # fmt: skip


def _validity(row: Any) -> dict[str, str | None]:
    return {"valid_from": row.valid_from.isoformat(), "valid_to": row.valid_to.isoformat() if row.valid_to else None}


def _certificate(row: Any) -> dict[str, Any]:
    return {"scheme": row.scheme, "number": row.number, **_validity(row)}


def _scope(one: LineOnDay) -> dict[str, Any]:
    instruments = [_instrument(i) for i in one.instruments]
    return {"method": one.line.method.number, "instruments": instruments, **_validity(one.line)}


def _instrument(one: InstrumentOnDay) -> dict[str, Any]:
    """The last day of use stands only where it lies before the day."""
    said = {
        "id": str(one.instrument.pk),
        "covering": _calibration(one.covering),
        "latest": _calibration(one.latest),
    }
    return {**said, "retired_on": str(one.instrument.retired_on)} if one.retired else said


def _calibration(row: Any) -> dict[str, Any] | None:
    return {"id": str(row.pk), **_validity(row)} if row else None


def facts_kept(decision: Decision) -> dict[str, Any]:
    """The frozen facts."""
    parsed: dict[str, Any] = json.loads(bytes(decision.facts))
    return parsed


def verdict(decision: Decision) -> dict[str, Any]:
    """The frozen answer with its trace, in the form in which it was kept."""
    parsed: dict[str, Any] = json.loads(bytes(decision.verdict))
    return parsed


def known_on_of(decision: Decision) -> date:
    """By the end of which day it was known; older answers rest on what was known when the day asked about ended."""
    return date.fromisoformat(facts_kept(decision).get("known_on", decision.on.isoformat()))


def answered(facts: Facts, policy: Policy) -> dict[str, Any]:
    """The answer to facts of any form."""
    return (decide if facts.get("form", 1) >= FORM else first_form.decide)(facts, policy)


def recomputes(decision: Decision) -> bool:
    """Do the frozen facts and the policy's version give the very same bytes again?"""
    again = answered(facts_kept(decision), policy_by_version(decision.policy))
    return canonical_json(again) == bytes(decision.verdict)
