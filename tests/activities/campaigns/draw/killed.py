"""What the killed processes do with a draw, and what is asked of them afterwards; each runs in a process of its own."""

from typing import Any

from tests.activities.campaigns.draw.network import (
    AT,
    BEACON,
    LATER,
    WITNESS_SECRET,
    give_scope,
    inspectors,
    item,
    laboratories,
    plan,
    promised_draw,
)
from tests.cast import institution
from tests.killing import Killer
from zhunsheng.activities.campaigns.draw.actions import publish_draw, redraw, reveal_draw
from zhunsheng.activities.campaigns.draw.models import (
    Draw,
    DrawnLaboratory,
    DrawnOfficer,
    FrozenList,
    OfficerNumber,
    Outcome,
)
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.institutions.models import Institution


def prepare(killer: Killer) -> None:
    """An authority, laboratories and inspectors; no draw."""
    authority = institution("authority", "示例市场监督管理局", "Example Authority", level="prefecture")
    give_scope(laboratories(5), item("food"))
    inspectors(authority, 4)


def commit(killer: Killer) -> int:
    killer.statements = 0
    if not Draw.objects.exists():
        promised_draw(Institution.objects.get(kind="authority"), None)
    return killer.statements


def reveal(killer: Killer) -> int:
    killer.statements = 0
    draw = Draw.objects.get()
    if draw.state == "committed":
        reveal_draw(draw, beacon=BEACON, secret=WITNESS_SECRET, actor=None, at=LATER)
    return killer.statements


def publish(killer: Killer) -> int:
    killer.statements = 0
    draw = Draw.objects.get()
    if draw.state == "revealed":
        publish_draw(draw, actor=None, at=LATER)
    return killer.statements


def again(killer: Killer) -> int:
    killer.statements = 0
    draw = Draw.objects.get(replaces=None)
    if draw.state != "redrawn":
        redraw(draw, plan=plan(), reason=t("one was missing", "名单遗漏"), actor=None, at=AT)
    return killer.statements


def look(killer: Killer) -> dict[str, Any]:
    tables = (FrozenList, OfficerNumber, Outcome, DrawnLaboratory, DrawnOfficer)
    verbs = ("commit_draw", "reveal_draw", "publish_draw", "redraw")
    return {
        "states": sorted(Draw.objects.values_list("state", flat=True)), "rows": [one.objects.count() for one in tables],
        "journal": [Entry.objects.filter(verb=verb).count() for verb in verbs],
    }  # fmt: skip
