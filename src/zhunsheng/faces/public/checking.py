"""What a visitor hands in to be checked: a report, a picture of its QR code, or the code's text."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings

from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.signing import ImageError, KeyFileError, PublicKey, Verdict, read_qr, verify_pdf, verify_qr

log = logging.getLogger(__name__)
LONGEST_CODE = 8_000
NO_CODE = t(
    "No QR code was found in the picture. Take it from the front, near and in good light.",
    "图片中未找到二维码。请正对二维码、靠近并在光线充足处拍摄。",
)


def trusted_keys() -> list[PublicKey]:
    """The keys whose signatures this site vouches for: its own, once it has one, and those in the directory of trusted keys."""
    own = [settings.SIGNING_KEY] if settings.SIGNING_KEY.exists() else []
    found = [key for path in (*own, *sorted(settings.TRUSTED_KEYS.glob("*.pem"))) if (key := _key_in(path))]
    return list(dict.fromkeys(found))


def _key_in(path: Path) -> PublicKey | None:
    """One file that holds no key must not end all checking."""
    try:
        return PublicKey.load(path)
    except KeyFileError as fault:
        log.error("%s", fault)
        return None


def in_words_of_the_web(verdict: Verdict, trusted: Sequence[PublicKey]) -> Text:
    """The verdict's reason; of a key that is not trusted, what a visitor of a page can do about it, who passes no options."""
    if verdict.outcome != "cannot_tell" or verdict.kid is None or verdict.kid in {key.kid.hex() for key in trusted}:
        return verdict.reason
    return t(
        "It was signed with a key that this site does not know. Another site may have issued it: look on the paper for the "
        "issuer, and check it on the issuer's own site.",
        "该内容由本站所不知的密钥签名，可能由其他网站签发。请查看纸面上的签发机构，并到该机构的网站核验。",
    )


class CheckForm(forms.Form):
    """A file or a text, one of the two."""

    file = forms.FileField(
        label=words("Report (PDF) or picture of its QR code", "报告文件（PDF）或其二维码图片"),
        help_text=words("The file is checked and forgotten.", "文件仅用于核验，不作保存。"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.webp"}),
    )
    text = forms.CharField(
        label=words("Text of the QR code", "二维码文本"),
        help_text=words("Begins with ZS1:", "以“ZS1:”开头"),
        required=False,
        max_length=LONGEST_CODE,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not given.get("file") and not given.get("text"):
            raise fault(t("Choose a file or paste the text of the code.", "请选择文件，或粘贴二维码文本。"))
        if file := given.get("file"):
            self._take(file)
        return given

    def _take(self, file: Any) -> None:
        if file.size > settings.PUBLIC_UPLOAD_LIMIT:
            limit = settings.PUBLIC_UPLOAD_LIMIT // 2**20
            self.add_error("file", fault(t("The file is larger than {n} MB.", "文件超过 {n} MB。", n=limit)))
            return
        content = file.read()
        if b"%PDF-" in content[:1024]:
            self.cleaned_data["pdf"] = content
            return
        try:
            codes = read_qr(content)
        except ImageError as refusal:
            self.add_error("file", fault(refusal.message))
            return
        if codes:
            self.cleaned_data["text"] = next((c for c in codes if c.startswith("ZS1:")), codes[0])
        else:
            self.add_error("file", fault(NO_CODE))

    def verdict(self, trusted: Sequence[PublicKey]) -> Verdict:
        """What the signature says of what was handed in."""
        if pdf := self.cleaned_data.get("pdf"):
            return verify_pdf(pdf, trusted)
        return verify_qr(self.cleaned_data["text"].strip(), trusted)
