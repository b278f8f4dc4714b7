"""Scope lines to test with, made through the verbs."""

from datetime import date
from uuid import UUID

from tests.cast import AT
from zhunsheng.registry.catalogue.actions import enter_matrices, enter_methods, enter_parameters
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter
from zhunsheng.registry.institutions.actions import enter_institutions
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.scopes.actions import enter_scope_lines
from zhunsheng.registry.scopes.models import ScopeLine

SINCE = date(2024, 1, 1)


def laboratory(name: str, region_code: str = "330106") -> Institution:
    made = Institution(kind="laboratory", name_zh=name, name_en=name, region_code=region_code)
    enter_institutions([made], actor=None, at=AT)
    return made


def parameters(*codes: str) -> list[Parameter]:
    made = [Parameter(code=code, name_zh=f"参数 {code}", name_en=code.title()) for code in codes]
    enter_parameters(made, actor=None, at=AT)
    return made


def matrix(code: str, within: Matrix | None = None) -> Matrix:
    made = Matrix(code=code, name_zh=f"基质 {code}", name_en=code.title(), field="food", within=within)
    enter_matrices([made], actor=None, at=AT)
    return made


def method(number: str) -> Method:
    made = Method(number=number, name_zh=f"方法 {number}", name_en=number)
    enter_methods([made], actor=None, at=AT)
    return made


def line(where: Institution, what: Parameter, in_: Matrix, by: Method, **also: object) -> ScopeLine:
    given = {"valid_from": SINCE, "recorded_at": AT, **also}
    made = ScopeLine(institution=where, parameter=what, matrix=in_, method=by, **given)
    enter_scope_lines([made], instruments={}, actor=None, at=AT)
    return made


def rows_of(series: UUID) -> list[tuple[str, str | None, str]]:
    """The rows of a line as we know them now: first day, last day, status."""
    rows = ScopeLine.objects.filter(series=series, superseded_at=None).order_by("valid_from")
    return [(r.valid_from.isoformat(), r.valid_to.isoformat() if r.valid_to else None, r.status) for r in rows]
