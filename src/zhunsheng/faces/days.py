"""A day as a form takes it: one that can be meant, else a sentence beside the field."""

from typing import Any

from django import forms
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
