"""What who sends a file fills in."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings

from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.imports.states import MODES


class SendForm(forms.Form):
    """A file and what shall become of its good rows if others fail."""

    file = forms.FileField(
        label=words("File (.xlsx or .csv)", "文件（.xlsx 或 .csv）"),
        help_text=words("Nothing is changed before you have seen what would happen.", "确认预览之前不作任何更改。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    mode = forms.ChoiceField(
        label=words("If rows have faults", "如有错误行"),
        choices=[(mode.value, text) for mode, text in MODES.items()],
        initial="all",
        widget=forms.RadioSelect,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_UPLOAD_LIMIT:
            raise fault(
                t("The file is larger than {n} MB.", "文件超过 {n} MB。", n=settings.IMPORT_UPLOAD_LIMIT // 2**20)
            )
        if PurePath(file.name).suffix.lower() not in {".csv", ".xlsx"}:
            raise fault(
                t("Save the table as .xlsx or .csv and upload it again.", "请将表格另存为 .xlsx 或 .csv 后重新上传。")
            )
        return file
