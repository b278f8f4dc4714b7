"""Restored backups: each begins a log of another name, so that no name ever stands for two histories of one size."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.journal.rules.settling import UNSETTLED

VERB = "restore_backup"
MARKED = re.compile(r"restored-[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Restoration:
    """What the act of a restore says."""

    at: datetime
    mark: str
    """what the log's name ends with from then on: of the act's own hash, so that two restores of one backup differ"""
    size: int
    """leaves under the newest checkpoint of the backup"""
    replaced: int | None
    """leaves under the newest checkpoint of the log that was replaced; None where none was there to be asked"""
    lost: int | None

    @property
    def sentence(self) -> Text:
        said = {"at": f"{self.at:%Y-%m-%d %H:%M} UTC", "n": self.size, "mark": self.mark}
        if self.lost is None:
            return t(
                "Restored from a backup at {at}: the log goes on from {n} leaves as {mark}; what there was before is not known.",
                "曾于 {at} 从备份恢复：日志自 {n} 个叶子起以 {mark} 之名继续；此前的数据库情况不明。",
                **said,
            )
        return t(
            "Restored from a backup at {at}: the log goes on from {n} leaves as {mark}; "
            "{lost} acts were lost, the log before had {m} leaves.",
            "曾于 {at} 从备份恢复：日志自 {n} 个叶子起以 {mark} 之名继续；丢失操作 {lost} 次，此前的日志有 {m} 个叶子。",
            m=self.replaced or 0, lost=self.lost, **said,
        )  # fmt: skip


def name_of_log(origin: str) -> str:
    """The log's name: that of the site, and since a backup was restored the mark of the last restore."""
    last = Entry.objects.filter(verb=VERB).order_by("-pk").values_list("leaf_hash", flat=True).first()
    return f"{origin}/{_mark(last)}" if last else origin


def is_unsettled() -> bool:
    """Was a backup restored into this database whose restore is not journaled yet? Until then its log must not go on under the old name."""
    with connection.cursor() as cursor:
        return UNSETTLED in connection.introspection.table_names(cursor)


def restorations() -> Iterator[Restoration]:
    """Every restore that the journal tells of, in order; one whose act cannot be read is left to the verification."""
    for entry in Entry.objects.filter(verb=VERB).order_by("pk"):
        try:
            said = json.loads(bytes(entry.canonical))
            old, new = said["before"], said["after"]
            yield Restoration(entry.at, _mark(entry.leaf_hash), new["size"], old.get("size"), old.get("lost"))
        except (ValueError, KeyError, AttributeError, TypeError):
            continue


def given_up(size: int, origin: str, known: list[Restoration]) -> Restoration | None:
    """The restore that gave up the history of a checkpoint of that size and name; None if no restore explains it."""
    later: list[Restoration] = []
    for one in reversed(known):
        if origin.endswith(f"/{one.mark}"):
            break
        later.append(one)
    return next((one for one in reversed(later) if one.size < size), None)


def mark_at(size: int, known: Sequence[Restoration]) -> str:
    """The mark in the name of a checkpoint of that size: of the last restore that found a smaller log; none before the first."""
    return next((one.mark for one in reversed(known) if one.size < size), "")


def marked(origin: str) -> str:
    """The mark that a log's name ends with; empty for the name of a log that was never restored."""
    last = origin.rpartition("/")[2]
    return last if MARKED.fullmatch(last) else ""


def checkpoint_facts(checkpoint: Any) -> dict[str, Any]:
    """Size and root of a checkpoint as a restore's act names them."""
    return {"size": checkpoint.size if checkpoint else 0, "root": checkpoint.root if checkpoint else ""}


def _mark(leaf_hash: str) -> str:
    return f"restored-{leaf_hash[:16]}"
