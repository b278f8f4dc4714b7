"""Duplicates: suspected by a search, settled by a person, who merges them or tells them apart.

Merging re-points nothing: the merged entry stays, with all that hangs on it, and points to the kept one; every question asks
for the family of both (`queries.family_ids`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.registry.institutions.actions.changing import differing, plain
from zhunsheng.registry.institutions.actions.keeping import INSTITUTION_COLUMNS, subject_of
from zhunsheng.registry.institutions.models import Institution, Merge, NotTheSame, PossibleDuplicate, TakenBack
from zhunsheng.registry.institutions.queries.duplicates import Pair, possible_duplicates, standing_apart
from zhunsheng.registry.institutions.rules.refusals import CannotEnter, check_merge, check_reason
from zhunsheng.registry.institutions.states import KINDS

CHOSEN_COLUMNS = tuple(column for column in INSTITUTION_COLUMNS if column != "kind")


@transaction.atomic
def search_duplicates(*, actor: User | None, at: datetime) -> int:
    """Search the whole register and put what is found in the place of what the last search found; returns how many pairs."""
    pairs = possible_duplicates()
    PossibleDuplicate.objects.all().delete()
    PossibleDuplicate.objects.bulk_create((_suspicion(pair, at) for pair in pairs), batch_size=500)
    journal.record(
        "search_duplicates", actor=actor, at=at, subject="institutions.institution",
        rows=({"first": str(p.first), "second": str(p.second)} for p in pairs), after={"found": len(pairs)},
    )  # fmt: skip
    return len(pairs)


def _suspicion(pair: Pair, at: datetime) -> PossibleDuplicate:
    reasons = [[str(one.code), one.what] for one in pair.reasons]
    return PossibleDuplicate(
        first_id=pair.first, second_id=pair.second, reasons=reasons, weight=pair.weight, found_at=at
    )


@transaction.atomic
def not_the_same(
    first: Institution, second: Institution, *, reason: str, actor: User | None, at: datetime
) -> NotTheSame:
    """Remember that a person found two entries to be two institutions. Raises CannotEnter without a reason."""
    check_reason(reason)
    one, other = sorted([first.pk, second.pk])
    _locked(one, other)
    if standing_apart().filter(first=one, second=other).exists():
        raise CannotEnter(t("This has been decided already.", "此前已作出认定。"))
    found = NotTheSame.objects.create(first_id=one, second_id=other, reason=reason, decided_by=actor, decided_at=at)
    _forget(one, other)
    journal.record(
        "not_the_same", actor=actor, at=at, subject=subject_of(first), reason=reason,
        covers=[found], after={"not_the_same_as": str(second.pk)},
    )  # fmt: skip
    return found


@transaction.atomic
def take_back_not_the_same(decision: NotTheSame, *, reason: str, actor: User | None, at: datetime) -> TakenBack:
    """Take back that two entries are not the same; the next search suspects them again of whatever they share.

    The decision and its reason stay. Raises CannotEnter without a reason, and for one that was taken back already.
    """
    check_reason(reason)
    _locked(decision.first_id, decision.second_id)
    if not standing_apart().filter(pk=decision.pk).exists():
        raise CannotEnter(t("This has been taken back already.", "该认定已被撤销。"))
    made = TakenBack.objects.create(decision=decision, reason=reason, taken_back_by=actor, taken_back_at=at)
    journal.record(
        "take_back_not_the_same", actor=actor, at=at, subject=subject_of(decision.first), reason=reason,
        covers=[made], before={"not_the_same_as": str(decision.second_id)},
    )  # fmt: skip
    return made


def _forget(one: UUID, other: UUID) -> None:
    PossibleDuplicate.objects.filter(first__in=[one, other], second__in=[one, other]).delete()


@transaction.atomic
def merge_institutions(
    kept: Institution,
    merged: Institution,
    *,
    take: Sequence[str] = (),
    reason: str,
    actor: User | None,
    at: datetime,
) -> Merge:
    """Let one entry stand for two; the kept one takes the columns of the merged one that are named.

    What had been merged into the merged one follows to the kept one. Raises CannotEnter for entries that cannot be one.
    """
    check_reason(reason)
    kept, merged = _locked(kept.pk, merged.pk)
    check_merge(
        kept=kept.pk, merged=merged.pk, kinds=(KINDS[kept.kind], KINDS[merged.kind]),
        merged_already=bool(kept.merged_into_id or merged.merged_into_id),
    )  # fmt: skip
    before, after = _exchange(kept, merged, take)
    moved = [
        str(key) for key in Institution.objects.filter(merged_into=merged).order_by("pk").values_list("pk", flat=True)
    ]
    Institution.objects.filter(merged_into=merged).update(merged_into=kept)
    Institution.objects.filter(pk=merged.pk).update(merged_into=kept, merged_at=at)
    PossibleDuplicate.objects.filter(first=merged).delete()
    PossibleDuplicate.objects.filter(second=merged).delete()
    made = Merge.objects.create(
        kept=kept, merged=merged, before=before, after=after, moved=moved, reason=reason, merged_by=actor, merged_at=at
    )
    _record("merge_institutions", made, before=before["kept"], after=after["kept"], reason=reason, actor=actor, at=at)
    return made


def _locked(*keys: UUID) -> list[Institution]:
    """The rows as they stand, locked in one order so that two merges cannot wait for each other; given in the order asked."""
    rows = {row.pk: row for row in Institution.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    return [rows[key] for key in keys]


def _exchange(
    kept: Institution, merged: Institution, take: Sequence[str]
) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Give the kept entry the named columns of the merged one; what was before and after, of both.

    A code is borne by one entry only, so the two exchange it; anything else stays with the merged entry as well.
    """
    if strange := set(take) - set(CHOSEN_COLUMNS):
        raise ValueError(f"not to be taken over: {', '.join(sorted(strange))}")
    taken = {column: getattr(merged, column) for column in take}
    given = {"uscc": kept.uscc, "uscc_reason": kept.uscc_reason} if "uscc" in taken else {}
    if given:
        taken["uscc_reason"] = merged.uscc_reason
    (kept_before, kept_after), (merged_before, merged_after) = differing(kept, taken), differing(merged, given)
    _write(kept, taken, merged, given)
    return {"kept": kept_before, "merged": merged_before}, {"kept": kept_after, "merged": merged_after}


def _write(kept: Institution, to_kept: Mapping[str, Any], merged: Institution, to_merged: Mapping[str, Any]) -> None:
    """Write both; a code passes through "none", since two entries may not bear it even for a moment."""
    if "uscc" in to_merged:
        Institution.objects.filter(pk=merged.pk).update(uscc=None)
    if to_kept:
        Institution.objects.filter(pk=kept.pk).update(**to_kept)
    if to_merged:
        Institution.objects.filter(pk=merged.pk).update(**to_merged)


@transaction.atomic
def undo_merge(merge: Merge, *, reason: str, actor: User | None, at: datetime) -> Merge:
    """Let two entries stand again; values taken over go back where nobody has changed them since.

    Raises CannotEnter if it was undone already, or if the kept entry was itself merged later: that one is undone first.
    """
    check_reason(reason)
    merge = Merge.objects.select_for_update().select_related("kept", "merged").get(pk=merge.pk)
    kept, merged = _locked(merge.kept_id, merge.merged_id)
    if merge.undone_at:
        raise CannotEnter(t("This merge has been undone already.", "该合并已被撤销。"))
    if merged.merged_into_id != kept.pk:
        raise CannotEnter(
            t("The kept entry was merged later: undo that first.", "保留的登记其后又被合并，请先撤销后一次合并。")
        )
    back = {column: was for column, was in merge.before["kept"].items() if _untouched(kept, column, merge)}
    given_back = merge.before["merged"] if "uscc" in back else {}
    Institution.objects.filter(pk__in=merge.moved, merged_into=kept).update(merged_into=merged)
    Institution.objects.filter(pk=merged.pk).update(merged_into=None, merged_at=None)
    _write_back(kept, back, merged, given_back)
    merge.undone_at, merge.undone_by, merge.undo_reason = at, actor, reason
    merge.save(update_fields=["undone_at", "undone_by", "undo_reason"])
    _record(
        "undo_merge",
        merge,
        before={c: merge.after["kept"][c] for c in back},
        after=back,
        reason=reason,
        actor=actor,
        at=at,
    )
    return merge


def _untouched(kept: Institution, column: str, merge: Merge) -> bool:
    return bool(plain(getattr(kept, column)) == merge.after["kept"][column])


def _write_back(
    kept: Institution, to_kept: Mapping[str, Any], merged: Institution, to_merged: Mapping[str, Any]
) -> None:
    if "uscc" in to_kept:
        Institution.objects.filter(pk=kept.pk).update(uscc=None)
    if to_merged:
        Institution.objects.filter(pk=merged.pk).update(**to_merged)
    if to_kept:
        Institution.objects.filter(pk=kept.pk).update(**to_kept)


def _record(
    verb: str,
    merge: Merge,
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str,
    actor: User | None,
    at: datetime,
) -> None:
    rows = [{"kept": str(merge.kept_id), "merged": str(merge.merged_id), "moved": merge.moved}]
    journal.record(
        verb, actor=actor, at=at, subject=subject_of(merge.kept), rows=rows, reason=reason, before=dict(before),
        after={**after, "merged": str(merge.merged_id)},
    )  # fmt: skip
