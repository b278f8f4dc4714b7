"""Changing many lines at once, their status or their method: what was chosen, what would happen, then the act."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from zhunsheng.faces.days import DayField
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.scopes.fields import MethodField
from zhunsheng.faces.visits import actor_of, reason_of
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.scopes import actions
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.queries.changing import Preview, preview, preview_method
from zhunsheng.registry.scopes.queries.search import Question, lines_asked
from zhunsheng.registry.scopes.rules import CannotChange
from zhunsheng.registry.scopes.rules.changes import check_day
from zhunsheng.registry.scopes.states import SCOPE_LINE, STATUSES

MOST = 5_000
SHOWN = 50
"""So many lines are listed before the act; the others are counted."""
DONE: Mapping[str, Text] = {
    "self_suspend": t("{n} lines suspended from {d}.", "已暂停 {n} 个项目，自 {d} 起。"),
    "resume": t("{n} lines resumed from {d}.", "已恢复 {n} 个项目，自 {d} 起。"),
    "suspend": t("{n} lines suspended by the authority from {d}.", "已责令暂停 {n} 个项目，自 {d} 起。"),
    "reinstate": t("{n} lines reinstated from {d}.", "已解除 {n} 个项目的暂停，自 {d} 起。"),
    "cancel": t("{n} lines cancelled from {d}.", "已取消 {n} 个项目，自 {d} 起。"),
    "change_method": t("{n} lines go on by the other method from {d}.", "{n} 个项目已变更检测方法，自 {d} 起。"),
}
CHANGE_METHOD = "change_method"
NAMES: Mapping[str, Text] = {
    **{verb: transition.name for verb, transition in SCOPE_LINE.transitions.items()},
    CHANGE_METHOD: t("Change the method (next edition)", "变更检测方法（标准换版）"),
}


ACTS = {
    "self_suspend": actions.self_suspend, "resume": actions.resume, "suspend": actions.suspend,
    "reinstate": actions.reinstate, "cancel": actions.cancel,
}  # fmt: skip


class ChangeForm(forms.Form):
    """Which verb, from which day, for what reason."""

    verb = forms.ChoiceField(label=words("What to do", "操作"))
    from_day = DayField(
        label=words("From the day", "生效日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    method = MethodField(
        label=words("Other method", "变更后的方法"), required=False,
        help_text=words("Only for a change of the method.", "仅在变更检测方法时填写。"),
    )  # fmt: skip
    reason = forms.CharField(
        label=words("Reason", "原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=words("It is kept with the act and shown in the history of the line.", "将与操作一并留存，并显示在项目历史中。"),
    )  # fmt: skip

    def __init__(self, *args: Any, verbs: tuple[str, ...], earliest: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.earliest = earliest
        self.fields["verb"].choices = [(verb, NAMES[verb]) for verb in verbs]  # type: ignore[attr-defined]
        if CHANGE_METHOD not in verbs:
            del self.fields["method"]

    def clean(self) -> None:
        if self.cleaned_data.get("verb") == CHANGE_METHOD and not self.errors and not self.cleaned_data["method"]:
            self.add_error("method", fault(t("Say by which method the lines go on.", "请填写变更后的方法。")))

    def clean_from_day(self) -> date:
        day: date = self.cleaned_data["from_day"]
        if not date(2000, 1, 1) <= day <= date(2100, 1, 1):
            raise fault(t("Choose a day of this century.", "请选择合理的日期。"))
        if self.earliest is not None:
            try:
                check_day(day, self.earliest)
            except CannotChange as refused:
                raise fault(refused.reason) from refused
        return day


@dataclass(frozen=True, slots=True)
class Bulk:
    """A bulk act as a page offers it: among which lines, by which verbs, from which day at the earliest, and where it leads."""

    lines: QuerySet[ScopeLine]
    question: Question
    verbs: tuple[str, ...]
    earliest: date | None
    back: str
    title: Text


def change(request: VisitedRequest, bulk: Bulk) -> HttpResponse:
    """First what would happen to each line; then, confirmed, the act on those that can be changed."""
    form = ChangeForm(request.POST, verbs=bulk.verbs, earliest=bulk.earliest)
    series = chosen(request.POST, bulk)
    if not series:
        messages.warning(request, str(t("Choose at least one line.", "请至少选择一个项目。")))
        return redirect(bulk.back)
    if len(series) > MOST:
        said = t("More than {n} lines at once: narrow the list.", "一次超过 {n} 个项目，请缩小范围。", n=f"{MOST:,}")
        messages.warning(request, str(said))
        return redirect(bulk.back)
    seen = None
    if form.is_valid():
        seen = foreseen(form, series)
        if request.POST.get("confirmed") and seen.splits and done(request, form, seen):
            return redirect(bulk.back)
    return render(
        request, "scopes/change.html",
        {
            "form": form, "seen": seen, "series": series, "bulk": bulk, "SHOWN": SHOWN, "all": request.POST.get("all", ""),
            "chosen_lines": len(series), "STATUSES": STATUSES, "method": form.cleaned_data.get("method"),
        },
    )  # fmt: skip


def foreseen(form: ChangeForm, series: list[UUID]) -> Preview:
    verb, day = form.cleaned_data["verb"], form.cleaned_data["from_day"]
    if verb == CHANGE_METHOD:
        return preview_method(series, form.cleaned_data["method"], from_day=day)
    return preview(verb, series, from_day=day)


def chosen(data: QueryDict, bulk: Bulk) -> list[UUID]:
    """The lines ticked, or all that the list shows; only those that the visitor may change."""
    if data.get("all"):
        shown = lines_asked(bulk.question).filter(pk__in=bulk.lines.values("pk"))
        return list(shown.order_by().values_list("series", flat=True).distinct()[: MOST + 1])
    asked = {key for text in data.getlist("series")[: MOST + 1] if (key := as_key(text)) is not None}
    found: list[UUID] = []
    for start in range(0, len(ordered := sorted(asked)), 500):
        rows = bulk.lines.filter(series__in=ordered[start : start + 500], superseded_at=None).order_by()
        found += rows.values_list("series", flat=True).distinct()
    return found


def as_key(text: str) -> UUID | None:
    try:
        return UUID(text[:40])
    except ValueError:
        return None


def done(request: VisitedRequest, form: ChangeForm, seen: Preview) -> bool:
    """Do it and say so; if somebody was faster, say that on the form."""
    verb, day, reason = (form.cleaned_data[name] for name in ("verb", "from_day", "reason"))
    act = partial(actions.change_method, method=form.cleaned_data["method"]) if verb == CHANGE_METHOD else ACTS[verb]
    try:
        n = act(list(seen.splits), from_day=day, reason=reason, actor=actor_of(request), at=timezone.now())
    except CannotChange as refused:
        form.add_error(None, fault(reason_of(refused)))
        return False
    messages.success(request, str(DONE[verb].with_(n=n, d=day.isoformat())))
    return True
