"""The catalogue: everybody reads it, the authorities of the nation and the provinces keep it; the watch counts within reach."""

from tests.cast import AT
from tests.faces.promises import AUTHORITIES, EVERYONE, Promises, Verbs, only
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.catalogue.actions import enter_methods, enter_standards
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter, Standard

KEEPERS = ("national", "province", "other_province")

GET: Promises = {
    "public_parameters": [((), EVERYONE)],
    "public_matrices": [((), EVERYONE)],
    "public_methods": [((), EVERYONE)],
    "public_standards": [((), EVERYONE)],
    "office_parameters": [((), only(*AUTHORITIES))],
    "office_parameter": [(("catalogue_parameter",), only(*KEEPERS))],
    "office_matrices": [((), only(*AUTHORITIES))],
    "office_matrix": [(("catalogue_matrix",), only(*KEEPERS))],
    "office_methods": [((), only(*AUTHORITIES))],
    "office_method": [(("catalogue_method",), only(*KEEPERS))],
    "office_standards": [((), only(*AUTHORITIES))],
    "office_standard_suggestions": [((), only(*AUTHORITIES))],
    "office_standard": [(("catalogue_standard",), only(*AUTHORITIES))],
    "office_watch": [((), only(*AUTHORITIES))],
    "office_watch_standard": [(("catalogue_standard",), only(*AUTHORITIES))],
}
SHOWS_REGISTER = {"office_watch_standard"}

NAMES = {"name_zh": "甲", "name_en": "a"}
VERBS: Verbs = [
    ("office_parameters", (), {"code": "x", **NAMES}, KEEPERS),
    ("office_parameter", ("catalogue_parameter",), NAMES, KEEPERS),
    ("office_matrices", (), {"code": "x", "field": "food", **NAMES}, KEEPERS),
    ("office_matrix", ("catalogue_matrix",), {"field": "food", **NAMES}, KEEPERS),
    ("office_methods", (), {"number": "x", **NAMES}, KEEPERS),
    ("office_method", ("catalogue_method",), NAMES, KEEPERS),
    ("office_standards", (), {"number": "GB 1-2020", **NAMES}, KEEPERS),
    (
        "office_standard",
        ("catalogue_standard",),
        {"form": "state", "state": "current", "valid_from": "2026-01-01", "source": "x"},
        KEEPERS,
    ),
]


def things(people: dict[str, User | None]) -> dict[str, str]:
    """A standard and a method; the parameter and the matrix of the cast."""
    standard = Standard(
        number="GB 5009.17-2021", name_zh="食品中总汞的测定", name_en="Determination of mercury in foods"
    )
    enter_standards([standard], actor=None, at=AT)
    method = Method(number="GB 5009.17-2021", name_zh="食品中总汞的测定", name_en="Determination of mercury in foods")
    enter_methods([method], actor=None, at=AT)
    return {
        "catalogue_parameter": str(Parameter.objects.get(code="mercury").pk),
        "catalogue_matrix": str(Matrix.objects.get(code="feed").pk),
        "catalogue_method": str(method.pk), "catalogue_standard": str(standard.pk),
    }  # fmt: skip
