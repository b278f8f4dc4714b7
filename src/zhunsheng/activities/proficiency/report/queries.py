"""The questions asked of reports to laboratories."""

from collections.abc import Collection

from zhunsheng.activities.proficiency.models import Correction, Evaluation, Participation
from zhunsheng.activities.proficiency.report.models import LaboratoryReport, Taken


def report_of(evaluation: Evaluation, code: str, language: str) -> LaboratoryReport | None:
    """The report that was made for a laboratory, with its bytes."""
    mine = LaboratoryReport.objects.filter(evaluation=evaluation, language=language)
    found = mine.filter(participation__code=code, participation__round=evaluation.round_id)
    return found.select_related("evaluation").first()


def taken_of(evaluation: Evaluation, codes: Collection[str]) -> dict[str, list[Taken]]:
    """Who took the reports of these laboratories away, the newest first; one question."""
    found = Taken.objects.filter(report__evaluation=evaluation, report__participation__code__in=codes)
    rows: dict[str, list[Taken]] = {}
    for one in found.select_related("report__participation", "by").defer("report__pdf").order_by("-pk"):
        rows.setdefault(one.report.participation.code, []).append(one)
    return rows


def made_and_all(evaluation: Evaluation, language: str) -> tuple[int, int]:
    """How many laboratories of the round have their report, and how many there are; two questions."""
    made = LaboratoryReport.objects.filter(evaluation=evaluation, language=language).count()
    return made, Participation.objects.filter(round=evaluation.round_id).count()


def still_to_make(evaluation: Evaluation, language: str) -> list[Participation]:
    """The participations without a report in this language, by code."""
    made = LaboratoryReport.objects.filter(evaluation=evaluation, language=language).values("participation")
    return list(Participation.objects.filter(round=evaluation.round_id).exclude(pk__in=made).order_by("code"))


def correction_by(evaluation: Evaluation) -> Correction | None:
    """The corrigendum by which this evaluation was issued; None for the one that was released first."""
    return Correction.objects.filter(evaluation=evaluation).first()
