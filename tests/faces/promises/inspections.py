"""Inspections: the authority that sent sees its visits, officers their task alone, a laboratory a visit to it once it has begun.

`other_laboratory` was not visited; the regulators of other authorities find nothing, whatever they reach.
"""

import json

from tests.activities.campaigns.inspection.visits import (
    begun,
    decided,
    found,
    key,
    officers,
    proof,
    recorded,
    sent,
    signed,
)
from tests.cast import institution_of
from tests.faces.promises import AUTHORITIES, EVERYONE, LABORATORIES, OWN, ROLES, Promises, Verbs, only
from zhunsheng.activities.campaigns.inspection.models import Disposition, Exhibit
from zhunsheng.foundation.accounts.models import User

NOW_HERE = ("regulator", "integrity_officer")
NOBODY_HERE = {**dict.fromkeys(ROLES, 404), "anyone": 302}
PACKAGE = json.dumps({"looks": [], "findings": [{"id": str(key("x")), **found().said()}]})

GET: Promises = {
    "office_inspections": [((), only(*AUTHORITIES, "integrity_officer")), (("?format=xlsx",), only(*AUTHORITIES, "integrity_officer"))],
    "office_inspection_new": [((), only(*AUTHORITIES))],
    "office_inspection_findings": [
        ((), only(*AUTHORITIES, "integrity_officer")),
        (("?format=xlsx",), only(*AUTHORITIES, "integrity_officer")),
    ],
    "office_inspection_deciders": [((), only(*AUTHORITIES, "integrity_officer"))],
    "office_inspection": [(("visit",), only(*NOW_HERE)), (("signed_visit",), only(*NOW_HERE))],
    "office_inspection_letter": [(("visit",), only(*NOW_HERE))],
    "office_inspection_record": [(("signed_visit",), only(*NOW_HERE)), (("visit",), only())],
    "office_inspection_exhibit": [(("exhibit",), only(*NOW_HERE))],
    "office_disposition_letter": [(("disposition",), only(*NOW_HERE))],
    "workspace_inspections": [((), only(*LABORATORIES))],
    "workspace_inspection": [(("signed_visit",), only(*OWN)), (("unannounced_visit",), only())],
    "workspace_inspection_record": [(("signed_visit",), only(*OWN)), (("unannounced_visit",), only())],
    "workspace_disposition_letter": [(("disposition",), only(*OWN))],
    "inspector_worker": [((), EVERYONE)],
    "inspector_tasks": [((), only())],
    "inspector_task": [(("visit",), only())],
    "inspector_letter": [(("visit",), only())],
    "inspector_status": [(("visit",), only())],
}  # fmt: skip
POST_ONLY = {
    "office_inspection_replace", "office_inspection_extend", "office_inspection_cancel",
    "office_inspection_decide", "office_disposition_answer",
    "workspace_inspection_sign", "workspace_disposition_appeal", "inspector_sync", "inspector_exhibit", "inspector_declare",
    "inspector_close", "inspector_sign", "inspector_withdraw",
    "inspector_take_up",
}  # fmt: skip
SHOWS_REGISTER = {
    "office_inspections", "office_inspection", "office_inspection_letter", "office_inspection_record", "office_inspection_findings",
    "office_disposition_letter", "workspace_inspection", "workspace_inspection_record", "workspace_disposition_letter",
}  # fmt: skip

VERBS: Verbs = [
    ("office_inspection_new", (), {"verb": "one"}, AUTHORITIES),
    ("office_inspection_replace", ("visit",), {}, ("regulator",)),
    (
        "office_inspection_extend",
        ("visit",),
        {"until": "2026-08-01", "reason_zh": "停电", "reason_en": "no power"},
        ("regulator",),
    ),
    ("office_inspection_cancel", ("visit",), {"reason_zh": "停业", "reason_en": "closed"}, ("regulator",)),
    ("office_inspection_decide", ("signed_visit",), {}, ("regulator",)),
    ("office_disposition_answer", ("disposition",), {"verdict": "uphold", "answer": "维持"}, ("regulator",)),
    ("workspace_inspection_sign", ("signed_visit",), {"manner": "account"}, OWN),
    ("workspace_disposition_appeal", ("disposition",), {"grounds": "不服"}, OWN),
    ("inspector_sync", ("visit",), PACKAGE, ()),
    ("inspector_exhibit", ("visit",), {"about": "{}"}, ()),
    ("inspector_declare", ("unannounced_visit",), {"free": "yes"}, ()),
    ("inspector_close", ("visit",), {}, ()),
    ("inspector_sign", ("visit",), {}, ()),
    ("inspector_take_up", ("visit", "finding"), {"grade": "minor", "facts": "属实"}, ()),
    ("inspector_withdraw", ("visit", "finding"), {"reason": "误记"}, ()),
]


def things(people: dict[str, User | None]) -> dict[str, str]:
    authority, where = institution_of(people["regulator"]), institution_of(people["laboratory"])
    team = officers(authority)
    done = begun(sent(authority, where, team), team)
    recorded(done, team[0])
    assert people["regulator"]
    made: Disposition = decided(signed(done, team), people["regulator"])
    visit = begun(sent(authority, institution_of(people["other_laboratory"]), team), team)
    unannounced = sent(authority, where, team)
    return {
        "visit": str(visit.pk), "signed_visit": str(done.pk), "unannounced_visit": str(unannounced.pk), "finding": str(key("f1")),
        "exhibit": str(Exhibit.objects.get(pk=proof().id).pk), "disposition": str(made.pk),
    }  # fmt: skip
