"""What a person fills in for a draw: the plan, the beacon's value, what is known of officers."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet

from zhunsheng.activities.campaigns.draw.actions import Plan
from zhunsheng.activities.campaigns.draw.queries import laboratories_called
from zhunsheng.activities.campaigns.draw.rules.teams import RECUSALS
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.faces.days import DayField
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.catalogue.fields import FIELDS, field_name
from zhunsheng.registry.people.jurisdiction import Jurisdiction

LONGEST_LIST = 20_000


def in_both(label_en: str, label_zh: str, **also: Any) -> dict[str, forms.CharField]:
    """The same question in Chinese and in English."""
    return {
        "zh": forms.CharField(label=words(f"{label_en}, in Chinese", f"{label_zh}（中文）"), max_length=200, **also),
        "en": forms.CharField(label=words(f"{label_en}, in English", f"{label_zh}（英文）"), max_length=200, **also),
    }


class PlanForm(forms.Form):
    """What a person decides about a draw; the quotas are one field each."""

    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=words("Campaign", "所属整顿行动"), required=False,
        empty_label=words("none: a draw of its own", "无（单独抽取）"),
        help_text=words(
            "Of a campaign only those who take part in it are drawn.", "选定后，仅在该行动的参加机构中抽取。"
        ),
    )  # fmt: skip
    title_zh, title_en = in_both("Name", "名称").values()
    beacon_zh, beacon_en = in_both(
        "Public value to wait for, and how it is written", "等待公布的随机值及其写法"
    ).values()
    beacon_on = DayField(
        label=words("Day of the value", "随机值公布日期"), widget=forms.DateInput(attrs={"type": "date"})
    )
    witness_zh, witness_en = in_both("Second party", "第二方").values()
    promise = forms.CharField(
        label=words("Promise of the second party", "第二方的承诺值"), min_length=64, max_length=64,
        help_text=words(
            "SHA-256 of its secret, 64 digits; the page that checks draws makes both.",
            "其秘密值的 SHA-256，64 位；“核验抽取”页面可生成秘密值和承诺值。",
        ),
    )  # fmt: skip
    cap = forms.IntegerField(
        label=words("Laboratories an officer visits at most", "每名检查人员最多检查家数"),
        min_value=1,
        max_value=1000,
        initial=5,
    )
    excluded = forms.CharField(
        label=words("Laboratories that are not drawn", "不参加抽取的机构"), required=False, max_length=LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=words(
            "One a line: credit code or name | reason in Chinese | reason in English",
            "每行一家：统一社会信用代码或名称 | 中文理由 | 英文理由",
        ),
    )  # fmt: skip
    no_shows = forms.CharField(
        label=words("Missed proficiency testing", "无故缺席能力验证"), required=False, max_length=LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=words(
            "One a line: credit code or name | number of missed rounds", "每行一家：统一社会信用代码或名称 | 缺席次数"
        ),
    )  # fmt: skip

    away = forms.CharField(
        label=words("Officers who cannot be sent", "不能选派的检查人员"), required=False, max_length=LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=words(
            "One a line: name | reason in Chinese | reason in English", "每行一人：姓名 | 中文理由 | 英文理由"
        ),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        counts: Mapping[str, int],
        reach: Jurisdiction,
        on: date,
        officers: Iterable[tuple[UUID, str]],
        campaigns: QuerySet[Campaign],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if "campaign" in self.fields:
            self.fields["campaign"].queryset = campaigns  # type: ignore[attr-defined]
        self._reach, self._on, self._officers = reach, on, list(officers)
        for code, n in counts.items():
            label = words("{f}: quota ({n} laboratories)", "{f}：名额（{n} 家机构）", f=field_name(code), n=n)
            self.fields[f"quota_{code}"] = forms.IntegerField(
                label=label, min_value=0, max_value=100_000, required=False
            )

    def quota_fields(self) -> list[forms.BoundField]:
        return [one for one in self if one.name.startswith("quota_")]

    def clean_excluded(self) -> dict[UUID, Text]:
        rows = self._lines("excluded", 3)
        return {pk: Text(en=en, zh=zh) for pk, (zh, en) in rows.items()}

    def clean_no_shows(self) -> dict[UUID, int]:
        rows = self._lines("no_shows", 2)
        if not all(n.isascii() and n.isdigit() and len(n) < 4 for (n,) in rows.values()):
            raise fault(t("The number of missed rounds is a whole number.", "缺席次数应为整数。"))
        return {pk: int(n) for pk, (n,) in rows.items()}

    def clean_away(self) -> dict[UUID, Text]:
        split = self._split("away", 3)
        meant = {line[0]: [pk for pk, name in self._officers if name == line[0]] for line in split}
        for name, those in meant.items():
            if len(those) != 1:
                raise fault(t("“{name}” names {n} officers.", "“{name}”对应 {n} 名检查人员。", name=name, n=len(those)))
        return {meant[name][0]: Text(en=en, zh=zh) for name, zh, en in split}

    def _split(self, name: str, parts: int) -> list[list[str]]:
        """The lines of a list, each of so many parts."""
        lines = [line for line in self.cleaned_data[name].splitlines() if line.strip()]
        split = [[part.strip() for part in line.split("|")] for line in lines]
        for line in split:
            if len(line) != parts or not all(line):
                raise fault(
                    t("“{line}” does not have {n} parts.", "“{line}”不是 {n} 部分。", line=" | ".join(line), n=parts)
                )
        return split

    def _lines(self, name: str, parts: int) -> dict[UUID, list[str]]:
        """The lines of a list, by the one laboratory that each names."""
        split = self._split(name, parts)
        meant = laboratories_called({line[0] for line in split}, self._reach, on=self._on)
        _check_one_each(meant)
        return {meant[line[0]][0]: line[1:] for line in split}

    def plan(self) -> Plan:
        given = self.cleaned_data
        quotas = {name.removeprefix("quota_"): n for name, n in given.items() if name.startswith("quota_") and n}
        return Plan(
            title=Text(given["title_en"], given["title_zh"]), quotas=quotas, beacon_on=given["beacon_on"],
            beacon=Text(given["beacon_en"], given["beacon_zh"]), witness=Text(given["witness_en"], given["witness_zh"]),
            promise=given["promise"].lower(), cap=given["cap"], excluded=given["excluded"], no_shows=given["no_shows"],
            officers_excluded=given["away"], campaign=given.get("campaign"),
        )  # fmt: skip


def _check_one_each(meant: Mapping[str, Collection[UUID]]) -> None:
    for name, those in meant.items():
        if len(those) != 1:
            raise fault(
                t(
                    "“{name}” names {n} laboratories of the area.", "“{name}”在辖区内对应 {n} 家机构。", name=name, n=len(those)
                )
            )  # fmt: skip


class RedrawForm(PlanForm):
    """The plan again, with the reason for drawing again; it stays in its campaign."""

    campaign = None  # type: ignore[assignment]
    reason_zh, reason_en = in_both("Reason for drawing again", "重新抽取的理由").values()


class RevealForm(forms.Form):
    """The public value and the second party's secret."""

    beacon = forms.CharField(
        label=words("The value that was published", "已公布的随机值"), min_length=6, max_length=128,
        help_text=words("Digits and small letters, without spaces.", "数字和小写字母，不含空格。"),
    )  # fmt: skip
    secret = forms.CharField(label=words("Secret of the second party", "第二方的秘密值"), min_length=64, max_length=64)


class CompetenceForm(forms.Form):
    """In which field an officer may inspect from a day on."""

    person = forms.ChoiceField(label=words("Officer", "检查人员"))
    field = forms.ChoiceField(label=words("Field", "领域"), choices=[(code, name) for code, name in FIELDS.items()])
    valid_from = DayField(label=words("From", "起始日期"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, people: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = list(people.items())  # type: ignore[attr-defined]


class InterestForm(forms.Form):
    """Why an officer may not be sent to a laboratory."""

    officer = forms.ChoiceField(label=words("Officer", "检查人员"))
    laboratory = forms.CharField(
        label=words("Laboratory: credit code or name", "机构（统一社会信用代码或名称）"), max_length=200
    )
    kind = forms.ChoiceField(label=words("Why", "事由"), choices=[(code, said) for code, said in RECUSALS.items()])
    since = DayField(label=words("From", "起始日期"), widget=forms.DateInput(attrs={"type": "date"}))
    until = DayField(label=words("To", "截止日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, people: Mapping[str, str], reach: Jurisdiction, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reach, self._on = reach, on
        self.fields["officer"].choices = list(people.items())  # type: ignore[attr-defined]

    def clean_laboratory(self) -> UUID:
        name = self.cleaned_data["laboratory"].strip()
        meant = laboratories_called({name}, self._reach, on=self._on)
        _check_one_each(meant)
        return meant[name][0]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("until") and given.get("since") and given["until"] < given["since"]:
            self.add_error("until", fault(t("This day comes before the first one.", "截止日期早于起始日期。")))
        return given
