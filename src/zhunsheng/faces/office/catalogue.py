"""The catalogue in the office: parameters with their other names, the tree of matrices, methods. Regulators read, the keepers write."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.db import IntegrityError, transaction
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from zhunsheng.faces import meanwhile
from zhunsheng.faces.exports import CHUNK, every, file_asked, table_file
from zhunsheng.faces.lists import page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.catalogue_forms import (
    MatrixForm,
    MethodForm,
    NewMatrixForm,
    NewMethodForm,
    NewParameterForm,
    ParameterForm,
)
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.faces.wording import fault
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.catalogue import actions
from zhunsheng.registry.catalogue.access import may_keep
from zhunsheng.registry.catalogue.fields import field_name
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter
from zhunsheng.registry.catalogue.queries import SUGGESTED, methods_named, parameters_named, standards_named
from zhunsheng.registry.catalogue.rules import CannotEnter

PARAMETER_COLUMNS: tuple[Text, ...] = (
    t("Code", "代码"), t("Chinese", "中文"), t("English", "英文"), t("CAS number", "CAS 号"), t("Other names", "别名"),
)  # fmt: skip
METHOD_COLUMNS: tuple[Text, ...] = (t("Number", "编号"), t("Name", "名称"), t("Rests on the standard", "依据标准"))


def keeper_only(request: VisitedRequest) -> None:
    """To whoever may not write here, the page does not exist."""
    if not may_keep(request.visitor):
        raise Http404


def enter(
    form: Form, act: Callable[[], object], *, fresh: Callable[[], meanwhile.Values] | None = None, adds: bool = False
) -> bool:
    """Do it, or say on the form why it cannot be done; a code or number taken meanwhile is such a reason.

    `fresh` reads what is mended, to be compared with what the form showed.
    """
    try:
        if fresh is not None:
            return meanwhile.write(form, fresh, act, adds=adds)
        with transaction.atomic():
            act()
    except CannotEnter as refused:
        form.add_error(None, fault(reason_of(refused)))
    except IntegrityError:
        form.add_error(None, fault(t("This code or number is taken.", "该代码或编号已存在。")))
    else:
        return True
    return False


def kept(request: VisitedRequest) -> dict[str, Any]:
    """By whom and when, for every verb."""
    return {"actor": actor_of(request), "at": timezone.now()}


def said(request: VisitedRequest, name: object) -> None:
    messages.success(request, str(t("Entered: {x}", "已登记：{x}", x=name)))


@only("authority")
@require_http_methods(["GET", "POST"])
def parameters(request: VisitedRequest) -> HttpResponse:
    """All parameters, searched by every name they bear; a keeper enters a new one below."""
    form = NewParameterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        keeper_only(request)
        if form.is_valid() and enter(form, lambda: enter_parameter(request, form)):
            said(request, form.cleaned_data["code"])
            return redirect("office_parameters")
    asked = parameters_asked(request)
    if kind := file_asked(request):
        return parameters_file(kind, asked["page"])
    shown = {**asked, "form": form, "face": "office"}
    return render(request, "office/parameters.html", {**shown, "may": may_keep(request.visitor)})


def parameters_asked(request: VisitedRequest) -> dict[str, Any]:
    """The page of parameters that the address asks for."""
    words = words_of(request)
    rows = parameters_named(words) if words else Parameter.objects.order_by("code")
    return {"page": page_of(request, rows.prefetch_related("names")), "words": words}


def parameters_file(kind: str, page: Page[Parameter]) -> HttpResponse:
    """All parameters found, with every name."""
    comma = str(t(", ", "、"))
    rows = (
        [one.code, one.name_zh, one.name_en, one.cas, comma.join(name.name for name in one.names.all())]
        for one in every(page).iterator(CHUNK)
    )
    return table_file(kind, "parameters", t("Parameters", "参数"), PARAMETER_COLUMNS, rows)


def enter_parameter(request: VisitedRequest, form: NewParameterForm) -> None:
    given = form.cleaned_data
    made = Parameter(code=given["code"], name_zh=given["name_zh"], name_en=given["name_en"], cas=given["cas"])
    actions.enter_parameters([made], names={made.code: form.names}, **kept(request))


@only("authority")
@require_http_methods(["GET", "POST"])
def parameter(request: VisitedRequest, pk: int) -> HttpResponse:
    """One parameter with its names; a keeper mends them."""
    keeper_only(request)
    one = get_object_or_404(Parameter, pk=pk)
    now = parameter_values(one)
    form = ParameterForm(request.POST if request.method == "POST" else None, initial=now)
    meanwhile.carry(form, now)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("name_zh", "name_en", "cas")}
        if enter(
            form, lambda: actions.mend_parameter(one, **given, names=form.names, **kept(request)),
            fresh=lambda: parameter_values(meanwhile.locked(one)),
        ):  # fmt: skip
            said(request, one.name)
            return redirect("office_parameters")
    return render(request, "office/parameter.html", {"parameter": one, "form": form})


def parameter_values(one: Parameter) -> dict[str, Any]:
    """What the form of a parameter shows."""
    others = {
        f"others_{lang}": "\n".join(one.names.filter(language=lang).values_list("name", flat=True))
        for lang in ("zh", "en")
    }
    return {"name_zh": one.name_zh, "name_en": one.name_en, "cas": one.cas, **others}


@only("authority")
@require_http_methods(["GET", "POST"])
def matrices(request: VisitedRequest) -> HttpResponse:
    """The tree of matrices; a keeper enters a new one below."""
    form = NewMatrixForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        keeper_only(request)
        if form.is_valid() and enter(
            form, lambda: actions.enter_matrices([Matrix(**form.cleaned_data)], **kept(request))
        ):
            said(request, form.cleaned_data["code"])
            return redirect("office_matrices")
    shown = {"tree": tree(), "form": form, "face": "office", "may": may_keep(request.visitor), "field_name": field_name}
    return render(request, "office/matrices.html", shown)


def tree() -> list[tuple[int, Matrix]]:
    """Every matrix below the one it lies within, with its depth; one query."""
    below: dict[int | None, list[Matrix]] = {}
    for one in Matrix.objects.order_by("field", "name_en", "pk"):
        below.setdefault(one.within_id, []).append(one)
    listed: list[tuple[int, Matrix]] = []
    waiting = [(0, one) for one in reversed(below.get(None, []))]
    while waiting:
        depth, one = waiting.pop()
        listed.append((depth, one))
        waiting += [(depth + 1, part) for part in reversed(below.get(one.pk, []))]
    return listed


@only("authority")
@require_http_methods(["GET", "POST"])
def matrix(request: VisitedRequest, pk: int) -> HttpResponse:
    """One matrix; a keeper mends its names, its field and its place in the tree."""
    keeper_only(request)
    one = get_object_or_404(Matrix, pk=pk)
    now = matrix_values(one)
    form = MatrixForm(request.POST if request.method == "POST" else None, initial=now)
    meanwhile.carry(form, now)
    posted = request.method == "POST" and form.is_valid()
    if posted and enter(
        form, lambda: actions.mend_matrix(one, **form.cleaned_data, **kept(request)),
        fresh=lambda: matrix_values(meanwhile.locked(one)),
    ):  # fmt: skip
        said(request, one.name)
        return redirect("office_matrices")
    return render(request, "office/matrix.html", {"matrix": one, "form": form})


def matrix_values(one: Matrix) -> dict[str, Any]:
    """What the form of a matrix shows."""
    return {"name_zh": one.name_zh, "name_en": one.name_en, "field": one.field, "within": one.within_id}


@only("authority")
@require_http_methods(["GET", "POST"])
def methods(request: VisitedRequest) -> HttpResponse:
    """All methods, searched by number and name; a keeper enters a new one below."""
    form = NewMethodForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        keeper_only(request)
        if form.is_valid() and enter(
            form, lambda: actions.enter_methods([Method(**form.cleaned_data)], **kept(request))
        ):
            said(request, form.cleaned_data["number"])
            return redirect("office_methods")
    asked = methods_asked(request)
    if kind := file_asked(request):
        return methods_file(kind, asked["page"])
    shown = {**asked, "form": form, "face": "office"}
    return render(request, "office/methods.html", {**shown, "may": may_keep(request.visitor)})


def methods_asked(request: VisitedRequest) -> dict[str, Any]:
    """The page of methods that the address asks for."""
    words = words_of(request)
    rows = methods_named(words) if words else Method.objects.order_by("number")
    return {"page": page_of(request, rows.select_related("standard")), "words": words}


def methods_file(kind: str, page: Page[Method]) -> HttpResponse:
    """All methods found."""
    rows = (
        [one.number, str(one.name), one.standard.number if one.standard else ""] for one in every(page).iterator(CHUNK)
    )
    return table_file(kind, "methods", t("Methods", "方法"), METHOD_COLUMNS, rows)


@only("authority")
@require_http_methods(["GET", "POST"])
def method(request: VisitedRequest, pk: int) -> HttpResponse:
    """One method; a keeper mends its names and the standard on which it rests."""
    keeper_only(request)
    one = get_object_or_404(Method.objects.select_related("standard"), pk=pk)
    now = method_values(one)
    form = MethodForm(request.POST if request.method == "POST" else None, initial=now)
    meanwhile.carry(form, now)
    posted = request.method == "POST" and form.is_valid()
    if posted and enter(
        form, lambda: actions.mend_method(one, **form.cleaned_data, **kept(request)),
        fresh=lambda: method_values(meanwhile.locked(one)),
    ):  # fmt: skip
        said(request, one.number)
        return redirect("office_methods")
    return render(request, "office/method.html", {"method": one, "form": form})


def method_values(one: Method) -> dict[str, Any]:
    """What the form of a method shows."""
    number = one.standard.number if one.standard else ""
    return {"name_zh": one.name_zh, "name_en": one.name_en, "standard": number}


@only("authority")
@require_GET
def standard_suggestions(request: VisitedRequest) -> HttpResponse:
    """Numbers of standards for what has been typed so far."""
    typed = next((request.GET[key] for key in ("replacement", "standard", "q") if request.GET.get(key)), "")
    words = typed.replace("\x00", "").strip()[:64]
    found = standards_named(words)[:SUGGESTED] if words else []
    return render(request, "scopes/suggestions.html", {"names": [(one.number, one.name) for one in found]})
