"""A screen with two suspicions about one laboratory, the first put to it; made through the verbs."""

from tests.activities.campaigns.screen.network import code
from tests.cast import AT
from zhunsheng.activities.campaigns.screen import actions
from zhunsheng.activities.campaigns.screen.actions import looking
from zhunsheng.activities.campaigns.screen.models import Screen
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.jurisdiction import jurisdiction_of

HEAD = "uscc,report,sample,parameter,matrix,method,received_at,tested_from,tested_to,issued_at,signatory"
ROWS = (
    "{uscc},R-1,S-1,汞,饲料,GB 1-2020,2026-03-02,2026-03-03 09:00,2026-03-03 12:00,2026-03-03 11:00,签字人",
    "{uscc},R-2,S-2,汞,饲料,GB 1-2020,2026-03-05,2026-03-04 09:00,2026-03-04 12:00,2026-03-06,签字人",
    "{uscc},R-3,S-3,汞,饲料,GB 1-2020,2026-03-05,soon,2026-03-06 12:00,2026-03-06,签字人",
)
"""Issued before its test ended; tested before it was received; a moment that is none."""


def report_log(uscc: str) -> bytes:
    return "\n".join([HEAD, *ROWS]).format(uscc=uscc).encode()


def a_screen_of(authority: Institution, actor: User, *, about: Institution) -> dict[str, str]:
    """Keys: the screen, its log, the suspicion that was put to the laboratory and the one that was kept back."""
    uscc = about.uscc or code(7)
    Institution.objects.filter(pk=about.pk).update(uscc=uscc)
    screen = run_over(authority, actor, report_log(uscc))
    asked, kept = (screen.suspicions.get(rule=rule) for rule in ("issued_before_end", "tested_before_receipt"))
    actions.ask(asked, question="Please explain the times.", actor=actor, at=AT)
    log = screen.logs.get()
    return {
        "screen": str(screen.pk),
        "log": str(log.pk),
        "asked_suspicion": str(asked.pk),
        "kept_suspicion": str(kept.pk),
    }


def run_over(authority: Institution, actor: User, content: bytes) -> Screen:
    reach = jurisdiction_of([authority], AT.date())
    screen = actions.open_screen(authority=authority, title=t("March", "三月"), actor=actor, at=AT)
    log = actions.receive_log(screen, kind="reports", name="reports.csv", content=content, actor=actor, at=AT)
    looking.read_log(log, reach=reach, at=AT)
    actions.begin(screen, actor=actor, at=AT)
    screen.refresh_from_db()
    looking.run(screen, reach=reach, actor=actor, at=AT)
    screen.refresh_from_db()
    return screen
