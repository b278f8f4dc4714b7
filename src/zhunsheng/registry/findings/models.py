"""That a person settled a finding, and perhaps reopened it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from zhunsheng.registry.findings.states import Kind
from zhunsheng.registry.institutions.models import Institution


class Settlement(models.Model):
    """A finding with these facts is settled, until it is reopened; settled again, it has another row."""

    kind = models.CharField(max_length=12, choices=[(one.value, one.name.title()) for one in Kind])
    pair = models.CharField(max_length=80, help_text="keys of the two posts or instruments, in order")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the facts as they were")
    one = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    settled_at = models.DateTimeField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    settled_for = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+", help_text="the authority")
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reopened_for = models.ForeignKey(Institution, on_delete=models.PROTECT, null=True, related_name="+")
    reopened_because = models.TextField(blank=True)

    class Meta:
        ordering = ["settled_at", "id"]
        indexes = [models.Index(fields=["kind", "pair"])]
        constraints = [
            models.UniqueConstraint(fields=["digest"], condition=Q(reopened_at=None), name="settled_once"),
            models.CheckConstraint(
                condition=Q(reopened_at=None, reopened_because="")
                | (Q(reopened_at__isnull=False) & ~Q(reopened_because="")),
                name="reopened_with_a_reason",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="settled_with_a_reason"),
            models.CheckConstraint(condition=Q(kind__in=[one.value for one in Kind]), name="finding_kind_is_one"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pair}"
