"""The ledger's one table."""

import uuid

from django.db import models

from zhunsheng.foundation.journal.append_only import AppendOnly
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.institutions.models import Institution


class Evidence(AppendOnly):
    """One line: something was shown about one capability of one institution."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="evidence")
    parameter = models.ForeignKey(Parameter, on_delete=models.PROTECT, related_name="+")
    matrix = models.ForeignKey(Matrix, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=32)
    version = models.PositiveSmallIntegerField()
    payload = models.JSONField()
    occurred_on = models.DateField(help_text="when it was true")
    recorded_at = models.DateTimeField(help_text="when we knew")
    source = models.CharField(max_length=64, help_text="what it comes from: kind:id")
    source_sha256 = models.CharField(max_length=64)
    disclosed_to = models.ForeignKey(
        Institution, on_delete=models.PROTECT, null=True, related_name="+",
        help_text="the authority that, as announced at enrolment, may see it; else the institution alone",
    )  # fmt: skip
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="superseded_by")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="evidence")

    class Meta:
        ordering = ["-occurred_on", "-recorded_at"]
        indexes = [models.Index(fields=["institution", "parameter", "matrix", "occurred_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "institution", "parameter", "matrix", "kind"],
                condition=models.Q(supersedes=None),  # the same source may correct itself
                name="evidence_once_a_source",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.institution_id} {self.occurred_on}"
