"""Clocks: which stage is told, when it is passed on, and that an e-mail says a name, a day and a link and nothing else."""

from datetime import date

import pytest

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.rules import WorkingCalendar
from zhunsheng.foundation.calendar.shipped import shipped_days
from zhunsheng.foundation.calendar.states import DayKind
from zhunsheng.foundation.messages.letters import MOST_LINES, letter
from zhunsheng.foundation.messages.rules import Clock, Due, notices, stage

CALENDAR = WorkingCalendar({date.fromisoformat(row["day"]): DayKind(row["kind"]) for row in shipped_days()})
OFFSETS = (10, 3, 0, -1)
DUE = Due(
    about="thing:1", due_on=date(2026, 10, 12), what=t("Mend the CANARY", "整改 CANARY"), why=t("Because.", "理由。"),
    address="/thing/1/", verb=t("Go", "前往"), holder="manager", superior="regulator",
    whose=t("Example Laboratory", "示例实验室"),
)  # fmt: skip
CLOCK = Clock(
    kind="mending", name=t("Rectification", "整改"), basis=t("Rules", "规定"), offsets=OFFSETS, escalate_after=5,
    find=lambda **_: [DUE],
)  # fmt: skip


@pytest.mark.parametrize(
    ("remaining", "reached"),
    [(40, None), (11, None), (10, 10), (4, 10), (3, 3), (1, 3), (0, 0), (-1, -1), (-30, -1)],
)
def test_the_last_stage_reached_is_told(remaining: int, reached: int | None) -> None:
    assert stage(remaining, OFFSETS) == reached


@pytest.mark.parametrize(
    ("on", "told"),
    [
        ("2026-09-20", []),  # a Sunday that is worked, 11 left
        ("2026-09-21", [("manager", "10")]),  # 22 to 24 and 28 to 30 September, 8 to 10 and 12 October
        ("2026-09-30", [("manager", "10")]),  # 4 left, over the whole of National Day
        ("2026-10-07", [("manager", "10")]),
        ("2026-10-08", [("manager", "3")]),
        ("2026-10-11", [("manager", "3")]),  # a Sunday
        ("2026-10-12", [("manager", "0")]),
        ("2026-10-13", [("manager", "-1")]),
        ("2026-10-16", [("manager", "-1")]),  # 4 late
        ("2026-10-19", [("manager", "-1"), ("regulator", "escalated")]),
        ("2027-02-01", []),  # too late for news
    ],
)
def test_who_is_told_on_a_day(on: str, told: list[tuple[str, str]]) -> None:
    found = [(n.to, n.key.split("|")[3]) for n in notices(CLOCK, DUE, on=date.fromisoformat(on), calendar=CALENDAR)]
    assert found == told


def test_a_superior_reads_whose_it_is_and_gets_an_address_of_his_own() -> None:
    mine, passed_on = notices(CLOCK, DUE, on=date(2026, 10, 30), calendar=CALENDAR)
    assert mine.body == Text(en="Mend the CANARY. Because.", zh="整改 CANARY。理由。") and mine.address == "/thing/1/"
    assert passed_on.body.en == "Example Laboratory: Mend the CANARY. Because." and passed_on.address == "/home/"
    assert passed_on.not_to == "manager"


def test_a_clock_without_a_superior_is_not_passed_on() -> None:
    alone = Due(**{name: getattr(DUE, name) for name in Due.__slots__} | {"superior": None})
    found = list(notices(CLOCK, alone, on=date(2026, 10, 30), calendar=CALENDAR))
    assert [n.to for n in found] == ["manager"]


def test_a_subject_names_the_clock_and_the_day_and_never_the_thing() -> None:
    subjects = [
        notice.subject
        for day in (8, 13, 30)
        for notice in notices(CLOCK, DUE, on=date(2026, 10, day), calendar=CALENDAR)
    ]
    assert [one.en for one in subjects] == [
        "Rectification: due on 2026-10-12", "Rectification: overdue since 2026-10-12",
        "Rectification: overdue since 2026-10-12", "Rectification: overdue since 2026-10-12, passed on to you",
    ]  # fmt: skip
    assert subjects[0].zh == "整改：期限 2026-10-12" and subjects[3].zh == "整改：期限 2026-10-12 已过，现提请您处理"
    assert "CANARY" not in str(subjects)


# Letters

LINE = (date(2026, 10, 12), "https://z.example/messages/1/")
PREFERENCES = "https://z.example/messages/preferences/"


@pytest.mark.parametrize(
    ("language", "subject", "has", "has_not"),
    [
        ("zh", "准绳：您有 1 条新消息", "请登录后查看", "Sign in"),
        ("en", "Zhunsheng: a message is waiting for you", "Sign in", "请登录"),
    ],
)
def test_a_letter_is_in_the_readers_language(language: str, subject: str, has: str, has_not: str) -> None:
    written = letter([LINE], language=language, settings_address=PREFERENCES)
    assert written.subject == subject
    assert (
        has in written.body and has_not not in written.body and LINE[1] in written.body and PREFERENCES in written.body
    )


def test_a_letter_to_somebody_without_a_language_is_in_both_chinese_first() -> None:
    written = letter([LINE], language="", settings_address=PREFERENCES)
    assert written.subject == "准绳：您有 1 条新消息 / Zhunsheng: a message is waiting for you"
    assert "消息，期限 2026-10-12" in written.body and "Message with the day 2026-10-12" in written.body
    assert written.body.index("请登录后查看") < written.body.index("Sign in")


def test_a_long_letter_lists_some_and_counts_the_rest() -> None:
    written = letter([LINE] * (MOST_LINES + 5), language="en", settings_address=PREFERENCES)
    assert written.subject == "Zhunsheng: 25 messages are waiting for you"
    assert written.body.count(LINE[1]) == MOST_LINES and "… and 5 more in your inbox." in written.body
