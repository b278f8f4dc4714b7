"""The journal's one table."""

from django.conf import settings
from django.db import models

from zhunsheng.foundation.journal.append_only import AppendOnly


class Entry(AppendOnly):
    """One act. `canonical` holds the very bytes that `leaf_hash` covers, so a check never re-serialises."""

    verb = models.CharField(max_length=64)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    subject = models.CharField(max_length=64, db_index=True, help_text="what it was done to: kind:id")
    touched = models.PositiveIntegerField(help_text="how many rows the act touched")
    set_digest = models.CharField(max_length=64, help_text="SHA-256 over those rows")
    canonical = models.BinaryField()
    leaf_hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["verb", "at"])]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject} {self.at:%Y-%m-%d %H:%M}"
