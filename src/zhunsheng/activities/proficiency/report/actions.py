"""The verbs of reports to laboratories: make one, make all that are lacking."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhunsheng.activities.proficiency.models import Evaluation, Participation, Round
from zhunsheng.activities.proficiency.queries import document
from zhunsheng.activities.proficiency.report.documents import Corrected, signed_laboratory_report
from zhunsheng.activities.proficiency.report.models import LaboratoryReport
from zhunsheng.activities.proficiency.report.queries import correction_by, still_to_make
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.signing import SigningKey
from zhunsheng.foundation.typesetting.charts import ChartLanguage

STEP = 20
"""So many reports are kept at once: a run that dies has made whole steps, and goes on with what is lacking."""
NOT_RELEASED = t("The round is not released yet.", "本轮次尚未发布。")


def make_reports(
    evaluation: Evaluation, *, language: ChartLanguage, key: SigningKey, actor: User | None, at: datetime,
    codes: Sequence[str] | None = None, progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:  # fmt: skip
    """Make the reports that are lacking, of some codes or of all; how many. What was made stays as it is.

    Set outside the transaction (some tenths of a second each), kept in steps. Raises CannotDo before the release.
    """
    round_ = Round.objects.select_related("provider").get(pk=evaluation.round_id)
    if round_.state != "released":
        raise CannotDo(NOT_RELEASED)
    lacking = [one for one in still_to_make(evaluation, language) if codes is None or one.code in codes]
    found, done = document(evaluation), 0
    issued_by = correction_by(evaluation)
    corrected = Corrected(issued_by.number, issued_by.reason, issued_by.changes) if issued_by else None
    for first in range(0, len(lacking), STEP):
        step = lacking[first : first + STEP]
        papers = []
        for one in step:
            pdf = signed_laboratory_report(
                found, one.code, lang=language, round_number=round_.number, issuer=round_.provider.name, key=key,
                corrected=corrected,
            )  # fmt: skip
            papers.append((one, pdf))
            progress(first + len(papers), len(lacking))
        done += _keep(evaluation, language, papers, actor=actor, at=at)
    return done


@transaction.atomic
def _keep(
    evaluation: Evaluation, language: str, papers: Sequence[tuple[Participation, bytes]], *, actor: User | None, at: datetime
) -> int:  # fmt: skip
    """Write what nobody else has made meanwhile."""
    Round.objects.select_for_update().get(pk=evaluation.round_id)
    there: set[UUID] = set(
        LaboratoryReport.objects.filter(
            evaluation=evaluation, language=language, participation__in=[one for one, _ in papers]
        ).values_list("participation_id", flat=True)
    )
    fresh = [
        LaboratoryReport(
            evaluation=evaluation, participation=one, language=language, pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest(), made_at=at
        )
        for one, pdf in papers
        if one.pk not in there
    ]  # fmt: skip
    if fresh:
        LaboratoryReport.objects.bulk_create(fresh)
        journal.record(
            "make_laboratory_reports", actor=actor, at=at, subject=f"round:{evaluation.round_id}", covers=fresh,
            after={"evaluation": evaluation.version, "language": language, "reports": len(fresh)},
        )  # fmt: skip
    return len(fresh)
