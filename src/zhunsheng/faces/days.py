"""A day or a moment as a form takes it: one that can be meant, else a sentence beside the field."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from zhunsheng.faces.lists import EARLIEST, LATEST
from zhunsheng.faces.wording import words

MEANT = words("Choose a day from 1950 to 2100.", "请选择 1950 年至 2100 年之间的日期。")


class DayField(forms.DateField):
    """A date between the days on which pages answer: year 9999 is a slip of the hand, and nothing can be added to it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **said: Any) -> None:
        super().__init__(**said)
        self.validators += [MinValueValidator(EARLIEST, message=MEANT), MaxValueValidator(LATEST, message=MEANT)]


NO_SUCH_MOMENT = words(
    "Clocks are put forward then, so this time does not exist.", "当地时钟在此时拨快，该时间不存在。"
)
NOT_A_MOMENT = words("Give a day and a time, like 2026-05-29 17:00.", "请填写日期和时间，例如 2026-05-29 17:00。")


class MomentField(forms.Field):
    """A day with its time, as written; which instant it is depends on the zone, see `instant`."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
        except ValueError:
            raise ValidationError(NOT_A_MOMENT) from None
        if found.tzinfo is not None or not EARLIEST <= found.date() <= LATEST:
            raise ValidationError(MEANT if found.tzinfo is None else NOT_A_MOMENT)
        return found


def instant(written: datetime, zone: ZoneInfo) -> datetime:
    """The instant that clocks of a zone show so; the first of two where they are put back. Raises ValidationError for none."""
    found = written.replace(tzinfo=zone).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) != written:
        raise ValidationError(NO_SUCH_MOMENT)
    return found


def written_in(moment: datetime, zone: str) -> datetime:
    """What clocks of a zone show at an instant."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def told_in(moment: datetime, zone: str) -> str:
    """An instant with the zone in which it is told, like 2026-05-29 17:00 (Asia/Shanghai)."""
    return f"{written_in(moment, zone):%Y-%m-%d %H:%M} ({zone})"
