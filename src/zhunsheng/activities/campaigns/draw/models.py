"""Draws: what was promised, what was drawn, who was sent. Nothing here is ever edited; a draw is only drawn again.

Officers stand in the published file by number; who bears which number is a table of its own, for those who send them.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from zhunsheng.activities.campaigns.draw.rules.teams import RECUSALS
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.journal.append_only import AppendOnly
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Person

KINDS = [(reason, text.en) for reason, text in RECUSALS.items()]


class Competence(AppendOnly):
    """A field in which an officer may inspect, from a day to a day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=32, help_text="a field of the catalogue")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="competence_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.field}"


class Interest(AppendOnly):
    """Why an officer may not be sent to a laboratory, from a day to a day, as declared."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=KINDS)
    detail = models.TextField(blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="interest_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.institution}: {self.kind}"


class Draw(models.Model):
    """One draw of an authority: where it stands, and the one secret that the authority itself keeps until the beacon is known."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.PROTECT,
        null=True,
        related_name="draws",
        help_text="those who take part are the frame",
    )
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    state = models.CharField(max_length=16, default="committed")
    beacon_on = models.DateField(help_text="from this day on it can be revealed")
    secret = models.CharField(max_length=64, help_text="the authority's own, hexadecimal; public once the draw is")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    reason_zh = models.TextField(blank=True, help_text="why the draw that this one replaces is drawn again")
    reason_en = models.TextField(blank=True)
    committed_at = models.DateTimeField()
    revealed_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-committed_at", "id"]
        indexes = [models.Index(fields=["authority", "-committed_at"])]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def title(self) -> Text:
        return Text(en=self.title_en, zh=self.title_zh)

    @property
    def reason(self) -> Text:
        return Text(en=self.reason_en, zh=self.reason_zh)


class FrozenList(AppendOnly):
    """What was frozen and promised: the list, its hash, and each party's hash of its secret."""

    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, related_name="frozen")
    content = models.BinaryField(help_text="canonical JSON of `list`")
    sha256 = models.CharField(max_length=64)
    promises = models.JSONField(help_text="SHA-256 of each party's secret, in the order of the parties")

    def __str__(self) -> str:
        return self.sha256


class OfficerNumber(AppendOnly):
    """Who bears which number in a draw; drawn anew for each, so that numbers tell nothing."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="numbers")
    number = models.CharField(max_length=16)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "number"], name="officer_number_once_a_draw"),
            models.UniqueConstraint(fields=["draw", "person"], name="officer_once_a_draw"),
        ]

    def __str__(self) -> str:
        return self.number


class Outcome(AppendOnly):
    """The finished draw file."""

    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, related_name="outcome")
    content = models.BinaryField(help_text="canonical JSON")
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.sha256


class DrawnLaboratory(AppendOnly):
    """A laboratory that was drawn: in which stratum, by which part, with which number."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="laboratories")
    position = models.PositiveIntegerField(help_text="in the order of the strata and of the draw")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    stratum = models.CharField(max_length=64)
    part = models.CharField(max_length=8)
    number = models.CharField(max_length=64)

    class Meta:
        ordering = ["draw", "position"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "position"], name="drawn_position_once"),
            models.UniqueConstraint(fields=["draw", "institution"], name="drawn_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.institution}"


class DrawnOfficer(AppendOnly):
    """An officer who was drawn for a laboratory."""

    laboratory = models.ForeignKey(DrawnLaboratory, on_delete=models.PROTECT, related_name="officers")
    position = models.PositiveSmallIntegerField()
    officer = models.ForeignKey(OfficerNumber, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["laboratory", "position"]
        constraints = [models.UniqueConstraint(fields=["laboratory", "officer"], name="officer_once_a_laboratory")]

    def __str__(self) -> str:
        return f"{self.laboratory}: {self.officer}"
