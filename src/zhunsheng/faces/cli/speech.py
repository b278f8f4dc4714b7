"""What commands say, in the language asked for, and how long work is shown."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

import typer

from zhunsheng.foundation.bilingual import Text

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PATIENCE_SECONDS = 1.0


class Lang(StrEnum):
    """Language of what is written and said."""

    ZH = "zh"
    EN = "en"
    BOTH = "both"


def spoken(text: Text, lang: Lang) -> str:
    """The sentence in the language asked for."""
    return {Lang.ZH: text.zh, Lang.EN: text.en}.get(lang) or text.both()


def in_help(en: str, zh: str) -> str:
    """A sentence of a help page, which is printed in both languages."""
    return f"{en} {zh}"


def say(text: Text, lang: Lang, *, err: bool = False, apart: bool = False) -> None:
    """Print the sentence; `apart` puts the two languages on lines of their own."""
    for line in (text.zh, text.en) if apart and lang is Lang.BOTH else (spoken(text, lang),):
        typer.echo(line, err=err)


class Steps(Protocol):
    """Takes note of how far the work is."""

    def __call__(self, what: Text, done: int = 0, total: int | None = None) -> None: ...


class _Bar:
    """A progress bar that shows itself only when the work has taken longer than a person waits without wondering."""

    def __init__(self, progress: Progress, lang: Lang) -> None:
        self._progress, self._lang = progress, lang
        self._task: TaskID = progress.add_task("", total=None)
        self._timer = threading.Timer(PATIENCE_SECONDS, progress.start)
        self._timer.daemon = True
        self._timer.start()

    def __call__(self, what: Text, done: int = 0, total: int | None = None) -> None:
        self._progress.update(self._task, description=spoken(what, self._lang), completed=done, total=total)

    def stop(self) -> None:
        self._timer.cancel()
        self._progress.stop()


def _silent(what: Text, done: int = 0, total: int | None = None) -> None:
    """Nobody is watching."""


@contextmanager
def steps(lang: Lang) -> Iterator[Steps]:
    """A progress bar on the terminal, nothing where the output goes to a file or another program."""
    if not sys.stderr.isatty():
        yield _silent
        return
    from rich.console import Console
    from rich.progress import Progress

    bar = _Bar(Progress(console=Console(stderr=True), transient=True), lang)
    try:
        yield bar
    finally:
        bar.stop()
