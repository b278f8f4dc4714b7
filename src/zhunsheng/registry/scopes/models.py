"""Scope lines."""

import uuid

from django.db import models
from django.db.models import F, Q

from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.institutions.models import Institution


class ScopeLine(models.Model):
    """One line of a scope: parameter × matrix × method, with validity and when it became known."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="scope_lines")
    parameter = models.ForeignKey(Parameter, on_delete=models.PROTECT, related_name="+")
    matrix = models.ForeignKey(Matrix, on_delete=models.PROTECT, related_name="+")
    method = models.ForeignKey(Method, on_delete=models.PROTECT, related_name="+")
    instruments = models.ManyToManyField(Instrument, related_name="scope_lines")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["institution", "parameter", "matrix", "method"]
        indexes = [models.Index(fields=["parameter", "matrix", "valid_from"]), models.Index(fields=["institution"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="scope_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.parameter} / {self.matrix} / {self.method.number}"
