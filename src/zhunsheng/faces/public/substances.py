"""Non-food substances: in which foods they were found, how they are tested, how many samples a screening needs, who can test."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhunsheng.faces.exports import file_asked, table_file
from zhunsheng.faces.lists import days_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.public.near import DISTANCES, answer_of, around_of, typed
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import Text, join, language, t
from zhunsheng.registry.catalogue.queries import matrices_named, parts_of, wholes_of
from zhunsheng.registry.catalogue.states import STATES
from zhunsheng.registry.substances.queries import editions_meant, parameters_meant
from zhunsheng.registry.substances.rules import LARGEST_POPULATION, BadPlan, screening_plan, search
from zhunsheng.registry.substances.shipped import STANDINGS, Method, Standing, Substance
from zhunsheng.registry.substances.shipped import substances as every_substance

WITH, WITHOUT = "listed", "none"
COLUMNS: tuple[Text, ...] = (
    t("No.", "序号"), t("Substance", "物质名称"), t("CAS", "CAS 号"), t("Foods", "可能添加的食品品种"), t("Methods", "检测方法"),
    t("Batch", "批次"),
)  # fmt: skip


class ScreeningForm(forms.Form):
    """What a screening shall find, and with which probability; shares in per cent."""

    prevalence = forms.FloatField(
        label=words("Share of positive samples to be found (%)", "拟发现的阳性率（%）"), min_value=0, max_value=100, initial=1,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )  # fmt: skip
    probability = forms.FloatField(
        label=words("Probability of finding at least one (%)", "至少检出一份的概率（%）"), min_value=0, max_value=100, initial=95,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )  # fmt: skip
    sensitivity = forms.FloatField(
        label=words("Probability that a positive sample tests positive (%)", "阳性样品被检出的概率（%）"), min_value=0,
        max_value=100, initial=100, widget=forms.NumberInput(attrs={"step": "any"}),
    )  # fmt: skip
    population = forms.IntegerField(
        label=words("Number of batches or units in all", "总体数量（批次或件数）"), min_value=1,
        max_value=LARGEST_POPULATION, required=False,
        help_text=words("Leave empty for a large population.", "总体很大时留空。"),
    )  # fmt: skip

    def plan(self) -> int | None:
        """The number of samples; None, with the fault at its field, where no number answers."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        try:
            return screening_plan(
                given["prevalence"] / 100, given["probability"] / 100, given["sensitivity"] / 100, given["population"]
            )  # fmt: skip
        except BadPlan as refused:
            self.add_error(refused.field, fault(refused.reason))
            return None


@require_GET
def substances(request: HttpRequest) -> HttpResponse:
    """The list: searched by name, CAS number or food, with or without a method; `format=xlsx` or `csv` gives the same as a file."""
    method = request.GET.get("method", "")
    found = [
        one
        for one in search(words_of(request))
        if method not in (WITH, WITHOUT) or one.has_listed_method is (method == WITH)
    ]
    if kind := file_asked(request):
        return export(kind, found)
    shown = {"page": page_of(request, found), "words": words_of(request), "method": method, "Standing": Standing}
    return render(request, "public/substances.html", {**shown, "in_all": len(every_substance())})


@require_GET
def substance(request: VisitedRequest, number: int) -> HttpResponse:
    """One substance: foods, methods with their states on a day, a screening plan, and who can test it near a place."""
    try:
        one = every_substance()[number]
    except KeyError:
        raise Http404 from None
    on, known_on = days_of(request)
    parameters = parameters_meant([one])[number]
    around, food = around_of(request, on), typed(request, "matrix")
    matrix = matrices_named(food).first() if food else None
    wider = wholes_of(matrix) if matrix else []
    matrices = [*parts_of(matrix), *wider] if matrix else []
    planned = "prevalence" in request.GET
    form = ScreeningForm(request.GET if planned else None)
    return render(
        request,
        "public/substance.html",
        {
            "one": one, "on": on, "parameters": parameters, "around": around, "DISTANCES": DISTANCES, "form": form,
            "plan": form.plan() if planned else None, "given": form.cleaned_data if planned and form.is_valid() else {},
            "editions": editions_meant([one], on=on, known_on=known_on), "STANDINGS": STANDINGS, "STATES": STATES,
            "Standing": Standing, "also": also_called(one), "known_on": known_on,
            "answer": answer_of(request, parameters, matrices, around, on, known_on) if matrix or not food else None,
            "food": food, "matrix": matrix, "wider": wider, **around_list(one),
        },
    )  # fmt: skip


def also_called(one: Substance) -> list[str]:
    """Other names in the reader's language, but for those that the name holds already."""
    names = one.also_zh if language() == "zh" else one.also_en
    return [name for name in names if name.lower() not in str(one.name).lower()]


def around_list(one: Substance) -> dict[str, Any]:
    """The neighbours in the list, for going through it."""
    return {"previous": every_substance().get(one.number - 1), "following": every_substance().get(one.number + 1)}


def export(kind: str, found: list[Substance]) -> HttpResponse:
    rows = (
        [
            str(one.number),
            str(one.name),
            "; ".join(one.cas),
            str(join(one.foods, en=", ", zh="、")),
            str(said(one)),
            str(batch(one)),
        ]
        for one in found
    )
    widths = [6, 36, 24, 44, 60, 16]
    return table_file(kind, "non-food-substances", t("Non-food substances", "非食用物质"), COLUMNS, rows, widths=widths)


def said(one: Substance) -> Text:
    """The methods in one cell, each with how it stands to the list."""
    return join(_said(method) for method in one.methods)


def _said(method: Method) -> Text:
    how = STANDINGS[method.standing]
    if not method.standard and not method.title.zh:
        return how
    what = Text(
        en=" ".join(filter(None, (method.standard, method.title.en))),
        zh=" ".join(filter(None, (method.standard, method.title.zh))),
    )
    return t("{how}: {what}", "{how}：{what}", how=how, what=what)


def batch(one: Substance) -> Text:
    """The batch, or the two that it may be."""
    if len(one.batches) == 1:
        return t("{n}", "第 {n} 批", n=one.batches[0])
    return t("{a} or {b}", "第 {a} 批或第 {b} 批", a=one.batches[0], b=one.batches[1])
