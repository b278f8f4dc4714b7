"""Imports, what they would do, and the rows that failed."""

import uuid

from django.conf import settings
from django.db import models

from zhunsheng.foundation.attachments.models import Attachment, Draft
from zhunsheng.foundation.imports.states import IMPORT, Mode, Verdict
from zhunsheng.foundation.journal.append_only import AppendOnly


class Import(models.Model):
    """One file on its way into one register. Its file is a draft until it is applied, an attachment for ever afterwards."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    register = models.CharField(max_length=32)
    mode = models.CharField(max_length=4, choices=[(one.value, one.name) for one in Mode], default=Mode.ALL.value)
    state = models.CharField(max_length=12, default=IMPORT.initial)
    language = models.CharField(max_length=2, default="zh", help_text="of whoever sent it: the error file is in it")
    reach = models.JSONField(default=dict, help_text="what the sender may write, as the face said when it came")
    draft = models.ForeignKey(Draft, on_delete=models.SET_NULL, null=True, related_name="+")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, related_name="+")
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    header = models.JSONField(default=list, help_text="the header row as given")
    notes = models.JSONField(default=list, help_text="what was mended: [en, zh, how often, first row]")
    faults = models.JSONField(default=list, help_text="what is wrong with the file as such: [en, zh]")
    rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    checked_to = models.PositiveIntegerField(default=0, help_text="the last row of the file that was checked")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["started_by", "-started_at"])]

    def __str__(self) -> str:
        return f"{self.register} {self.filename}"


class Chunk(models.Model):
    """Some thousands of checked rows: what applying them would do, and whether it was done."""

    belongs_to = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="chunks")
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    new = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, help_text="over all that the chunk would write")
    applied = models.BooleanField(default=False)

    class Meta:
        ordering = ["first"]
        constraints = [models.UniqueConstraint(fields=["belongs_to", "first"], name="import_chunk_once")]

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


class StagedRow(models.Model):
    """A checked row: which thing it is about, and what it would change. New rows lie in tables of their own (`staging`)."""

    belongs_to = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="staged", db_index=False)
    row = models.PositiveIntegerField()
    key = models.CharField(max_length=64)
    verdict = models.CharField(max_length=9, choices=[(one.value, one.name) for one in Verdict])
    label = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=64, blank=True, help_text="under whose history its changes are kept: kind:id")
    changes = models.JSONField(null=True, help_text="[column, old, new]")
    operations = models.JSONField(null=True, help_text="what it does to rows that are there; see register.Operation")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["belongs_to", "key"], name="import_key_once"),
            models.UniqueConstraint(fields=["belongs_to", "row"], name="import_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.row} {self.verdict}"


class FailedRow(models.Model):
    """A row that did not go in: its cells as given, and why."""

    belongs_to = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="failures", db_index=False)
    row = models.PositiveIntegerField()
    cells = models.JSONField(null=True, help_text="None: to be read from the file again")
    reasons = models.JSONField(help_text="[column letters, heading en, heading zh, en, zh]")

    class Meta:
        ordering = ["row"]
        constraints = [models.UniqueConstraint(fields=["belongs_to", "row"], name="import_failed_row_once")]

    def __str__(self) -> str:
        return f"{self.row}"


class Change(AppendOnly):
    """What a file changed in a thing that was there: one column, before and after. New things have no before."""

    belongs_to = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="+")
    row = models.PositiveIntegerField()
    subject = models.CharField(max_length=64, db_index=True, help_text="what was changed: kind:id")
    label = models.CharField(max_length=200, blank=True, help_text="what the row of the file was about")
    column = models.CharField(max_length=40, help_text="a column of the register's file")
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.subject} {self.column}"
