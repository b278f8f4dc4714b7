"""The verbs of reports to laboratories: make one, make all that are lacking."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhunsheng.activities.proficiency.models import Evaluation, Participation, Round
from zhunsheng.activities.proficiency.queries import document
from zhunsheng.activities.proficiency.report.documents import Batch, Corrected, Issue, render, sealed, wanted
from zhunsheng.activities.proficiency.report.models import LaboratoryReport, Taken
from zhunsheng.activities.proficiency.report.queries import correction_by, still_to_make
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.signing import SigningKey
from zhunsheng.foundation.typesetting.charts import ChartLanguage

STEP = 10
"""So many reports are kept at once: a run that dies has made whole steps, and goes on with what is lacking."""
NOT_RELEASED = t("The round is not released yet.", "本轮次尚未发布。")


Runner = Callable[[Callable[[Batch], list[bytes]], Sequence[Batch]], Iterator[list[bytes]]]
AT_ONCE = 25
"""The figures of so many steps are held in memory together."""


def make_reports(
    evaluation: Evaluation, *, language: ChartLanguage, key: SigningKey, actor: User | None, at: datetime,
    codes: Sequence[str] | None = None, runner: Runner = map, progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:  # fmt: skip
    """Make the reports that are lacking, of some codes or of all; how many. What was made stays as it is.

    Set outside the transaction (some tenths of a second each), kept in steps; `runner` spreads the setting over processes or
    machines, which see no key: reports are signed here. Raises CannotDo before the release.
    """
    round_ = Round.objects.select_related("provider").get(pk=evaluation.round_id)
    if round_.state != "released":
        raise CannotDo(NOT_RELEASED)
    lacking = [one for one in still_to_make(evaluation, language) if codes is None or one.code in codes]
    issue, issuer, done = Issue.of(document(evaluation)), round_.provider.name, 0
    corrected = _corrected(evaluation)
    steps = [lacking[first : first + STEP] for first in range(0, len(lacking), STEP)]
    for first in range(0, len(steps), AT_ONCE):
        several = steps[first : first + AT_ONCE]
        batches = [
            Batch(issue.document, language, issuer, [
                wanted(issue, one.code, round_number=round_.number, issuer=issuer, key=key, corrected=corrected) for one in step
            ])
            for step in several
        ]  # fmt: skip
        for step, batch, pdfs in zip(several, batches, runner(render, batches), strict=True):
            papers = [
                (one, sealed(pdf, each, key=key)) for one, each, pdf in zip(step, batch.wanted, pdfs, strict=True)
            ]
            kept = _keep(evaluation, language, papers, actor=actor, at=at)
            done += kept
            progress(min(len(lacking), (first + several.index(step) + 1) * STEP), len(lacking))
    return done


@transaction.atomic
def note_taken(report: LaboratoryReport, *, actor: User, at: datetime) -> Taken:
    """Note who took a laboratory's report away. The journal keeps round and language, no code."""
    made = Taken.objects.create(report=report, by=actor, at=at)
    journal.record(
        "take_laboratory_report", actor=actor, at=at, subject=f"round:{report.evaluation.round_id}", covers=[made],
        after={"evaluation": report.evaluation.version, "language": report.language},
    )  # fmt: skip
    return made


def _corrected(evaluation: Evaluation) -> Corrected | None:
    found = correction_by(evaluation)
    return Corrected(found.number, found.reason, found.changes) if found else None


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
