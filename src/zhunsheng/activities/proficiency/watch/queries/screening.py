"""The screen of one round: its results by code, their reporting steps, the scores that its laboratories had before."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

from zhunsheng.activities.proficiency.documents import measurands_of
from zhunsheng.activities.proficiency.models import Identity, Round
from zhunsheng.activities.proficiency.queries import coded_results, document, latest_evaluation
from zhunsheng.activities.proficiency.rules.reported_values import read_value
from zhunsheng.activities.proficiency.watch.rules.screening import Check, screen
from zhunsheng.capability.evidence.models import Evidence


def screened(round_: Round) -> list[Check]:
    """Every forensic test over a round, by code; some five questions. Raises CannotDo before the results are collected."""
    results = coded_results(round_)
    said = list(round_.measurands.order_by("position").values_list("step", flat=True))
    steps = [_number(said[i]) if i < len(said) else None for i in range(len(results.measurands))]
    return screen(results.measurands, steps, scores_of(round_))


def _number(text: str) -> float | None:
    value = read_value(text)
    return float(value.number) if value.kind == "number" and float(value.number) > 0 else None


def scores_of(round_: Round) -> Mapping[str, list[float]]:
    """z of each laboratory that the register knows: of the provider's earlier rounds as the ledger has them, then of this one."""
    behind = Identity.objects.filter(participation__round=round_).values_list("participation__code", "institution_id")
    code_of = {institution: code for code, institution in behind if institution}
    found: dict[str, list[float]] = defaultdict(list)
    for institution, payload in _earlier(round_):
        if institution in code_of and payload.get("score_kind") in ("z", "z_prime"):
            found[code_of[institution]].append(float(payload["score"]))
    evaluation = latest_evaluation(round_)
    for measurand in measurands_of(document(evaluation)) if evaluation else ():
        for score in measurand["scores"]:
            found[score["laboratory"]].append(float(score["z"]))
    return found


def _earlier(round_: Round) -> list[tuple[UUID, dict[str, Any]]]:
    """Scores of the same scheme's rounds; of the provider's, where the round stands alone. What was superseded does not count."""
    others = Round.objects.filter(provider=round_.provider_id, state="released").exclude(pk=round_.pk)
    if round_.scheme_id:
        others = others.filter(scheme=round_.scheme_id)
    named = [
        Q(source__startswith=f"round:{pk}:") for pk in others.order_by("performed_on").values_list("pk", flat=True)
    ]
    if not named:
        return []
    any_of = named[0]
    for one in named[1:]:
        any_of |= one
    rows = Evidence.objects.filter(any_of, kind="proficiency_result", superseded_by=None)
    return list(rows.order_by("occurred_on", "pk").values_list("institution_id", "payload"))
