"""The verbs after a release: begin a correction, issue the corrigendum, note who took a report away."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from zhunsheng.activities.proficiency.actions import LANGUAGES, Progress, no_progress, shown_by
from zhunsheng.activities.proficiency.documents import report_number, signed_report
from zhunsheng.activities.proficiency.models import Correction, Download, Evaluation, Report, Round
from zhunsheng.activities.proficiency.queries import document, issued_evaluation, latest_evaluation
from zhunsheng.activities.proficiency.rules.corrections import changes, check_begin, check_correction, status
from zhunsheng.activities.proficiency.rules.rounds import CannotDo, check_current, check_looked_at
from zhunsheng.capability.evidence import actions as evidence
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.signing import SigningKey
from zhunsheng.foundation.typesetting.charts import ChartLanguage

MEANWHILE = t("Somebody else has issued the corrigendum meanwhile.", "更正报告已由他人签发。")


@transaction.atomic
def begin_correction(round_: Round, *, reason: str, actor: User, at: datetime) -> None:
    """Open a released round for another evaluation, which nobody but the provider sees. Raises CannotDo."""
    held = Round.objects.select_for_update().get(pk=round_.pk)
    check_begin(held.state, reason, begun=bool(held.correcting))
    Round.objects.filter(pk=held.pk).update(correcting=reason.strip())
    journal.record(
        "begin_correction", actor=actor, at=at, subject=f"round:{held.pk}", reason=reason.strip(), after={"begun": True}
    )
    round_.refresh_from_db(fields=["correcting"])


def correct(
    round_id: UUID | str,
    *,
    evaluation_id: UUID | str,
    actor: User | None,
    at: datetime,
    key: SigningKey,
    progress: Progress = no_progress,
) -> Round:
    """Issue a corrigendum: new reports that name the old one and the reason, every changed score, evidence that supersedes.

    `evaluation_id` is the evaluation that the person looked at. Reports are made outside the transaction. Raises CannotDo.
    """
    round_ = Round.objects.select_related("provider").get(pk=round_id)
    newest, issued = latest_evaluation(round_), issued_evaluation(round_)
    assert newest is not None and issued is not None  # a released round has one
    if not round_.correcting and str(issued.pk) == str(evaluation_id):
        return round_  # a job that runs again after a crash finds its work done
    check_correction(round_.correcting, same=newest.sha256 == issued.sha256)
    check_current(newest.settings_stamp, round_.settings_stamp)
    check_looked_at(str(evaluation_id), str(newest.pk))
    number = Correction.objects.filter(evaluation__round=round_).count() + 1
    said = status(number, report_number(bytes(issued.document)), round_.correcting)
    reports, found = [], document(newest)
    for done, lang in enumerate(LANGUAGES):
        progress(done, len(LANGUAGES) + 1)
        pdf = signed_report(
            found, lang=lang, issuer=round_.provider.name, key=key, canonical=bytes(newest.document), status=said
        )
        reports.append((lang, pdf))
    _write(round_, issued, newest, number, reports, actor=actor, at=at)
    return round_


@transaction.atomic
def _write(
    round_: Round, issued: Evaluation, newest: Evaluation, number: int, reports: Sequence[tuple[ChartLanguage, bytes]], *,
    actor: User | None, at: datetime,
) -> None:  # fmt: skip
    held = Round.objects.select_for_update().get(pk=round_.pk)
    check_current(newest.settings_stamp, held.settings_stamp)
    if not held.correcting or issued_evaluation(held) != issued:
        raise CannotDo(MEANWHILE)
    found = document(newest)
    papers = [
        Report(evaluation=newest, language=lang, pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest(), made_at=at)
        for lang, pdf in reports
    ]
    Report.objects.bulk_create(papers)
    made = Correction.objects.create(
        evaluation=newest, replaces=issued, number=number, reason=held.correcting,
        changes=changes(document(issued), found), at=at, by=actor,
    )  # fmt: skip
    lines = evidence.lines(_superseding(held, found), at=at, source_sha256=newest.sha256)
    Round.objects.filter(pk=held.pk).update(correcting="")
    entry = journal.record(
        "correct_round", actor=actor, at=at, subject=f"round:{held.pk}", covers=[made, *papers, *lines], reason=made.reason,
        after={"evaluation": newest.version, "sha256": newest.sha256, "replaces": issued.version, "changed": len(made.changes)},
    )  # fmt: skip
    evidence.record(lines, entry=entry)
    round_.refresh_from_db()


def _superseding(round_: Round, found: Mapping[str, Any]) -> Iterable[evidence.Shown]:
    """Evidence of what changed: a line that stands gives way to the corrected one; an unchanged line stays."""
    standing = {
        (one.source, one.institution_id, one.parameter_id, one.matrix_id): one
        for one in Evidence.objects.filter(
            source__startswith=f"round:{round_.pk}:", kind="proficiency_result", superseded_by=None
        )
    }
    for shown in shown_by(round_, found):
        old = standing.get((shown.source, shown.institution_id, shown.parameter_id, shown.matrix_id))
        if old is None:
            yield shown
        elif old.payload != shown.payload:
            yield replace(shown, supersedes_id=old.pk)


@transaction.atomic
def note_download(report: Report, *, actor: User, at: datetime) -> Download:
    """Note who took a report away: should it be corrected, they are told."""
    made = Download.objects.create(report=report, by=actor, at=at)
    journal.record(
        "download_report", actor=actor, at=at, subject=f"round:{report.evaluation.round_id}", covers=[made],
        after={"evaluation": report.evaluation.version, "language": report.language},
    )  # fmt: skip
    return made
