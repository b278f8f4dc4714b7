"""One line of a scope entered by hand, for a regulator within reach; and with which instruments a line is tested."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from zhunsheng.faces.days import DayField
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.scopes.fields import MatrixField, MethodField, ParameterField
from zhunsheng.faces.scopes.instruments import InstrumentsField, offered, page
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import t
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.institutions.models import Institution, Site
from zhunsheng.registry.institutions.queries import family_ids
from zhunsheng.registry.scopes import actions
from zhunsheng.registry.scopes.access import institutions_supervised_by, lines_supervised_by
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.rules import CannotChange


class SiteField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class NewLineForm(forms.Form):
    """What an approval says of one line."""

    parameter = ParameterField(label=words("Parameter", "检测项目"))
    matrix = MatrixField(label=words("Matrix", "检测对象"))
    method = MethodField(label=words("Method", "检测方法"))
    site = SiteField(
        label=words("Site", "场所"), queryset=Site.objects.none(), required=False,
        empty_label=words("the institution's own address", "机构注册地址"),
    )  # fmt: skip
    low = forms.CharField(label=words("Lower end of the range", "范围下限"), required=False, max_length=40)
    high = forms.CharField(label=words("Upper end of the range", "范围上限"), required=False, max_length=40)
    unit = forms.CharField(label=words("Unit", "单位"), required=False, max_length=40)
    uncertainty = forms.CharField(label=words("Uncertainty", "不确定度"), required=False, max_length=100)
    limits = forms.CharField(label=words("Limits", "限制范围"), required=False, max_length=300)
    valid_from = DayField(label=words("Valid from", "有效期起"))
    valid_to = DayField(label=words("Valid to", "有效期止"), required=False)
    instruments = InstrumentsField(
        label=words("Instruments", "仪器设备"), queryset=Instrument.objects.none(), required=False
    )
    reason = forms.CharField(
        label=words("Approved by", "批准依据"), max_length=300,
        help_text=words("The decision or certificate, with its number.", "批准决定或证书及其编号。"),
    )  # fmt: skip

    def __init__(self, *args: Any, sites: Any, instruments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        self.fields["instruments"].queryset = instruments  # type: ignore[attr-defined]


@only("authority")
@require_http_methods(["GET", "POST"])
def enter(request: VisitedRequest, pk: UUID) -> HttpResponse:
    """A form for one line; after it the list again, or the next line with what mostly stays the same."""
    institution = get_object_or_404(institutions_supervised_by(request.visitor), pk=pk)
    family = family_ids(institution)
    choices = {
        "sites": Site.objects.filter(institution__in=family).order_by("name_zh"),
        "instruments": offered(request.visitor, institution),
    }
    if request.method == "POST":
        form = NewLineForm(request.POST, **choices)
        if form.is_valid() and (line := entered(request, institution, form)) is not None:
            return redirect("office_scope_line", line.series)
    else:
        form = NewLineForm(initial={"valid_from": request.today}, **choices)
    return render(request, "office/scope_new.html", {"institution": institution, "form": form})


def entered(request: VisitedRequest, institution: Institution, form: NewLineForm) -> ScopeLine | None:
    """Enter it and say so; None, with the form saying why not."""
    given = dict(form.cleaned_data)
    instruments, reason = list(given.pop("instruments")), given.pop("reason")
    line = ScopeLine(institution=institution, **given)
    try:
        with transaction.atomic():
            actions.approve(line, instruments=instruments, reason=reason, actor=actor_of(request), at=timezone.now())
    except CannotChange as refused:
        form.add_error(None, fault(reason_of(refused)))
        return None
    except IntegrityError:  # somebody else entered the same line in the same moment
        form.add_error(None, fault(t("Somebody else entered this line meanwhile.", "该项目刚刚已由他人登记。")))
        return None
    messages.success(request, str(t("Entered: {x}.", "已登记：{x}。", x=line.name)))
    return line


@only("authority")
@require_http_methods(["GET", "POST"])
def instruments(request: VisitedRequest, series: UUID) -> HttpResponse:
    """The instruments of a line, to be changed from any day on."""
    lines = lines_supervised_by(request.visitor).filter(series=series)
    return page(request, lines, back=reverse("office_scope_line", args=[series]), earliest=None)
