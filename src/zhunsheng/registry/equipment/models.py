"""Instruments and calibrations."""

import uuid

from django.db import models
from django.db.models import F, Q

from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.calendar.validity import Known
from zhunsheng.registry.equipment.rules import NO_NUMBER, Mark, mark
from zhunsheng.registry.institutions.models import Institution


class Instrument(models.Model):
    """One instrument of one institution."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="instruments")
    serial = models.CharField(max_length=64, help_text="as it stands on the plate")
    serial_key = models.CharField(
        max_length=64,
        db_index=True,
        default="",
        editable=False,
        help_text="the serial number without case, spaces and signs; empty where the plate bears none",
    )
    inventory_number = models.CharField(max_length=64, blank=True, help_text="the institution's own number for it")
    inventory_key = models.CharField(
        max_length=64, default="", editable=False, help_text="the same without case and signs"
    )
    manufacturer = models.CharField(max_length=200, blank=True)
    model = models.CharField(max_length=100, blank=True)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    retired_on = models.DateField(null=True, help_text="the last day on which it was used here")

    class Meta:
        ordering = ["serial"]
        indexes = [models.Index(fields=["serial"])]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "serial", "manufacturer", "model"],
                condition=~Q(serial_key=""),
                name="plate_once_an_institution",
            ),
            models.UniqueConstraint(
                fields=["institution", "inventory_key"], condition=~Q(inventory_key=""), name="inventory_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.serial}"

    @property
    def name(self) -> Text:
        return Text(en=self.name_en, zh=self.name_zh)

    @property
    def mark(self) -> Mark:
        return mark(self.serial, self.manufacturer, self.model, self.inventory_number)

    def take_keys(self) -> None:
        """Set what the numbers are compared by; a plate without a number says so."""
        self.serial = self.serial or NO_NUMBER
        self.serial_key, self.inventory_key = self.mark.serial, self.mark.inventory


class Calibration(Known):
    """A calibration or verification: good from the day it was done to the day before it is due again."""

    class Kind(models.TextChoices):
        CALIBRATION = "calibration"
        VERIFICATION = "verification"

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="calibrations")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.CALIBRATION)
    certificate = models.CharField(max_length=64)
    performed_by = models.CharField(max_length=200, blank=True)
    uncertainty = models.CharField(max_length=200, blank=True, help_text="as the certificate states it")
    valid_from = models.DateField()
    valid_to = models.DateField()

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="calibration_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["instrument", "certificate"], condition=Q(superseded_at=None), name="calibration_once"
            ),
        ]

    def __str__(self) -> str:
        return self.certificate
