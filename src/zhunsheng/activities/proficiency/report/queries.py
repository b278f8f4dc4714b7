"""The questions asked of reports to laboratories."""

from zhunsheng.activities.proficiency.models import Correction, Evaluation, Participation
from zhunsheng.activities.proficiency.report.models import LaboratoryReport


def report_of(evaluation: Evaluation, code: str, language: str) -> LaboratoryReport | None:
    """The report that was made for a laboratory, with its bytes."""
    mine = LaboratoryReport.objects.filter(evaluation=evaluation, language=language)
    return mine.filter(participation__code=code, participation__round=evaluation.round_id).first()


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
