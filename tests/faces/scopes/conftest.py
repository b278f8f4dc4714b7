"""A scope to look at: the laboratory of the cast, approved for three parameters in milk by an old edition that is replaced soon."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import institution_of, user_with_post
from tests.registry.scopes.ground import SINCE, matrix, method, parameters
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.catalogue.actions import (
    enter_new_edition,
    enter_standard_states,
    enter_standards,
    mend_parameter,
)
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter, Standard, StandardState
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.scopes.actions import enter_scope_lines
from zhunsheng.registry.scopes.models import ScopeLine

LONG_AGO = timezone.now() - timedelta(days=400)


@dataclass
class Ground:
    """What the pages are about."""

    laboratory: Institution
    parameters: list[Parameter]
    milk: Matrix
    method: Method
    old: Standard
    new: Standard
    lines: list[ScopeLine]

    def more(self, n: int) -> None:
        """So many lines more, of other parameters."""
        have = Parameter.objects.count()
        self.enter(parameters(*(f"more-{have + i}" for i in range(n))))

    def enter(self, what: list[Parameter]) -> list[ScopeLine]:
        lines = [
            ScopeLine(
                institution=self.laboratory, parameter=one, matrix=self.milk, method=self.method, valid_from=SINCE,
                recorded_at=LONG_AGO,
            )
            for one in what
        ]  # fmt: skip
        enter_scope_lines(lines, instruments={}, actor=None, at=LONG_AGO)
        return lines


@pytest.fixture
def ground(laboratory: User) -> Ground:
    old = Standard(
        number="GB/T 22388-2008", name_zh="原料乳中三聚氰胺检测方法", name_en="Determination of melamine in milk"
    )
    enter_standards([old], actor=None, at=LONG_AGO)
    current = StandardState(standard=old, state="current", valid_from=date(2008, 10, 7), source="announcement 2008")
    enter_standard_states([current], actor=None, at=LONG_AGO)
    way, milk = method("GB/T 22388-2008"), matrix("milk")
    what = parameters("melamine", "lead", "zinc")
    mend_parameter(
        what[0],
        name_zh="三聚氰胺",
        name_en="Melamine",
        cas="108-78-1",
        names=[("zh", "蛋白精")],
        actor=None,
        at=LONG_AGO,
    )
    made = Ground(institution_of(laboratory), what, milk, way, old, old, [])
    made.lines = made.enter(what)
    today = timezone.localdate()
    made.new = enter_new_edition(
        old, number="GB/T 22388-2026", name_zh="原料乳中三聚氰胺检测方法", name_en="Determination of melamine in milk",
        published_on=today - timedelta(days=30), in_force_from=today + timedelta(days=150), source="announcement 2026",
        actor=None, at=timezone.now() - timedelta(days=20),
    )  # fmt: skip
    return made


@pytest.fixture
def technical_manager(ground: Ground) -> User:
    return user_with_post("technical", "technical_manager", ground.laboratory)


@pytest.fixture
def public(client_of: Callable[[User | None], Client]) -> Client:
    return client_of(None)
