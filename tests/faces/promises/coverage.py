"""Gaps and surplus: every authority may look, for it shows registers that are public, in one picture."""

from datetime import date

from tests.cast import AT, institution_of
from tests.faces.promises import AUTHORITIES, Promises, only
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter
from zhunsheng.registry.institutions.actions import enter_certificates
from zhunsheng.registry.institutions.models import Certificate
from zhunsheng.registry.scopes.actions import enter_scope_lines
from zhunsheng.registry.scopes.models import ScopeLine

GET: Promises = {
    "office_coverage": [((), only(*AUTHORITIES))],
    "office_coverage_item": [(("parameter", "matrix"), only(*AUTHORITIES))],
}


def things(people: dict[str, User | None]) -> dict[str, str]:
    where, parameter, matrix = (
        institution_of(people["laboratory"]),
        Parameter.objects.get(code="mercury"),
        Matrix.objects.get(code="feed"),
    )
    method, _ = Method.objects.get_or_create(number="GB/T 13081-2022", defaults={"name_zh": "汞", "name_en": "Mercury"})
    start = date(2020, 1, 1)
    certificate = Certificate(
        institution=where,
        scheme="CMA",
        number="201101110001",
        valid_from=start,
        valid_to=date(2099, 1, 1),
        recorded_at=AT,
    )
    enter_certificates([certificate], actor=None, at=AT)
    line = ScopeLine(
        institution=where, parameter=parameter, matrix=matrix, method=method, valid_from=start, recorded_at=AT
    )
    enter_scope_lines([line], instruments={}, actor=None, at=AT)
    return {"parameter": str(parameter.pk), "matrix": str(matrix.pk)}
