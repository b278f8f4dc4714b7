"""Parcels and what was said of their arrival. A laboratory stands here by its code alone."""

import uuid

from django.conf import settings
from django.db import models

from zhunsheng.activities.proficiency.models import Participation, Round
from zhunsheng.activities.proficiency.ship.rules.shipping import number_of
from zhunsheng.activities.proficiency.ship.states import PARCEL
from zhunsheng.foundation.journal.append_only import AppendOnly


class Parcel(models.Model):
    """The items of a round for one participant, in one package; a later one replaces it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="parcels")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="parcels")
    replacement = models.PositiveSmallIntegerField(default=0, help_text="0: the first; 1, 2 … replace what was before")
    reason = models.CharField(max_length=300, blank=True, help_text="why it replaces the one before")
    contents = models.JSONField(help_text="items and the variant of each, see rules.shipping.Content")
    state = models.CharField(max_length=12, default=PARCEL.initial)
    packed_at = models.DateTimeField()
    carrier = models.CharField(max_length=60, blank=True)
    tracking = models.CharField(max_length=60, blank=True)
    sent_on = models.DateField(null=True)
    expected_on = models.DateField(null=True)
    asked = models.CharField(max_length=300, blank=True, help_text="why the laboratory asks for a replacement")
    asked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["round", "participation__code", "replacement"]
        indexes = [models.Index(fields=["round", "state", "expected_on"])]
        constraints = [
            models.UniqueConstraint(fields=["participation", "replacement"], name="parcel_number_once"),
            models.CheckConstraint(condition=models.Q(state__in=list(PARCEL.states)), name="parcel_state_is_one"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return number_of(self.participation.code, self.replacement)


class Receipt(AppendOnly):
    """How a parcel arrived, as its receiver said."""

    parcel = models.OneToOneField(Parcel, on_delete=models.PROTECT, related_name="receipt")
    received_on = models.DateField()
    condition = models.CharField(max_length=12)
    temperature = models.CharField(max_length=10, blank=True, help_text="in °C, as written")
    remark = models.CharField(max_length=300, blank=True)
    on_behalf = models.BooleanField(default=False, help_text="entered by the provider, who was told")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.parcel_id} {self.condition}"
