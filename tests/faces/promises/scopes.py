"""Scopes: public facts to look up; the institution keeps its own, the authority those within its reach."""

from datetime import date

from tests.cast import AT, institution_of
from tests.faces.promises import EVERYONE, LABORATORIES, OWN, REACHING, Promises, Verbs, only
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.catalogue.actions import enter_methods
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter
from zhunsheng.registry.scopes.actions import enter_scope_lines
from zhunsheng.registry.scopes.models import ScopeLine

GET: Promises = {
    "scopes": [((), EVERYONE)],
    "scope_suggestions": [((), EVERYONE)],
    "public_scope": [(("scope_laboratory",), EVERYONE)],
    "office_scope": [(("scope_laboratory",), only(*REACHING))],
    "office_scope_line": [(("scope_series",), only(*REACHING))],
    "office_scope_new": [(("scope_laboratory",), only(*REACHING))],
    "office_scope_instruments": [(("scope_series",), only(*REACHING))],
    "workspace_scope_instruments": [(("scope_series",), only("institution_admin"))],
    "workspace_scope": [((), only(*LABORATORIES))],
    "workspace_scope_line": [(("scope_series",), only(*OWN))],
    "workspace_watch": [((), only(*LABORATORIES))],
}
POST_ONLY = {"office_scope_change", "workspace_scope_change"}
SHOWS_REGISTER = {"scopes", "public_scope", "office_scope", "office_scope_line", "office_scope_new"}

CHANGE = {"verb": "self_suspend", "from_day": "2030-01-01", "reason": "x", "all": "1", "confirmed": "1"}
VERBS: Verbs = [
    ("office_scope_change", ("scope_laboratory",), {**CHANGE, "verb": "suspend"}, REACHING),
    ("office_scope_line", ("scope_series",), {"low": "1", "from_day": "2030-01-01", "reason": "x"}, REACHING),
    ("office_scope_new", ("scope_laboratory",), {"valid_from": "2030-01-01"}, REACHING),
    ("office_scope_instruments", ("scope_series",), {"from_day": "2030-01-01"}, REACHING),
    (
        "workspace_scope_instruments",
        ("scope_series",),
        {"from_day": "2030-01-01", "reason": "x"},
        ("institution_admin",),
    ),
    ("workspace_scope_change", (), CHANGE, ("institution_admin",)),
]


def things(people: dict[str, User | None]) -> dict[str, str]:
    """One line of the laboratory's."""
    laboratory = institution_of(people["laboratory"])
    method = Method(
        number="GB/T 13081-2022 第一法", name_zh="饲料中汞的测定", name_en="Determination of mercury in feed"
    )
    enter_methods([method], actor=None, at=AT)
    line = ScopeLine(
        institution=laboratory, parameter=Parameter.objects.get(code="mercury"), matrix=Matrix.objects.get(code="feed"),
        method=method, valid_from=date(2024, 1, 1), recorded_at=AT,
    )  # fmt: skip
    enter_scope_lines([line], instruments={}, actor=None, at=AT)
    return {"scope_laboratory": str(laboratory.pk), "scope_series": str(line.series)}
