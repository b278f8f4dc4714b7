"""The working calendar: everybody who has signed in reads it, national regulators keep it."""

from tests.cast import AT
from tests.faces.promises import MOVED, SIGNED_IN, Promises, Verbs, only
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import stage

GET: Promises = {
    "calendar": [((), SIGNED_IN)],
    "calendar_find_day": [((), only("national", status=MOVED))],
    "calendar_day": [(("2026-10-01",), only("national"))],
    "calendar_import": [((), only("national"))],
    "calendar_preview": [(("notice",), only("national"))],
}
POST_ONLY = {"calendar_discard"}

VERBS: Verbs = [
    ("calendar_day", ("2026-10-01",), {"kind": "workday"}, ("national",)),
    ("calendar_preview", ("notice",), {}, ("national",)),
    ("calendar_discard", ("notice",), {}, ("national",)),
    ("calendar_import", (), {}, ("national",)),
]


def things(people: dict[str, User | None]) -> dict[str, str]:
    national = people["national"]
    notice = stage(name="2027.csv", content=b"day,kind\n2027-01-01,holiday\n", actor=national, at=AT)
    return {"notice": str(notice.pk)}
