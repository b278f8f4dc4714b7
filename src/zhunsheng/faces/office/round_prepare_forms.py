"""The forms of preparation: results typed, pasted or uploaded; a reason; a value to seal; another variant."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings

from zhunsheng.activities.proficiency.plan.models import Item
from zhunsheng.activities.proficiency.prepare.rules.reading import GROUP, UNIT, replicate_heading
from zhunsheng.activities.proficiency.prepare.states import Kind
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import t

ALL = ""
PASTED = 200_000
"""Characters; what is longer comes as a file."""


class StudyForm(forms.Form):
    """Results of a study: a file, or a table in the field."""

    measurand = forms.ChoiceField(label=words("Measurand", "被测量"), required=False)
    table = forms.CharField(
        label=words("Type or paste the table", "录入或粘贴表格"), required=False, max_length=PASTED, strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "autocomplete": "off"}),
        help_text=words("With its headings, columns separated by tabs, commas or semicolons, as a spreadsheet program copies them.",
                        "请包含表头，列间以制表符、逗号或分号分隔；可直接从电子表格复制。"),
    )  # fmt: skip
    file = forms.FileField(
        label=words("Or a file (.xlsx or .csv)", "或上传文件（.xlsx 或 .csv）"), required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )  # fmt: skip

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = str(t("as the table says", "以表中所写为准"))
        self.fields["measurand"].choices = [(ALL, said), *choices]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is None:
            return None
        if file.size > settings.UPLOAD_LIMIT:
            raise fault(t("The file is larger than {n} MB.", "文件超过 {n} MB。", n=settings.UPLOAD_LIMIT // 2**20))
        if PurePath(file.name).suffix.lower() not in {".csv", ".xlsx"}:
            raise fault(
                t("Save the table as .xlsx or .csv and upload it again.", "请将表格另存为 .xlsx 或 .csv 后重新上传。")
            )
        return file

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not self.errors and not given.get("file") and not given["table"].strip():
            raise fault(t("Paste a table or choose a file.", "请粘贴表格或选择文件。"))
        return given

    def received(self) -> tuple[str, bytes]:
        """Name and bytes as they came; a file is taken where there is one."""
        file = self.cleaned_data["file"]
        if file is not None:
            return file.name, file.read()
        return "pasted.csv", self.cleaned_data["table"].encode()


def empty_table(kind: Kind, units: int = 10) -> str:
    """The headings and numbered units of one measurand, to be typed into: with semicolons, since a tab would leave the field."""
    group = [str(GROUP)] if kind == "stability" else []
    head = ";".join([*group, str(UNIT), str(replicate_heading(1)), str(replicate_heading(2))])
    firsts = [[str(n)] for n in range(1, units + 1)]
    if kind == "stability":
        firsts = [[one, str(n)] for one in ("1", "2") for n in range(1, 4)]
    return "\n".join([head, *(";".join([*first, "", ""]) for first in firsts)])


class WaiveForm(forms.Form):
    """Why items may leave without a verdict that passed."""

    reason = forms.CharField(label=words("Reason", "理由"), max_length=300)


class SealForm(forms.Form):
    """An assigned value to put away."""

    assigned = forms.CharField(
        label=words("Assigned value", "指定值"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    u = forms.CharField(
        label=words("Its standard uncertainty u", "其标准不确定度 u"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    reason = forms.CharField(label=words("Why it is sealed anew", "重新封存的理由"), max_length=300)

    def __init__(self, *args: Any, anew: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not anew:
            del self.fields["reason"]


class ReplaceForm(forms.Form):
    """Another variant for one participant."""

    code = forms.CharField(label=words("Code", "代码"), max_length=16)
    item = forms.ChoiceField(label=words("Item", "样品"))
    variant = forms.IntegerField(label=words("New variant", "新变体"), min_value=1, max_value=9)
    reason = forms.CharField(label=words("Reason", "理由"), max_length=300)

    def __init__(self, *args: Any, items: list[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [(str(one.pk), one.code) for one in items]  # type: ignore[attr-defined]
