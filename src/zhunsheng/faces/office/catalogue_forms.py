"""What the keepers of the catalogue fill in."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from zhunsheng.faces.days import DayField
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal.append_only import uncorrected
from zhunsheng.registry.catalogue.fields import FIELDS, field_name
from zhunsheng.registry.catalogue.models import Matrix, Standard, StandardState
from zhunsheng.registry.catalogue.queries import standards_named
from zhunsheng.registry.catalogue.rules.cas import cas_faults
from zhunsheng.registry.catalogue.rules.standard_numbers import normal
from zhunsheng.registry.catalogue.rules.writing import clean
from zhunsheng.registry.catalogue.states import STATES

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class NamesForm(forms.Form):
    """A name in both languages."""

    name_zh = forms.CharField(label=words("Name in Chinese", "中文名称"), max_length=200)
    name_en = forms.CharField(label=words("Name in English", "英文名称"), max_length=200)


class CodedForm(NamesForm):
    """Something new: a code that never changes, and its names."""

    code = forms.SlugField(
        label=words("Code", "代码"), max_length=64,
        help_text=words("Latin letters, digits, hyphens; it never changes.", "字母、数字、连字符；登记后不可更改。"),
    )  # fmt: skip
    field_order: tuple[str, ...] = ("code", "name_zh", "name_en")


class ParameterForm(NamesForm):
    cas = forms.CharField(label=words("CAS number", "CAS 号"), required=False, max_length=12)
    others_zh = forms.CharField(
        label=words("Other Chinese names", "中文别名"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000,
        help_text=words("One a line.", "每行一个。"),
    )  # fmt: skip
    others_en = forms.CharField(
        label=words("Other English names", "英文别名"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000,
        help_text=words("One a line.", "每行一个。"),
    )  # fmt: skip

    def clean_cas(self) -> str:
        cas = str(self.cleaned_data["cas"])
        if faults := cas_faults(cas):
            raise fault(faults[0])
        return clean(cas)

    @property
    def names(self) -> list[tuple[str, str]]:
        """The other names, with their language."""
        lines = [("zh", self.cleaned_data["others_zh"]), ("en", self.cleaned_data["others_en"])]
        return [
            (language, line.strip()[:200]) for language, text in lines for line in text.splitlines() if line.strip()
        ]


class NewParameterForm(CodedForm, ParameterForm):
    field_order: tuple[str, ...] = ("code", "name_zh", "name_en", "cas", "others_zh", "others_en")


class MatrixForm(NamesForm):
    field = forms.ChoiceField(label=words("Field", "领域"))
    within = forms.ModelChoiceField(
        label=words("Within", "上级基质"), queryset=Matrix.objects.all(), required=False,
        empty_label=words("none: it stands at the top", "无（最上级）"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        used: Iterable[str] = Matrix.objects.order_by("field").values_list("field", flat=True).distinct()
        listed = {**{code: field_name(code) for code in used}, **FIELDS}
        self.fields["field"].choices = list(listed.items())  # type: ignore[attr-defined]


class NewMatrixForm(CodedForm, MatrixForm):
    field_order: tuple[str, ...] = ("code", "name_zh", "name_en", "field", "within")


class StandardField(forms.CharField):
    """A standard of the catalogue by its number, however it is typed."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"list": "standards", "autocomplete": "off", "type": "search"}
        super().__init__(max_length=64, widget=forms.TextInput(attrs=attributes), **kwargs)

    def clean(self, value: Any) -> Any:
        if not (typed := super().clean(value)):
            return None
        if (found := Standard.objects.filter(number=normal(typed)).first()) is not None:
            return found
        near = list(standards_named(typed)[:2])
        if len(near) == 1:
            return near[0]
        raise fault(t("“{x}” is not in the catalogue.", "标准目录中没有“{x}”。", x=typed))


class MethodForm(NamesForm):
    standard = StandardField(label=words("Rests on the standard", "依据标准"), required=False)


class NewMethodForm(MethodForm):
    number = forms.CharField(label=words("Number", "编号"), max_length=64)
    field_order: tuple[str, ...] = ("number", "name_zh", "name_en", "standard")


class NewStandardForm(NamesForm):
    number = forms.CharField(
        label=words("Number with year", "标准编号（含年代号）"), max_length=64,
        help_text=words("GB 5009.17-2021; full-width signs and missing spaces are mended.", "如 GB 5009.17-2021；全角字符和空格自动规范。"),
    )  # fmt: skip
    field_order: tuple[str, ...] = ("number", "name_zh", "name_en")


class StateForm(forms.Form):
    """From a day on, a standard is in a state, says a source."""

    state = forms.ChoiceField(label=words("State", "状态"), choices=list(STATES.items()))
    valid_from = DayField(label=words("From the day", "生效日期"), widget=DATE)
    replacement = StandardField(label=words("Replaced by", "被何标准代替"), required=False)
    source = forms.CharField(
        label=words("Source", "依据"), max_length=300,
        help_text=words("The announcement, or the catalogue and the day it was read.", "公告文号，或标准目录名称及查阅日期。"),
    )  # fmt: skip
    supersedes = forms.ModelChoiceField(
        label=words("Corrects", "更正哪条记录"), queryset=StandardState.objects.none(), required=False,
        empty_label=words("nothing: it is new", "无（新增记录）"),
    )  # fmt: skip

    def __init__(self, *args: Any, standard: Standard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        standing = standard.states.filter(uncorrected(StandardState))
        field: Any = self.fields["supersedes"]
        field.queryset = standing
        field.label_from_instance = lambda row: f"{STATES[row.state]}, {row.valid_from.isoformat()} ({row.source})"

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if not date(1949, 10, 1) <= day <= date(2100, 1, 1):
            raise fault(t("This day lies too far away.", "日期超出合理范围。"))
        return day


class EditionForm(NewStandardForm):
    """The edition that replaces another."""

    published_on = DayField(label=words("Published on", "发布日期"), widget=DATE)
    in_force_from = DayField(label=words("In force from", "实施日期"), widget=DATE)
    source = forms.CharField(label=words("Source", "依据"), max_length=300)
    field_order: tuple[str, ...] = ("number", "name_zh", "name_en", "published_on", "in_force_from", "source")
