"""The verbs of scopes: enter scope lines with the instruments they use."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.rules import series_of


@transaction.atomic
def enter_scope_lines(
    lines: Sequence[ScopeLine], *, instruments: Mapping[UUID, Sequence[Instrument]], actor: User | None, at: datetime
) -> None:
    """Enter scope lines, all or none; `instruments` gives those that a line uses, by the line's id."""
    for line in lines:
        settle(line)
    ScopeLine.objects.bulk_create(lines, batch_size=500)
    through = ScopeLine.instruments.through
    uses = [
        through(scopeline_id=line.pk, instrument_id=one.pk) for line in lines for one in instruments.get(line.pk, ())
    ]
    through.objects.bulk_create(uses, batch_size=500)
    journal.record_new("enter_scope_lines", lines, actor=actor, at=at)


def settle(line: ScopeLine) -> None:
    """Fill in what follows from the rest of a new line: its series and the place where it is done."""
    line.series = series_of(
        institution=line.institution_id, site=line.site_id, parameter=line.parameter_id, matrix=line.matrix_id,
        method=line.method_id, limits=line.limits,
    )  # fmt: skip
    line.region_code = line.site.region_code if line.site else line.institution.region_code
