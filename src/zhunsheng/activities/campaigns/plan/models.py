"""Campaigns, their stages with the days and gates of regions, who takes part, what is to be done, and what was met about."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from zhunsheng.activities.campaigns.plan.states import CAMPAIGN, STAGES
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.journal.append_only import AppendOnly
from zhunsheng.registry.institutions.models import Institution


class Campaign(models.Model):
    """One campaign of an authority: its text, its area, the rules it is judged by, and where it stands."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="campaigns")
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    sections = models.JSONField(default=list, help_text="the parts of the plan: key, zh, en")
    region_code = models.CharField(max_length=6, blank=True, help_text="empty: the whole country")
    fields = models.JSONField(default=list, help_text="codes of fields; none: all")
    commitment_zh = models.TextField(blank=True, help_text="what the responsible person of an institution signs")
    commitment_en = models.TextField(blank=True)
    rulepack = models.TextField(blank=True, help_text="id of the rule pack in force on the day of publishing")
    rulepack_sha256 = models.CharField(max_length=64, blank=True, help_text="SHA-256 of what that pack says")
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="cloned_to")
    state = models.CharField(max_length=12, default=CAMPAIGN.initial)
    opens_on = models.DateField()
    closes_on = models.DateField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    enrolled_at = models.DateTimeField(null=True, help_text="when everybody who takes part was enrolled")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["authority", "-created_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(CAMPAIGN.states)), name="campaign_state_is_one"),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="campaign_closes_after_it_opens"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def title(self) -> Text:
        return Text(en=self.title_en, zh=self.title_zh)


class Stage(models.Model):
    """One stage of a campaign, and its days where a region has none of its own."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="stages")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=16)
    title_zh = models.CharField(max_length=100)
    title_en = models.CharField(max_length=100)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["campaign", "position"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "position"], name="stage_position_once"),
            models.UniqueConstraint(fields=["campaign", "key"], name="stage_once_a_campaign"),
            models.CheckConstraint(condition=Q(key__in=list(STAGES)), name="stage_key_is_one"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="stage_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def title(self) -> Text:
        return Text(en=self.title_en, zh=self.title_zh)


class RegionalDays(models.Model):
    """The days of a stage in one region, where they are not those of the whole campaign."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="regional")
    region_code = models.CharField(max_length=6)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["stage", "region_code"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "region_code"], name="regional_days_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="regional_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.region_code}: {self.starts_on} – {self.ends_on}"


class Gate(AppendOnly):
    """A gate that was passed: into or out of a stage, in a region, because all was done or because a person opened it."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="gates")
    region_code = models.CharField(max_length=6, blank=True)
    side = models.CharField(max_length=8, choices=[("entry", "entry"), ("exit", "exit")])
    met = models.BooleanField(help_text="whether what the gate asks for was done")
    found = models.JSONField(default=dict, help_text="what was counted: done, of")
    reason = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["opened_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "region_code", "side"], name="gate_opened_once"),
            models.CheckConstraint(condition=Q(met=True) | ~Q(reason=""), name="gate_met_or_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.region_code} {self.side}"


class Participant(models.Model):
    """An institution that takes part in a campaign, where it was and what it tested when it was enrolled."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="participants")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=6)
    fields = models.JSONField(default=list, help_text="codes of the fields it tested in")

    class Meta:
        ordering = ["campaign", "region_code", "id"]
        indexes = [models.Index(fields=["campaign", "region_code"])]
        constraints = [models.UniqueConstraint(fields=["campaign", "institution"], name="takes_part_once")]

    def __str__(self) -> str:
        return f"{self.institution}: {self.campaign}"


class Commitment(AppendOnly):
    """What the responsible person of an institution signed; a new text or person is a new row."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="commitments")
    responsible = models.CharField(max_length=100, help_text="the person whom the institution names")
    position = models.CharField(max_length=100, blank=True)
    text_sha256 = models.CharField(max_length=64)
    text_zh = models.TextField()
    text_en = models.TextField()
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["participant", "-signed_at", "-id"]

    def __str__(self) -> str:
        return self.responsible

    @property
    def text(self) -> Text:
        return Text(en=self.text_en, zh=self.text_zh)


class Meeting(AppendOnly):
    """A meeting of a campaign and its record."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="meetings")
    title = models.CharField(max_length=200)
    held_on = models.DateField()
    attended = models.TextField(blank=True, help_text="units and people, a line each")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-held_on", "-entered_at"]

    def __str__(self) -> str:
        return self.title


class AgendaPoint(AppendOnly):
    """A point of the agenda, and what was decided about it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="points")
    position = models.PositiveSmallIntegerField()
    agenda = models.CharField(max_length=300)
    decision = models.TextField(blank=True)

    class Meta:
        ordering = ["meeting", "position"]
        constraints = [models.UniqueConstraint(fields=["meeting", "position"], name="agenda_point_once")]

    def __str__(self) -> str:
        return self.agenda


class Task(models.Model):
    """What everybody of a role has to do by a day, from the plan or from a decision of a meeting."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="tasks")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, null=True, related_name="tasks")
    point = models.ForeignKey(AgendaPoint, on_delete=models.PROTECT, null=True, related_name="tasks")
    role = models.CharField(max_length=24)
    region_code = models.CharField(max_length=6, blank=True)
    text_zh = models.CharField(max_length=500)
    text_en = models.CharField(max_length=500)
    due_on = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["due_on", "set_at", "id"]

    def __str__(self) -> str:
        return str(self.text)

    @property
    def text(self) -> Text:
        return Text(en=self.text_en, zh=self.text_zh)


class Receipt(AppendOnly):
    """That somebody read a task, for which institution, and that it was done."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="receipts")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=[("read", "read"), ("done", "done")])
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["task", "at", "id"]
        constraints = [models.UniqueConstraint(fields=["task", "institution", "kind"], name="receipt_once")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.kind}"
