"""What an e-mail says: that something waits, by when, and where. What the messages themselves say never gets here; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from zhunsheng.foundation.bilingual import LANGUAGES, Language, Text, t

MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Letter:
    """A plain-text e-mail."""

    subject: str
    body: str


def letter(lines: Sequence[tuple[Text, str]], *, language: str, settings_address: str) -> Letter:
    """The e-mail for messages given as (subject, address): in the reader's language, or in both, Chinese first."""
    languages = [lang for lang in LANGUAGES if language in ("", lang)]
    opening = _opening(lines)
    subject = t("Zhunsheng: {x}", "准绳：{x}", x=opening)
    parts = [_part(lines, opening, lang, settings_address) for lang in languages]
    return Letter(" / ".join(subject.in_(lang) for lang in languages), "\n\n----\n\n".join(parts) + "\n")


def _opening(lines: Sequence[tuple[Text, str]]) -> Text:
    if len(lines) == 1:
        return lines[0][0]
    return t("{n} messages are waiting for you", "您有 {n} 条新消息", n=len(lines))


def _part(lines: Sequence[tuple[Text, str]], opening: Text, lang: Language, settings_address: str) -> str:
    hello = t("There is something for you on Zhunsheng.", "准绳平台有待您查看的消息。")
    shown = [f"{subject.in_(lang)}\n  {address}" for subject, address in lines[:MOST_LINES]]
    if (rest := len(lines) - MOST_LINES) > 0:
        shown.append(t("… and {n} more in your inbox.", "……另有 {n} 条，请在收件箱中查看。", n=rest).in_(lang))
    closing = t(
        "Sign in to read it. This e-mail says nothing of results or participants. To get no more of them: {a}",
        "请登录后查看详情。本邮件不含检测结果和参加者信息。如不再接收此类邮件，请在此设置：{a}",
        a=settings_address,
    )
    return "\n\n".join([hello.in_(lang), *shown, closing.in_(lang)])
