"""Institutions, their sites, contacts, certificates and risk classes."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.calendar.validity import Known
from zhunsheng.foundation.journal.append_only import AppendOnly
from zhunsheng.registry.institutions.states import LegalKind, Letter, Level


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
    former_names = models.TextField(blank=True, help_text="one a line")
    level = models.CharField(max_length=12, choices=[(one.value, one.name) for one in Level], blank=True)
    legal_kind = models.CharField(max_length=20, choices=[(one.value, one.name) for one in LegalKind], blank=True)
    legal_representative = models.CharField(max_length=100, blank=True)
    region_code = models.CharField(max_length=6, help_text="GB/T 2260, six digits, as it was when registered")
    address = models.CharField(max_length=300, blank=True)
    latitude = models.FloatField(null=True, help_text="degrees north, WGS 84")
    longitude = models.FloatField(null=True, help_text="degrees east, WGS 84")
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged", editable=False, db_index=False,
        help_text="the entry that a person found to be the same institution; always one that is not merged itself",
    )  # fmt: skip
    merged_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["name_zh"]
        indexes = [
            models.Index(fields=["kind", "region_code"]),
            models.Index(fields=["name_zh"]),
            models.Index(fields=["name_en"]),
            # Almost no entry is merged: an index full of nothing would be judged useless by SQLite's statistics.
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="merged_entries"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None, merged_at=None) | Q(merged_into__isnull=False, merged_at__isnull=False),
                name="merged_with_its_moment",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="not_merged_into_itself"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def name(self) -> Text:
        return Text(en=self.name_en, zh=self.name_zh)


class Site(models.Model):
    """A place where an institution works, from a day to a day; scope lines name it, so it keeps its key when it is mended."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="sites")
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True)
    region_code = models.CharField(max_length=6, help_text="GB/T 2260, six digits")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="site_ends_after_it_begins"
            ),
            models.UniqueConstraint(fields=["institution", "name_zh"], name="site_name_once"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def name(self) -> Text:
        return Text(en=self.name_en, zh=self.name_zh)


class Contact(models.Model):
    """Whom to ask in an institution; seen by the institution itself and the authorities above it."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution", "name"], name="contact_once")]

    def __str__(self) -> str:
        return self.name


class Certificate(Known):
    """A mandatory approval (CMA) or an accreditation (CNAS) with its validity."""

    class Scheme(models.TextChoices):
        CMA = "CMA"
        CNAS = "CNAS"

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="certificates")
    scheme = models.CharField(max_length=8, choices=Scheme.choices)
    number = models.CharField(max_length=32)
    issuer = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField()

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="certificate_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["scheme", "number", "valid_from"],
                condition=Q(superseded_at=None),
                name="certificate_period_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.number}"


class RiskClass(AppendOnly):
    """The credit-risk class of an institution from a day to a day, with the reason given by who classified."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="risk_classes")
    letter = models.CharField(max_length=1, choices=[(one.value, one.name) for one in Letter])
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    reason = models.TextField()
    source = models.CharField(max_length=200, help_text="the decision or file that it was taken from")
    published_at = models.DateTimeField(null=True, help_text="from when the institution itself may see it")
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by", help_text="the row that it corrects"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="risk_class_ends_after_it_begins"
            ),
            # A correction keeps institution and first day and follows one row alone, so that of each day one chain is current.
            models.UniqueConstraint(
                fields=["institution", "valid_from"], condition=Q(supersedes=None), name="risk_class_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.valid_from.isoformat()}"


class PossibleDuplicate(models.Model):
    """Two entries that the last search found alike; a suspicion, replaced by the next search, settled by a person."""

    first = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="+")
    reasons = models.JSONField(help_text="what they have in common: a list of [code, what it is]")
    weight = models.FloatField(help_text="the sum of the weights of the reasons")
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["-weight", "id"]
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="suspected_once")]

    def __str__(self) -> str:
        return f"{self.first} ~ {self.second}"


class NotTheSame(AppendOnly):
    """A person looked at two entries and found two institutions: they are not suspected again, unless that is taken back.

    Of one pair one decision stands at most; the verbs hold both entries while they look, since the earlier ones stay.
    """

    first = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["-decided_at", "-id"]
        indexes = [models.Index(fields=["first", "second"], name="not_the_same_pair")]
        constraints = [models.CheckConstraint(condition=Q(first__lt=F("second")), name="not_the_same_in_order")]

    def __str__(self) -> str:
        return f"{self.first} ≠ {self.second}"


class TakenBack(AppendOnly):
    """A person took back that two entries are not the same: they may be suspected again."""

    decision = models.OneToOneField(NotTheSame, on_delete=models.PROTECT, related_name="taken_back")
    reason = models.TextField()
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.decision} ?"


class Merge(models.Model):
    """A person found two entries to be one institution: what both said before, so that it can be undone."""

    kept = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField(help_text="what was changed by the choice of values: of the kept and of the merged entry")
    after = models.JSONField()
    moved = models.JSONField(help_text="keys of the entries that had been merged into the merged one")
    reason = models.TextField()
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    merged_at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-merged_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["merged"], condition=Q(undone_at=None), name="merged_once"),
        ]

    def __str__(self) -> str:
        return f"{self.merged} → {self.kept}"
