"""The verbs of scopes: enter scope lines with the instruments they use."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.scopes.models import ScopeLine


@transaction.atomic
def enter_scope_lines(
    lines: Sequence[ScopeLine], *, instruments: Mapping[UUID, Sequence[Instrument]], actor: User | None, at: datetime
) -> None:
    """Enter scope lines, all or none; `instruments` gives those that a line uses, by the line's id."""
    ScopeLine.objects.bulk_create(lines, batch_size=500)
    through = ScopeLine.instruments.through
    uses = [
        through(scopeline_id=line.pk, instrument_id=one.pk) for line in lines for one in instruments.get(line.pk, ())
    ]
    through.objects.bulk_create(uses, batch_size=500)
    journal.record_new("enter_scope_lines", lines, actor=actor, at=at)
