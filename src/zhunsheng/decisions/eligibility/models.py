"""Decisions, frozen with the facts they rested on."""

import uuid

from django.conf import settings
from django.db import models

from zhunsheng.foundation.journal.append_only import AppendOnly
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.institutions.models import Institution


class Decision(AppendOnly):
    """One answer: the question, the facts (with the ids of the evidence), the policy's version, the trace."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    parameter = models.ForeignKey(Parameter, on_delete=models.PROTECT, related_name="+")
    matrix = models.ForeignKey(Matrix, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(help_text="the day the question is about")
    asked_for = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="+", help_text="the authority that asked"
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    policy = models.CharField(max_length=64, help_text="name/version")
    answer = models.CharField(max_length=8)
    facts = models.BinaryField(help_text="canonical JSON of all that the rules looked at")
    verdict = models.BinaryField(help_text="canonical JSON of the answer with its trace")
    sha256 = models.CharField(max_length=64, help_text="over facts and verdict")

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.parameter_id}: {self.answer}"
