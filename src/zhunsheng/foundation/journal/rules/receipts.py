"""A receipt: the proof that an act is in the log, which whoever holds it checks alone, without the database."""

from collections.abc import Mapping, Sequence
from typing import Any

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal.rules.checkpoints import BadNote, Statement, opened
from zhunsheng.foundation.journal.rules.entries import leaf_hash
from zhunsheng.foundation.journal.rules.proofs import includes
from zhunsheng.foundation.signing import PublicKey

SCHEMA = "zhunsheng-journal-proof/1"


class BadReceipt(ValueError):
    """A receipt that proves nothing; `.reason` says why."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason)
        self.reason = reason


def receipt(canonical: bytes, *, index: int, path: Sequence[bytes], note: str) -> dict[str, Any]:
    """The receipt as plain JSON: the act's own bytes, its place, the path to the root, the signed checkpoint."""
    return {
        "schema": SCHEMA, "entry": canonical.decode(), "index": index, "path": [one.hex() for one in path], "checkpoint": note,
    }  # fmt: skip


def checked(given: Any, trusted: Sequence[PublicKey]) -> Statement:
    """The checkpoint under which the receipt's act stands in the log. Raises BadReceipt."""
    canonical, index, path, note = _parts(given)
    try:
        statement = opened(note, trusted)
    except BadNote as fault:
        raise BadReceipt(t("Its checkpoint: {why}.", "其检查点：{why}。", why=fault.reason)) from fault
    if not includes(bytes.fromhex(leaf_hash(canonical)), index, statement.size, path, statement.root):
        raise BadReceipt(
            t(
                "The checkpoint is genuine, but this act is not at place {n} of the log that it speaks of.",
                "检查点真实有效，但其所述日志的第 {n} 位不是这次操作。",
                n=index,
            )
        )
    return statement


def _parts(given: Any) -> tuple[bytes, int, list[bytes], str]:
    match given:
        case {
            "schema": "zhunsheng-journal-proof/1",
            "entry": str(entry),
            "index": int(index),
            "path": list(path),
            "checkpoint": str(note),
        } if isinstance(given, Mapping) and len(path) <= 64:
            try:
                return entry.encode(), index, [bytes.fromhex(one) for one in path], note
            except (TypeError, ValueError) as fault:
                raise BadReceipt(_no_receipt()) from fault
    raise BadReceipt(_no_receipt())


def _no_receipt() -> Text:
    return t("This is not a receipt of the journal.", "这不是日志收录证明。")
