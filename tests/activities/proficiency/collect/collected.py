"""A round in which results come in, with its codes; made without the room that enrols."""

from datetime import datetime, timedelta
from typing import Any

from tests.activities.proficiency.planned import RESULTS_UNTIL, planned_round
from zhunsheng.activities.proficiency.collect.actions.entering import approve, save_draft, submit
from zhunsheng.activities.proficiency.collect.models import Submission
from zhunsheng.activities.proficiency.collect.rules.given import Given
from zhunsheng.activities.proficiency.models import Identity, Participation, Round
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.models import Institution

BEFORE = RESULTS_UNTIL - timedelta(days=1)
AFTER = RESULTS_UNTIL + timedelta(seconds=1)


def running_round(
    provider: Institution, coordinator: User, *, laboratories: list[Institution | None], **said: Any
) -> Round:  # fmt: skip
    """Codes K01, K02 … for these laboratories, in their order; None stands for one that the register does not know."""
    made = planned_round(provider, coordinator, announced=True, **said)
    Round.objects.filter(pk=made.pk).update(state="running")
    parts = Participation.objects.bulk_create(
        Participation(round=made, code=f"K{n:02d}") for n in range(1, len(laboratories) + 1)
    )
    Identity.objects.bulk_create(
        Identity(participation=one, institution=lab, name=lab.name_en if lab else f"Laboratory {one.code}")
        for one, lab in zip(parts, laboratories, strict=True)
    )
    made.refresh_from_db()
    return made


def part(round_: Round, code: str) -> Participation:
    return Participation.objects.get(round=round_, code=code)


def rows(round_: Round, *results: str, replicate: int = 1, **said: str) -> list[Given]:
    """A row for each measurand in its order, with these results."""
    found = round_.measurands.order_by("position")
    return [Given(one.pk, replicate, result, **said) for one, result in zip(found, results, strict=False)]


def handed_in(
    round_: Round, code: str, results: tuple[str, ...], *, by: User, approved_by: User | None = None, at: datetime = BEFORE
) -> Submission:  # fmt: skip
    """Saved and submitted, and approved where somebody does so."""
    one = part(round_, code)
    saved = save_draft(one, rows(round_, *results), actor=by, at=at)
    submit(one, version=saved.version, actor=by, at=at)
    found = Submission.objects.get(participation=one)
    if approved_by:
        approve(one, version=found.version, actor=approved_by, at=at)
        found.refresh_from_db()
    return found
