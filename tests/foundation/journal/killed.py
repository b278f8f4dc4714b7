"""What the killed sequencer does and what is asked of it afterwards; each runs in a process of its own."""

import threading
from typing import Any

from django.conf import settings
from django.db import transaction

from tests.foundation.journal.rules import naive
from tests.killing import Killer
from zhunsheng.foundation.journal.actions import record
from zhunsheng.foundation.journal.models import Checkpoint, Entry, Leaf, Subtree
from zhunsheng.foundation.journal.sequencing import sequence
from zhunsheng.foundation.journal.verification import verify
from zhunsheng.foundation.signing import SigningKey


def prepare(killer: Killer) -> None:
    """A log of 70 acts, and 100 that wait: enough to complete subtrees."""
    from tests.cast import AT

    for n in (70, 100):
        with transaction.atomic():
            for i in range(n):
                record("count", actor=None, at=AT, subject=f"thing:{i}")
        if n == 70:
            put(killer)


def put(killer: Killer) -> int:
    from tests.cast import AT

    killer.statements = 0
    sequence(at=AT, key=SigningKey.load_or_make(settings.SIGNING_KEY), origin="killed/journal")
    return killer.statements


def look(killer: Killer) -> dict[str, Any]:
    """Everything that the sequencer writes, counted, and whether it holds."""
    leaves = [bytes.fromhex(one) for one in Leaf.objects.order_by("index").values_list("leaf_hash", flat=True)]
    newest = Checkpoint.objects.first()
    key = SigningKey.load_or_make(settings.SIGNING_KEY)
    return {
        "acts": Entry.objects.count(), "leaves": len(leaves), "subtrees": Subtree.objects.count(),
        "checkpoints": Checkpoint.objects.count(), "root": bool(newest and newest.root == naive.mth(leaves).hex()),
        "sound": verify(trusted=[key.public]).sound, "threads": threading.active_count(),
    }  # fmt: skip
