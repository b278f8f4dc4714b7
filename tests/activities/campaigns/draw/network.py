"""A prefecture to draw in: laboratories with scope lines, inspectors with their fields; made through the verbs."""

import hashlib
import random
from datetime import date, timedelta
from typing import Any

from tests.cast import AT, institution, user_with_post
from zhunsheng.activities.campaigns.draw.actions import Plan, commit_draw, enter_competences
from zhunsheng.activities.campaigns.draw.models import Competence, Draw
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.registry.catalogue.actions import enter_matrices, enter_methods, enter_parameters
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Person
from zhunsheng.registry.scopes.actions import enter_scope_lines
from zhunsheng.registry.scopes.models import ScopeLine

LONG_AGO = date(2020, 1, 1)
BEACON_ON = AT.date() + timedelta(days=2)
LATER = AT + timedelta(days=3)
BEACON = "051118202733"
WITNESS_SECRET = hashlib.sha256(b"the witness").hexdigest()
PROMISE = hashlib.sha256(bytes.fromhex(WITNESS_SECRET)).hexdigest()


def item(field: str) -> tuple[Parameter, Matrix, Method]:
    """A parameter, a matrix of the field and a method."""
    made = (
        Parameter(code=f"p-{field}", name_zh=f"{field} 参数", name_en=f"{field} parameter"),
        Matrix(code=f"m-{field}", name_zh=f"{field} 样品", name_en=f"{field} matrix", field=field),
        Method(number=f"GB {field.upper()} 1-2020", name_zh="测试方法", name_en="Test method"),
    )
    enter_parameters([made[0]], actor=None, at=AT)
    enter_matrices([made[1]], actor=None, at=AT)
    enter_methods([made[2]], actor=None, at=AT)
    return made


def give_scope(where: list[Institution], of: tuple[Parameter, Matrix, Method]) -> None:
    lines = [
        ScopeLine(institution=one, parameter=of[0], matrix=of[1], method=of[2], valid_from=LONG_AGO, recorded_at=AT)
        for one in where
    ]
    enter_scope_lines(lines, instruments={}, actor=None, at=AT)


def laboratories(n: int, *, prefix: str = "Drawn") -> list[Institution]:
    return [institution("laboratory", f"抽样机构 {prefix} {i}", f"{prefix} Laboratory {i}") for i in range(1, n + 1)]


def inspectors(authority: Institution, n: int, *fields: str) -> list[Person]:
    people = [user_with_post(f"inspector{i}", "inspector", authority).person for i in range(1, n + 1)]
    held = [Competence(person=one, field=field, valid_from=LONG_AGO) for one in people for field in fields or ("food",)]
    enter_competences(held, actor=None, at=AT)
    return people


def plan(**changes: Any) -> Plan:
    given: dict[str, Any] = {
        "title": t("Food, June", "食品领域六月抽取"), "quotas": {"food": 3}, "beacon": t("a lottery", "某彩票"), "beacon_on": BEACON_ON,
        "witness": t("Discipline office", "纪检部门"), "promise": PROMISE, "cap": 5,
    }  # fmt: skip
    return Plan(**{**given, **changes})


def promised_draw(authority: Institution, actor: User | None, **changes: Any) -> Draw:
    return commit_draw(authority=authority, plan=plan(**changes), actor=actor, at=AT, chance=random.Random(1))
