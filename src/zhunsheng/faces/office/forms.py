"""What coordinators fill in: a results file, the round it becomes, the settings of its evaluation."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from intercomp import ASSIGNED_METHODS, SIGMA_METHODS

from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.rules.reported_values import read_value
from zhunsheng.activities.proficiency.rules.results_file import MeasurandResults
from zhunsheng.faces.days import DayField
from zhunsheng.faces.evaluations import method_name
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.catalogue.models import Matrix, Named, Parameter
from zhunsheng.registry.institutions.models import Institution

GIVEN = "given"
_ZERO = t("Must be 0 or more.", "必须大于或等于 0。")
_ABOVE_ZERO = t("Must be more than 0.", "必须大于 0。")
Choices = list[tuple[str, Text]]


def method_choices(methods: Mapping[str, str]) -> Choices:
    return [*((name, method_name(name)) for name in methods), (GIVEN, t("a given value →", "给定值 →"))]


class ResultsUpload(forms.Form):
    """The results of a round as a file."""

    file = forms.FileField(
        label=words("Results file (.xlsx or .csv)", "结果文件（.xlsx 或 .csv）"),
        help_text=words(
            "One row a result. Nothing is changed before you have seen what will happen.",
            "每行一个结果。确认预览之前不作任何更改。",
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_LIMIT:
            raise fault(t("The file is larger than {n} MB.", "文件超过 {n} MB。", n=settings.UPLOAD_LIMIT // 2**20))
        if PurePath(file.name).suffix.lower() not in {".csv", ".xlsx"}:
            raise fault(
                t("Save the table as .xlsx or .csv and upload it again.", "请将表格另存为 .xlsx 或 .csv 后重新上传。")
            )
        return file


class EvaluationSettings(forms.Form):
    """How the assigned value and σ_pt come about: by a method, or a value given from outside."""

    assigned_method = forms.ChoiceField(
        label=words("Assigned value", "指定值"), choices=method_choices(ASSIGNED_METHODS), initial="algorithm-a"
    )
    assigned_value = forms.CharField(label=words("Given value", "给定值"), required=False, max_length=40)
    u_assigned = forms.CharField(
        label=words("Its standard uncertainty u", "其标准不确定度 u"),
        required=False,
        max_length=40,
        help_text=words("For a consensus leave it empty: it is computed.", "采用公议值时留空，由系统计算。"),
    )
    sigma_method = forms.ChoiceField(
        label=words("Standard deviation for proficiency assessment", "能力评定标准差"),
        choices=method_choices(SIGMA_METHODS),
        initial="algorithm-a",
    )
    sigma_value = forms.CharField(label=words("Given value", "给定值"), required=False, max_length=40)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["u_assigned"] = self._number("u_assigned", least=_ZERO)
        given["assigned"] = self._choice("assigned", least=None)
        given["sigma"] = self._choice("sigma", least=_ABOVE_ZERO)
        return given

    def _choice(self, name: str, *, least: Text | None) -> str:
        method = str(self.cleaned_data.get(f"{name}_method", ""))
        if method != GIVEN:
            return method
        number = self._number(f"{name}_value", least=least)
        if not number:
            self.add_error(
                f"{name}_value", fault(t("Write the value, or choose a method.", "请填写数值，或选择一种方法。"))
            )
        return number

    def _number(self, field: str, *, least: Text | None) -> str:
        """The number in plain digits, read as in a results file; "" where nothing is written."""
        text = str(self.cleaned_data.get(field) or "").strip()
        value = read_value(text)
        if value.kind == "blank":
            return ""
        if value.kind != "number":
            self.add_error(
                field, fault(t("“{x}” is not a number such as 0.044.", "“{x}”不是数字（例如 0.044）。", x=text))
            )
            return text
        number = float(value.number)
        if least is not None and (number < 0 or (number == 0 and least is _ABOVE_ZERO)):
            self.add_error(field, fault(least))
        return value.number

    @staticmethod
    def initial_of(round_: Round) -> dict[str, str]:
        """What the fields say for a round as it is set now."""
        assigned, sigma = round_.assigned in ASSIGNED_METHODS, round_.sigma in SIGMA_METHODS
        return {
            "assigned_method": round_.assigned if assigned else GIVEN,
            "assigned_value": "" if assigned else round_.assigned,
            "u_assigned": round_.u_assigned,
            "sigma_method": round_.sigma if sigma else GIVEN,
            "sigma_value": "" if sigma else round_.sigma,
        }


class RoundForm(EvaluationSettings):
    """Everything that a results file does not say about the round it becomes."""

    number = forms.CharField(label=words("Round number", "轮次编号"), max_length=40)
    title_zh = forms.CharField(label=words("Title in Chinese", "中文名称"), max_length=200)
    title_en = forms.CharField(label=words("Title in English", "英文名称"), max_length=200)
    performed_on = DayField(
        label=words("Day that the results speak of", "检测日期"),
        help_text=words("The evidence will carry this day.", "能力证据以此日期为准。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    commissioned_by = forms.ChoiceField(
        label=words("Identities are announced to", "实验室身份通报给"),
        required=False,
        help_text=words("Only if participants were told so when they enrolled.", "仅限报名时已告知参加实验室的情形。"),
    )
    field_order = ("number", "performed_on", "title_zh", "title_en", "commissioned_by")

    def __init__(self, *args: Any, provider: Institution, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.provider, self.today = provider, today
        self.authorities = {str(one.pk): one for one in Institution.objects.filter(kind="authority")}
        nobody = ("", t("nobody: codes only", "不通报（仅代码）"))
        field = self.fields["commissioned_by"]
        field.choices = [nobody, *((key, one.name) for key, one in self.authorities.items())]  # type: ignore[attr-defined]

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"])
        if Round.objects.filter(provider=self.provider, number=number).exists():
            raise fault(t("You already have a round {n}.", "已有编号为 {n} 的轮次。", n=number))
        return number

    def clean_performed_on(self) -> date:
        day: date = self.cleaned_data["performed_on"]
        if day > self.today:
            raise fault(t("This day is still to come.", "该日期尚未到来。"))
        return day

    def clean_commissioned_by(self) -> Institution | None:
        return self.authorities.get(self.cleaned_data["commissioned_by"])


class CatalogueForm(forms.Form):
    """For each measurand of the file: what it is in the catalogue, so that the results can become evidence."""

    def __init__(self, *args: Any, measurands: Sequence[MeasurandResults], title: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measurands = measurands
        self.parameters = {str(one.pk): one for one in Parameter.objects.all()}
        self.matrices = {str(one.pk): one for one in Matrix.objects.all()}
        for i, one in enumerate(measurands):
            said = f"{one.name} {title}"
            self.fields[f"parameter_{i}"] = _pick(words("Parameter", "参数"), self.parameters, said)
            self.fields[f"matrix_{i}"] = _pick(words("Matrix", "基质"), self.matrices, said)

    def lines(self) -> list[tuple[MeasurandResults, forms.BoundField, forms.BoundField]]:
        """A measurand with its two fields."""
        return [(one, self[f"parameter_{i}"], self[f"matrix_{i}"]) for i, one in enumerate(self.measurands)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for i in range(len(self.measurands)):
            names = (f"parameter_{i}", f"matrix_{i}")
            empty = [name for name in names if not given.get(name)]
            if len(empty) == 1:
                self.add_error(empty[0], fault(t("Choose both, or neither.", "两项须同时选择或同时留空。")))
        return given

    def catalogue(self) -> dict[int, tuple[Parameter, Matrix]]:
        """Position of the measurand → parameter and matrix, where both were chosen."""
        chosen = {}
        for i in range(len(self.measurands)):
            parameter = self.parameters.get(self.cleaned_data[f"parameter_{i}"])
            matrix = self.matrices.get(self.cleaned_data[f"matrix_{i}"])
            if parameter and matrix:
                chosen[i] = (parameter, matrix)
        return chosen


def _pick(label: str, rows: Mapping[str, Named], said: str) -> forms.ChoiceField:
    choices = [
        ("", t("not in the catalogue: no evidence", "不在目录中：不产生证据")),
        *((key, row.name) for key, row in rows.items()),
    ]
    initial = next((key for key, row in rows.items() if _mentions(said, row)), "")
    return forms.ChoiceField(label=label, choices=choices, required=False, initial=initial)


def _mentions(said: str, row: Named) -> bool:
    return row.name_zh in said or row.name_en.casefold() in said.casefold()
