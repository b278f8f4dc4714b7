"""Lived rules and risk classes: the laboratory keeps its own, the authorities look within reach, two levels of them classify."""

from datetime import date

from tests.cast import AT, institution_of
from tests.faces.promises import AUTHORITIES, OWN, Promises, Verbs, only
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import keep
from zhunsheng.registry.management.actions import enter_record

CLASSIFY = ("national", "province", "other_province")
"""National and provincial authorities; a prefecture or county looks only."""

GET: Promises = {
    "workspace_lived": [((), only("laboratory", "other_laboratory", "institution_admin"))],
    "workspace_lived_new": [((), only("laboratory", "other_laboratory"))],
    "workspace_lived_change": [(("management_record",), only("laboratory"))],
    "workspace_lived_document": [(("management_record",), only(*OWN))],
    "office_lived": [((), only(*AUTHORITIES))],
    "office_risk": [((), only(*AUTHORITIES))],
    "office_risk_publish": [((), only(*CLASSIFY))],
    "office_risk_one": [(("classified",), only("regulator", "national", "province", "county"))],
}
RECORD = {"what": "internal_audit:2026", "held_on": "2026-04-01", "title": "x", "made_by": "y"}
VERBS: Verbs = [
    ("workspace_lived_new", (), RECORD, ("laboratory", "other_laboratory")),
    ("workspace_lived_change", ("management_record",), {**RECORD, "reason": "z"}, ("laboratory",)),
    ("office_risk_publish", (), {}, CLASSIFY),
    (
        "office_risk_one",
        ("classified",),
        {"letter": "A", "valid_from": "2026-01-01", "reason": "x", "source": "y"},
        ("national", "province"),
    ),
]
SHOWS_REGISTER = ("office_lived", "office_risk", "office_risk_publish", "office_risk_one")


def things(people: dict[str, User | None]) -> dict[str, str]:
    where = institution_of(people["laboratory"])
    record = enter_record(
        institution=where, kind="internal_audit", period="2025", held_on=date(2025, 11, 3), title="Audit report",
        made_by="QM", document=keep(name="audit.pdf", content=b"%PDF-1.7", actor=people["laboratory"], at=AT),
        actor=people["laboratory"], at=AT,
    )  # fmt: skip
    return {"management_record": str(record.pk), "classified": str(where.pk)}
