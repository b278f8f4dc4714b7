"""The verbs of catalogue: enter parameters, matrices and methods in the register."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter


@transaction.atomic
def enter_parameters(parameters: Sequence[Parameter], *, actor: User | None, at: datetime) -> None:
    """Enter parameters, all or none."""
    Parameter.objects.bulk_create(parameters, batch_size=500)
    journal.record_new("enter_parameters", parameters, actor=actor, at=at)


@transaction.atomic
def enter_matrices(matrices: Sequence[Matrix], *, actor: User | None, at: datetime) -> None:
    """Enter matrices, all or none."""
    Matrix.objects.bulk_create(matrices, batch_size=500)
    journal.record_new("enter_matrices", matrices, actor=actor, at=at)


@transaction.atomic
def enter_methods(methods: Sequence[Method], *, actor: User | None, at: datetime) -> None:
    """Enter methods, all or none."""
    Method.objects.bulk_create(methods, batch_size=500)
    journal.record_new("enter_methods", methods, actor=actor, at=at)
