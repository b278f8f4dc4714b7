"""What a laboratory entered for a round, and the receipts of what it submitted."""

import uuid

from django.conf import settings
from django.db import models

from zhunsheng.activities.proficiency.collect.rules.given import Given
from zhunsheng.activities.proficiency.models import Participation, RoundMeasurand
from zhunsheng.foundation.journal.append_only import AppendOnly
from zhunsheng.registry.catalogue.models import Method


def _person() -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")


class Submission(models.Model):
    """The results of one participant; `version` goes up whenever what they say changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participation = models.OneToOneField(Participation, on_delete=models.CASCADE, related_name="submission")
    state = models.CharField(max_length=12, default="draft")
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = _person()
    approved_at = models.DateTimeField(null=True)
    approved_by = _person()
    late = models.BooleanField(default=False)
    late_reason = models.CharField(max_length=300, blank=True)
    open_until = models.DateTimeField(
        null=True, help_text="a later deadline that the coordinator gave this participant"
    )
    returned_because = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return str(self.participation_id)


class Value(models.Model):
    """One row: what is reported for a measurand, replicate by replicate, every text as it was received."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="values")
    measurand = models.ForeignKey(RoundMeasurand, on_delete=models.PROTECT, related_name="+")
    replicate = models.PositiveSmallIntegerField(default=1)
    result = models.CharField(max_length=60, blank=True)
    uncertainty = models.CharField(max_length=40, blank=True)
    k = models.CharField(max_length=20, blank=True)
    method = models.ForeignKey(Method, on_delete=models.PROTECT, null=True, related_name="+")
    method_text = models.CharField(max_length=120, blank=True, help_text="as it was written")
    method_reason = models.CharField(
        max_length=300, blank=True, help_text="why a method that is not among those allowed"
    )
    instrument = models.CharField(max_length=120, blank=True)
    analyst = models.CharField(max_length=80, blank=True)
    measured_on = models.DateField(null=True)
    could_not = models.CharField(max_length=300, blank=True, help_text="why it could not be tested")
    by = _person()
    at = models.DateTimeField()

    class Meta:
        ordering = ["measurand__position", "replicate"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "measurand", "replicate"], name="value_once_a_replicate")
        ]

    def __str__(self) -> str:
        return self.result

    @property
    def given(self) -> Given:
        return Given(
            self.measurand_id, self.replicate, self.result, self.uncertainty, self.k, self.method_text, self.method_reason,
            self.instrument, self.analyst, self.measured_on.isoformat() if self.measured_on else "", self.could_not,
        )  # fmt: skip


class Receipt(AppendOnly):
    """What was submitted, byte for byte, with the time at which it came in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="receipts")
    version = models.PositiveIntegerField(help_text="the submission's")
    content = models.BinaryField(help_text="canonical JSON")
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["submission", "version"], name="receipt_once_a_version")]

    def __str__(self) -> str:
        return self.sha256
