"""The worklist of possible duplicates, two entries side by side, merging and its undoing: a person decides."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.faces.exports import EXPORTED, file_asked, table_file
from zhunsheng.faces.jobs.actions import start
from zhunsheng.faces.jobs.queries import last_job
from zhunsheng.faces.jobs.work import DUPLICATES
from zhunsheng.faces.lists import page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.institutions import suspected
from zhunsheng.faces.registers.filling import fill_in, given
from zhunsheng.faces.registers.forms import ReasonForm
from zhunsheng.faces.registers.histories import COLUMNS, VALUES
from zhunsheng.faces.templating import moment
from zhunsheng.faces.visits import actor_of, only
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry import regions
from zhunsheng.registry.institutions import actions
from zhunsheng.registry.institutions.access import overseen_by, registered, registered_by
from zhunsheng.registry.institutions.actions.merging import CHOSEN_COLUMNS
from zhunsheng.registry.institutions.models import Institution, Merge, NotTheSame, PossibleDuplicate
from zhunsheng.registry.institutions.queries import standing
from zhunsheng.registry.institutions.queries.duplicates import apart_speaking_of, standing_apart
from zhunsheng.registry.institutions.queries.searches import last_search, to_be_searched
from zhunsheng.registry.institutions.queries.searching import certificates_of
from zhunsheng.registry.institutions.rules.refusals import CannotEnter
from zhunsheng.registry.institutions.states import LIKENESSES, Likeness

APART_COLUMNS: tuple[Text, ...] = (
    t("Entry", "登记"), t("Region", "行政区划"), t("Other entry", "另一登记"), t("Region", "行政区划"), t("Why", "理由"),
    t("Decided on", "认定时间"),
)  # fmt: skip
PAIR_COLUMNS: tuple[Text, ...] = (
    t("Entry", "登记"), t("Region", "行政区划"), t("Other entry", "另一登记"), t("Region", "行政区划"),
    t("What they have in common", "相同之处"),
)  # fmt: skip


@only("authority")
@require_GET
def duplicates(request: VisitedRequest) -> HttpResponse:
    """The pairs that the last search found, the likeliest first; what was merged lately below."""
    found = suspected(request).select_related("first", "second").order_by("-weight", "pk")
    if kind := file_asked(request):
        return pairs_file(kind, found, request)
    return render(
        request,
        "office/duplicates.html",
        {
            "page": page_of(request, found), "searched_at": last_search(), "waits": to_be_searched(),
            "job": last_job(DUPLICATES), "reasons_of": reasons_of,
            "merges": merges_of(request).filter(undone_at=None).select_related("kept", "merged")[:10],
            "apart": decided_apart(request).count(),
        },
    )  # fmt: skip


def pairs_file(kind: str, found: QuerySet[PossibleDuplicate], request: VisitedRequest) -> HttpResponse:
    """All pairs that the page shows, page after page."""
    rows = (
        [str(pair.first.name), str(regions.name_of(pair.first.region_code, request.today)), str(pair.second.name),
         str(regions.name_of(pair.second.region_code, request.today)),
         str(t("; ", "；")).join(f"{words} {what}".strip() for words, what in reasons_of(pair))]
        for pair in found[: EXPORTED + 1]
    )  # fmt: skip
    return table_file(kind, "duplicates", t("Possible duplicates", "疑似重复"), PAIR_COLUMNS, rows)


def reasons_of(pair: PossibleDuplicate) -> list[tuple[Text, str]]:
    return [(LIKENESSES[Likeness(code)], what) for code, what in pair.reasons]


def merges_of(request: VisitedRequest) -> QuerySet[Merge]:
    """The merges both of whose entries the visitor may change: who reaches one alone would undo what was decided above it."""
    both = registered(request.visitor, "kept__") & registered(request.visitor, "merged__")
    return Merge.objects.filter(both).order_by("-merged_at", "-pk")


def decided_apart(request: VisitedRequest) -> QuerySet[NotTheSame]:
    """What was decided of pairs that the visitor could decide about now: both entries stand and may be changed by the visitor."""
    both = registered(request.visitor, "first__") & registered(request.visitor, "second__")
    return standing_apart().filter(both, first__merged_into=None, second__merged_into=None)


@only("authority")
@require_GET
def apart(request: VisitedRequest) -> HttpResponse:
    """The pairs that somebody found to be two institutions, searched by name or reason, the latest first."""
    said, every = words_of(request), decided_apart(request)
    found = every.filter(apart_speaking_of(said)) if said else every
    found = found.select_related("first", "second").order_by("-decided_at", "-pk")
    if kind := file_asked(request):
        return apart_file(kind, found, request)
    return render(
        request, "office/duplicates_apart.html",
        {"page": page_of(request, found), "words": said, "any": bool(said) and every.exists()},
    )  # fmt: skip


def apart_file(kind: str, found: QuerySet[NotTheSame], request: VisitedRequest) -> HttpResponse:
    """All decisions that the page shows, page after page."""
    rows = (
        [str(one.first.name), str(regions.name_of(one.first.region_code, request.today)), str(one.second.name),
         str(regions.name_of(one.second.region_code, request.today)), one.reason, moment(one.decided_at)]
        for one in found[: EXPORTED + 1]
    )  # fmt: skip
    return table_file(kind, "not-the-same", t("Not the same", "不是同一家"), APART_COLUMNS, rows)


@only("authority")
@require_http_methods(["GET", "POST"])
def take_back(request: VisitedRequest, pk: int) -> HttpResponse:
    """Take back that two entries are not the same, and look for what they share again."""
    decision = get_object_or_404(decided_apart(request).select_related("first", "second"), pk=pk)
    form, who = ReasonForm(given(request)), actor_of(request)

    def save() -> object:
        at = timezone.now()
        with transaction.atomic():
            made = actions.take_back_not_the_same(decision, reason=form.cleaned_data["reason"], actor=who, at=at)
            start("search_duplicates", subject=DUPLICATES, arguments={}, actor=who, at=at)
        return made

    return fill_in(
        request, form, title=t("Take back “not the same”", "撤销“不是同一家”的认定"), danger=True,
        about=t("{a} and {b}", "{a} 与 {b}", a=decision.first.name, b=decision.second.name),
        note=t(
            "The register is searched again, and the pair is suspected of whatever it still shares. The decision stays in the history.",
            "系统将重新查找；如两条登记仍有相同之处，将再次列为疑似重复。原认定保留在历史记录中。",
        ),
        back=reverse("office_duplicates_apart"), save=save,
    )  # fmt: skip


@only("authority")
@require_POST
def search(request: VisitedRequest) -> HttpResponse:
    """Search the register again, in the background."""
    start("search_duplicates", subject=DUPLICATES, arguments={}, actor=actor_of(request), at=timezone.now())
    messages.success(request, str(t("The search has started; it takes some seconds.", "已开始查找，需要数秒。")))
    return redirect("office_duplicates")


def pair_at(request: VisitedRequest, first: UUID, second: UUID) -> tuple[Institution, Institution, bool]:
    """The two entries, if one lies within reach; and whether the visitor may merge them: that takes the right to change both.

    The entry with a code stands first and is the one kept unless the person says otherwise.
    """
    both = {one.pk: one for one in standing().filter(pk__in=[first, second])}
    reached = overseen_by(request.visitor).filter(pk__in=both).count()
    if len(both) != 2 or not reached:
        raise Http404
    may = registered_by(request.visitor).filter(pk__in=both).count() == 2
    one, other = sorted((both[first], both[second]), key=lambda each: (each.uscc is None, each.name_zh, each.pk))
    return one, other, may


@only("authority")
@require_http_methods(["GET", "POST"])
def pair(request: VisitedRequest, first: UUID, second: UUID) -> HttpResponse:
    """Two entries side by side; merge them column by column, or say that they are two institutions."""
    one, other, may = pair_at(request, first, second)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and not may:
        raise Http404
    if form.is_bound and form.is_valid():
        try:
            return decided(request, one, other, form.cleaned_data["reason"])
        except CannotEnter as refusal:
            messages.error(request, str(refusal.reason))
    seen = overseen_by(request.visitor).filter(pk__in=[one.pk, other.pk]).values_list("pk", flat=True)
    held = certificates_of([one, other], known_on=request.today)
    stands = decided_apart(request).filter(first__in=[one, other], second__in=[one, other]).first() if may else None
    suspicion = PossibleDuplicate.objects.filter(Q(first=one, second=other) | Q(first=other, second=one)).first()
    return render(
        request,
        "office/duplicate.html",
        {
            "one": one, "other": other, "may": may, "form": form, "rows": rows_of(one, other, set(seen)), "held": held,
            "reasons": reasons_of(suspicion) if suspicion else [], "seen": set(seen), "asked": request.POST,
            "stands": stands,
            "wrong_word": form.is_bound and request.POST.get("decision") == "merge" and not confirmed(request, one, other),
        },
    )  # fmt: skip


def rows_of(one: Institution, other: Institution, seen: set[UUID]) -> list[tuple[str, Text, Any, Any]]:
    """The columns that differ or are filled; of an entry out of reach only what is public."""
    public = {"name_zh", "name_en", "region_code", "address", "uscc", "legal_kind"}
    rows = []
    for column in CHOSEN_COLUMNS:
        values = [getattr(each, column) if each.pk in seen or column in public else None for each in (one, other)]
        if any(value not in (None, "") for value in values):
            rows.append((column, COLUMNS[column], *(in_words(column, value) for value in values)))
    return rows


def in_words(column: str, value: Any) -> Any:
    return VALUES.get(column, {}).get(str(value), value)


def confirmed(request: VisitedRequest, one: Institution, other: Institution) -> bool:
    """The name of the entry that will no longer stand by itself was typed."""
    merged = other if request.POST.get("keep") == str(one.pk) else one
    return request.POST.get("confirmation", "").strip() == merged.name_zh.strip()


def decided(request: VisitedRequest, one: Institution, other: Institution, reason: str) -> HttpResponse:
    """Do what the person decided. Raises CannotEnter where the verb refuses or the name was not typed."""
    who: dict[str, Any] = {"reason": reason, "actor": actor_of(request), "at": timezone.now()}
    if request.POST.get("decision") == "apart":
        actions.not_the_same(one, other, **who)
        messages.success(request, str(t("Remembered: these are two institutions.", "已记录：这是两家不同的机构。")))
        return redirect("office_duplicates")
    if request.POST.get("keep") not in (str(one.pk), str(other.pk)):
        raise CannotEnter(t("Say which entry is kept.", "请选择保留哪一条登记。"))
    if not confirmed(request, one, other):
        raise CannotEnter(t("Type the name of the entry that is merged, exactly.", "请准确输入被合并登记的名称。"))
    kept, merged = (one, other) if request.POST["keep"] == str(one.pk) else (other, one)
    take = [column for column in CHOSEN_COLUMNS if request.POST.get(f"value-{column}") == str(merged.pk)]
    actions.merge_institutions(kept, merged, take=take, **who)
    messages.success(
        request, str(t("Merged. It can be undone on the page of the kept entry.", "已合并。可在保留登记的页面撤销。"))
    )
    return redirect("office_institution", kept.pk)


@only("authority")
@require_http_methods(["GET", "POST"])
def undo(request: VisitedRequest, pk: int) -> HttpResponse:
    """Let two merged entries stand again."""
    merge = get_object_or_404(merges_of(request).select_related("kept", "merged"), pk=pk)
    form = ReasonForm(given(request))
    return fill_in(
        request, form, title=t("Undo the merge", "撤销合并"), danger=True,
        about=t("{m} was merged into {k}", "{m} 已并入 {k}", m=merge.merged.name, k=merge.kept.name),
        back=reverse("office_institution", args=[merge.kept_id]),
        save=lambda: actions.undo_merge(merge, reason=form.cleaned_data["reason"], actor=actor_of(request), at=timezone.now()),
    )  # fmt: skip
