"""Records that were really made; append-only, a correction is a new row."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.journal.append_only import AppendOnly
from zhunsheng.registry.institutions.models import Institution


class ManagementRecord(AppendOnly):
    """One record of a management system: of which kind, for which period, done on which day, with its document."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="management_records")
    kind = models.CharField(max_length=32, help_text="the key of a requirement")
    period = models.CharField(max_length=8, help_text="a year, or a quarter such as 2026Q1")
    held_on = models.DateField(help_text="the day on which it was done")
    title = models.CharField(max_length=200)
    made_by = models.CharField(max_length=100, help_text="who did it, as people there call them")
    document = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn = models.BooleanField(default=False, help_text="this row takes the superseded one back: it was not made")
    reason = models.TextField(blank=True, help_text="why it supersedes")
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="superseded_by")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-held_on", "pk"]
        indexes = [models.Index(fields=["institution", "period"]), models.Index(fields=["kind", "period"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn=False) | Q(supersedes__isnull=False), name="only_a_record_is_withdrawn"
            ),
            models.CheckConstraint(condition=~Q(supersedes=F("id")), name="no_record_supersedes_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.period}: {self.title}"

    @property
    def recorded_on(self) -> date:
        """The day of its entry, in the site's zone."""
        return timezone.localdate(self.recorded_at)
