"""The one verb: write down what an act has shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from zhunsheng.capability.evidence.kinds import check_payload
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.foundation.journal.models import Entry


@dataclass(frozen=True, slots=True)
class Shown:
    """One line to be written."""

    institution_id: UUID
    parameter_id: int
    matrix_id: int
    kind: str
    version: int
    payload: dict[str, Any]
    occurred_on: date
    source: str
    """what it comes from, like round:<id>:<position>; it speaks once about one capability"""
    disclosed_to_id: UUID | None = None
    supersedes_id: UUID | None = None


def record(lines: Iterable[Shown], *, entry: Entry, at: datetime, source_sha256: str) -> int:
    """Write lines of evidence for the act journalled as `entry`, inside that act's transaction; return how many.

    Raises BadPayload for a payload that lacks its kind's shape, and IntegrityError when the source has spoken before.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("evidence is written inside the transaction of the act it proves")
    rows = []
    for line in lines:
        check_payload(line.kind, line.version, line.payload)
        rows.append(
            Evidence(
                institution_id=line.institution_id, parameter_id=line.parameter_id, matrix_id=line.matrix_id,
                kind=line.kind, version=line.version, payload=line.payload, occurred_on=line.occurred_on,
                disclosed_to_id=line.disclosed_to_id, supersedes_id=line.supersedes_id,
                recorded_at=at, source=line.source, source_sha256=source_sha256, entry=entry,
            )
        )  # fmt: skip
    Evidence.objects.bulk_create(rows, batch_size=500)
    return len(rows)
