"""What the killed processes do with a visit, and what is asked of them afterwards; each runs in a process of its own."""

from typing import Any

from tests.activities.campaigns.inspection.visits import (
    PHOTO,
    authority_here,
    begun,
    decided,
    found,
    laboratory_here,
    officers,
    proof,
    sent,
    signed,
)
from tests.activities.campaigns.inspection.visits import (
    look as seen,
)
from tests.cast import AT, user_with_post
from tests.killing import Killer
from zhunsheng.activities.campaigns.inspection import actions
from zhunsheng.activities.campaigns.inspection.models import Disposition, Exhibit, Finding, Inspection, Look
from zhunsheng.activities.campaigns.inspection.queries import team_of
from zhunsheng.activities.campaigns.inspection.rules.packages import Package
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.journal.models import Entry


def prepare(killer: Killer) -> None:
    """A visit that has begun."""
    authority = authority_here()
    user_with_post("decider", "regulator", authority)
    team = officers(authority)
    begun(sent(authority, laboratory_here(), team), team)


def sync(killer: Killer) -> int:
    inspection = Inspection.objects.get()
    officer = team_of(inspection)[0]
    killer.statements = 0
    actions.sync(inspection, Package((seen(),), (found(), found("f2"))), officer=officer, actor=None, at=AT)
    return killer.statements


def photo(killer: Killer) -> int:
    inspection = Inspection.objects.get()
    officer = team_of(inspection)[0]
    killer.statements = 0
    actions.keep_exhibit(inspection, proof(), PHOTO, officer=officer, actor=None, at=AT)
    return killer.statements


def prepare_signed(killer: Killer) -> None:
    inspection = Inspection.objects.get()
    team = team_of(inspection)
    second = proof("p2", content=b"second")
    finding = Finding.objects.exclude(exhibits__isnull=False).get()
    given: Any = {"officer": team[0], "actor": None, "at": AT}
    actions.keep_exhibit(inspection, type(second)(**{**_fields(second), "finding": finding.pk}), b"second", **given)
    signed(inspection, team)


def _fields(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def dispose(killer: Killer) -> int:
    inspection, decider = Inspection.objects.get(), User.objects.get(username="decider")
    killer.statements = 0
    if not Disposition.objects.exists():
        decided(inspection, decider)
    return killer.statements


def look(killer: Killer) -> dict[str, Any]:
    tables = (Look, Finding, Attachment, Exhibit, Disposition)
    verbs = ("sync_package", "keep_exhibit", "dispose")
    return {
        "rows": [one.objects.count() for one in tables],
        "states": sorted(Finding.objects.values_list("state", flat=True)),
        "journal": [Entry.objects.filter(verb=verb).count() for verb in verbs],
    }
