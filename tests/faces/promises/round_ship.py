"""Parcels of items: addresses and codes for the coordinator alone; a laboratory sees what was sent to it."""

from datetime import timedelta

from django.utils import timezone

from tests.activities.proficiency.ship.shipped import ready_round
from tests.cast import institution_of
from tests.faces.promises import LABORATORIES, MOVED, OWN, Promises, Verbs, only
from zhunsheng.activities.proficiency.ship import actions
from zhunsheng.activities.proficiency.ship.models import Parcel
from zhunsheng.foundation.accounts.models import User

OURS = only("coordinator")
GET: Promises = {
    "office_round_ship": [(("shipping",), OURS), (("planned",), OURS), (("round",), only())],
    "office_round_send": [(("shipping",), OURS)],
    "office_round_ship_paper": [
        (("shipping", "labels"), OURS),
        (("shipping", "pack-list"), OURS),
        (("shipping", "tracking"), OURS),
        (("planned", "labels"), only("coordinator", status=MOVED)),
    ],
    "office_round_parcel": [(("shipping", "parcel"), OURS), (("planned", "parcel"), only())],
    "workspace_items": [((), only(*LABORATORIES))],
    "workspace_parcel": [(("parcel",), only(*OWN)), (("packed_parcel",), only())],
}
POST_ONLY = {"office_round_pack", "office_round_parcel_act", "workspace_parcel_ask"}
SHOWS_REGISTER = {"office_round_ship", "office_round_parcel"}
VERBS: Verbs = [
    ("office_round_pack", ("shipping",), {}, ("coordinator",)),
    ("office_round_send", ("shipping",), {"carrier": "EMS", "sent_on": "2026-05-06"}, ("coordinator",)),
    ("office_round_parcel", ("shipping", "parcel"), {"received_on": "2026-05-06", "condition": "intact"}, ("coordinator",)),
    ("office_round_parcel_act", ("shipping", "parcel", "lost"), {"reason": "x"}, ("coordinator",)),
    ("office_round_parcel_act", ("shipping", "parcel", "back"), {"reason": "x"}, ("coordinator",)),
    ("office_round_parcel_act", ("shipping", "parcel", "replace"), {"reason": "x"}, ("coordinator",)),
    ("workspace_parcel", ("parcel",), {"received_on": "2026-05-06", "condition": "intact"}, OWN),
    ("workspace_parcel_ask", ("parcel",), {"reason": "x"}, OWN),
]  # fmt: skip


def things(people: dict[str, User | None]) -> dict[str, str]:
    coordinator, laboratory, other = people["coordinator"], people["laboratory"], people["other_laboratory"]
    assert coordinator is not None and laboratory is not None and other is not None
    labs = [institution_of(laboratory), institution_of(other)]
    made = ready_round(institution_of(coordinator), coordinator, laboratories=[*labs, None], number="SHIP-1")
    now = timezone.now()
    actions.pack(made, actor=coordinator, at=now)
    day = timezone.localdate(now) - timedelta(days=1)
    actions.send(made, {"K01": "EE1"}, carrier="EMS", sent_on=day, expected_on=None, actor=coordinator, at=now)
    own = Parcel.objects.get(round=made, participation__code="K01")
    waiting = Parcel.objects.get(round=made, participation__code="K02")
    return {"shipping": str(made.pk), "parcel": str(own.pk), "packed_parcel": str(waiting.pk)}
