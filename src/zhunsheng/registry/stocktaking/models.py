"""Stock-takings, the returns of institutions, and the numbers of reports by quarter."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.calendar.validity import Known
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.stocktaking.states import RETURN, STOCKTAKING


class StockTaking(models.Model):
    """One call of an authority: for which region and fields, as of which day, until when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="stocktakings")
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    region_code = models.CharField(max_length=6, blank=True, help_text="empty: the whole country")
    fields = models.JSONField(default=list, help_text="codes of fields; none: all")
    as_of = models.DateField(help_text="the day of which the entries are asked")
    due_on = models.DateField()
    state = models.CharField(max_length=12, default=STOCKTAKING.initial)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    summary = models.JSONField(null=True, help_text="the roll-up as it was when closed")

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(STOCKTAKING.states)), name="stocktaking_state_is_one")
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def title(self) -> Text:
        return Text(en=self.title_en, zh=self.title_zh)


class Return(models.Model):
    """What one institution confirms; frozen when it does, with every point and the totals as they were."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stocktaking = models.ForeignKey(StockTaking, on_delete=models.PROTECT, related_name="returns")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="returns")
    state = models.CharField(max_length=12, default=RETURN.initial)
    remark = models.TextField(blank=True, help_text="what the institution wants to say")
    complete = models.PositiveSmallIntegerField(null=True, help_text="points of completeness that held when confirmed")
    consistent = models.PositiveSmallIntegerField(null=True, help_text="points of consistency that held when confirmed")
    complete_of = models.PositiveSmallIntegerField(
        null=True, help_text="of so many points of completeness that applied"
    )
    consistent_of = models.PositiveSmallIntegerField(
        null=True, help_text="of so many points of consistency that applied"
    )
    points = models.JSONField(null=True, help_text="every point as it was when confirmed")
    totals = models.JSONField(null=True, help_text="what was counted when confirmed")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True, help_text="why it was returned")

    class Meta:
        indexes = [models.Index(fields=["stocktaking", "state"]), models.Index(fields=["institution"])]
        constraints = [
            models.UniqueConstraint(fields=["stocktaking", "institution"], name="one_return_an_institution"),
            models.CheckConstraint(condition=Q(state__in=list(RETURN.states)), name="return_state_is_one"),
        ]

    def __str__(self) -> str:
        return f"{self.institution}: {self.state}"


class QuarterReports(Known):
    """How many reports an institution issued in a quarter; corrected by a new row."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="quarter_reports")
    quarter = models.CharField(max_length=6, help_text="2026Q1")
    reports = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "quarter"], condition=Q(superseded_at=None), name="quarter_once_an_institution"
            )
        ]

    def __str__(self) -> str:
        return f"{self.quarter}: {self.reports}"
