"""Rectifications, what was submitted and judged, whether it helped, and the look-back."""

import uuid

from django.conf import settings
from django.db import models

from zhunsheng.activities.campaigns.inspection.models import Disposition, Finding
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.journal.append_only import AppendOnly
from zhunsheng.registry.institutions.models import Institution


class Rectification(models.Model):
    """How one finding is put right, under one decision."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="rectifications")
    disposition = models.ForeignKey(Disposition, on_delete=models.PROTECT, related_name="rectifications")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="rectifications")
    authority = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, default="open")
    opened_on = models.DateField()
    due_on = models.DateField()
    warnings = models.JSONField(default=list, help_text="what a reader of the day must be told, in both languages")
    effect_check = models.CharField(max_length=16)
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["authority", "state", "due_on"]),
            models.Index(fields=["institution", "due_on"]),
        ]
        constraints = [models.UniqueConstraint(fields=["finding", "disposition"], name="rectification_once_a_decision")]

    def __str__(self) -> str:
        return f"{self.finding_id}: {self.state}"


class Submission(AppendOnly):
    """What the institution says that it has done."""

    rectification = models.ForeignKey(Rectification, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    cause = models.TextField()
    correction = models.TextField()
    corrective_action = models.TextField()
    like_cases = models.TextField()
    sha256 = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["rectification", "number"], name="submission_number_once")]

    def __str__(self) -> str:
        return f"{self.rectification_id}: {self.number}"


class SubmittedFile(AppendOnly):
    """A file that proves it."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="files")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.attachment)


class Judgement(AppendOnly):
    """What the accepting authority said of a submission."""

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="judgement")
    outcome = models.CharField(max_length=16)
    reason = models.TextField()
    due_on = models.DateField(null=True, help_text="the new day of one that was given back")
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.outcome


class NewOrder(AppendOnly):
    """That a finding which was not put right, or without effect, is to be put right again, and by when."""

    rectification = models.ForeignKey(Rectification, on_delete=models.PROTECT, related_name="new_orders")
    reason = models.TextField()
    due_on = models.DateField()
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()

    class Meta:
        ordering = ["ordered_at", "pk"]

    def __str__(self) -> str:
        return f"{self.rectification_id}: {self.due_on}"


class EffectCheck(AppendOnly):
    """Whether it helped, as the check that was chosen at the opening has shown."""

    rectification = models.ForeignKey(Rectification, on_delete=models.PROTECT, related_name="effects")
    effective = models.BooleanField()
    basis = models.TextField(help_text="which test, sample or visit showed it")
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField()

    class Meta:
        ordering = ["judged_at"]

    def __str__(self) -> str:
        return str(self.effective)


class LookBack(models.Model):
    """A random sample of accepted rectifications that are looked at again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, default="promised")
    content = models.BinaryField(help_text="the frozen list, canonical JSON")
    sha256 = models.CharField(max_length=64)
    beacon_zh = models.CharField(max_length=200)
    beacon_en = models.CharField(max_length=200)
    beacon_on = models.DateField()
    value = models.CharField(max_length=128, blank=True)
    seed = models.CharField(max_length=64, blank=True)
    promised_at = models.DateTimeField()
    drawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-promised_at", "id"]

    def __str__(self) -> str:
        return self.sha256


class LookedBack(AppendOnly):
    """A rectification that was drawn."""

    look_back = models.ForeignKey(LookBack, on_delete=models.PROTECT, related_name="items")
    rectification = models.ForeignKey(Rectification, on_delete=models.PROTECT, related_name="look_backs")
    position = models.PositiveIntegerField()
    number = models.CharField(max_length=64)
    reopened = models.BooleanField(help_text="False where it had moved on since the list was frozen")

    class Meta:
        ordering = ["look_back", "position"]
        constraints = [models.UniqueConstraint(fields=["look_back", "rectification"], name="looked_back_once")]

    def __str__(self) -> str:
        return self.number


class SecondLook(AppendOnly):
    """What was found of a rectification that was drawn."""

    looked_back = models.OneToOneField(LookedBack, on_delete=models.PROTECT, related_name="second_look")
    held = models.BooleanField()
    reason = models.TextField()
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.held)
