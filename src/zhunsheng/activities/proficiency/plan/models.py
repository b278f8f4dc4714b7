"""What was planned and announced of a round: days, rules, promises, items and the methods allowed."""

import uuid

from django.db import models

from zhunsheng.activities.proficiency.models import Round, RoundMeasurand
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.journal.append_only import AppendOnly
from zhunsheng.registry.catalogue.models import Matrix, Method


class Plan(models.Model):
    """The plan of one round; moments are instants, told in the round's zone."""

    round = models.OneToOneField(Round, on_delete=models.CASCADE, primary_key=True, related_name="plan")
    zone = models.CharField(max_length=40, default="Asia/Shanghai", help_text="name in the tz database")
    enrol_until = models.DateTimeField(help_text="the last instant of enrolment")
    ship_on = models.DateField(help_text="the day on which items leave the provider")
    results_until = models.DateTimeField(help_text="the last instant at which a result is in time")
    late = models.JSONField(default=dict, help_text="the late policy, see rules.late")
    expected = models.PositiveIntegerField(default=0, help_text="how many laboratories are expected; 0: not said")
    instructions_zh = models.TextField(blank=True)
    instructions_en = models.TextField(blank=True)
    previous = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, related_name="cloned_to")
    announced_at = models.DateTimeField(null=True)
    began_at = models.DateTimeField(null=True, help_text="when enrolment ended and codes were drawn")
    closed_at = models.DateTimeField(null=True, help_text="when the collection was closed")
    cancelled_because = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return str(self.round_id)

    @property
    def instructions(self) -> Text:
        return Text(en=self.instructions_en, zh=self.instructions_zh)


class Promise(AppendOnly):
    """The confidentiality statement of a round, a version each: shown at enrolment and accepted there."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="promises")
    version = models.PositiveSmallIntegerField()
    text_zh = models.TextField()
    text_en = models.TextField()
    receives = models.TextField(blank=True, help_text="who receives identities, as said in the statement")
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["round", "version"]
        constraints = [models.UniqueConstraint(fields=["round", "version"], name="promise_version_once_a_round")]

    def __str__(self) -> str:
        return f"{self.round_id} v{self.version}"

    @property
    def text(self) -> Text:
        return Text(en=self.text_en, zh=self.text_zh)


class Item(models.Model):
    """A proficiency test item of a round; `RoundMeasurand.item` names it by its code."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    matrix = models.ForeignKey(Matrix, on_delete=models.PROTECT, null=True, related_name="+")
    variants = models.PositiveSmallIntegerField(default=1, help_text="how many variants are handed out against copying")
    prepared = models.PositiveIntegerField(default=0, help_text="units prepared, spares included; 0: not said")

    class Meta:
        ordering = ["round", "position"]
        constraints = [
            models.UniqueConstraint(fields=["round", "position"], name="item_position_once_a_round"),
            models.UniqueConstraint(fields=["round", "code"], name="item_code_once_a_round"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> Text:
        return Text(en=self.name_en, zh=self.name_zh)


class AllowedMethod(models.Model):
    """A method that may be used for a measurand; where none is named, any may."""

    measurand = models.ForeignKey(RoundMeasurand, on_delete=models.CASCADE, related_name="allowed")
    method = models.ForeignKey(Method, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["measurand", "method"]
        constraints = [models.UniqueConstraint(fields=["measurand", "method"], name="method_allowed_once")]

    def __str__(self) -> str:
        return f"{self.measurand}: {self.method}"
