"""Rectification: the authority that opened sees its own, a laboratory what it has to put right; the look-back is the authority's."""

from datetime import timedelta

from tests.activities.campaigns.inspection.visits import begun, decided, found, key, officers, proof, sent, signed
from tests.activities.campaigns.rectification.cases import FILES, REPORT, judged
from tests.cast import AT, institution_of
from tests.faces.promises import AUTHORITIES, EVERYONE, LABORATORIES, OWN, Promises, Verbs, only
from zhunsheng.activities.campaigns.inspection import actions as inspection
from zhunsheng.activities.campaigns.inspection.rules.packages import Package
from zhunsheng.activities.campaigns.rectification import actions
from zhunsheng.activities.campaigns.rectification.models import SubmittedFile
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t

HERE = ("regulator", "integrity_officer")
GET: Promises = {
    "office_rectifications": [
        ((), only(*AUTHORITIES, "integrity_officer")),
        (("?format=xlsx",), only(*AUTHORITIES, "integrity_officer")),
    ],
    "office_rectification": [(("rectification",), only(*HERE))],
    "office_rectification_file": [(("rectification_file",), only(*HERE))],
    "office_look_back_new": [((), only(*AUTHORITIES))],
    "office_look_back": [(("look_back",), only(*HERE))],
    "look_backs": [((), EVERYONE), (("?q=Example",), EVERYONE)],
    "look_back": [(("look_back",), EVERYONE)],
    "look_back_file": [(("look_back",), EVERYONE)],
    "workspace_rectifications": [((), only(*LABORATORIES)), (("?format=xlsx",), only(*LABORATORIES))],
    "workspace_rectification": [(("rectification",), only(*OWN))],
    "workspace_rectification_file": [(("rectification_file",), only(*OWN))],
}
POST_ONLY = {
    "office_rectification_judge", "office_rectification_effect", "office_rectification_order_anew", "office_look_back_draw",
    "office_look_again", "workspace_rectification_submit",
}  # fmt: skip
SHOWS_REGISTER = {"office_rectifications", "office_rectification", "office_look_back"}

VERBS: Verbs = [
    ("office_rectification_judge", ("rectification",), {"outcome": "accepted", "reason": "属实"}, ("regulator",)),
    ("office_rectification_effect", ("rectification",), {"effective": "yes", "basis": "复查"}, ("regulator",)),
    (
        "office_rectification_order_anew",
        ("rectification",),
        {"due_on": "2026-08-01", "reason": "仍不符合"},
        ("regulator",),
    ),
    ("office_look_back_draw", ("look_back",), {"value": "051118"}, ("regulator",)),
    ("office_look_again", ("looked_back",), {"held": "on", "reason": "属实"}, ("regulator",)),
    ("office_look_back_new", (), {"share": "10"}, AUTHORITIES),
    ("workspace_rectification_submit", ("rectification",), {}, OWN),
]


def things(people: dict[str, User | None]) -> dict[str, str]:
    authority, where = institution_of(people["regulator"]), institution_of(people["laboratory"])
    regulator, manager = people["regulator"], people["laboratory"]
    assert regulator and manager
    team = officers(authority, prefix="rectified")
    visit = begun(sent(authority, where, team), team)
    one = found("rectified")
    inspection.sync(visit, Package((), (one,)), officer=team[0], actor=None, at=AT)
    photo = proof("rectified photo", finding=key("rectified"))
    inspection.keep_exhibit(visit, photo, b"\x89PNG made-up photograph", officer=team[0], actor=None, at=AT)
    made = decided(signed(visit, team), regulator)
    opened = actions.open_rectifications(made, effect_check="re_inspection", actor=regulator, at=AT)[0]
    submission = actions.submit(opened, REPORT, FILES, actor=manager, at=AT)
    judged(submission, regulator)
    look_back = actions.promise_look_back(
        authority,
        share=(1, 1),
        beacon=t("a lottery", "某彩票"),
        beacon_on=AT.date() + timedelta(days=1),
        actor=None,
        at=AT,
    )
    drawn = actions.draw_look_back(look_back, value="051118", actor=None, at=AT + timedelta(days=1))
    return {
        "rectification": str(opened.pk), "rectification_file": str(SubmittedFile.objects.get().pk),
        "look_back": str(look_back.pk), "looked_back": str(drawn[0].pk),
    }  # fmt: skip
