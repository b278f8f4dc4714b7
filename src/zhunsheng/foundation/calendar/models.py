"""Days that differ from their weekday, and which years came with the software."""

from django.conf import settings
from django.db import models

from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.calendar.states import DayKind


class CalendarDay(models.Model):
    """A day off, or a weekend day that is worked instead."""

    day = models.DateField(unique=True)
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.name.title()) for kind in DayKind])
    name_zh = models.CharField(max_length=60, blank=True)
    name_en = models.CharField(max_length=60, blank=True)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+",
        help_text="who entered it; nobody where it came with the software",
    )  # fmt: skip

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"

    @property
    def name(self) -> Text:
        return Text(en=self.name_en or self.name_zh, zh=self.name_zh or self.name_en)


class ShippedYear(models.Model):
    """A year of the software's own table that was entered, once: from then on it belongs to the people of the site."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.year)
