"""Who takes part in a round, as its coordinator keeps it: invite, end the enrolment, take one in late."""

import random
import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from zhunsheng.activities.proficiency.enrol import actions
from zhunsheng.activities.proficiency.enrol.access import rounds_enrolled_by
from zhunsheng.activities.proficiency.enrol.actions import Details
from zhunsheng.activities.proficiency.enrol.models import Enrolment
from zhunsheng.activities.proficiency.enrol.queries import counts_of, found_in_register, last_round_of, took_part_in
from zhunsheng.activities.proficiency.enrol.rules.enrolling import EnrolmentRefused
from zhunsheng.activities.proficiency.enrol.states import ENROLMENT
from zhunsheng.activities.proficiency.models import Identity, Round
from zhunsheng.faces.days import told_in
from zhunsheng.faces.exports import WHOLE, file_asked, table_file
from zhunsheng.faces.lists import page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round_rooms import rooms_of, steps_of
from zhunsheng.faces.told import invited
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import NotAllowedNow

REFUSALS = (EnrolmentRefused, NotAllowedNow)
UNKNOWN = t(
    "No laboratory of the register is called “{x}”, or several are. Write its unified social credit code, or enter it first.",
    "登记库中没有名为“{x}”的实验室，或有多家同名。请填写统一社会信用代码，或先登记该机构。",
)
HEADS: tuple[Text, ...] = (
    t("Laboratory", "实验室"), t("Unified social credit code", "统一社会信用代码"), t("State", "状态"),
    t("Code in the round", "本轮次代码"), t("Contact", "联系人"), t("Telephone", "电话"), t("E-mail", "电子邮箱"),
    t("Address for items", "收样地址"), t("Note", "备注"),
)  # fmt: skip


def kept(request: VisitedRequest, pk: uuid.UUID) -> Round:
    found = rounds_enrolled_by(request.visitor).select_related("provider", "plan", "scheme")
    return get_object_or_404(found, pk=pk)


@only("provider")
@require_GET
def enrolments(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Who is enrolled, with names; codes beside them once they are drawn. `format=xlsx` or `csv` gives the rows shown."""
    round_ = kept(request, pk)
    found = asked_for(request, round_)
    if kind := file_asked(request):
        rows = rows_of(found, codes_in(round_))
        title = t("Enrolments", "报名名单")
        return table_file(
            kind, "enrolments", title, HEADS, rows, widths=[36, 22, 10, 12, 14, 16, 26, 44, 24], most=WHOLE
        )
    shown = {
        "round": round_, "plan": round_.plan, "steps": steps_of(round_), "rooms": rooms_of(round_), "ENROLMENT": ENROLMENT,
        "page": page_of(request, found), "words": words_of(request), "counts": counts_of(round_), "codes": codes_in(round_),
        "told_in": told_in, "state": request.GET.get("state", ""),
    }  # fmt: skip
    return render(request, "office/rounds/enrol.html", shown)


def asked_for(request: VisitedRequest, round_: Round) -> QuerySet[Enrolment]:
    found = Enrolment.objects.filter(round=round_).select_related("institution")
    if said := words_of(request):
        named = Q(institution__name_zh__icontains=said) | Q(institution__name_en__icontains=said)
        found = found.filter(named | Q(institution__uscc__istartswith=said) | Q(contact__icontains=said))
    if (state := request.GET.get("state", "")) in ENROLMENT.states:
        found = found.filter(state=state)
    return found.order_by("institution__name_zh", "pk")


def codes_in(round_: Round) -> dict[Any, str]:
    rows = Identity.objects.filter(participation__round=round_, institution__isnull=False)
    return dict(rows.values_list("institution_id", "participation__code"))


def rows_of(found: QuerySet[Enrolment], codes: dict[Any, str]) -> Iterator[list[str]]:
    for one in found.iterator(chunk_size=2000):
        yield [
            str(one.institution.name), one.institution.uscc or "", str(ENROLMENT.states[one.state].name),
            codes.get(one.institution_id, ""), one.contact, one.phone, one.email, one.address, one.note,
        ]  # fmt: skip


class NamesForm(forms.Form):
    """Laboratories, one a line, by name or code."""

    names = forms.CharField(
        label=words("Laboratories", "实验室"), max_length=1_000_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=words("One a line: the name in the register, or the unified social credit code.",
                        "每行一家：登记库中的名称，或统一社会信用代码。"),
    )  # fmt: skip

    def lines(self) -> list[str]:
        return list(filter(None, (line.strip() for line in self.cleaned_data["names"].splitlines())))


@only("provider")
@require_http_methods(["GET", "POST"])
def invite(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Invite laboratories by name, or those of the last round of the scheme; who is new is told at once."""
    round_ = kept(request, pk)
    again = last_round_of(round_) if request.GET.get("from") == "last" else None
    form = NamesForm(request.POST or None, initial={"names": "\n".join(took_part_in(again)) if again else ""})
    if request.method == "POST" and form.is_valid():
        lines = form.lines()
        known = found_in_register(lines)
        for line in lines:
            if line not in known:
                form.add_error("names", fault(UNKNOWN.with_(x=line)))
        if form.is_valid() and done(request, form, lambda: actions.invite(
            round_, list(known.values()), actor=actor_of(request), at=timezone.now()
        )):  # fmt: skip
            n = invited(round_, [one.pk for one in known.values()], at=timezone.now())
            said = t("The invitations are kept; {n} people were told.", "已记录邀请，已通知 {n} 人。", n=n)
            messages.success(request, str(said))
            return redirect("office_round_enrol", round_.pk)
    shown = {"round": round_, "form": form, "last": last_round_of(round_)}
    return render(request, "office/rounds/invite.html", shown)


def done(request: VisitedRequest, form: forms.Form, do: Any) -> bool:
    try:
        do()
    except REFUSALS as refusal:
        form.add_error(None, fault(reason_of(refusal)))
        return False
    return True


class NumberForm(forms.Form):
    """The round's number, typed, because codes are drawn once."""

    number = forms.CharField(label=words("Type the number of the round", "请输入轮次编号以确认"), max_length=40)

    def __init__(self, *args: Any, round_: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.round = round_

    def clean_number(self) -> str:
        if self.cleaned_data["number"].strip() != self.round.number:
            raise fault(t("This is not the number of the round.", "与轮次编号不符。"))
        return self.round.number


@only("provider")
@require_http_methods(["GET", "POST"])
def begin(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """End the enrolment and draw the codes."""
    round_ = kept(request, pk)
    form = NumberForm(request.POST or None, round_=round_)
    if request.method == "POST" and form.is_valid() and done(request, form, lambda: actions.begin(
        round_, draw=random.SystemRandom(), actor=actor_of(request), at=timezone.now()
    )):  # fmt: skip
        messages.success(request, str(t("The codes are drawn.", "已生成实验室代码。")))
        return redirect("office_round_enrol", round_.pk)
    shown = {"round": round_, "form": form, "plan": round_.plan, "counts": counts_of(round_), "told_in": told_in}
    return render(request, "office/rounds/begin.html", shown)


class LateForm(forms.Form):
    """One laboratory taken in late."""

    laboratory = forms.CharField(
        label=words("Laboratory: name or code", "实验室（名称或统一社会信用代码）"), max_length=200
    )
    contact = forms.CharField(label=words("Contact", "联系人"), max_length=100, required=False)
    phone = forms.CharField(label=words("Telephone", "电话"), max_length=40, required=False)
    address = forms.CharField(label=words("Address for items", "收样地址"), max_length=300, required=False)
    reason = forms.CharField(label=words("Reason", "原因"), max_length=300)

    def clean_laboratory(self) -> Any:
        name = self.cleaned_data["laboratory"].strip()
        found = found_in_register([name])
        if name not in found:
            raise fault(UNKNOWN.with_(x=name))
        return found[name]


@only("provider")
@require_http_methods(["GET", "POST"])
def late(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a laboratory in late."""
    round_ = kept(request, pk)
    form = LateForm(request.POST or None)

    def do() -> None:
        said = form.cleaned_data
        details = Details(contact=said["contact"], phone=said["phone"], address=said["address"])
        actions.take_in_late(
            round_, said["laboratory"], details=details, reason=said["reason"], draw=random.SystemRandom(),
            actor=actor_of(request), at=timezone.now(),
        )  # fmt: skip

    if request.method == "POST" and form.is_valid() and done(request, form, do):
        messages.success(request, str(t("The laboratory takes part.", "已补报该实验室。")))
        return redirect("office_round_enrol", round_.pk)
    return render(request, "office/rounds/enrol_late.html", {"round": round_, "form": form})
