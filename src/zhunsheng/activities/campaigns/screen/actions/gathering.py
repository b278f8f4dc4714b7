"""Gathering logs: open a screen, take files in, close the gathering."""

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.screen.models import LogFile, Screen
from zhunsheng.activities.campaigns.screen.rules.settling import check_new, check_ready
from zhunsheng.activities.campaigns.screen.states import SCREEN
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import stage
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.statechart import move
from zhunsheng.registry.institutions.models import Institution


@transaction.atomic
def open_screen(
    *, authority: Institution, title: Text, actor: User | None, at: datetime, campaign: Campaign | None = None
) -> Screen:
    """Begin to gather logs, in a campaign or outside of one."""
    made = Screen.objects.create(
        authority=authority, campaign=campaign, title_zh=title.zh, title_en=title.en, opened_by=actor, opened_at=at
    )
    journal.record(
        "open_screen", actor=actor, at=at, subject=f"screen:{made.pk}",
        after={"title": title.both(), "campaign": str(campaign.pk) if campaign else None},
    )  # fmt: skip
    return made


@transaction.atomic
def receive_log(screen: Screen, *, kind: str, name: str, content: bytes, actor: User, at: datetime) -> LogFile:
    """Take a file in, to be read in the background. Raises ScreenRefused for the same file again, NotAllowedNow once the screen runs."""
    locked = Screen.objects.select_for_update().get(pk=screen.pk)
    SCREEN.check("run", locked.state)
    sha256 = hashlib.sha256(content).hexdigest()
    check_new(_earlier(locked, sha256))
    draft = stage(name=name, content=content, actor=actor, at=at)
    log = LogFile(
        screen=locked, kind=kind, name=draft.name, sha256=sha256, draft=draft, received_by=actor, received_at=at
    )
    try:
        with transaction.atomic():
            log.save()
    except IntegrityError:  # two requests with one file at once: the second finds what the first wrote
        check_new(_earlier(locked, sha256))
        raise
    journal.record(
        "receive_log", actor=actor, at=at, subject=f"screen:{screen.pk}", after={"name": log.name, "sha256": sha256}
    )
    return log


def _earlier(screen: Screen, sha256: str) -> tuple[str, str] | None:
    found = screen.logs.filter(sha256=sha256).exclude(state="refused").first()
    return (found.name, timezone.localdate(found.received_at).isoformat()) if found else None


@transaction.atomic
def begin(screen: Screen, *, actor: User | None, at: datetime) -> None:
    """Close the gathering; the logs are looked through in the background. Raises ScreenRefused, NotAllowedNow."""
    states = list(screen.logs.values_list("state", flat=True))
    check_ready(read=states.count("read"), waiting=states.count("received"))
    move(SCREEN, "run", Screen.objects.filter(pk=screen.pk))
    journal.record("run_screen", actor=actor, at=at, subject=f"screen:{screen.pk}")
