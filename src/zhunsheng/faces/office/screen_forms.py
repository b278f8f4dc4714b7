"""What who screens logs fills in."""

from pathlib import PurePath
from typing import Any, cast

from django import forms
from django.conf import settings
from django.db.models import QuerySet

from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.screen.rules.columns import LOGS
from zhunsheng.activities.campaigns.screen.rules.settling import LEAST
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import t

READ = {".csv", ".parquet", ".xlsx"}


class OpenForm(forms.Form):
    """What a screen is called."""

    title_zh = forms.CharField(label=words("Name in Chinese", "中文名称"), max_length=200)
    title_en = forms.CharField(label=words("Name in English", "英文名称"), max_length=200)
    campaign = forms.ModelChoiceField(
        label=words("Campaign", "整顿行动"), queryset=Campaign.objects.none(), required=False,
        empty_label=words("none: a screen of its own", "无（单独筛查）"),
        help_text=words("The board of the campaign then shows this screen.", "所选行动的进展页将列出本次筛查。"),
    )  # fmt: skip

    def __init__(self, *args: Any, campaigns: QuerySet[Campaign], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField[Campaign], self.fields["campaign"])
        field.queryset = campaigns
        field.label_from_instance = lambda obj: str(obj.title)  # type: ignore[method-assign]


class SendForm(forms.Form):
    """One log."""

    kind = forms.ChoiceField(
        label=words("Which log", "台账类型"), choices=[(key, kind.name) for key, kind in LOGS.items()]
    )
    file = forms.FileField(
        label=words("File (.csv, .parquet or .xlsx)", "文件（.csv、.parquet 或 .xlsx）"),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(sorted(READ))}),
        help_text=words(
            "Millions of rows as .parquet or .csv; .xlsx holds one sheet.",
            "百万行以上请用 .parquet 或 .csv；.xlsx 以一张工作表为限。",
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_UPLOAD_LIMIT:
            most = settings.IMPORT_UPLOAD_LIMIT // 2**20
            raise fault(
                t(
                    "The file is larger than {n} MB. Split it, or save it as .parquet.",
                    "文件超过 {n} MB，请拆分或另存为 .parquet。",
                    n=most,
                )
            )
        if PurePath(file.name).suffix.lower() not in READ:
            raise fault(t("Save the table as .csv, .parquet or .xlsx.", "请将表格另存为 .csv、.parquet 或 .xlsx。"))
        return file


class SayForm(forms.Form):
    """The words with which a person asks, answers or settles."""

    text = forms.CharField(
        label=words("In words", "说明"), min_length=LEAST, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
