"""Screens: an authority has its own; of a suspicion the laboratory sees what was put to it, and nobody else anything."""

from tests.activities.campaigns.screen.small import a_screen_of
from tests.cast import institution_of
from tests.faces.promises import AUTHORITIES, LABORATORIES, OWN, Promises, Verbs, only
from zhunsheng.foundation.accounts.models import User

GET: Promises = {
    "office_screens": [((), only(*AUTHORITIES))],
    "office_screen_new": [((), only(*AUTHORITIES))],
    "office_screen_template": [(("reports", "xlsx"), only(*AUTHORITIES)), (("people", "csv"), only(*AUTHORITIES))],
    "office_screen": [(("screen",), only("regulator"))],
    "office_screen_errors": [(("log", "csv"), only("regulator")), (("log", "xlsx"), only("regulator"))],
    "office_suspicions": [((), only(*AUTHORITIES))],
    "office_suspicion": [
        (("asked_suspicion",), only("regulator")),
        (("kept_suspicion", "?format=xlsx"), only("regulator")),
    ],
    "workspace_suspicions": [((), only(*LABORATORIES))],
    "workspace_suspicion": [(("asked_suspicion",), only(*OWN)), (("kept_suspicion",), only())],
}
POST_ONLY = {"office_screen_send", "office_screen_run", "office_suspicion_settle"}

VERBS: Verbs = [
    ("office_screen_new", (), {"title_zh": "又一次", "title_en": "Another"}, AUTHORITIES),
    ("office_screen_send", ("screen",), {}, ("regulator",)),
    ("office_screen_run", ("screen",), {}, ("regulator",)),
    (
        "office_suspicion_settle",
        ("asked_suspicion",),
        {"verb": "explain", "text": "as the record shows"},
        ("regulator",),
    ),
    ("workspace_suspicion", ("asked_suspicion",), {"text": "as the record shows"}, OWN),
]
SHOWS_REGISTER = {"office_suspicions", "office_suspicion"}


def things(people: dict[str, User | None]) -> dict[str, str]:
    regulator = people["regulator"]
    return a_screen_of(institution_of(regulator), regulator, about=institution_of(people["laboratory"]))
