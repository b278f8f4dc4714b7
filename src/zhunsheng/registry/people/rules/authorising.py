"""Why an authorisation to sign counts on a day, or does not: each condition with what was found; pure."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from zhunsheng.foundation.bilingual import Text, t


@dataclass(frozen=True, slots=True)
class Days:
    """From a day to a day, both counted; no last day means until further notice."""

    first: date
    last: date | None

    def cover(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    @property
    def said(self) -> Text:
        if self.last is None:
            return t("{a} until further notice", "{a} 起（长期）", a=self.first.isoformat())
        return t("{a} to {b}", "{a} 至 {b}", a=self.first.isoformat(), b=self.last.isoformat())


@dataclass(frozen=True, slots=True)
class Entered:
    """An authorisation as the register holds it: `where` is the entry that stands for the institution, merged ones being one."""

    where: Hashable
    days: Days
    recorded_on: date
    superseded_on: date | None
    """The day from which on another entry stood in its place."""


@dataclass(frozen=True, slots=True)
class Held:
    """A post of the same person."""

    where: Hashable
    days: Days
    name: Text


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold, whether it does, and what was found."""

    name: Text
    met: bool
    said: Text


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every condition, in the order in which a person would ask; the authorisation counts when all are met."""

    conditions: tuple[Condition, ...]
    on: date
    known_on: date
    replaced: bool
    """Had another entry taken its place by the day of knowing?"""

    @property
    def counts(self) -> bool:
        return all(one.met for one in self.conditions)

    @property
    def said(self) -> Text:
        days = {"on": self.on.isoformat(), "known": self.known_on.isoformat()}
        if self.counts:
            return t(
                "It counts on {on}, as known on {known}: every condition is met.",
                "依据截至 {known} 登记的信息，该授权在 {on} 有效：各项条件均满足。", **days,
            )  # fmt: skip
        missed = [one.name for one in self.conditions if not one.met]
        return t(
            "It does not count on {on}, as known on {known}. Not met: {missed}.",
            "依据截至 {known} 登记的信息，该授权在 {on} 无效。不满足：{missed}。",
            missed=Text(en=", ".join(one.en for one in missed), zh="、".join(one.zh for one in missed)), **days,
        )  # fmt: skip


def explained(entry: Entered, posts: Iterable[Held], *, on: date, known_on: date) -> Explanation:
    """Why an authorisation counts on a day, as known when a day ended: it covers the day, its holder has a post in the institution
    on that day, and the register said so by then and not otherwise.

    Whoever has left signs nothing, though the register may still hold the authorisation. Posts are asked as the register has them
    now: it keeps their days, not since when it knew them. Qualifications are not asked.
    """
    here = sorted((one for one in posts if one.where == entry.where), key=lambda one: one.days.first)
    conditions = (_valid(entry.days, on), _post(here, on), _recorded(entry, known_on), _standing(entry, known_on))
    return Explanation(conditions, on, known_on, replaced=not conditions[-1].met)


def _valid(days: Days, on: date) -> Condition:
    name = t("Days of the authorisation", "授权期间")
    if on < days.first:
        said = t("It begins only on {d}.", "授权自 {d} 起，该日尚未开始。", d=days.first.isoformat())
    elif days.last is not None and on > days.last:
        said = t("It ended on {d}.", "授权已于 {d} 到期。", d=days.last.isoformat())
    else:
        said = t("The day lies within {days}.", "该日在授权期间内：{days}。", days=days.said)
    return Condition(name, days.cover(on), said)


def _post(here: Sequence[Held], on: date) -> Condition:
    name = t("Post in the institution", "在本机构任职")
    held = [one for one in here if one.days.cover(on)]
    if held:
        said = t("{post}, {days}.", "{post}，{days}。", post=held[0].name, days=held[0].days.said)
        return Condition(name, True, said)
    return Condition(name, False, _between(here, on))


def _between(here: Sequence[Held], on: date) -> Text:
    """Which posts lie around a day on which none is held."""
    ended = [one.days.last for one in here if one.days.last is not None and one.days.last < on]
    begins = [one.days.first for one in here if one.days.first > on]
    if ended and begins:
        return t(
            "None on that day: one ended on {a}, the next begins on {b}.", "该日未任职：此前任职至 {a}，下一任职自 {b} 起。",
            a=max(ended).isoformat(), b=min(begins).isoformat(),
        )  # fmt: skip
    if ended:
        return t("The last one ended on {d}.", "最近一次任职已于 {d} 结束。", d=max(ended).isoformat())
    if begins:
        return t("The first one begins only on {d}.", "首次任职自 {d} 起，该日尚未任职。", d=min(begins).isoformat())
    return t("None is registered.", "未登记任职。")


def _recorded(entry: Entered, known_on: date) -> Condition:
    name, met = t("Recorded by then", "届时已登记"), entry.recorded_on <= known_on
    days = {"a": entry.recorded_on.isoformat(), "b": known_on.isoformat()}
    if met:
        said = t("The register has said so since {a}.", "登记于 {a}。", **days)
    else:
        said = t("Recorded only on {a}, after {b}.", "登记于 {a}，晚于 {b}。", **days)
    return Condition(name, met, said)


def _standing(entry: Entered, known_on: date) -> Condition:
    name = t("Not replaced by then", "届时未被取代")
    gone = entry.superseded_on
    if gone is None:
        return Condition(name, True, t("No later entry has taken its place.", "没有新的登记取代。"))
    days = {"a": gone.isoformat(), "b": known_on.isoformat()}
    if gone > known_on:
        said = t("Another entry took its place only on {a}, after {b}.", "{a} 才被新的登记取代，晚于 {b}。", **days)
        return Condition(name, True, said)
    return Condition(
        name, False, t("Another entry has stood in its place since {a}.", "自 {a} 起已由新的登记取代。", **days)
    )
