"""Bulletins: drafts and figures in full are the authority's alone; what was released is everybody's."""

from tests.activities.campaigns.plan.campaigns import published
from tests.activities.campaigns.summary.bulletins import CASE, drafted, passage_of, practice, released
from tests.cast import institution_of
from tests.faces.promises import AUTHORITIES, EVERYONE, Promises, Verbs, only
from zhunsheng.foundation.accounts.models import User

NOWHERE = "00000000-0000-4000-8000-000000000000"

GET: Promises = {
    "bulletins": [((), EVERYONE)],
    "bulletin": [(("bulletin",), EVERYONE), (("bulletin_draft",), dict.fromkeys(EVERYONE, 404))],
    "bulletin_file": [
        (("bulletin", "pdf"), EVERYONE),
        (("bulletin", "xlsx"), EVERYONE),
        (("bulletin_draft", "xlsx"), dict.fromkeys(EVERYONE, 404)),
    ],
    "office_bulletins": [((), only(*AUTHORITIES))],
    "office_bulletin_new": [((), only(*AUTHORITIES))],
    "office_bulletin": [(("bulletin_draft",), only("regulator")), (("bulletin",), only("regulator"))],
    "office_bulletin_write": [
        (("bulletin_draft", "case"), only("regulator")),
        (("bulletin_draft", "gossip"), only()),
    ],
    "office_bulletin_text": [
        (("bulletin_draft", "bulletin_practice"), only("regulator")),
        (("bulletin_draft", NOWHERE), only()),
    ],
    "office_bulletin_consent": [(("bulletin_draft", "bulletin_practice"), only("regulator"))],
    "office_bulletin_release": [(("bulletin_draft",), only("regulator"))],
    "office_bulletin_file": [(("bulletin_draft", "xlsx"), only("regulator"))],
}
POST_ONLY = {"office_bulletin_compute", "office_bulletin_take_out", "office_bulletin_withdraw"}

VERBS: Verbs = [
    ("office_bulletin_new", (), {}, AUTHORITIES),
    ("office_bulletin_write", ("bulletin_draft", "case"), {}, ("regulator",)),
    ("office_bulletin_text", ("bulletin_draft", "bulletin_practice"), {}, ("regulator",)),
    ("office_bulletin_consent", ("bulletin_draft", "bulletin_practice"), {}, ("regulator",)),
    ("office_bulletin_release", ("bulletin_draft",), {}, ("regulator",)),
    ("office_bulletin_compute", ("bulletin_draft",), {}, ("regulator",)),
    ("office_bulletin_take_out", ("bulletin_draft", NOWHERE), {}, ("regulator",)),
    ("office_bulletin_withdraw", ("bulletin_draft",), {}, ("regulator",)),
]
SHOWS_REGISTER = {"office_bulletin", "office_bulletin_consent", "office_bulletin_text"}


def things(people: dict[str, User | None]) -> dict[str, str]:
    regulator, laboratory = people["regulator"], people["laboratory"]
    told, begun = published(institution_of(regulator)), published(institution_of(regulator))
    done = drafted(told, (CASE,))
    released(done, regulator)
    draft = drafted(begun, (practice(institution_of(laboratory)),))
    return {
        "bulletin": str(done.pk), "bulletin_draft": str(draft.pk), "bulletin_practice": str(passage_of(draft, "practice").key),
    }  # fmt: skip
