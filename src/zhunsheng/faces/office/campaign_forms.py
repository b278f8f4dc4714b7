"""What a person fills in for a campaign: its beginning, its plan, days of a region, a gate, a task, a meeting, next year's."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from zhunsheng.activities.campaigns.plan.actions.planning import Plan
from zhunsheng.activities.campaigns.plan.models import AgendaPoint, Campaign
from zhunsheng.activities.campaigns.plan.rules.planning import LONGEST, PlanRefused, Section, StageDays, proposed_stages
from zhunsheng.activities.campaigns.plan.states import ROLES, SECTIONS, STAGES
from zhunsheng.faces.days import DayField
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.catalogue.fields import FIELDS, field_name

Choices = Iterable[tuple[str, Text]]


def name_in(language: Text) -> forms.CharField:
    return forms.CharField(label=words(f"Name in {language.en}", f"{language.zh}名称"), max_length=200)


def passage(label: Text) -> forms.CharField:
    """A part of the plan in one language."""
    widget = forms.Textarea(attrs={"rows": 6})
    return forms.CharField(label=words(label.en, label.zh), required=False, max_length=LONGEST, widget=widget)


class BeginForm(forms.Form):
    """What a campaign begins with: name, area, fields, first and last day; the stages are proposed from these."""

    title_zh, title_en = name_in(t("Chinese", "中文")), name_in(t("English", "英文"))
    region_code = forms.ChoiceField(label=words("Area", "实施地区"), required=False)
    fields_ = forms.MultipleChoiceField(
        label=words("Fields (none: all)", "领域（不选为全部）"), required=False, widget=forms.CheckboxSelectMultiple
    )
    opens_on = DayField(label=words("First day", "开始日期"))
    closes_on = DayField(label=words("Last day", "结束日期"))

    def __init__(self, *args: Any, regions: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"].choices = list(regions)  # type: ignore[attr-defined]
        self.fields["fields_"].choices = [(code, field_name(code)) for code in FIELDS]  # type: ignore[attr-defined]

    def plan(self) -> Plan:
        """With the days of the template. Raises PlanRefused for a period that is too short for it."""
        said = self.cleaned_data
        return Plan(
            title=Text(en=said["title_en"], zh=said["title_zh"]), opens_on=said["opens_on"], closes_on=said["closes_on"],
            stages=proposed_stages(said["opens_on"], said["closes_on"]), region_code=said["region_code"],
            fields=said["fields_"],
        )  # fmt: skip


class PlanForm(BeginForm):
    """The whole plan of a draft: its text in both languages and the days of its stages."""

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, initial={**values_of(campaign), "fields_": campaign.fields}, **kwargs)
        for key, name in SECTIONS.items():
            self.fields[f"{key}_zh"] = passage(t("{n}, in Chinese", "{n}（中文）", n=name))
            self.fields[f"{key}_en"] = passage(t("{n}, in English", "{n}（英文）", n=name))
        self.fields["commitment_zh"] = passage(t("Commitment, in Chinese", "承诺书（中文）"))
        self.fields["commitment_en"] = passage(t("Commitment, in English", "承诺书（英文）"))
        for key, name in STAGES.items():
            first, last = t("{n}: first day", "{n}：开始日期", n=name), t("{n}: last day", "{n}：结束日期", n=name)
            self.fields[f"{key}_starts"] = DayField(label=words(first.en, first.zh), required=False)
            self.fields[f"{key}_ends"] = DayField(label=words(last.en, last.zh), required=False)

    def clean(self) -> dict[str, Any]:
        """A stage has both days, or none and is left out."""
        said = super().clean() or {}
        for key, name in STAGES.items():
            starts, ends = f"{key}_starts", f"{key}_ends"
            if (starts in said and ends in said) and (said[starts] is None) != (said[ends] is None):
                missing = starts if said[starts] is None else ends
                self.add_error(
                    missing,
                    fault(t("“{s}” needs both days, or none.", "“{s}”的起止日期须同时填写或同时留空。", s=name)),
                )
        return said

    def parts(self) -> list[tuple[Text, forms.BoundField, forms.BoundField]]:
        """The written parts: name, Chinese, English."""
        return [(name, self[f"{key}_zh"], self[f"{key}_en"]) for key, name in SECTIONS.items()]

    def stages(self) -> list[tuple[Text, forms.BoundField, forms.BoundField]]:
        """The stages of the template: name, first day, last day."""
        return [(name, self[f"{key}_starts"], self[f"{key}_ends"]) for key, name in STAGES.items()]

    def plan(self) -> Plan:
        """As it was filled in; a stage without days is left out."""
        said = self.cleaned_data
        return Plan(
            title=Text(en=said["title_en"], zh=said["title_zh"]), opens_on=said["opens_on"], closes_on=said["closes_on"],
            region_code=said["region_code"], fields=said["fields_"],
            sections=[Section(key, Text(en=said[f"{key}_en"], zh=said[f"{key}_zh"])) for key in SECTIONS],
            commitment=Text(en=said["commitment_en"], zh=said["commitment_zh"]),
            stages=[
                StageDays(key, said[f"{key}_starts"], said[f"{key}_ends"]) for key in STAGES if said[f"{key}_starts"]
            ],
        )  # fmt: skip

    def propose(self) -> None:
        """Put the days of the template for the period that was filled in into the form, and save nothing."""
        if self.is_valid() or not ({"opens_on", "closes_on"} & set(self.errors)):
            try:
                proposed = proposed_stages(self.cleaned_data["opens_on"], self.cleaned_data["closes_on"])
            except PlanRefused as refusal:
                self.add_error(None, fault(refusal.reason))
            else:
                self._take(proposed)

    def _take(self, proposed: Iterable[StageDays]) -> None:
        data = QueryDict(mutable=True)
        data.update(self.data)
        for one in proposed:
            data[f"{one.key}_starts"], data[f"{one.key}_ends"] = one.starts_on.isoformat(), one.ends_on.isoformat()
        self.data = data
        self.full_clean()


def values_of(campaign: Campaign) -> dict[str, Any]:
    """What a plan says, field of the form by field; the fields of testing stand apart, being several."""
    names = ("title_zh", "title_en", "region_code", "opens_on", "closes_on", "commitment_zh", "commitment_en")
    found: dict[str, Any] = {name: getattr(campaign, name) for name in names}
    found |= {f"{key}_{lang}": "" for key in SECTIONS for lang in ("zh", "en")}
    found |= {f"{key}_{side}": None for key in STAGES for side in ("starts", "ends")}
    for part in campaign.sections:
        found |= {f"{part['key']}_zh": part["zh"], f"{part['key']}_en": part["en"]}
    for stage in campaign.stages.all():
        found |= {f"{stage.key}_starts": stage.starts_on, f"{stage.key}_ends": stage.ends_on}
    return found


class CloneForm(forms.Form):
    """Next year's campaign: its name and its first day; all else moves along."""

    title_zh, title_en = name_in(t("Chinese", "中文")), name_in(t("English", "英文"))
    opens_on = DayField(label=words("First day", "开始日期"))


class DaysForm(forms.Form):
    """Days of a stage in one region."""

    starts_on = DayField(label=words("First day", "开始日期"))
    ends_on = DayField(label=words("Last day", "结束日期"))


class TaskForm(forms.Form):
    """What is to be done, by whom, where, by when, in which stage, and which decision it came of."""

    text_zh = forms.CharField(label=words("What is to be done, in Chinese", "任务内容（中文）"), max_length=500)
    text_en = forms.CharField(label=words("What is to be done, in English", "任务内容（英文）"), max_length=500)
    role = forms.ChoiceField(label=words("By whom", "责任人"))
    region_code = forms.ChoiceField(label=words("Where", "地区"), required=False)
    due_on = DayField(label=words("Until", "完成期限"))
    stage = forms.ChoiceField(label=words("In the stage", "所属阶段"), required=False)
    point = forms.ChoiceField(label=words("From the decision", "依据的会议决定"), required=False)

    def __init__(
        self, *args: Any, regions: Choices, stages: Mapping[str, Text], points: Iterable[AgendaPoint], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        none = ("", t("none", "无"))
        decided = [(str(one.pk), f"{one.meeting.held_on.isoformat()} {one.agenda}") for one in points]
        self.fields["role"].choices = list(ROLES.items())  # type: ignore[attr-defined]
        self.fields["region_code"].choices = list(regions)  # type: ignore[attr-defined]
        self.fields["stage"].choices = [none, *stages.items()]  # type: ignore[attr-defined]
        self.fields["point"].choices = [none, *decided]  # type: ignore[attr-defined]


POINTS = 12
"""So many points of an agenda has the form of a meeting; a longer agenda is two records."""


class MeetingForm(forms.Form):
    """The record of a meeting: points of the agenda, each with what was decided."""

    title = forms.CharField(label=words("Meeting", "会议名称"), max_length=200)
    held_on = DayField(label=words("Day", "会议日期"))
    attended = forms.CharField(
        label=words("Who attended", "参会单位和人员"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}), help_text=words("One a line", "每行一个单位或一人"),
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for n in range(1, POINTS + 1):
            self.fields[f"agenda_{n}"] = forms.CharField(
                label=words("Agenda, point {n}", "议题 {n}", n=n), required=n == 1, max_length=300,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip
            self.fields[f"decision_{n}"] = forms.CharField(
                label=words("Decision on point {n}", "议题 {n} 的决定", n=n), required=False, max_length=4000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"agenda_{n}"], self[f"decision_{n}"]) for n in range(1, POINTS + 1)]

    def clean_held_on(self) -> date:
        day: date = self.cleaned_data["held_on"]
        if day > self.today:
            raise fault(t("A record is of a meeting that was held.", "会议记录只能录入已召开的会议。"))
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for n in range(2, POINTS + 1):
            if said.get(f"decision_{n}") and not said.get(f"agenda_{n}"):
                self.add_error(f"agenda_{n}", fault(t("Say what was decided about.", "请填写对应的议题。")))
        return said

    def points(self) -> list[tuple[str, str]]:
        said = self.cleaned_data
        return [(said[f"agenda_{n}"], said[f"decision_{n}"]) for n in range(1, POINTS + 1) if said[f"agenda_{n}"]]
