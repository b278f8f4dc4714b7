"""What a restored database is told before it becomes the one: that it was restored, and what may not simply go on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, transaction

from zhunsheng.faces.backups.revived import ended, good_tokens, revived, revoke
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal.actions import record
from zhunsheng.foundation.journal.manifests import chunks
from zhunsheng.foundation.journal.models import Checkpoint, Entry, Leaf
from zhunsheng.foundation.journal.restorations import VERB, checkpoint_facts, is_unsettled
from zhunsheng.foundation.journal.rules.checkpoints import BadNote, read
from zhunsheng.foundation.journal.rules.settling import UNSETTLED
from zhunsheng.foundation.journal.sequencing import ADVISORY_LOCK, newest_checkpoint
from zhunsheng.foundation.messages.models import Mail

PERHAPS_SENT = t(
    "A backup was restored: it may have been sent since the backup was taken.",
    "系统已从备份恢复：备份之后该邮件可能已发出。",
)
AT_ONCE = 500


def replaced(note: str | None) -> dict[str, Any] | None:
    """The log that a restore would replace, the hashes of its acts that the backup's checkpoint does not cover, and what had ended.

    None where the database there cannot say: a restore is also how a damaged one is replaced.
    """
    try:
        facts = checkpoint_facts(newest_checkpoint())
        return {**facts, "beyond": list(_beyond(note).values_list("leaf_hash", flat=True)), "ended": ended()}
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
def settle() -> list[Text]:
    """Journal the restore with both checkpoints and what came alive again by it; no e-mail goes out that may have gone already.

    What has to be settled stands in the database itself, from before it could become the one, and goes in this transaction: a
    restore that was interrupted here is settled at the next start. Nothing to do in any other database. Returns what to say.
    """
    request = _request()
    if request is None:
        return []
    at, subject = datetime.fromisoformat(request["at"]), f"backup:{request['made_at']}"
    old = request["replaced"]
    before = {"size": old["size"], "root": old["root"], "lost": _missing(old["beyond"])} if old else {}
    again = revived(old["ended"], at=at) if old else None
    facts = checkpoint_facts(newest_checkpoint()) | {"revived": again.facts() if again else None}
    record(VERB, actor=None, at=at, subject=subject, before=before, after=facts)
    Mail.objects.filter(state__in=("waiting", "sending")).update(
        state="unknown", fault_en=PERHAPS_SENT.en, fault_zh=PERHAPS_SENT.zh
    )
    said = list(again.sentences()) if again else [_not_known(good_tokens(at).count())]
    if request["revoke_tokens"]:
        doomed = again.tokens if again else list(good_tokens(at))
        said.append(tokens_revoked(revoke(doomed, subject=subject, at=at)))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {UNSETTLED}")
    return said


def _request() -> dict[str, Any] | None:
    """What has to be settled, held until the transaction ends; None if there is nothing, or another process was first."""
    if not is_unsettled():
        return None
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
            if not is_unsettled():
                return None
        cursor.execute(f"SELECT request FROM {UNSETTLED}")  # noqa: S608 -- a name of our own
        found: dict[str, Any] = json.loads(cursor.fetchone()[0])
    return found


def _missing(hashes: Sequence[str]) -> int:
    """How many of these acts this database does not have."""
    return sum(len(some) - Entry.objects.filter(leaf_hash__in=some).count() for some in chunks(hashes, AT_ONCE))


def last_restore() -> tuple[str, dict[str, Any]] | None:
    """The subject of the last restore's act, and what the act says; None where no backup was ever restored."""
    entry = Entry.objects.filter(verb=VERB).order_by("-pk").first()
    return (entry.subject, json.loads(bytes(entry.canonical))) if entry else None


def tokens_revoked(number: int) -> Text:
    """The sentence for how many tokens were revoked."""
    return t("{n} tokens revoked.", "已吊销 {n} 个令牌。", n=number)


def _not_known(good: int) -> Text:
    return t(
        "No database was replaced that could say what had been revoked or ended since the backup. {n} tokens are good: "
        "`zhunsheng revoke-tokens` revokes them all.",
        "没有可比对的原数据库，无法得知备份之后吊销或终止了什么。现有 {n} 个有效令牌：可用 `zhunsheng revoke-tokens` 全部吊销。",
        n=good,
    )
