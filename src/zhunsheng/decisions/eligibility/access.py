"""Who may ask, and whose answers one may read: a regulator asks, and reads what its authority asked.

Any authority asks about any laboratory, but learns names of people and serial numbers only of those that it oversees.
"""

from typing import Any

from django.db.models import QuerySet

from zhunsheng.decisions.eligibility.models import Decision
from zhunsheng.decisions.eligibility.policies import policy_by_version
from zhunsheng.decisions.eligibility.queries import facts_kept, verdict
from zhunsheng.decisions.eligibility.rules import FORM, Facts
from zhunsheng.decisions.eligibility.wording import Names, hide, trace
from zhunsheng.registry.equipment.access import instruments_seen_by
from zhunsheng.registry.equipment.models import Calibration
from zhunsheng.registry.institutions.access import seen_in_full_by
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.access import people_seen_by
from zhunsheng.registry.people.queries import Visitor


def may_ask(visitor: Visitor) -> bool:
    """Regulators ask."""
    return visitor.authority is not None


def decisions_for(visitor: Visitor) -> QuerySet[Decision]:
    """The decisions asked for by the visitor's authority, newest first."""
    if visitor.authority is None:
        return Decision.objects.none()
    asked = Decision.objects.filter(asked_for=visitor.authority)
    return asked.select_related("institution", "parameter", "matrix").order_by("-asked_at")


def sees_in_full(visitor: Visitor, institution: Institution) -> bool:
    """May the visitor see people and instruments of the institution?"""
    head = institution.merged_into_id or institution.pk
    return seen_in_full_by(visitor).filter(pk=head).exists()


def names_for(visitor: Visitor, decision: Decision, facts: Facts) -> Names:
    """What the ids in the facts stand for, where the visitor may see it; three queries."""
    lines = [*facts["scope"], *([facts["last_scope"]] if facts["last_scope"] else [])]
    used = {one["id"] for line in lines for one in line["instruments"]}
    instruments = instruments_seen_by(visitor).filter(pk__in=used)
    calibrations = Calibration.objects.filter(instrument__in=instruments.values("pk")).values_list("pk", "certificate")
    people = people_seen_by(visitor).filter(pk__in=[one["id"] for one in facts["signatories"]])
    return Names(
        parameter=decision.parameter.name, matrix=decision.matrix.name,
        instruments={str(pk): serial for pk, serial in instruments.values_list("pk", "serial")},
        calibrations={str(pk): number for pk, number in calibrations},
        people={str(pk): name for pk, name in people.values_list("pk", "name")},
    )  # fmt: skip


def answer_for(visitor: Visitor, decision: Decision) -> dict[str, Any]:
    """The frozen answer in sentences, with the names and serial numbers that the visitor may see elsewhere, too, and no others."""
    kept, facts = verdict(decision), facts_kept(decision)
    if facts.get("form", 1) >= FORM:
        return trace(kept, facts, policy_by_version(decision.policy), names_for(visitor, decision, facts))
    return kept if sees_in_full(visitor, decision.institution) else hide(kept, facts)
