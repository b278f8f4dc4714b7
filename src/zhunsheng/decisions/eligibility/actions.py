"""The one verb: answer the question and freeze the answer."""

import hashlib
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from zhunsheng.capability.evidence.access import visible_to
from zhunsheng.capability.profile.queries import capability
from zhunsheng.decisions.eligibility.access import may_ask
from zhunsheng.decisions.eligibility.models import Decision
from zhunsheng.decisions.eligibility.policies import policy_on
from zhunsheng.decisions.eligibility.queries import facts_of
from zhunsheng.decisions.eligibility.rules import decide as apply_rules
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.signing import canonical_json
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.queries import Visitor


@transaction.atomic
def decide(
    *, institution: Institution, parameter: Parameter, matrix: Matrix, on: date, visitor: Visitor, at: datetime,
    known_on: date | None = None,
) -> Decision:  # fmt: skip
    """Answer "may this laboratory be the subcontractor?" for a day and keep facts and answer as they were.

    What was known when the day `known_on` ended counts, on the day of asking what is known then; no later day than that of asking.
    Only evidence that the asker may see counts. Raises PermissionError when the visitor may not ask, LookupError when no
    policy was in force on the day.
    """
    if not may_ask(visitor) or visitor.user is None or visitor.authority is None:
        raise PermissionError("only a regulator asks this question")
    known_on = min(known_on or timezone.localdate(at), timezone.localdate(at))
    known = capability(institution, parameter, matrix, on=on, known_on=known_on, evidence=visible_to(visitor))
    policy = policy_on("subcontract", on)
    facts = facts_of(known, policy)
    answer = apply_rules(facts, policy)
    facts_bytes, verdict_bytes = canonical_json(facts), canonical_json(answer)
    decision = Decision.objects.create(
        institution=institution, parameter=parameter, matrix=matrix, on=on, asked_for=visitor.authority,
        asked_by=visitor.user, asked_at=at, policy=answer["policy"], answer=answer["answer"],
        facts=facts_bytes, verdict=verdict_bytes, sha256=hashlib.sha256(facts_bytes + b"\n" + verdict_bytes).hexdigest(),
    )  # fmt: skip
    journal.record(
        "decide_eligibility", actor=visitor.user, at=at, subject=f"decision:{decision.pk}",
        covers=[decision], after={"answer": decision.answer},
    )  # fmt: skip
    return decision
