"""Which participant receives which variant: codes only, for the coordinator only."""

import random
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhunsheng.activities.proficiency.models import Participation, Round
from zhunsheng.activities.proficiency.plan.models import Item
from zhunsheng.activities.proficiency.prepare import queries
from zhunsheng.activities.proficiency.prepare.actions.assigning import assign_variants, replace_variant
from zhunsheng.activities.proficiency.prepare.documents import variant_heads, variant_row
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.faces.exports import file_asked, table_file
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round_prepare import around, prepared
from zhunsheng.faces.office.round_prepare_forms import ReplaceForm
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.faces.wording import fault
from zhunsheng.foundation.bilingual import t

Has = dict[uuid.UUID, dict[uuid.UUID, int]]


@only("provider")
@require_GET
def variants(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Every code with the variant of each item."""
    round_ = prepared(request, pk)
    return page(request, round_, ReplaceForm(items=queries.varied_items(round_)))


def page(request: VisitedRequest, round_: Round, form: ReplaceForm) -> HttpResponse:
    items, asked = queries.varied_items(round_), words_of(request)
    sort = order_of(request, {"code": "code"}, "code")
    people = Participation.objects.filter(round=round_, code__icontains=asked).order_by(sort)
    if form_of_file := file_asked(request):
        title, rows = t("Variants", "样品变体"), exported(round_, people, items)
        return table_file(form_of_file, "variants", title, variant_heads(items), rows)
    shown, counts, total = page_of(request, people), queries.handed_out(round_), participants_of(round_)
    context: dict[str, Any] = {
        "items": items, "page": shown, "q": asked, "sort": sort, "form": form, "counts": counts,
        "has": variants_of(round_, shown.object_list),
        "waiting": any(sum(counts.get(one.pk, {}).values()) < total for one in items),
    }  # fmt: skip
    return render(request, "office/rounds/prepare_variants.html", around(request, round_) | context)


def participants_of(round_: Round) -> int:
    return Participation.objects.filter(round=round_).count()


def variants_of(round_: Round, people: Iterable[Participation]) -> Has:
    """What these participants have now."""
    found: Has = {}
    for one in queries.assignments(round_).filter(participation__in=[who.pk for who in people]):
        found.setdefault(one.participation_id, {})[one.item_id] = one.variant
    return found


def exported(round_: Round, people: QuerySet[Participation], items: list[Item]) -> Iterator[list[Any]]:
    found: Has = {}
    held = queries.assignments(round_).order_by().values_list("participation", "item", "variant")
    for participation, item, variant in held:
        found.setdefault(participation, {})[item] = variant
    for one in people.iterator(chunk_size=2_000):
        yield variant_row(one.code, items, found.get(one.pk, {}))


@only("provider")
@require_POST
def assign(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Draw, by the system's source of chance."""
    round_ = prepared(request, pk)
    try:
        n = assign_variants(round_, draw=random.SystemRandom(), actor=actor_of(request), at=timezone.now())
    except CannotDo as refusal:
        messages.error(request, str(reason_of(refusal)))
    else:
        messages.success(request, str(t("{n} variants were assigned.", "已分配 {n} 个样品变体。", n=n)))
    return redirect("office_round_prepare_variants", round_.pk)


@only("provider")
@require_POST
def replace(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Give one participant another variant, with a reason."""
    round_ = prepared(request, pk)
    items = queries.varied_items(round_)
    form = ReplaceForm(request.POST, items=items)
    if form.is_valid():
        given = form.cleaned_data
        who = Participation.objects.filter(round=round_, code=given["code"].strip()).first()
        item = get_object_or_404(Item, pk=given["item"], round=round_)
        if who is None:
            form.add_error("code", fault(t("There is no such code in this round.", "本轮次没有该代码。")))
            return page(request, round_, form)
        try:
            replace_variant(
                round_, who, item, variant=given["variant"], reason=given["reason"], actor=actor_of(request),
                at=timezone.now(),
            )  # fmt: skip
        except CannotDo as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            messages.success(request, str(t("The variant is replaced.", "已更换变体。")))
            return redirect("office_round_prepare_variants", round_.pk)
    return page(request, round_, form)
