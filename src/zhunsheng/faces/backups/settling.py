"""What a restored database is told before it becomes the one: that it was restored, and what may not simply go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import DatabaseError, transaction

from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal.actions import record
from zhunsheng.foundation.journal.manifests import chunks
from zhunsheng.foundation.journal.models import Checkpoint, Entry, Leaf
from zhunsheng.foundation.journal.restorations import VERB, checkpoint_facts
from zhunsheng.foundation.journal.rules.checkpoints import BadNote, read
from zhunsheng.foundation.journal.sequencing import newest_checkpoint
from zhunsheng.foundation.messages.models import Mail

PERHAPS_SENT = t(
    "A backup was restored: it may have been sent since the backup was taken.",
    "系统已从备份恢复：备份之后该邮件可能已发出。",
)
AT_ONCE = 500


def replaced(note: str | None) -> dict[str, Any] | None:
    """The log that a restore would replace, and the hashes of its acts that the backup's checkpoint does not cover.

    None where the database there cannot say: a restore is also how a damaged one is replaced.
    """
    try:
        facts = checkpoint_facts(newest_checkpoint())
        return {**facts, "beyond": list(_beyond(note).values_list("leaf_hash", flat=True))}
    except DatabaseError:
        return None


def _beyond(note: str | None) -> Any:
    """Acts of this database that are not under that checkpoint; all of them if it was signed over another history."""
    try:
        said = read(note or "")
    except BadNote:
        return Entry.objects.all()
    if not Checkpoint.objects.filter(size=said.size, root=said.root.hex()).exists():
        return Entry.objects.all()
    return Entry.objects.exclude(leaf_hash__in=Leaf.objects.filter(index__lt=said.size).values("leaf_hash"))


@transaction.atomic
def settle(request: Mapping[str, Any]) -> None:
    """Journal the restore with both checkpoints; nobody stays signed in, and no e-mail goes out that may have gone already."""
    old = request["replaced"]
    before = {"size": old["size"], "root": old["root"], "lost": _missing(old["beyond"])} if old else {}
    record(
        VERB, actor=None, at=datetime.fromisoformat(request["at"]), subject=f"backup:{request['made_at']}",
        before=before, after=checkpoint_facts(newest_checkpoint()),
    )  # fmt: skip
    Session.objects.all().delete()
    UserSession.objects.all().delete()
    Mail.objects.filter(state__in=("waiting", "sending")).update(
        state="unknown", fault_en=PERHAPS_SENT.en, fault_zh=PERHAPS_SENT.zh
    )


def _missing(hashes: Sequence[str]) -> int:
    """How many of these acts this database does not have."""
    return sum(len(some) - Entry.objects.filter(leaf_hash__in=some).count() for some in chunks(hashes, AT_ONCE))
