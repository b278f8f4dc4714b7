"""What was measured on items before they left, what it says, who receives which variant, what is sealed."""

import uuid

from django.conf import settings
from django.db import models

from zhunsheng.activities.proficiency.models import Participation, RoundMeasurand
from zhunsheng.activities.proficiency.plan.models import Item
from zhunsheng.activities.proficiency.prepare.states import Kind, Outcome
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.journal.append_only import AppendOnly


class Study(AppendOnly):
    """The results of one homogeneity or stability study of a measurand, as received; a later version supersedes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measurand = models.ForeignKey(RoundMeasurand, on_delete=models.PROTECT, related_name="studies")
    kind: models.CharField[Kind, Kind] = models.CharField(max_length=12)
    version = models.PositiveSmallIntegerField()
    rows = models.JSONField(help_text="units with their group and the texts of their replicates")
    sha256 = models.CharField(max_length=64, help_text="of the rows as canonical JSON")
    unit = models.CharField(max_length=40, blank=True)
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+", help_text="as received")
    sheet = models.CharField(max_length=100, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["measurand", "kind", "version"]
        verbose_name_plural = "studies"
        constraints = [
            models.UniqueConstraint(fields=["measurand", "kind", "version"], name="study_version_once_a_measurand")
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"


class Verdict(AppendOnly):
    """What the engine made of a study with the σ_pt of then; judged again, it is a new row."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="verdicts")
    number = models.PositiveSmallIntegerField()
    against = models.ForeignKey(
        Study, on_delete=models.PROTECT, null=True, related_name="+",
        help_text="the homogeneity study that stands for the first group of a stability study of one group",
    )  # fmt: skip
    sigma = models.CharField(max_length=40, blank=True, help_text="what was used as σ_pt; empty: not known then")
    outcome: models.CharField[Outcome, Outcome] = models.CharField(max_length=12)
    figures = models.JSONField()
    method = models.CharField(max_length=200)
    engine = models.CharField(max_length=40)
    n = models.PositiveIntegerField(help_text="how many results were used")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["study", "number"]
        constraints = [models.UniqueConstraint(fields=["study", "number"], name="verdict_number_once_a_study")]

    def __str__(self) -> str:
        return f"{self.study_id} {self.outcome}"


class Waiver(AppendOnly):
    """A person lets items go although this verdict, or the lack of one, speaks against it; a later verdict ends it."""

    measurand = models.ForeignKey(RoundMeasurand, on_delete=models.PROTECT, related_name="waivers")
    kind: models.CharField[Kind, Kind] = models.CharField(max_length=12)
    verdict = models.OneToOneField(Verdict, on_delete=models.PROTECT, null=True, related_name="waiver")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["measurand", "kind"], condition=models.Q(verdict=None), name="waiver_without_verdict_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.measurand_id} {self.kind}"


class Assignment(AppendOnly):
    """The variant of an item that a participant receives; the newest counts."""

    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="variants")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="assignments")
    number = models.PositiveSmallIntegerField(default=1)
    variant = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300, blank=True, help_text="why it replaces an earlier one")
    at = models.DateTimeField()

    class Meta:
        ordering = ["participation", "item", "number"]
        constraints = [
            models.UniqueConstraint(fields=["participation", "item", "number"], name="assignment_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.participation_id} {self.variant}"


class Seal(AppendOnly):
    """An assigned value, out of sight until the deadline, and the commitment that shows it was not changed since."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measurand = models.ForeignKey(RoundMeasurand, on_delete=models.PROTECT, related_name="seals")
    variant = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveSmallIntegerField()
    assigned = models.CharField(max_length=40)
    u = models.CharField(max_length=40, blank=True)
    canonical = models.TextField(help_text="what is committed to, with the salt; see rules.sealing")
    commitment = models.CharField(max_length=64, help_text="SHA-256 of the canonical JSON")
    reason = models.CharField(max_length=300, blank=True, help_text="why it takes the place of an earlier one")
    sealed_at = models.DateTimeField()
    sealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["measurand", "variant", "version"]
        constraints = [models.UniqueConstraint(fields=["measurand", "variant", "version"], name="seal_version_once")]

    def __str__(self) -> str:
        return self.commitment


class Opening(AppendOnly):
    """A seal was opened after the deadline, and its value taken for the evaluation."""

    seal = models.OneToOneField(Seal, on_delete=models.PROTECT, related_name="opening")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return str(self.seal_id)
