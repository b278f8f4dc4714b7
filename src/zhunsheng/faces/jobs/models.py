"""The job's row."""

import uuid

from django.conf import settings
from django.db import models


class Job(models.Model):
    """One piece of long work: what, for whom, how far, and when it last gave a sign of life."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=32)
    subject = models.CharField(max_length=64, db_index=True, help_text="what it works on: kind:id")
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=16, default="queued")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    fault_en = models.TextField(blank=True)
    fault_zh = models.TextField(blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "heartbeat"])]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=models.Q(state__in=["queued", "running"]),
                name="one_live_job_a_subject",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.state}"
