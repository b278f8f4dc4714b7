"""What who writes a bulletin fills in."""

from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet

from zhunsheng.activities.campaigns.plan.models import Campaign, Participant
from zhunsheng.activities.campaigns.summary.actions import Said, Written
from zhunsheng.activities.campaigns.summary.states import CASE, FOREWORD, PRACTICE
from zhunsheng.faces.days import DayField
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.catalogue.fields import FIELDS
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.rulebook.queries import book

LONG = {"rows": 8}


class BeginForm(forms.Form):
    """Of which campaign; where a bulletin stands already, why it is corrected."""

    campaign = forms.ModelChoiceField(
        label=words("Campaign", "整顿行动"), queryset=Campaign.objects.none(),
        empty_label=words("choose a campaign", "请选择整顿行动"),
    )  # fmt: skip
    reason_zh = forms.CharField(
        label=words("Why the released bulletin is corrected, in Chinese", "更正原因（中文）"), required=False,
        max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=words("Only where a bulletin of the campaign was released already.", "仅在该行动已有通报发布时填写。"),
    )  # fmt: skip
    reason_en = forms.CharField(
        label=words("Why, in English", "更正原因（英文）"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, campaigns: QuerySet[Campaign], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField[Campaign], self.fields["campaign"])
        field.queryset = campaigns
        field.label_from_instance = lambda obj: str(obj.title)  # type: ignore[method-assign]

    def reason(self) -> Text:
        return Text(en=self.cleaned_data["reason_en"], zh=self.cleaned_data["reason_zh"])


class TextForm(forms.Form):
    """A text of a bulletin; a case has a class and a field, a good practice may name its institution."""

    title_zh = forms.CharField(label=words("Title in Chinese", "中文标题"), max_length=200)
    title_en = forms.CharField(label=words("Title in English", "英文标题"), max_length=200)
    text_zh = forms.CharField(label=words("Text in Chinese", "中文正文"), widget=forms.Textarea(attrs=LONG))
    text_en = forms.CharField(label=words("Text in English", "英文正文"), widget=forms.Textarea(attrs=LONG))
    code = forms.ChoiceField(label=words("Class of findings", "问题类别"))
    field = forms.ChoiceField(
        label=words("Field of the institution", "机构所属领域"), required=False,
        help_text=words(
            "A place may be named only where at least five institutions of this field were inspected there.",
            "某地被检查的该领域机构不少于 5 家时，方可写明该地区。",
        ),
    )  # fmt: skip
    institution = forms.CharField(
        label=words("Name an institution: its unified social credit code", "具名机构的统一社会信用代码"), required=False,
        max_length=18, help_text=words("Only with its consent, which is recorded next.", "须征得该机构同意，并在下一步登记。"),
    )  # fmt: skip

    def __init__(self, *args: Any, kind: str, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.campaign = kind, campaign
        for name in self._unasked():
            del self.fields[name]
        if "code" in self.fields:
            classes = [(one.code, f"{one.code} {one.name}") for one in book().classes.values()]
            cast(forms.ChoiceField, self.fields["code"]).choices = classes
            fields = [("", str(t("any", "不限"))), *((key, str(name)) for key, name in FIELDS.items())]
            cast(forms.ChoiceField, self.fields["field"]).choices = fields

    def _unasked(self) -> tuple[str, ...]:
        if self.kind == FOREWORD:
            return ("title_zh", "title_en", "code", "field", "institution")
        return ("institution",) if self.kind == CASE else ("code", "field")

    def clean_institution(self) -> Institution | None:
        if not (uscc := self.cleaned_data["institution"].strip()):
            return None
        here = Participant.objects.filter(campaign=self.campaign).order_by()
        taking_part = Q(pk__in=here.values("institution")) | Q(pk__in=here.values("institution__merged_into"))
        found = Institution.objects.filter(taking_part, uscc=uscc).select_related("merged_into").first()
        if found is None:
            raise fault(t("No institution of this code takes part.", "参加机构中没有该代码。"))
        return found.merged_into or found

    def written(self) -> Written:
        given = self.cleaned_data
        return Written(
            self.kind, Text(en=given["text_en"], zh=given["text_zh"]),
            Text(en=given.get("title_en", ""), zh=given.get("title_zh", "")), given.get("code", ""), given.get("field", ""),
            given.get("institution") if self.kind == PRACTICE else None,
        )  # fmt: skip


CONSENT = (("yes", words("It agrees", "同意具名")), ("no", words("It takes that back", "撤回同意")))


class ConsentForm(forms.Form):
    """What an institution said about being named."""

    given = forms.ChoiceField(label=words("What it said", "意见"), choices=CONSENT)
    by_whom = forms.CharField(label=words("Who said so", "由谁作出"), max_length=100)
    position = forms.CharField(label=words("Position", "职务"), max_length=100)
    document = forms.CharField(label=words("Letter or message", "函件或消息名称、编号"), max_length=200)
    on = DayField(label=words("Day", "日期"))

    def said(self) -> Said:
        given = self.cleaned_data
        return Said(given["given"] == "yes", given["by_whom"], given["position"], given["document"], given["on"])


class ReleaseForm(forms.Form):
    """That a person read it, and which content."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    sure = forms.BooleanField(
        label=words("I have read the bulletin as it stands here and release it", "我已核对以上通报内容，确认发布")
    )
