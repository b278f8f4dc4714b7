"""Campaigns, their stages with the dates of regions, and the institutions that take part."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from zhunsheng.activities.campaigns.plan.states import CAMPAIGN, STAGES
from zhunsheng.foundation.bilingual import Text
from zhunsheng.registry.institutions.models import Institution


class Campaign(models.Model):
    """One campaign of an authority: its text, its area, the rules it is judged by, and where it stands."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="campaigns")
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    sections = models.JSONField(default=list, help_text="the parts of the plan: key, zh, en")
    region_code = models.CharField(max_length=6, blank=True, help_text="empty: the whole country")
    fields = models.JSONField(default=list, help_text="codes of fields; none: all")
    rulepack = models.CharField(
        max_length=64, blank=True, help_text="id of the rulebook's pack on the day of publishing"
    )
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="cloned_to")
    state = models.CharField(max_length=12, default=CAMPAIGN.initial)
    opens_on = models.DateField()
    closes_on = models.DateField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["authority", "-created_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(CAMPAIGN.states)), name="campaign_state_is_one"),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="campaign_closes_after_it_opens"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def title(self) -> Text:
        return Text(en=self.title_en, zh=self.title_zh)


class Stage(models.Model):
    """One stage of a campaign, and its days where a region has none of its own."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="stages")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=16)
    title_zh = models.CharField(max_length=100)
    title_en = models.CharField(max_length=100)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["campaign", "position"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "position"], name="stage_position_once"),
            models.UniqueConstraint(fields=["campaign", "key"], name="stage_once_a_campaign"),
            models.CheckConstraint(condition=Q(key__in=list(STAGES)), name="stage_key_is_one"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="stage_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def title(self) -> Text:
        return Text(en=self.title_en, zh=self.title_zh)


class Participant(models.Model):
    """An institution that takes part in a campaign, where it was and what it tested when it was enrolled."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="participants")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=6)
    fields = models.JSONField(default=list, help_text="codes of the fields it tested in")

    class Meta:
        ordering = ["campaign", "region_code", "id"]
        indexes = [models.Index(fields=["campaign", "region_code"])]
        constraints = [models.UniqueConstraint(fields=["campaign", "institution"], name="takes_part_once")]

    def __str__(self) -> str:
        return f"{self.institution}: {self.campaign}"
