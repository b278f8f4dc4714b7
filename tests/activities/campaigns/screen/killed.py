"""What the killed processes do with a screen, and what is asked of them afterwards; each runs in a process of its own."""

from typing import Any

from tests.activities.campaigns.screen.network import code
from tests.activities.campaigns.screen.small import report_log
from tests.cast import AT, institution
from tests.killing import Killer
from zhunsheng.activities.campaigns.screen import actions
from zhunsheng.activities.campaigns.screen.actions import looking
from zhunsheng.activities.campaigns.screen.models import Evidence, LogFile, Screen, Statement, Suspicion
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.models import Attachment, Draft
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.jurisdiction import Jurisdiction, jurisdiction_of


def prepare(killer: Killer) -> None:
    """An authority, one laboratory, and a screen to which its log was sent."""
    authority = institution("authority", "示例市场监督管理局", "Example Authority", level="prefecture")
    laboratory = institution("laboratory", "示例检验检测机构", "Example Laboratory")
    Institution.objects.filter(pk=laboratory.pk).update(uscc=code(7))
    user = User.objects.create_user(username="regulator", password="long-enough-42")
    screen = actions.open_screen(authority=authority, title=t("March", "三月"), actor=user, at=AT)
    actions.receive_log(screen, kind="reports", name="reports.csv", content=report_log(code(7)), actor=user, at=AT)


def reach() -> Jurisdiction:
    return jurisdiction_of([Institution.objects.get(kind="authority")], AT.date())


def read(killer: Killer) -> int:
    killer.statements = 0
    looking.read_log(LogFile.objects.select_related("draft", "screen", "received_by").get(), reach=reach(), at=AT)
    return killer.statements


def run(killer: Killer) -> int:
    killer.statements = 0
    screen = Screen.objects.select_related("authority").get()
    if screen.state == "gathering":
        actions.begin(screen, actor=None, at=AT)
        screen.refresh_from_db()
    looking.run(screen, reach=reach(), actor=None, at=AT)
    return killer.statements


def ask(killer: Killer) -> int:
    killer.statements = 0
    one = Suspicion.objects.order_by("number")[0]
    if one.state == "open":
        actions.ask(one, question="Please explain the times.", actor=None, at=AT)
    return killer.statements


def look(killer: Killer) -> dict[str, Any]:
    tables = (Attachment, Draft, Evidence, Suspicion, Statement)
    verbs = ("read_log", "run_screen", "finish_screen", "ask_about")
    return {
        "screen": Screen.objects.get().state, "log": LogFile.objects.get().state,
        "suspicions": sorted(Suspicion.objects.values_list("state", flat=True)), "rows": [one.objects.count() for one in tables],
        "journal": [Entry.objects.filter(verb=verb).count() for verb in verbs],
    }  # fmt: skip
