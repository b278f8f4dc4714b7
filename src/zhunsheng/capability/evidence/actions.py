"""The one verb, in two steps: make the lines of what an act has shown, and write them beside the act's journal row.

lines = evidence.lines(shown, at=at, source_sha256=…)
entry = journal.record(verb, …, covers=lines)
evidence.record(lines, entry=entry)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from zhunsheng.capability.evidence.kinds import check_payload
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.foundation.journal.actions import is_of_this_transaction
from zhunsheng.foundation.journal.models import Entry


class BadSupersession(ValueError):
    """A correction that does not speak of what it corrects."""


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
    """what it comes from, like round:<id>:<position>; it speaks once about one capability, later only by superseding"""
    disclosed_to_id: UUID | None = None
    supersedes_id: UUID | None = None


def lines(shown: Iterable[Shown], *, at: datetime, source_sha256: str) -> list[Evidence]:
    """The lines of evidence, checked and not yet written: the act's journal row lists them (`covers`), then `record` writes them.

    Raises BadPayload for a payload that lacks its kind's shape, BadSupersession for a correction of something else.
    """
    made = [_line(one, at=at, source_sha256=source_sha256) for one in shown]
    _check_corrections([one for one in made if one.supersedes_id])
    return made


def _line(one: Shown, *, at: datetime, source_sha256: str) -> Evidence:
    check_payload(one.kind, one.version, one.payload)
    return Evidence(
        institution_id=one.institution_id, parameter_id=one.parameter_id, matrix_id=one.matrix_id,
        kind=one.kind, version=one.version, payload=one.payload, occurred_on=one.occurred_on,
        disclosed_to_id=one.disclosed_to_id, supersedes_id=one.supersedes_id,
        recorded_at=at, source=one.source, source_sha256=source_sha256,
    )  # fmt: skip


def _check_corrections(made: Sequence[Evidence]) -> None:
    """A correction speaks of the same capability, in the same kind, as the line that it supersedes; one question for all."""
    if not made:
        return
    old = Evidence.objects.in_bulk([one.supersedes_id for one in made])
    for one in made:
        if one.supersedes_id not in old or about(old[one.supersedes_id]) != about(one):
            raise BadSupersession(
                f"{one.source}: a correction supersedes a line of its own kind about the same capability"
            )


def about(line: Evidence) -> tuple[UUID, int, int, str]:
    """What a line speaks of, and how."""
    return line.institution_id, line.parameter_id, line.matrix_id, line.kind


def record(made: Sequence[Evidence], *, entry: Entry) -> int:
    """Write the lines for the act journalled as `entry`; return how many.

    Raises TransactionManagementError unless the entry was written in this very transaction and vouches for each line, and
    IntegrityError when the source has spoken before about the same capability, or a line has been superseded already.
    """
    if not is_of_this_transaction(entry):
        raise transaction.TransactionManagementError("evidence is written inside the transaction of the act it proves")
    if strangers := [one for one in made if (Evidence._meta.db_table, str(one.pk)) not in entry.covered]:
        raise transaction.TransactionManagementError(
            f"{len(strangers)} lines of evidence are not in the act's journal row"
        )
    for one in made:
        one.entry = entry
    Evidence.objects.bulk_create(made, batch_size=500)
    return len(made)
