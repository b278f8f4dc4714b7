"""Visits, what was looked at and found, what proves it, who signed, what was decided."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from zhunsheng.activities.campaigns.draw.models import DrawnLaboratory
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.journal.append_only import AppendOnly
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Person


class Inspection(models.Model):
    """One visit: an authority sends officers to an institution, for a period, in a campaign or outside of one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, related_name="inspections")
    authority = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="inspections")
    drawn = models.OneToOneField(DrawnLaboratory, on_delete=models.PROTECT, null=True, related_name="inspection")
    number = models.CharField(max_length=40, help_text="of the task letter")
    state = models.CharField(max_length=16, default="sent")
    on = models.DateField(help_text="first day of the task")
    until = models.DateField(help_text="last day of the task: officers see the institution no longer")
    reason_zh = models.TextField(blank=True, help_text="what is to be looked at, or why the task was cancelled")
    reason_en = models.TextField(blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="signed, or cancelled")

    class Meta:
        ordering = ["-on", "id"]
        indexes = [models.Index(fields=["authority", "-on"]), models.Index(fields=["institution", "-on"])]
        constraints = [
            models.UniqueConstraint(fields=["authority", "number"], name="task_letter_number_once"),
            models.CheckConstraint(condition=Q(until__gte=F("on")), name="task_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.institution}"

    @property
    def reason(self) -> Text:
        return Text(en=self.reason_en, zh=self.reason_zh)


class Officer(models.Model):
    """An officer on a task, until replaced."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="officers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    replaced_at = models.DateTimeField(null=True)
    replaced_why = models.TextField(blank=True)

    class Meta:
        ordering = ["inspection", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "person"], condition=Q(replaced_at=None), name="officer_once_a_task"
            )
        ]
        indexes = [models.Index(fields=["person"], condition=Q(replaced_at=None), name="tasks_of_an_officer")]

    def __str__(self) -> str:
        return f"{self.person}: {self.inspection_id}"


class Extension(AppendOnly):
    """That a task goes on longer than its letter said, and why."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="extensions")
    until_before = models.DateField()
    until = models.DateField()
    reason_zh = models.TextField()
    reason_en = models.TextField()
    extended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    extended_at = models.DateTimeField()

    class Meta:
        ordering = ["extended_at", "pk"]

    def __str__(self) -> str:
        return f"{self.inspection_id}: {self.until}"

    @property
    def reason(self) -> Text:
        return Text(en=self.reason_en, zh=self.reason_zh)


class Declaration(AppendOnly):
    """What an officer answered on the day: does anything stand in the way of judging this institution?"""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="declarations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    free = models.BooleanField()
    detail = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.person}: {self.free}"


class Look(AppendOnly):
    """What an officer said of one point of the checklist; a later one of the same officer stands for it, both are kept."""

    id = models.UUIDField(primary_key=True, editable=False, help_text="made on the phone")
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="looks")
    officer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=8)
    outcome = models.CharField(max_length=16)
    note = models.TextField(blank=True)
    seen_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["seen_at", "id"]
        indexes = [models.Index(fields=["inspection", "code"])]

    def __str__(self) -> str:
        return f"{self.code}: {self.outcome}"


class Finding(models.Model):
    """What was found: facts, the day of the act, and the rules of that day. Only its state changes."""

    id = models.UUIDField(primary_key=True, editable=False, help_text="made on the phone")
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="findings")
    code = models.CharField(max_length=8)
    grade = models.CharField(max_length=16)
    facts = models.TextField()
    act_on = models.DateField(help_text="day of the act")
    place = models.CharField(max_length=200, blank=True)
    pack = models.TextField(help_text="id of the rule pack in force on the day of the act")
    pack_sha256 = models.CharField(max_length=64)
    articles = models.JSONField(help_text="candidate articles with what follows, as the pack says")
    fine_cap_cny = models.PositiveIntegerField(null=True, help_text="the highest that any candidate allows")
    suspicion = models.UUIDField(null=True, help_text="what a screen of logs had suspected, if it came from there")
    state = models.CharField(max_length=16, default="recorded")
    withdrawn_why = models.TextField(blank=True)
    found_at = models.DateTimeField(help_text="when it was written down, by the phone's clock")
    found_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["inspection", "found_at", "id"]
        indexes = [models.Index(fields=["code", "act_on"]), models.Index(fields=["state", "code"])]
        constraints = [
            models.UniqueConstraint(
                fields=["suspicion"], condition=Q(suspicion__isnull=False), name="suspicion_taken_up_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.act_on}"


class Exhibit(AppendOnly):
    """A photograph, a file or a note that proves something: when and where it was taken, and its hash from that moment."""

    id = models.UUIDField(primary_key=True, editable=False, help_text="made on the phone")
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="exhibits")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, related_name="exhibits")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    place = models.CharField(max_length=200, blank=True)
    position = models.CharField(max_length=80, blank=True, help_text="of the phone, as it said: a geo URI (RFC 5870)")
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["taken_at", "id"]

    def __str__(self) -> str:
        return self.name


class Record(AppendOnly):
    """The record of a visit as it was closed: what is signed."""

    inspection = models.OneToOneField(Inspection, on_delete=models.PROTECT, related_name="record")
    content = models.BinaryField(help_text="canonical JSON")
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.sha256


class Signature(AppendOnly):
    """An officer's signature under the record, or the institution's, or its refusal."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="signatures")
    officer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    manner = models.CharField(max_length=16)
    name = models.CharField(max_length=200)
    statement = models.TextField(blank=True, help_text="what the institution said to it, or how it refused")
    record_sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "officer"], condition=Q(officer__isnull=False), name="officer_signs_once"
            ),
            models.UniqueConstraint(
                fields=["inspection"], condition=Q(officer__isnull=True), name="institution_signs_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.manner}"


class Disposition(models.Model):
    """A decision about findings of one visit, with its letter; what it says never changes, where it stands does."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="dispositions")
    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=16, default="issued")
    reasons = models.TextField()
    due_on = models.DateField(null=True)
    handed_to = models.CharField(max_length=200, blank=True)
    appeal_until = models.DateField()
    warnings = models.JSONField(default=list, help_text="what a reader of the days must be told, in both languages")
    letter = models.BinaryField(help_text="canonical JSON of what the letter says")
    sha256 = models.CharField(max_length=64)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, help_text="why the decision was upheld or revoked")

    class Meta:
        ordering = ["-decided_at", "id"]
        constraints = [models.UniqueConstraint(fields=["inspection", "number"], name="decision_number_once")]

    def __str__(self) -> str:
        return self.number


class DisposedFinding(AppendOnly):
    """A finding that a decision is about."""

    disposition = models.ForeignKey(Disposition, on_delete=models.PROTECT, related_name="items")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="dispositions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["disposition", "finding"], name="finding_once_a_decision")]

    def __str__(self) -> str:
        return f"{self.disposition_id}: {self.finding_id}"


class Appeal(AppendOnly):
    """What an institution says against a decision."""

    disposition = models.OneToOneField(Disposition, on_delete=models.PROTECT, related_name="appeal")
    grounds = models.TextField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.disposition)
