"""A sentence in Chinese and English, and the language of the moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

_language: ContextVar[Language] = ContextVar("language", default="en")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages. Placeholders are filled with `with_`, in both at once."""

    en: str
    zh: str

    def in_(self, lang: Language) -> str:
        return self.zh if lang == "zh" else self.en

    def with_(self, **values: Any) -> Text:
        """Fill the placeholders; a value that is itself a Text goes in in its own language."""
        return filled(self.en, self.zh, values)

    def both(self, separator: str = " / ") -> str:
        """Chinese and English on one line, once only where they are the same (a name, a number)."""
        return self.zh if self.zh == self.en else f"{self.zh}{separator}{self.en}"

    def __str__(self) -> str:
        return self.in_(_language.get())

    def __html__(self) -> str:
        from html import escape  # a Text is data, never markup

        return escape(str(self))


def t(en: str, zh: str, **values: Any) -> Text:
    """The two languages of one sentence, its placeholders filled."""
    return filled(en, zh, values) if values else Text(en, zh)


def filled(en: str, zh: str, values: dict[str, Any]) -> Text:
    """Both languages with their placeholders filled. Written for speed: a decision with its trace fills some thirty sentences."""
    for value in values.values():
        if isinstance(value, Text):
            english = {key: one.en if isinstance(one, Text) else one for key, one in values.items()}
            chinese = {key: one.zh if isinstance(one, Text) else one for key, one in values.items()}
            return Text(en.format_map(english), zh.format_map(chinese))
    return Text(en.format_map(values), zh.format_map(values))


def join(texts: Iterable[Text], *, en: str = "; ", zh: str = "；") -> Text:
    """Several sentences as one."""
    texts = list(texts)
    return Text(en=en.join(x.en for x in texts), zh=zh.join(x.zh for x in texts))


def language() -> Language:
    """The language of the moment."""
    return _language.get()


@contextmanager
def using(lang: Language) -> Iterator[None]:
    """Everything inside is written in `lang`."""
    token = _language.set(lang)
    try:
        yield
    finally:
        _language.reset(token)
