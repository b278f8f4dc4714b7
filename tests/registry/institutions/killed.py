"""What the killed processes do and what is asked of them afterwards; each runs in a process of its own."""

from typing import Any

from tests.cast import AT
from tests.killing import Killer
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.institutions import actions
from zhunsheng.registry.institutions.models import Institution, Merge, PossibleDuplicate

FIRST, SECOND, THIRD = "杭州华测检测有限公司", "杭州市华测检测有限公司", "华测检测站"


def prepare(killer: Killer) -> None:
    """Three entries of one institution, the third merged into the second, the first two suspected."""
    for name, code in ((FIRST, "91330100MA2X7K3B2M"), (SECOND, "91350200MA2X7K3B2Y"), (THIRD, None)):
        one = Institution(
            kind="laboratory", name_zh=name, name_en=name, region_code="330106", uscc=code, uscc_reason="r"
        )
        actions.enter_institution(one, actor=None, at=AT)
    actions.merge_institutions(named(SECOND), named(THIRD), reason="r", actor=None, at=AT)
    actions.search_duplicates(actor=None, at=AT)


def named(name: str) -> Institution:
    return Institution.objects.get(name_en=name)


def merge(killer: Killer) -> int:
    """Merge, unless it is done; how many statements it took."""
    killer.statements = 0
    first, second = named(FIRST), named(SECOND)
    if second.merged_into_id is None:
        actions.merge_institutions(first, second, take=["uscc", "name_zh"], reason="r", actor=None, at=AT)
    return killer.statements


def undo(killer: Killer) -> int:
    killer.statements = 0
    merge = Merge.objects.get(merged__name_en=SECOND)
    if merge.undone_at is None:
        actions.undo_merge(merge, reason="r", actor=None, at=AT)
    return killer.statements


def look(killer: Killer) -> dict[str, Any]:
    """Everything that a merge touches."""
    return {
        "heads": {
            one.name_en: one.merged_into.name_en if one.merged_into else None for one in Institution.objects.all()
        },
        "codes": dict(Institution.objects.values_list("name_en", "uscc")),
        "names": dict(Institution.objects.values_list("name_en", "name_zh")),
        "suspected": PossibleDuplicate.objects.count(),
        "merges": [bool(one.undone_at) for one in Merge.objects.order_by("pk")],
        "journal": {verb: Entry.objects.filter(verb=verb).count() for verb in ("merge_institutions", "undo_merge")},
    }
