"""What a person fills in to send officers, to decide about findings, to answer an appeal."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet

from zhunsheng.activities.campaigns.draw.models import Draw
from zhunsheng.activities.campaigns.draw.queries import laboratories_called
from zhunsheng.activities.campaigns.inspection.models import Finding
from zhunsheng.activities.campaigns.inspection.states import KINDS
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.rectification.states import EFFECT_CHECKS
from zhunsheng.faces.days import DayField
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.people.jurisdiction import Jurisdiction


def day(label: str, **also: Any) -> DayField:
    return DayField(label=label, **also)


class SendForm(forms.Form):
    """Days and campaign of task letters."""

    on = day(words("First day", "开始日期"))
    until = day(words("Last day", "结束日期"))
    campaign = forms.ModelChoiceField(
        label=words("Campaign", "专项行动"), queryset=Campaign.objects.none(), required=False,
        empty_label=words("none", "无"),
    )  # fmt: skip

    def __init__(self, *args: Any, campaigns: QuerySet[Campaign], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = campaigns  # type: ignore[attr-defined]


class OneForm(SendForm):
    """One visit that was not drawn: where, who, why."""

    laboratory = forms.CharField(
        label=words("Laboratory: credit code or name", "机构（统一社会信用代码或名称）"), max_length=200
    )
    officers = forms.MultipleChoiceField(
        label=words("Officers, at least two", "检查人员（不少于 2 人）"), widget=forms.CheckboxSelectMultiple
    )
    reason_zh = forms.CharField(label=words("Matter, in Chinese", "检查事项（中文）"), max_length=1000, required=False)
    reason_en = forms.CharField(label=words("Matter, in English", "检查事项（英文）"), max_length=1000, required=False)

    def __init__(self, *args: Any, people: Mapping[str, str], reach: Jurisdiction, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reach, self._today = reach, today
        self.fields["officers"].choices = list(people.items())  # type: ignore[attr-defined]

    def clean_laboratory(self) -> UUID:
        name = self.cleaned_data["laboratory"].strip()
        meant = laboratories_called({name}, self._reach, on=self._today)[name]
        if len(meant) != 1:
            raise fault(
                t("“{name}” names {n} laboratories of the area.", "“{name}”在辖区内对应 {n} 家机构。", name=name, n=len(meant))
            )  # fmt: skip
        return meant[0]

    @property
    def reason(self) -> Text:
        return Text(en=self.cleaned_data["reason_en"], zh=self.cleaned_data["reason_zh"])


class DrawnForm(SendForm):
    """All laboratories of a draw that have no task letter yet."""

    draw = forms.ModelChoiceField(
        label=words("Draw", "双随机抽取"), queryset=Draw.objects.none(),
        empty_label=words("choose a draw", "请选择抽取结果"),
    )  # fmt: skip

    def __init__(self, *args: Any, draws: QuerySet[Draw], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["draw"].queryset = draws  # type: ignore[attr-defined]


class DecideForm(forms.Form):
    """What is decided about which findings, and why."""

    findings = forms.ModelMultipleChoiceField(
        label=words("Findings", "问题"), queryset=Finding.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    kind = forms.ChoiceField(label=words("Decision", "处理方式"), choices=list(KINDS.items()))
    due_on = day(words("By", "期限"), required=False, help_text=words(
        "Needed for self-correction, an order and an interview.", "自行整改、责令限期改正和约谈须填写。"
    ))  # fmt: skip
    handed_to = forms.CharField(label=words("Handed over to", "移送部门"), max_length=200, required=False)
    effect_check = forms.ChoiceField(
        label=words("By what the effect will be seen", "整改效果确认方式"), choices=list(EFFECT_CHECKS.items())
    )
    reasons = forms.CharField(
        label=words("Reasons", "处理理由"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, findings: QuerySet[Finding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["findings"].queryset = findings  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """How an appeal is answered."""

    verdict = forms.ChoiceField(
        label=words("Answer", "答复"),
        choices=[("uphold", words("uphold the decision", "维持决定")), ("revoke", words("revoke the decision", "撤销决定"))],
    )  # fmt: skip
    answer = forms.CharField(label=words("Reasons", "理由"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class ReplaceForm(forms.Form):
    """Another officer, for a reason."""

    officer = forms.ChoiceField(label=words("Instead of", "被更换人员"))
    by = forms.ChoiceField(label=words("goes", "改派人员"))
    reason = forms.CharField(label=words("Reason", "理由"), max_length=400)

    def __init__(
        self, *args: Any, team: Iterable[tuple[str, str]], people: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].choices = list(team)  # type: ignore[attr-defined]
        self.fields["by"].choices = list(people)  # type: ignore[attr-defined]
