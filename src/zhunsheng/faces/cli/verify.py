"""`zhunsheng verify FILE`: is this report, or this code, still what its issuer signed?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhunsheng.faces.cli.key_files import default_key_path
from zhunsheng.faces.cli.speech import Lang, say, spoken
from zhunsheng.faces.cli.speech import in_help as _help
from zhunsheng.foundation.bilingual import Text, t

if TYPE_CHECKING:
    from zhunsheng.foundation.signing import PublicKey, Verdict

EXIT_CODES = {"valid": 0, "altered": 1, "cannot_tell": 3}
OUTCOMES: dict[str, Text] = {
    "valid": t("valid", "有效"),
    "altered": t("altered", "已被改动"),
    "cannot_tell": t("cannot tell", "无法判断"),
}
_CODE = "ZS1:"


def verify(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help=_help(
                "A report (PDF), a picture of its QR code, the text of the code (ZS1:…), or - for standard input.",
                "报告（PDF）、二维码图片、二维码文字（ZS1:…），或 - 表示标准输入。",
            ),
        ),
    ],
    trust: Annotated[
        list[Path] | None,
        typer.Option(
            "--trust",
            metavar="KEYFILE",
            exists=True,
            dir_okay=False,
            help=_help(
                "Key of an issuer you trust (PEM, public or not); may be repeated; then no other key counts. Default: your"
                " own key.",
                "信任的签发方密钥，可重复；指定后只认这些密钥。默认为本人密钥。",
            ),
        ),
    ] = None,
    lang: Annotated[Lang, typer.Option("--lang", help=_help("Language of messages.", "提示的语言。"))] = Lang.BOTH,
) -> None:
    """Check a report file or its QR code by its signature. 凭签名核验报告文件或二维码。

    Exit code 0: valid; 1: altered; 3: cannot tell (unknown key, no signature); 2: wrong usage.

    退出码：0 有效；1 已被改动；3 无法判断（密钥未知、没有签名）；2 用法有误。
    """
    from zhunsheng.foundation.signing import SigningError

    try:
        verdict = _verdict(_content(file), _trusted(trust or []))
    except SigningError as error:
        raise typer.BadParameter(spoken(error.message, lang)) from error
    _tell(verdict, lang)
    raise typer.Exit(EXIT_CODES[verdict.outcome])


def _content(file: str) -> bytes:
    """The bytes of a file, of standard input, or of the code itself."""
    if file == "-":
        return sys.stdin.buffer.read()
    if file.startswith(_CODE):
        return file.encode()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}") from error


def _trusted(files: list[Path]) -> list[PublicKey]:
    from zhunsheng.foundation.signing import PublicKey

    own = default_key_path()
    if not files:
        return [PublicKey.load(own)] if own.exists() else []
    return [PublicKey.load(path) for path in files]


def _verdict(content: bytes, trusted: list[PublicKey]) -> Verdict:
    from zhunsheng.foundation.signing import verify_pdf, verify_qr

    if content.lstrip()[:4] == _CODE.encode():
        return verify_qr(content.decode("utf-8", "replace").strip(), trusted)
    if b"%PDF-" in content[:1024]:
        return verify_pdf(content, trusted)
    return _verdict_of_picture(content, trusted)


def _verdict_of_picture(content: bytes, trusted: list[PublicKey]) -> Verdict:
    """The verdict of the code in a picture; of several codes, of the one that is a claim of ours."""
    from zhunsheng.foundation.signing import ImageError, Verdict, read_qr, verify_qr

    try:
        codes = read_qr(content)
    except ImageError:
        codes = []
    ours = [code for code in codes if code.startswith(_CODE)]
    if ours:
        return verify_qr(ours[0], trusted)
    reason = t(
        "This is neither a PDF, nor a picture with a QR code of a report, nor the text of such a code.",
        "该文件不是 PDF，也不是含报告二维码的图片或二维码文字。",
    )
    return Verdict("cannot_tell", reason, {}, None, None)


def _tell(verdict: Verdict, lang: Lang) -> None:
    say(OUTCOMES[verdict.outcome], lang)
    say(verdict.reason, lang)
    if verdict.facts:
        say(t("What was signed:", "签名内容："), lang)
    for name, value in verdict.facts.items():
        typer.echo(f"  {name}: {value}")
