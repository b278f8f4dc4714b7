"""Institutions and certificates."""

import uuid

from django.db import models
from django.db.models import F, Q

from zhunsheng.foundation.bilingual import Text


class Institution(models.Model):
    """A legal unit that tests, provides proficiency tests, or supervises."""

    class Kind(models.TextChoices):
        LABORATORY = "laboratory"
        PROVIDER = "provider"
        AUTHORITY = "authority"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    uscc = models.CharField("unified social credit code", max_length=18, unique=True, null=True)
    uscc_reason = models.TextField(blank=True, help_text="why a code that breaks the check-character rule is kept")
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    region_code = models.CharField(max_length=6, help_text="GB/T 2260, six digits")
    region_zh = models.CharField(max_length=60)
    region_en = models.CharField(max_length=60)
    address = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["name_zh"]
        indexes = [models.Index(fields=["kind", "region_code"]), models.Index(fields=["name_en"])]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def name(self) -> Text:
        return Text(en=self.name_en, zh=self.name_zh)

    @property
    def region(self) -> Text:
        return Text(en=self.region_en, zh=self.region_zh)


class Certificate(models.Model):
    """A mandatory approval (CMA) or an accreditation (CNAS) with its validity."""

    class Scheme(models.TextChoices):
        CMA = "CMA"
        CNAS = "CNAS"

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="certificates")
    scheme = models.CharField(max_length=8, choices=Scheme.choices)
    number = models.CharField(max_length=32)
    valid_from = models.DateField()
    valid_to = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="certificate_ends_after_it_begins"),
            models.UniqueConstraint(fields=["scheme", "number"], name="certificate_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.number}"
