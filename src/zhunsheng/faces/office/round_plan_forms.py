"""What a coordinator fills in for a plan: a scheme, the round, an item, a measurand, a clone, a moment put off."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError

from zhunsheng.activities.proficiency.models import Round, RoundMeasurand
from zhunsheng.activities.proficiency.plan.actions.arranging import MOST_VARIANTS, ItemSaid, MeasurandSaid
from zhunsheng.activities.proficiency.plan.actions.planning import Draft
from zhunsheng.activities.proficiency.plan.models import Item
from zhunsheng.activities.proficiency.plan.rules.planning import LATE, MOST_HOURS, Days, LatePolicy, check_zone
from zhunsheng.faces.days import DayField, MomentField, instant, written_in
from zhunsheng.faces.office.forms import EvaluationSettings
from zhunsheng.faces.scopes.fields import MatrixField, MethodField, ParameterField
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.catalogue.fields import FIELDS, field_name
from zhunsheng.registry.catalogue.models import Method
from zhunsheng.registry.institutions.models import Institution

DEFAULT_ZONE = "Asia/Shanghai"
LONGEST = 20_000


def passage(en: str, zh: str, rows: int = 5) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=words(en, zh), required=False, max_length=LONGEST, widget=widget)


def authorities() -> dict[str, Institution]:
    return {str(one.pk): one for one in Institution.objects.filter(kind="authority", merged_into=None)}


class AuthorityField(forms.ChoiceField):
    """One of the authorities, or nobody."""

    def __init__(self, **kwargs: Any) -> None:
        label = words("Commissioned by, and told identities", "委托部门（将获知实验室身份）")
        said = words("Only if the statement to participants says so.", "须在保密声明中载明。")
        super().__init__(label=label, help_text=said, required=False, **kwargs)
        self.known: dict[str, Institution] = {}

    def offer(self, known: dict[str, Institution]) -> None:
        self.known = known
        self.choices = [("", t("nobody: codes only", "不通报（仅代码）")), *((k, one.name) for k, one in known.items())]

    def clean(self, value: Any) -> Any:
        return self.known.get(super().clean(value))


class SchemeForm(forms.Form):
    """A scheme of the provider."""

    code = forms.CharField(label=words("Code", "计划代号"), max_length=40)
    title_zh = forms.CharField(label=words("Title in Chinese", "中文名称"), max_length=200)
    title_en = forms.CharField(label=words("Title in English", "英文名称"), max_length=200)
    field_code = forms.ChoiceField(label=words("Field", "领域"), required=False)
    commissioned_by = AuthorityField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", t("several", "多领域")), *((code, field_name(code)) for code in FIELDS)]
        self.fields["field_code"].choices = choices  # type: ignore[attr-defined]
        self.fields["commissioned_by"].offer(authorities())  # type: ignore[attr-defined]


class MomentsForm(forms.Form):
    """The days of a round, written in its zone."""

    zone = forms.CharField(
        label=words("Time zone", "时区"), max_length=40, initial=DEFAULT_ZONE,
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
        help_text=words("Its name in the tz database, like Asia/Shanghai.", "采用 tz 数据库名称，例如 Asia/Shanghai。"),
    )  # fmt: skip
    enrol_until = MomentField(label=words("Enrolment ends", "报名截止时间"))
    ship_on = DayField(label=words("Items leave on", "发样日期"))
    results_until = MomentField(label=words("Results are due", "结果上报截止时间"))

    def clean_zone(self) -> str:
        zone = str(self.cleaned_data["zone"]).strip()
        if zone not in available_timezones():
            raise fault(t("There is no time zone “{z}”.", "没有名为“{z}”的时区。", z=zone))
        return zone

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in ("enrol_until", "results_until"):
            if said.get("zone") and isinstance(said.get(name), datetime):
                try:
                    said[name] = instant(said[name], check_zone(said["zone"]))
                except ValidationError as none:
                    self.add_error(name, none)
        return said

    def days(self) -> Days:
        said = self.cleaned_data
        return Days(said["zone"], said["enrol_until"], said["ship_on"], said["results_until"])


class PlanForm(EvaluationSettings, MomentsForm):
    """Everything about a round but its items and measurands."""

    number = forms.CharField(label=words("Round number", "轮次编号"), max_length=40)
    title_zh = forms.CharField(label=words("Title in Chinese", "中文名称"), max_length=200)
    title_en = forms.CharField(label=words("Title in English", "英文名称"), max_length=200)
    scheme = forms.ChoiceField(label=words("Scheme", "所属计划"), required=False)
    commissioned_by = AuthorityField()
    late = forms.ChoiceField(label=words("Late results", "逾期结果"), choices=list(LATE.items()))
    late_hours = forms.IntegerField(
        label=words("Hours of grace", "宽限小时数"), required=False, min_value=1, max_value=MOST_HOURS
    )
    expected = forms.IntegerField(
        label=words("Laboratories expected", "预计参加实验室数"), required=False, min_value=0, max_value=100_000
    )
    promise_zh = passage("Confidentiality statement, in Chinese", "保密声明（中文）")
    promise_en = passage("Confidentiality statement, in English", "保密声明（英文）")
    receives = forms.CharField(
        label=words("Who receives identities", "实验室身份提供给"), required=False, max_length=300,
        help_text=words("As the statement says; empty: nobody.", "与保密声明一致；留空表示不提供给任何一方。"),
    )  # fmt: skip
    instructions_zh = passage("Instructions, in Chinese", "作业指导书（中文）")
    instructions_en = passage("Instructions, in English", "作业指导书（英文）")

    def __init__(self, *args: Any, schemes: Mapping[str, Text], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", t("none", "无")), *schemes.items()]
        self.fields["scheme"].choices = choices  # type: ignore[attr-defined]
        self.fields["commissioned_by"].offer(authorities())  # type: ignore[attr-defined]

    def draft(self) -> Draft:
        said = self.cleaned_data
        return Draft(
            number=said["number"], title=Text(en=said["title_en"], zh=said["title_zh"]), days=self.days(),
            late=LatePolicy(said["late"], said["late_hours"] or 0 if said["late"] == "until" else 0),
            assigned=said["assigned"], u_assigned=said["u_assigned"], sigma=said["sigma"], expected=said["expected"] or 0,
            commissioned_by=said["commissioned_by"], receives=said["receives"],
            promise=Text(en=said["promise_en"], zh=said["promise_zh"]),
            instructions=Text(en=said["instructions_en"], zh=said["instructions_zh"]),
        )  # fmt: skip


def values_of(round_: Round, draft: Draft) -> dict[str, Any]:
    """What the form says for a plan as it stands."""
    return {
        **EvaluationSettings.initial_of(round_), **moments_of(draft.days), "number": draft.number, "title_zh": draft.title.zh,
        "title_en": draft.title.en, "scheme": str(round_.scheme_id or ""),
        "commissioned_by": str(round_.commissioned_by_id or ""), "late": draft.late.accept,
        "late_hours": draft.late.hours or None, "expected": draft.expected or None, "promise_zh": draft.promise.zh,
        "promise_en": draft.promise.en, "receives": draft.receives, "instructions_zh": draft.instructions.zh,
        "instructions_en": draft.instructions.en,
    }  # fmt: skip


def moments_of(days: Days) -> dict[str, Any]:
    return {
        "zone": days.zone, "ship_on": days.ship_on, "enrol_until": f"{written_in(days.enrol_until, days.zone):%Y-%m-%dT%H:%M}",
        "results_until": f"{written_in(days.results_until, days.zone):%Y-%m-%dT%H:%M}",
    }  # fmt: skip


class CloneForm(MomentsForm):
    """What a clone cannot take over: its number and its days."""

    number = forms.CharField(label=words("Round number", "轮次编号"), max_length=40)
    field_order = ("number", "zone", "enrol_until", "ship_on", "results_until")


class PutOffForm(forms.Form):
    """More time, for a reason; what is left empty stays."""

    enrol_until = MomentField(label=words("Enrolment ends", "报名截止时间"), required=False)
    results_until = MomentField(label=words("Results are due", "结果上报截止时间"), required=False)
    reason = forms.CharField(label=words("Reason", "原因"), max_length=300)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=words("Reason", "原因"), max_length=300)


class ItemForm(forms.Form):
    """An item."""

    code = forms.CharField(label=words("Code", "样品代号"), max_length=20)
    name_zh = forms.CharField(label=words("Name in Chinese", "中文名称"), max_length=200)
    name_en = forms.CharField(label=words("Name in English", "英文名称"), max_length=200)
    matrix = MatrixField(label=words("Matrix", "检测对象"), required=False)
    variants = forms.IntegerField(
        label=words("Variants handed out", "样品变体数"), min_value=1, max_value=MOST_VARIANTS, initial=1,
        help_text=words("More than one, assigned at random, shows copying.", "多于一种时随机分配，可识别串通抄袭。"),
    )  # fmt: skip
    prepared = forms.IntegerField(
        label=words("Units prepared, spares included", "制备数量（含备份）"),
        required=False,
        min_value=0,
        max_value=1_000_000,
    )

    def said(self) -> ItemSaid:
        given = self.cleaned_data
        name = Text(en=given["name_en"], zh=given["name_zh"])
        return ItemSaid(given["code"], name, given["matrix"], given["variants"], given["prepared"] or 0)

    @staticmethod
    def initial_of(item: Item) -> dict[str, Any]:
        return {
            "code": item.code, "name_zh": item.name_zh, "name_en": item.name_en, "variants": item.variants,
            "matrix": str(item.matrix.name) if item.matrix else "", "prepared": item.prepared or None,
        }  # fmt: skip


class MethodsField(forms.CharField):
    """Numbers of methods, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)
        self.one = MethodField()

    def clean(self, value: Any) -> Any:
        found: dict[int, Method] = {}
        for line in filter(None, (line.strip() for line in str(super().clean(value)).splitlines())):
            method = self.one.clean(line)
            found[method.pk] = method
        return list(found.values())


class MeasurandForm(forms.Form):
    """What is determined in an item; what is left empty stands as the round says."""

    parameter = ParameterField(label=words("Parameter", "检测项目"))
    unit = forms.CharField(label=words("Unit", "单位"), max_length=40)
    step = forms.CharField(
        label=words("Reporting step", "修约间隔"), required=False, max_length=20,
        help_text=words("Like 0.01; empty: as many digits as the laboratory gives.", "例如 0.01；留空表示不限位数。"),
    )  # fmt: skip
    assigned = forms.CharField(
        label=words("Assigned value, or a method", "指定值或确定方法"), required=False, max_length=40
    )
    u_assigned = forms.CharField(
        label=words("Its standard uncertainty u", "其标准不确定度 u"), required=False, max_length=40
    )
    sigma = forms.CharField(label=words("σ_pt, or a method", "能力评定标准差或确定方法"), required=False, max_length=40)
    methods = MethodsField(
        label=words("Methods allowed", "允许使用的方法"),
        help_text=words("Their numbers, one a line; none: any method.", "每行一个方法编号；留空表示不限方法。"),
    )

    def said(self, item: Item) -> MeasurandSaid:
        given = self.cleaned_data
        return MeasurandSaid(
            item, given["parameter"], given["unit"], given["step"], given["assigned"], given["u_assigned"], given["sigma"],
            given["methods"],
        )  # fmt: skip

    @staticmethod
    def initial_of(one: RoundMeasurand) -> dict[str, Any]:
        allowed = [held.method.number for held in one.allowed.select_related("method")]
        return {
            "parameter": str(one.parameter.name) if one.parameter else one.name, "unit": one.unit, "step": one.step,
            "assigned": one.assigned, "u_assigned": one.u_assigned, "sigma": one.sigma, "methods": "\n".join(allowed),
        }  # fmt: skip
