"""Bulletins, the figures that were frozen for them, what people wrote into them, and what was released."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.summary.states import BULLETIN, KINDS
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.journal.append_only import AppendOnly
from zhunsheng.registry.institutions.models import Institution


class Bulletin(models.Model):
    """What an authority tells everybody a campaign came to. A corrigendum is a bulletin of its own, with a number and a reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="bulletins")
    number = models.PositiveSmallIntegerField(null=True, help_text="within the campaign, given at the release")
    state = models.CharField(max_length=12, default=BULLETIN.initial)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    reason_zh = models.TextField(blank=True, help_text="why the earlier one is corrected")
    reason_en = models.TextField(blank=True)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, help_text="when it was released or the draft was put away")

    class Meta:
        ordering = ["-begun_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(BULLETIN.states)), name="bulletin_state_is_one"),
            models.CheckConstraint(
                condition=Q(state__in=["released", "replaced"], number__isnull=False)
                | Q(state__in=["draft", "withdrawn"], number=None),
                name="bulletin_numbered_when_released",
            ),
            models.CheckConstraint(
                condition=Q(corrects=None) | ~(Q(reason_zh="") | Q(reason_en="")), name="corrigendum_has_a_reason"
            ),
            models.UniqueConstraint(fields=["campaign", "number"], name="bulletin_number_once"),
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(state="draft"), name="bulletin_one_draft_a_campaign"
            ),
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(state="released"), name="bulletin_one_stands_a_campaign"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign}: {self.number or self.state}"

    @property
    def reason(self) -> Text:
        return Text(en=self.reason_en, zh=self.reason_zh)


class Figures(AppendOnly):
    """The figures of a draft as they were computed once, with the method; computed again they are a new version."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="figures")
    version = models.PositiveSmallIntegerField()
    content = models.BinaryField(help_text="canonical JSON, in full: only the authority sees it")
    sha256 = models.CharField(max_length=64)
    method = models.CharField(max_length=40, help_text="name and version of the thresholds")
    n = models.PositiveIntegerField(help_text="institutions that take part")
    inspected = models.PositiveIntegerField(help_text="institutions of them whose record of a visit is signed")
    computed_at = models.DateTimeField()
    computed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["bulletin", "-version"]
        constraints = [models.UniqueConstraint(fields=["bulletin", "version"], name="figures_version_once")]

    def __str__(self) -> str:
        return f"{self.bulletin}: {self.version}"


class Passage(AppendOnly):
    """One version of a text that somebody wrote: the last of its key stands, unless it was taken out."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="passages")
    key = models.UUIDField()
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=[(key, key) for key in KINDS])
    code = models.CharField(max_length=8, blank=True, help_text="class of findings that a case is about")
    field = models.CharField(max_length=20, blank=True, help_text="field of the laboratory that a case is about")
    title_zh = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    text_zh = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64, help_text="of what it says and whom it names: a consent is to this")
    taken_out = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["bulletin", "key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "key", "version"], name="passage_version_once"),
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="passage_kind_is_one"),
            models.CheckConstraint(condition=Q(institution=None) | Q(kind="practice"), name="only_practice_is_named"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def title(self) -> Text:
        return Text(en=self.title_en, zh=self.title_zh)

    @property
    def text(self) -> Text:
        return Text(en=self.text_en, zh=self.text_zh)


class Consent(AppendOnly):
    """That an institution agreed to be named with a text exactly as it stands, or took that back; the last one stands."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="consents")
    sha256 = models.CharField(max_length=64, help_text="of the passage that was agreed to")
    given = models.BooleanField()
    by_whom = models.CharField(max_length=100, help_text="who said so for the institution")
    position = models.CharField(max_length=100)
    document = models.CharField(max_length=200, help_text="the letter or message in which it was said")
    said_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-recorded_at", "-id"]

    def __str__(self) -> str:
        return f"{self.institution}: {self.given}"


class Release(AppendOnly):
    """What was released, for ever: the paper in both languages, with figures that single nobody out."""

    bulletin = models.OneToOneField(Bulletin, on_delete=models.PROTECT, related_name="release")
    figures = models.ForeignKey(Figures, on_delete=models.PROTECT, related_name="+")
    content = models.BinaryField(help_text="canonical JSON")
    sha256 = models.CharField(max_length=64)
    released_at = models.DateTimeField()
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.sha256
