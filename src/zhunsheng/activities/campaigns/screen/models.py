"""Screens, the logs they were made of, the hits as they were found, and the questions that people settle."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.screen.rules.catalogue import BY_KEY, about
from zhunsheng.activities.campaigns.screen.rules.columns import LOGS
from zhunsheng.activities.campaigns.screen.rules.rule import Rule
from zhunsheng.activities.campaigns.screen.states import LOG, SCREEN, SUSPICION
from zhunsheng.foundation.attachments.models import Attachment, Draft
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.journal.append_only import AppendOnly
from zhunsheng.registry.institutions.models import Institution


class Screen(models.Model):
    """Logs that an authority looks through together."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, related_name="screens")
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    state = models.CharField(max_length=12, default=SCREEN.initial)
    rows = models.PositiveIntegerField(default=0, help_text="rows of all logs that were looked through")
    repeated = models.PositiveIntegerField(default=0, help_text="hits that had been asked about before")
    counts = models.JSONField(default=dict, help_text="rule → [hits, suspicions]")
    notes = models.JSONField(default=dict, help_text="column → [[text that the registers do not know, rows]]")
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-opened_at", "id"]
        indexes = [models.Index(fields=["authority", "-opened_at"])]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def title(self) -> Text:
        return Text(en=self.title_en, zh=self.title_zh)


class LogFile(models.Model):
    """One file of one log. A draft until it was read, kept for ever afterwards."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    screen = models.ForeignKey(Screen, on_delete=models.PROTECT, related_name="logs")
    kind = models.CharField(max_length=12, choices=[(key, kind.name.en) for key, kind in LOGS.items()])
    state = models.CharField(max_length=12, default=LOG.initial)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    draft = models.ForeignKey(Draft, on_delete=models.SET_NULL, null=True, related_name="+")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, related_name="+")
    rows = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0, help_text="rows that could not be read")
    faults = models.JSONField(default=list, help_text="what is wrong with the file as such: [en, zh]")
    bad_rows = models.BinaryField(null=True, help_text="Parquet: row, column, fault and the cells as sent")
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["received_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["screen", "sha256"], condition=~Q(state="refused"), name="log_file_once_a_screen"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Evidence(AppendOnly):
    """All hits of a screen as they were found (`rules.screening.EVIDENCE`), in the order of the suspicions."""

    screen = models.OneToOneField(Screen, on_delete=models.PROTECT, related_name="evidence")
    content = models.BinaryField(help_text="Parquet")
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.sha256


class Suspicion(models.Model):
    """A question to a laboratory, with the rows behind it. Never a penalty: a person settles it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    screen = models.ForeignKey(Screen, on_delete=models.PROTECT, related_name="suspicions")
    number = models.PositiveIntegerField(help_text="within the screen")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=32)
    code = models.CharField(max_length=3, help_text="class of finding that it may come to, F01 to F23")
    about = models.JSONField(help_text="what the rows have in common")
    state = models.CharField(max_length=12, default=SUSPICION.initial)
    first = models.PositiveIntegerField(help_text="its first line in the evidence of the screen")
    rows = models.PositiveIntegerField()
    opened_on = models.DateField(help_text="the first day of the acts")
    ended_on = models.DateField(help_text="the last day of the acts")
    pack = models.TextField(help_text="the pack of rules in force on those days")
    pack_sha256 = models.CharField(max_length=64)
    asked_at = models.DateTimeField(null=True, help_text="from then on the laboratory sees it")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["screen", "number"]
        indexes = [
            models.Index(fields=["institution", "state"]), models.Index(fields=["screen", "rule", "state"]),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(fields=["screen", "number"], name="suspicion_number_once"),
            models.CheckConstraint(condition=Q(ended_on__gte=F("opened_on")), name="suspicion_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(state__in=["asked", "answered"]) | Q(asked_at__isnull=False), name="asked_with_its_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def asked_by(self) -> Rule:
        return BY_KEY[self.rule]

    @property
    def title(self) -> Text:
        return about(self.asked_by, self.about)


class Statement(AppendOnly):
    """What was said about a suspicion: the question, the answer, the reason of the settlement."""

    suspicion = models.ForeignKey(Suspicion, on_delete=models.PROTECT, related_name="statements")
    verb = models.CharField(max_length=12, help_text="a transition of states.SUSPICION")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.verb}: {self.text[:40]}"
