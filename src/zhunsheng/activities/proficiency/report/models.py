"""Reports to single laboratories, and who took one away."""

from django.conf import settings
from django.db import models

from zhunsheng.activities.proficiency.models import Evaluation, Participation
from zhunsheng.foundation.journal.append_only import AppendOnly


class LaboratoryReport(AppendOnly):
    """The signed report to one laboratory of what a released evaluation found about it, one a language."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="laboratory_reports")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="reports")
    language = models.CharField(max_length=4)
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "participation", "language"], name="laboratory_report_once_a_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.participation} {self.language}"


class Taken(AppendOnly):
    """Somebody took a laboratory's report away: should it be corrected, they have the old one."""

    report = models.ForeignKey(LaboratoryReport, on_delete=models.PROTECT, related_name="taken")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "taken"

    def __str__(self) -> str:
        return f"{self.report_id} {self.by_id}"
