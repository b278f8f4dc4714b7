"""Items on their way, as the coordinator of a round sends them: pack, papers, hand to the carrier, watch them arrive, replace."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.plan.queries import items_of
from zhunsheng.activities.proficiency.prepare.queries import gate
from zhunsheng.activities.proficiency.ship import actions, documents, queries
from zhunsheng.activities.proficiency.ship.access import rounds_shipped_by
from zhunsheng.activities.proficiency.ship.actions import Arrival
from zhunsheng.activities.proficiency.ship.models import Parcel
from zhunsheng.activities.proficiency.ship.rules.shipping import CannotShip, may_replace, overdue
from zhunsheng.activities.proficiency.ship.states import CONDITIONS, IN_ORDER, PARCEL
from zhunsheng.faces.days import DayField
from zhunsheng.faces.exports import WHOLE, file_asked, table_file
from zhunsheng.faces.files import download
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round_rooms import rooms_of, steps_of
from zhunsheng.faces.office.round_ship_file import read_tracking
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.spreadsheets import BadFile
from zhunsheng.foundation.statechart import NotAllowedNow

REFUSALS = (CannotShip, NotAllowedNow)
FOUND: Mapping[str, Text] = {
    "packed": t("packed", "已包装"), "sent": t("on its way", "运输中"), "overdue": t("overdue", "逾期未到"),
    "received": t("received in order", "完好接收"), "faulty": t("received, not in order", "接收时异常"),
    "lost": t("lost", "已丢失"), "returned": t("came back", "已退回"), "asked": t("replacement asked for", "已申请补发"),
}  # fmt: skip
SORTS: Mapping[str, str] = {
    "code": "participation__code", "state": "state", "sent_on": "sent_on", "expected_on": "expected_on"
}  # fmt: skip
HEADS: tuple[Text, ...] = (
    t("Parcel", "包裹编号"), t("Laboratory", "实验室"), t("State", "状态"), t("Carrier", "承运人"), t("Tracking number", "运单号"),
    t("Left on", "交寄日期"), t("Expected on", "预计到达"), t("Received on", "接收日期"), t("Condition", "到达状态"),
    t("Temperature, °C", "温度（℃）"), t("Remark", "备注"), t("Replacement asked for", "补发申请"), t("Address", "收样地址"),
)  # fmt: skip


def shipped(request: VisitedRequest, pk: uuid.UUID) -> Round:
    found = rounds_shipped_by(request.visitor).select_related("provider", "plan", "scheme")
    return get_object_or_404(found, pk=pk)


@only("provider")
@require_GET
def parcels(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Every parcel that counts, where it is and how it arrived; `format=xlsx` or `csv` gives the rows shown."""
    round_ = shipped(request, pk)
    found, to = asked_for(request, round_), queries.addresses(round_)
    if kind := file_asked(request):
        title = t("Parcels", "包裹清单")
        return table_file(
            kind, "parcels", title, HEADS, rows_of(found, to), widths=[12, 36, 14, 14, 20, 12, 12, 12, 20, 12, 30, 30, 44],
            most=WHOLE,
        )  # fmt: skip
    monitor = queries.monitor(round_, on=request.today)
    shown = {
        "round": round_, "plan": round_.plan, "steps": steps_of(round_), "rooms": rooms_of(round_), "page": page_of(request, found),
        "words": words_of(request), "monitor": monitor, "to": to, "FOUND": FOUND, "found": state_of(request), "PARCEL": PARCEL,
        "CONDITIONS": CONDITIONS, "IN_ORDER": IN_ORDER, "gate": gate(round_), "sort": order_of(request, SORTS, "code"),
        "late": late_of(request), "to_send": monitor.counts["packed"] + monitor.counts["returned"],
    }  # fmt: skip
    return render(request, "office/rounds/ship.html", shown)


def late_of(request: VisitedRequest) -> Any:
    """How many working days a parcel is overdue today, for the page."""
    calendar = queries.calendar_around(request.today)
    return lambda one: overdue(one.expected_on, request.today, calendar) if one.state == "sent" else 0


def state_of(request: VisitedRequest) -> str:
    asked = request.GET.get("state", "")
    return asked if asked in FOUND else ""


def asked_for(request: VisitedRequest, round_: Round) -> QuerySet[Parcel]:
    found = queries.newest(round_)
    state = state_of(request)
    if state == "overdue":
        found = queries.overdue_in(round_, on=request.today)
    elif state == "asked":
        found = found.filter(asked_at__isnull=False)
    elif state:
        found = found.filter(queries.FOUND[state])
    if said := words_of(request):
        name = "participation__identity__institution__name"
        named = Q(**{f"{name}_zh__icontains": said}) | Q(**{f"{name}_en__icontains": said})
        code = Q(participation__code__istartswith=said.partition("-")[0])
        found = found.filter(named | code | Q(tracking__icontains=said))
    sort = order_of(request, SORTS, "code")
    minus = "-" if sort.startswith("-") else ""
    ordered = found.order_by(minus + SORTS[sort.removeprefix("-")], "participation__code")
    return ordered.select_related("participation", "receipt")


def rows_of(found: QuerySet[Parcel], to: Mapping[str, queries.Address]) -> Iterator[list[str]]:
    for one in found.iterator(chunk_size=2000):
        receipt, where = getattr(one, "receipt", None), to.get(one.participation.code)
        yield [
            one.number, str(where.laboratory) if where else "", str(PARCEL.states[one.state].name), one.carrier, one.tracking,
            one.sent_on.isoformat() if one.sent_on else "", one.expected_on.isoformat() if one.expected_on else "",
            receipt.received_on.isoformat() if receipt else "", str(CONDITIONS[receipt.condition]) if receipt else "",
            receipt.temperature if receipt else "", receipt.remark if receipt else "", one.asked, where.address if where else "",
        ]  # fmt: skip


def tried(request: VisitedRequest, do: Any) -> Any:
    """What the verb gives, or None after its refusal was told."""
    try:
        return do()
    except REFUSALS as refusal:
        messages.error(request, str(reason_of(refusal)))
        return None


@only("provider")
@require_POST
def pack(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Pack for everybody for whom nothing is packed."""
    round_ = shipped(request, pk)
    if n := tried(request, lambda: actions.pack(round_, actor=actor_of(request), at=timezone.now())):
        messages.success(
            request, str(t("{n} parcels are ready: print their labels.", "已生成 {n} 个包裹，请打印标签。", n=n))
        )
    return redirect("office_round_ship", pk)


@only("provider")
@require_GET
def paper(request: VisitedRequest, pk: uuid.UUID, what: str) -> HttpResponse:
    """Labels or the pack list of parcels that wait to be sent, `part` by part where there are very many; the table of numbers."""
    round_ = shipped(request, pk)
    waiting = queries.newest(round_).filter(state__in=PARCEL.transitions["send"].sources)
    ordered = list(waiting.select_related("participation").order_by("participation__code"))
    if what == "tracking":
        return download(documents.tracking_table(ordered), "tracking.xlsx")
    part = max(1, int(given)) if (given := request.GET.get("part", "1")).isdecimal() else 1
    several = ordered[(part - 1) * documents.LABELS_A_FILE : part * documents.LABELS_A_FILE]
    if not several:
        messages.error(request, str(t("No parcel waits to be sent.", "没有待交寄的包裹。")))
        return redirect("office_round_ship", pk)
    to = queries.addresses(round_)
    if what == "pack-list":
        return download(documents.pack_list(round_, several, to), "pack-list.pdf")
    labelled = documents.labels_of(several, {one.code: one for one in items_of(round_)}, to)
    return download(documents.labels(round_, list(labelled)), "labels.pdf")


class SendForm(forms.Form):
    """To whom, when, and each parcel's number if there is a table of them."""

    carrier = forms.CharField(label=words("Carrier", "承运人"), max_length=60)
    sent_on = DayField(label=words("Left on", "交寄日期"))
    expected_on = DayField(label=words("Expected on", "预计到达日期"), required=False, help_text=words(
        "Laboratories that have not confirmed by then are listed as overdue, counted in working days.",
        "届时未确认接收的实验室将列为逾期，按工作日计算。"))  # fmt: skip
    file = forms.FileField(label=words("Tracking numbers (.xlsx or .csv)", "运单号表（.xlsx 或 .csv）"), required=False, help_text=words(
        "With a table, the parcels in it leave; without one, all that wait.", "上传时交寄表中的包裹；不上传则全部交寄。"))  # fmt: skip


@only("provider")
@require_http_methods(["GET", "POST"])
def send(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Hand parcels to the carrier."""
    round_ = shipped(request, pk)
    form = SendForm(request.POST, request.FILES) if request.method == "POST" else SendForm(
        initial={"sent_on": request.today.isoformat()}
    )  # fmt: skip
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            tracking = read_tracking(said["file"].read(), said["file"].name) if said["file"] else None
            n = actions.send(
                round_, tracking, carrier=said["carrier"], sent_on=said["sent_on"], expected_on=said["expected_on"],
                actor=actor_of(request), at=timezone.now(),
            )  # fmt: skip
        except BadFile as bad:
            faults = [str(one.text) for one in bad.faults]
        except REFUSALS as refusal:
            form.add_error(None, fault(reason_of(refusal)))
        else:
            messages.success(request, str(t("{n} parcels are on their way.", "已交寄 {n} 个包裹。", n=n)))
            return redirect("office_round_ship", pk)
    waiting = queries.newest(round_).filter(state__in=PARCEL.transitions["send"].sources).count()
    shown = {"round": round_, "form": form, "faults": faults, "waiting": waiting}
    return render(request, "office/rounds/ship_send.html", shown)


class ArrivalForm(forms.Form):
    """How a parcel arrived."""

    received_on = DayField(label=words("Received on", "接收日期"))
    condition = forms.ChoiceField(label=words("Condition", "到达状态"))
    temperature = forms.CharField(
        label=words("Temperature on arrival, °C", "到达时温度（℃）"), max_length=10, required=False
    )
    remark = forms.CharField(
        label=words("What is not in order, or else to be known", "异常情况或其他说明"), max_length=300, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["condition"].choices = [(key, str(text)) for key, text in CONDITIONS.items()]  # type: ignore[attr-defined]

    def said(self) -> Arrival:
        given = self.cleaned_data
        return Arrival(given["received_on"], given["condition"], given["temperature"].strip(), given["remark"].strip())


@only("provider")
@require_http_methods(["GET", "POST"])
def parcel(request: VisitedRequest, pk: uuid.UUID, parcel_pk: uuid.UUID) -> HttpResponse:
    """One participant's parcels, the newest last; its arrival is entered here for a laboratory that telephones."""
    round_ = shipped(request, pk)
    one = get_object_or_404(Parcel.objects.select_related("participation"), pk=parcel_pk, round=round_)
    form = ArrivalForm(request.POST or None, initial={"received_on": request.today.isoformat(), "condition": IN_ORDER})
    if request.method == "POST" and form.is_valid():
        try:
            actions.receive(one, form.said(), on_behalf=True, actor=actor_of(request), at=timezone.now())
        except REFUSALS as refusal:
            form.add_error(None, fault(reason_of(refusal)))
        else:
            messages.success(request, str(t("The receipt is kept.", "已记录接收情况。")))
            return redirect("office_round_parcel", pk, parcel_pk)
    history = queries.history_of(one.participation)
    newest, receipt = history[-1], getattr(history[-1], "receipt", None)
    condition = receipt.condition if receipt else IN_ORDER
    shown = {
        "round": round_, "one": newest, "history": history, "form": form, "PARCEL": PARCEL, "CONDITIONS": CONDITIONS,
        "IN_ORDER": IN_ORDER, "to": queries.addresses(round_).get(one.participation.code),
        "why_not": may_replace(newest.state, condition, asked=newest.asked_at is not None, replaced=False),
    }  # fmt: skip
    return render(request, "office/rounds/parcel.html", shown)


@only("provider")
@require_POST
def act(request: VisitedRequest, pk: uuid.UUID, parcel_pk: uuid.UUID, what: str) -> HttpResponse:
    """Lost, came back, or replaced: each with its reason."""
    round_ = shipped(request, pk)
    one = get_object_or_404(Parcel, pk=parcel_pk, round=round_)
    verb = {"lost": actions.lose, "back": actions.come_back, "replace": actions.replace}[what]
    reason = request.POST.get("reason", "")[:300]

    def do() -> bool:
        verb(one, reason=reason, actor=actor_of(request), at=timezone.now())
        return True

    if tried(request, do):
        messages.success(request, str(t("Done, and kept with its reason.", "已完成并记录理由。")))
    return redirect("office_round_parcel", pk, parcel_pk)
