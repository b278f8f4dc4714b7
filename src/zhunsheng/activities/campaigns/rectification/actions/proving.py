"""The outcome of a finding as lines of evidence: at each moment one stands for each item, and the next supersedes it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from zhunsheng.activities.campaigns.rectification.models import Rectification
from zhunsheng.capability.evidence import actions as evidence
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.foundation.journal.append_only import uncorrected

Item = tuple[int, int]
"""Keys of a parameter and a matrix that a finding concerns."""


def outcome_lines(
    rectification: Rectification, outcome: str, reason: str, items: Iterable[Item], at: datetime
) -> list[Evidence]:
    """One line for each item; a finding about the system as a whole concerns none."""
    finding, before = rectification.finding, standing_lines(rectification)
    shown = [
        evidence.Shown(
            institution_id=rectification.institution_id, parameter_id=parameter, matrix_id=matrix, kind="finding_outcome",
            version=1, occurred_on=timezone.localdate(at), source=f"rectification:{rectification.pk}:{outcome}",
            disclosed_to_id=rectification.authority_id, supersedes_id=before.get((parameter, matrix)),
            payload={
                "finding": str(finding.pk), "code": finding.code, "grade": finding.grade, "act_on": finding.act_on.isoformat(),
                "outcome": outcome, "reason": reason,
            },
        )
        for parameter, matrix in sorted(set(items))
    ]  # fmt: skip
    return evidence.lines(shown, at=at, source_sha256=sha256_of(rectification))


def standing_lines(rectification: Rectification) -> dict[Item, UUID]:
    """Item → the line about it that this rectification wrote last."""
    said = Evidence.objects.filter(
        uncorrected(Evidence), kind="finding_outcome", institution=rectification.institution,
        source__startswith=f"rectification:{rectification.pk}:",
    )  # fmt: skip
    rows = said.order_by("recorded_at").values_list("parameter_id", "matrix_id", "pk")
    return {(parameter, matrix): pk for parameter, matrix, pk in rows}


def sha256_of(rectification: Rectification) -> str:
    """The hash of the last report."""
    return rectification.submissions.order_by("-number").values_list("sha256", flat=True)[0]
