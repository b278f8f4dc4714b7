"""The questions asked of imports."""

from collections.abc import Iterable

from django.db.models import QuerySet

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.imports.models import Change, FailedRow, Import, StagedRow


def imports_of(user: User) -> QuerySet[Import]:
    """What a user has sent, newest first."""
    return Import.objects.filter(started_by=user).order_by("-started_at")


def first_failures(imported: Import, most: int = 50) -> list[FailedRow]:
    """The first failed rows, in the order of the file."""
    return list(FailedRow.objects.filter(belongs_to=imported).order_by("row")[:most])


def first_changes(imported: Import, most: int = 50) -> list[StagedRow]:
    """The first rows that would change what is there, in the order of the file."""
    return list(StagedRow.objects.filter(belongs_to=imported, verdict="changed").order_by("row")[:most])


def changes_of(subjects: Iterable[str], most: int = 200) -> list[Change]:
    """What files changed in these things ("institution:…"), the newest first, with file and person; one query."""
    found = Change.objects.filter(subject__in=list(subjects)).select_related("belongs_to__applied_by__person")
    return list(found.order_by("-pk")[:most])
