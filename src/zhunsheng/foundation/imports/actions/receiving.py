"""A file comes in, or is given up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import discard
from zhunsheng.foundation.attachments.models import Draft
from zhunsheng.foundation.bilingual import Language
from zhunsheng.foundation.imports import staging
from zhunsheng.foundation.imports.models import FailedRow, Import, StagedRow
from zhunsheng.foundation.imports.register import Register
from zhunsheng.foundation.imports.states import IMPORT, Mode
from zhunsheng.foundation.statechart import move


@transaction.atomic
def receive(
    register: Register,
    draft: Draft,
    *,
    mode: Mode,
    reach: Mapping[str, Any],
    language: Language,
    actor: User,
    at: datetime,
) -> Import:
    """Note that a file came for a register. Nothing is in the journal yet, for nothing has happened to the register."""
    return Import.objects.create(
        register=register.key, mode=mode.value, language=language, reach=dict(reach), draft=draft, filename=draft.name,
        sha256=draft.sha256, started_by=actor, started_at=at,
    )  # fmt: skip


@transaction.atomic
def give_up(imported: Import, register: Register, *, actor: User, at: datetime) -> None:
    """Do not apply a file: it is forgotten with all that was staged; the count of what it would have done stays.

    Raises NotAllowedNow when it is being applied or has been.
    """
    move(IMPORT, "give_up", Import.objects.filter(pk=imported.pk), ended_at=at, applied_by=actor)
    forget(imported, register)
    FailedRow.objects.filter(belongs_to=imported).delete()
    if imported.draft is not None:
        discard(imported.draft)


def forget(imported: Import, register: Register) -> None:
    """Remove what was staged."""
    staging.drop(imported.pk, register.models)
    StagedRow.objects.filter(belongs_to=imported).delete()
