"""A round planned here, through the verbs: one feed item, mercury and lead, a promise, days around `tests.cast.AT`."""

from datetime import UTC, date, datetime

from tests.cast import AT
from tests.foundation.imports.sent import send_and_apply, workbook_of
from zhunsheng.activities.proficiency.enrol.importing import Enrolments, reach_of_round
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.plan.actions import arranging, planning
from zhunsheng.activities.proficiency.plan.actions.arranging import ItemSaid, MeasurandSaid
from zhunsheng.activities.proficiency.plan.actions.planning import Draft
from zhunsheng.activities.proficiency.plan.rules.planning import Days, LatePolicy
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.imports.models import Import
from zhunsheng.registry.catalogue.actions import enter_matrices, enter_parameters
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.institutions.models import Institution

ZONE = "Asia/Shanghai"
ENROL_UNTIL = datetime(2026, 4, 30, 16, 0, tzinfo=UTC)
"""Midnight at the end of 30 April in Shanghai."""
SHIP_ON = date(2026, 5, 6)
RESULTS_UNTIL = datetime(2026, 5, 29, 9, 0, tzinfo=UTC)
"""17:00 in Shanghai."""
DAYS = Days(ZONE, ENROL_UNTIL, SHIP_ON, RESULTS_UNTIL)
PROMISE = Text(
    en="Codes are new in every round. Identities go to nobody.", zh="代码每轮更新，实验室身份不向任何一方提供。"
)


def draft(number: str = "PT-2026-01", **said: object) -> Draft:
    """What is said of a round; give what is to be different."""
    usual: dict[str, object] = {
        "number": number, "title": Text(en="Metals in feed", zh="饲料中金属"), "days": DAYS, "late": LatePolicy(),
        "promise": PROMISE, "expected": 20, "sigma": "0.1",
    }  # fmt: skip
    return Draft(**{**usual, **said})  # type: ignore[arg-type]


def feed() -> Matrix:
    made = Matrix.objects.filter(code="feed-t").first()
    if made is None:
        made = Matrix(code="feed-t", field="food", name_zh="饲料", name_en="feed")
        enter_matrices([made], actor=None, at=AT)
    return made


def metal(code: str, zh: str, en: str) -> Parameter:
    made = Parameter.objects.filter(code=code).first()
    if made is None:
        made = Parameter(code=code, name_zh=zh, name_en=en)
        enter_parameters([made], actor=None, at=AT)
    return made


def planned_round(
    provider: Institution, actor: User, *, announced: bool = False, number: str = "PT-2026-01", variants: int = 1, **said: object
) -> Round:  # fmt: skip
    """A round with item A, in which mercury and lead are determined in mg/kg in steps of 0.001; `said` goes into its draft."""
    made = planning.plan_round(provider=provider, scheme=None, draft=draft(number, **said), actor=actor, at=AT)
    item = arranging.set_item(
        made, ItemSaid("A", Text(en="Feed A", zh="饲料 A"), feed(), variants=variants), actor=actor, at=AT
    )
    for code, zh, en in (("hg-t", "汞", "mercury"), ("pb-t", "铅", "lead")):
        one = MeasurandSaid(item, metal(code, zh, en), "mg/kg", step="0.001")
        arranging.set_measurand(made, one, actor=actor, at=AT)
    if announced:
        planning.announce(made, actor=actor, at=AT)
    return made


def on_paper(round_: Round, *rows: tuple[Institution, str, str]) -> Import:
    """Laboratories that registered on paper, with contact and address, enrolled by a file of the provider."""
    head = ["Laboratory", "Contact", "Address for items"]
    named = [[one.name_zh, contact, address] for one, contact, address in rows]
    return send_and_apply(Enrolments(), workbook_of([head, *named]), reach=reach_of_round(round_))
