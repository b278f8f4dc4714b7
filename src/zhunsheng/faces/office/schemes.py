"""The schemes of a provider: under which rounds are repeated, and for whom."""

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from zhunsheng.activities.proficiency.plan.access import schemes_of
from zhunsheng.activities.proficiency.plan.actions import planning
from zhunsheng.faces.exports import WHOLE, file_asked, table_file
from zhunsheng.faces.lists import page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round_plan import tried
from zhunsheng.faces.office.round_plan_forms import SchemeForm
from zhunsheng.faces.visits import actor_of, institution_of, only
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.catalogue.fields import field_name

COLUMNS: tuple[Text, ...] = (
    t("Code", "计划代号"), t("Title in Chinese", "中文名称"), t("Title in English", "英文名称"), t("Field", "领域"),
    t("Rounds", "轮次数"), t("Last performed on", "最近检测日期"),
)  # fmt: skip


@only("provider")
@require_GET
def schemes(request: VisitedRequest) -> HttpResponse:
    """The list; `format=xlsx` or `csv` gives the same rows as a file."""
    found = schemes_of(request.visitor).select_related("commissioned_by")
    found = found.annotate(n=Count("rounds"), last=Max("rounds__performed_on")).order_by("code", "pk")
    if said := words_of(request):
        found = found.filter(Q(code__icontains=said) | Q(title_zh__icontains=said) | Q(title_en__icontains=said))
    if kind := file_asked(request):
        rows = [
            [one.code, one.title_zh, one.title_en, str(field_name(one.field)) if one.field else "", one.n,
             one.last.isoformat() if one.last else ""]
            for one in found
        ]  # fmt: skip
        title = t("Schemes", "能力验证计划")
        return table_file(kind, "schemes", title, COLUMNS, rows, widths=[16, 36, 36, 20, 10, 16], most=WHOLE)
    shown = {
        "page": page_of(request, found), "words": words_of(request), "any": schemes_of(request.visitor).exists(),
        "field_name": field_name,
    }  # fmt: skip
    return render(request, "office/rounds/schemes.html", shown)


@only("provider")
@require_http_methods(["GET", "POST"])
def new(request: VisitedRequest) -> HttpResponse:
    """Begin a scheme."""
    form = SchemeForm(request.POST or None)

    def do() -> None:
        said = form.cleaned_data
        planning.begin_scheme(
            provider=institution_of(request, "provider"), code=said["code"], field_code=said["field_code"],
            title=Text(en=said["title_en"], zh=said["title_zh"]), commissioned_by=said["commissioned_by"],
            actor=actor_of(request), at=timezone.now(),
        )  # fmt: skip

    if request.method == "POST" and form.is_valid() and tried(form, do):
        messages.success(request, str(t("The scheme is kept. Plan its first round.", "计划已保存，可策划第一个轮次。")))
        return redirect("office_schemes")
    return render(request, "office/rounds/scheme_new.html", {"form": form})
