"""What a regulator asks: which institution, which capability, which day."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from zhunsheng.faces.days import DayField
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import t
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import standing
from zhunsheng.registry.institutions.queries.searching import matching

SUGGESTIONS = 12


def laboratories_like(words: str) -> QuerySet[Institution]:
    """Laboratories whose name, code or certificate holds these words, in the order of their names."""
    return standing().filter(matching(words), kind="laboratory").order_by("name_zh", "pk")


def exactly(words: str) -> QuerySet[Institution]:
    """Laboratories that bear exactly this name or code, or stand for an entry that does."""
    named = Q(name_zh__iexact=words) | Q(name_en__iexact=words) | Q(uscc__iexact=words)
    heads = Institution.objects.filter(named, kind="laboratory").values(head=Coalesce("merged_into", "pk"))
    return standing().filter(pk__in=heads)


class EligibilityForm(forms.Form):
    """May this laboratory be the subcontractor for this parameter in this matrix, on this day?"""

    institution = forms.CharField(
        label=words("Laboratory", "实验室"),
        help_text=words(
            "Name or unified social credit code; suggestions appear as you type.",
            "名称或统一社会信用代码；输入时显示建议。",
        ),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "laboratories", "autocomplete": "off", "type": "search"}),
    )
    parameter = forms.ModelChoiceField(
        label=words("Parameter", "参数"), queryset=Parameter.objects.all(), empty_label=words("choose…", "请选择")
    )
    matrix = forms.ModelChoiceField(
        label=words("in the matrix", "基质"), queryset=Matrix.objects.all(), empty_label=words("choose…", "请选择")
    )
    on = DayField(label=words("on the day", "日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    known_on = DayField(
        label=words("as known on", "登记截止日期"), required=False,
        help_text=words("What the registers knew when that day ended.", "以该日结束时登记的信息为准。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.candidates: list[Institution] = []

    def clean_institution(self) -> Institution:
        words = str(self.cleaned_data["institution"]).strip()
        found = list(exactly(words)[:2]) or list(laboratories_like(words)[: SUGGESTIONS + 1])
        if len(found) == 1:
            return found[0]
        self.candidates = found[:SUGGESTIONS]
        if found:
            raise fault(t("Several laboratories match: choose one below.", "有多家实验室符合，请在下方选择。"))
        raise fault(t("No laboratory in the register has this name or code.", "登记库中没有该名称或代码的实验室。"))

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if not date(2000, 1, 1) <= day <= date(2100, 1, 1):
            raise fault(t("Choose a day of this century.", "请选择合理的日期。"))
        return day

    def clean_known_on(self) -> date:
        day: date = self.cleaned_data["known_on"] or self.today
        if not date(2000, 1, 1) <= day <= self.today:
            raise fault(t("Choose today or an earlier day.", "请选择今天或更早的日期。"))
        return day
