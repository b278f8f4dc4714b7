"""What is due in a year, and by which rule."""

import tomllib
from datetime import date
from functools import lru_cache
from importlib.resources import files

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.queries import working_calendar
from zhunsheng.registry.management.rules.requirements import Due, Requirement, due_in, requirement
from zhunsheng.registry.rulebook.queries import rules_on


@lru_cache(maxsize=1)
def requirements() -> dict[str, Requirement]:
    """The requirements that are shipped, by key."""
    text = (files("zhunsheng.registry.management") / "data" / "requirements.toml").read_text(encoding="utf-8")
    return {one.key: one for one in map(requirement, tomllib.loads(text)["requirements"])}


def dues_of(year: int) -> list[Due]:
    """Everything that a year asks for; one query, for the working calendar of this year and the next."""
    calendar = working_calendar(date(year, 1, 1), date(year + 1, 12, 31))
    return due_in(requirements().values(), year, calendar.on_or_after)


def basis_of(due: Due) -> Text:
    """The article that asks for it, as the rulebook stood on the day it was due."""
    pack = rules_on(due.due_on)
    for regulation, topic in due.requirement.basis:
        for version in pack.versions:
            if version.regulation.id == regulation and (found := version.about(topic)):
                return t("{r}, {a}", "{r}{a}", r=version.regulation.number, a=found.cited)
    return t("no rule of that day is known", "当日依据未知")
