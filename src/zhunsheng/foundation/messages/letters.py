"""What an e-mail says: that something waits, by when, and where. What it is about never gets here; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zhunsheng.foundation.bilingual import LANGUAGES, Language, Text, t

MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Letter:
    """A plain-text e-mail."""

    subject: str
    body: str


def letter(lines: Sequence[tuple[date | None, str]], *, language: str, settings_address: str) -> Letter:
    """The e-mail for messages given as (day, address): in the reader's language, or in both, Chinese first.

    Not even the kind of matter stands in it: that a follow-up waits would tell whoever carries mail of a failed round.
    """
    languages = [lang for lang in LANGUAGES if language in ("", lang)]
    subject = _opening(len(lines))
    parts = [_part(lines, lang, settings_address) for lang in languages]
    return Letter(" / ".join(subject.in_(lang) for lang in languages), "\n\n----\n\n".join(parts) + "\n")


def _opening(n: int) -> Text:
    if n == 1:
        return t("Zhunsheng: a message is waiting for you", "准绳：您有 1 条新消息")
    return t("Zhunsheng: {n} messages are waiting for you", "准绳：您有 {n} 条新消息", n=n)


def _line(day: date | None) -> Text:
    if day is None:
        return t("Message", "消息")
    return t("Message with the day {d}", "消息，期限 {d}", d=day.isoformat())


def _part(lines: Sequence[tuple[date | None, str]], lang: Language, settings_address: str) -> str:
    hello = t("There is something for you on Zhunsheng.", "准绳平台有待您查看的消息。")
    shown = [f"{_line(day).in_(lang)}\n  {address}" for day, address in lines[:MOST_LINES]]
    if (rest := len(lines) - MOST_LINES) > 0:
        shown.append(t("… and {n} more in your inbox.", "……另有 {n} 条，请在收件箱中查看。", n=rest).in_(lang))
    closing = t(
        "Sign in to read it. This e-mail does not say what it is about. To get no more of them: {a}",
        "请登录后查看详情。本邮件不说明具体事项。如不再接收此类邮件，请在此设置：{a}",
        a=settings_address,
    )
    return "\n\n".join([hello.in_(lang), *shown, closing.in_(lang)])
