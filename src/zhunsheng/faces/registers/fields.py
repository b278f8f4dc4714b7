"""The kinds of fields of the registers' forms: read as in a file; what cannot be meant is refused with the field's name."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.calendar.plausible import Lies, slip_in
from zhunsheng.foundation.imports.rules.cells import is_shortened, narrowed
from zhunsheng.registry import regions
from zhunsheng.registry.people.rules import identity_faults, normalised


class Day(forms.DateField):
    """A day that can be one; what was done lies in the past, what begins not far ahead."""

    def __init__(self, *, lies: Lies = Lies.ANYWHERE, **kwargs: Any) -> None:
        self.lies = lies
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and (slip := slip_in(day, timezone.localdate(), self.lies)):
            raise fault(t("{f}: {s}", "{f}：{s}", f=str(self.label), s=slip))
        return day


class Line(forms.CharField):
    """One line of text, without the signs that nobody can see."""

    def __init__(self, *, max_length: int = 200, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def clean(self, value: Any) -> str:
        text = "".join(c for c in str(value or "") if c.isprintable())
        return str(super().clean(" ".join(text.split())))


class Code(Line):
    """A code or number on a document: full-width letters and digits as half-width ones, nothing that a program shortened."""

    def clean(self, value: Any) -> str:
        code = super().clean(narrowed(str(value or ""), []))
        if is_shortened(code):
            raise fault(
                t(
                    "{f}: “{x}” is what a spreadsheet program made of a number. Copy it from the document.",
                    "{f}：“{x}”是电子表格软件显示的科学计数。请按证件填写完整编号。",
                    f=str(self.label), x=code,
                )
            )  # fmt: skip
        return code


class RegionCode(Code):
    """A code of GB/T 2260 that bears a name."""

    def __init__(self, **kwargs: Any) -> None:
        hint = words("Six digits, GB/T 2260; a former code is kept.", "GB/T 2260 六位代码，旧代码按原样保留。")
        digits = forms.TextInput(attrs={"class": "short", "inputmode": "numeric"})
        super().__init__(max_length=6, label=words("Region", "行政区划"), help_text=hint, widget=digits, **kwargs)

    def clean(self, value: Any) -> str:
        code = super().clean(value)
        if not (len(code) == 6 and code.isascii() and code.isdigit()) or regions.region(code, date.max) is None:
            raise fault(t("No region bears this code.", "没有该行政区划代码。"))
        return code


class IdentityNumber(Line):
    """A sound identity number, full-width digits and spaces put right; what is wrong with it is said without it."""

    def __init__(self, *, widget: type[forms.TextInput] = forms.TextInput, **kwargs: Any) -> None:
        super().__init__(
            label=words("Identity number", "身份证号"), max_length=32,
            help_text=words(
                "Only a keyed hash and a masked form are kept, never the number itself.", "仅保存加密摘要和遮蔽形式，不保存号码本身。"
            ),
            widget=widget(attrs={"autocomplete": "off", "class": "mono"}), **kwargs,
        )  # fmt: skip

    def clean(self, value: Any) -> str:
        number = normalised(super().clean(narrowed(str(value or ""), [])))
        if number and (faults := identity_faults(number, timezone.localdate())):
            raise fault(faults[0])
        return number


class Unrepeated(forms.TextInput):
    """What was typed is not in the page that comes back."""

    def format_value(self, value: Any) -> None:
        return None
