"""Entering many at once: institutions and certificates, all or none."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.registry.institutions.models import Certificate, Institution


@transaction.atomic
def enter_institutions(institutions: Sequence[Institution], *, actor: User | None, at: datetime) -> None:
    """Enter institutions, all or none."""
    Institution.objects.bulk_create(institutions, batch_size=500)
    journal.record_new("enter_institutions", institutions, actor=actor, at=at)


@transaction.atomic
def enter_certificates(certificates: Sequence[Certificate], *, actor: User | None, at: datetime) -> None:
    """Enter certificates, all or none."""
    Certificate.objects.bulk_create(certificates, batch_size=500)
    journal.record_new("enter_certificates", certificates, actor=actor, at=at)
