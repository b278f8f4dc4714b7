"""Can a day be what somebody meant? Slips of the year are refused with the mend, in files and on pages alike; pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from zhunsheng.foundation.bilingual import Text, t

EARLIEST, LATEST = date(1949, 10, 1), date(2100, 1, 1)
AHEAD = 5
"""Years after which nothing is planned to the day: a post, an approval or an authorisation that begins later is a slip."""


class Lies(StrEnum):
    """Where a day can lie: what was done lies in the past, what begins lies not far ahead, what ends may lie anywhere."""

    PAST = "past"
    SOON = "soon"
    ANYWHERE = "anywhere"


def slip_in(day: date, today: date, lies: Lies = Lies.ANYWHERE) -> Text | None:
    """What is wrong with the year of a day, with the mend; None where it may be meant."""
    if day.year < 100:
        return _two_digits(day, today)
    if not EARLIEST <= day <= LATEST:
        return t(
            "“{x}” lies too far away; days from {a} to {b} are taken. Check the year, and write the day as {c}.",
            "“{x}”超出合理范围（{a} 至 {b}）。请核对年份，并按 {c} 的格式填写。",
            x=day.isoformat(), a=EARLIEST.isoformat(), b=LATEST.isoformat(), c="2026-01-31",
        )  # fmt: skip
    if lies is Lies.PAST and day > today:
        return _ahead(day, t("what is done cannot lie in the future", "已完成事项的日期不能晚于今天"))
    if lies is Lies.SOON and day.year > today.year + AHEAD:
        return _ahead(day, t("the beginning lies more than {n} years ahead", "起始日期晚于今年 {n} 年以上", n=AHEAD))
    return None


def _two_digits(day: date, today: date) -> Text:
    """The year 23 was 2023, the year 62 was 1962: the century in which it does not lie ahead."""
    year = day.year + (2000 if day.year + 2000 <= today.year + AHEAD else 1900)
    return t(
        "“{x}” lies in the year {y}. Write the year with four digits, as {c}.",
        "“{x}”的年份为 {y} 年。请填写四位年份，如 {c}。",
        x=day.isoformat(), y=day.year, c=f"{year}{day.isoformat()[4:]}",
    )  # fmt: skip


def _ahead(day: date, why: Text) -> Text:
    return t(
        "“{x}”: {w}. Check the year; a program that was given two digits may have chosen the wrong century.",
        "“{x}”：{w}。请核对年份，两位年份可能已被软件补成错误的世纪。",
        x=day.isoformat(), w=why,
    )  # fmt: skip
