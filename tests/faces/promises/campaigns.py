"""Draws: the promise of every draw and whatever is published are everyone's; before that they are the authority's own.

Regulators of other authorities have lists of their own draws, empty here; a county's officers do not set the parameters of a draw.
"""

from datetime import timedelta

from tests.activities.campaigns.draw.network import (
    BEACON,
    LATER,
    WITNESS_SECRET,
    give_scope,
    inspectors,
    item,
    laboratories,
    promised_draw,
)
from tests.cast import AT, institution_of
from tests.faces.promises import AUTHORITIES, EVERYONE, GONE, ROLES, Promises, Verbs, only
from zhunsheng.activities.campaigns.draw.actions import publish_draw, reveal_draw
from zhunsheng.foundation.accounts.models import User

NOBODY = dict.fromkeys(ROLES, GONE)

GET: Promises = {
    "draw_check": [((), EVERYONE)],
    "draw_check_alone": [((), EVERYONE)],
    "draws": [((), EVERYONE)],
    "draw": [(("draw",), EVERYONE), (("published_draw",), EVERYONE)],
    "draw_file": [(("draw",), NOBODY), (("revealed_draw",), NOBODY), (("published_draw",), EVERYONE)],
    "office_draws": [
        ((), only(*AUTHORITIES, "integrity_officer")),
        (("?format=xlsx",), only(*AUTHORITIES, "integrity_officer")),
    ],
    "office_draw_new": [((), only("regulator", "national", "province", "other_province"))],
    "office_officers": [((), only(*AUTHORITIES)), (("?format=xlsx",), only(*AUTHORITIES))],
    "office_draw": [(("draw",), only("regulator", "integrity_officer"))],
    "office_draw_redraw": [(("draw",), only("regulator"))],
    "office_draw_file": [
        (("revealed_draw",), only("regulator", "integrity_officer")),
        (("draw",), only()),
    ],
}
POST_ONLY = {"office_draw_reveal", "office_draw_publish"}
SHOWS_REGISTER = {"draw", "draw_file", "office_draw", "office_draw_file", "office_draw_redraw", "office_officers"}

VERBS: Verbs = [
    ("office_draw_reveal", ("draw",), {"beacon": BEACON, "secret": WITNESS_SECRET}, ("regulator",)),
    ("office_draw_publish", ("revealed_draw",), {}, ("regulator",)),
    ("office_draw_redraw", ("draw",), {}, ("regulator",)),
    ("office_draw_new", (), {}, ("regulator", "national", "province", "other_province")),
    ("office_officers", (), {}, AUTHORITIES),
]


def things(people: dict[str, User | None]) -> dict[str, str]:
    authority = institution_of(people["regulator"])
    give_scope(laboratories(6), item("food"))
    inspectors(authority, 4)
    draw, revealed, published = (promised_draw(authority, people["regulator"]) for _ in range(3))
    for one in (revealed, published):
        reveal_draw(one, beacon=BEACON, secret=WITNESS_SECRET, actor=None, at=LATER)
    publish_draw(published, actor=None, at=LATER + timedelta(days=1))
    assert AT < LATER
    return {"draw": str(draw.pk), "revealed_draw": str(revealed.pk), "published_draw": str(published.pk)}
