"""The working calendar: a year at a glance for everybody, changed by national regulators, from a notice as a file or day by day."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.faces import meanwhile
from zhunsheng.faces.exports import file_asked, table_file
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.forms import ResultsUpload
from zhunsheng.faces.visits import View, actor_of
from zhunsheng.faces.wording import words
from zhunsheng.foundation.attachments.actions import discard, keep_draft, stage
from zhunsheng.foundation.attachments.models import Draft
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.actions import enter_days, remove_days, replace_years
from zhunsheng.foundation.calendar.models import CalendarDay
from zhunsheng.foundation.calendar.queries import days_of_years, of_rows
from zhunsheng.foundation.calendar.reading import COLUMNS, NAME_LENGTH, read_days
from zhunsheng.foundation.calendar.rules import ListedDay, WorkingCalendar, no_table
from zhunsheng.foundation.calendar.states import NAMES, DayKind
from zhunsheng.foundation.spreadsheets import BadFile

FIRST_YEAR, LAST_YEAR = 1990, 2100
WEEKDAYS: tuple[Text, ...] = (
    t("Mo", "一"), t("Tu", "二"), t("We", "三"), t("Th", "四"), t("Fr", "五"), t("Sa", "六"), t("Su", "日"),
)  # fmt: skip
MONTHS: tuple[Text, ...] = (
    t("January", "一月"), t("February", "二月"), t("March", "三月"), t("April", "四月"), t("May", "五月"), t("June", "六月"),
    t("July", "七月"), t("August", "八月"), t("September", "九月"), t("October", "十月"), t("November", "十一月"),
    t("December", "十二月"),
)  # fmt: skip


def may_edit(request: HttpRequest) -> bool:
    """National regulators keep the calendar: it is one for the whole country."""
    return bool(request.visitor.jurisdiction.national)  # type: ignore[attr-defined]


def only_keepers(view: View) -> View:
    """Open to those who keep the calendar; to others the page does not exist."""

    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_edit(request):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(guarded)


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the grid: the day, how it differs from its weekday, and whether it is worked."""

    day: date
    listed: CalendarDay | None
    working: bool


@login_required
@require_GET
def calendar(request: VisitedRequest) -> HttpResponse:
    """A year at a glance; `format=xlsx` or `csv` gives its listed days as a file that can be mended and imported."""
    year = year_of(request)
    listed = list(days_of_years(year, year).select_related("by"))
    if kind := file_asked(request):
        return export(kind, listed, year)
    days = of_rows((one.day, one.kind) for one in listed)
    return render(
        request,
        "calendar/year.html",
        {
            "year": year, "years": (year - 1, year + 1), "months": months(year, listed, days), "listed": listed, "NAMES": NAMES,
            "weekdays": WEEKDAYS, "month_names": MONTHS, "figures": figures(year, listed, days), "may_edit": may_edit(request),
            "warning": no_table(year) if year not in days.years else None,
        },
    )  # fmt: skip


def year_of(request: VisitedRequest) -> int:
    """The year that the address asks for; this one for none that there is."""
    asked = request.GET.get("year", "")
    known = asked.isascii() and asked.isdigit() and FIRST_YEAR <= int(asked[:4]) <= LAST_YEAR and len(asked) == 4
    return int(asked) if known else request.today.year


def months(year: int, listed: list[CalendarDay], days: WorkingCalendar) -> list[list[list[Cell | None]]]:
    """The twelve months as weeks from Monday to Sunday; None where a week reaches into another month."""
    by_day = {one.day: one for one in listed}

    def cell(day: date) -> Cell:
        return Cell(day, by_day.get(day), days.is_working(day))

    return [[[cell(day) if day else None for day in week] for week in weeks(year, month)] for month in range(1, 13)]


def weeks(year: int, month: int) -> list[list[date | None]]:
    """The days of a month in rows of seven, the first a Monday."""
    first = date(year, month, 1)
    length = ((first + timedelta(days=31)).replace(day=1) - first).days
    row: list[date | None] = [None] * first.weekday() + [first + timedelta(days=i) for i in range(length)]
    row += [None] * (-len(row) % 7)
    return [row[i : i + 7] for i in range(0, len(row), 7)]


def figures(year: int, listed: list[CalendarDay], days: WorkingCalendar) -> list[tuple[Text, int]]:
    """The year in three numbers."""
    kinds = [one.kind for one in listed]
    return [
        (t("Working days", "工作日"), days.between(date(year - 1, 12, 31), date(year, 12, 31))),
        (t("Days off listed", "列出的放假日"), kinds.count(DayKind.HOLIDAY)),
        (t("Make-up working days", "调休上班日"), kinds.count(DayKind.WORKDAY)),
    ]


def export(kind: str, listed: list[CalendarDay], year: int) -> HttpResponse:
    rows = [[one.day.isoformat(), str(NAMES[DayKind(one.kind)]), one.name_zh, one.name_en] for one in listed]
    title = Text(en=str(year), zh=str(year))
    return table_file(kind, f"calendar-{year}", title, list(COLUMNS.values()), rows, widths=[14, 24, 24, 28])


class DayForm(forms.Form):
    """What one day is."""

    kind = forms.ChoiceField(
        label=words("This day is", "该日为"), required=False, widget=forms.RadioSelect,
        choices=[("", words("as its weekday says", "按星期确定")), *((kind.value, NAMES[kind]) for kind in DayKind)],
    )  # fmt: skip
    name_zh = forms.CharField(label=words("Name in Chinese", "中文名称"), required=False, max_length=NAME_LENGTH)
    name_en = forms.CharField(label=words("Name in English", "英文名称"), required=False, max_length=NAME_LENGTH)


@only_keepers
@require_GET
def find_day(request: VisitedRequest) -> HttpResponse:
    """Go to the page of the day that was asked for; back to the year where it is none."""
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return redirect("calendar")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return redirect("calendar")
    return redirect("calendar_day", day.isoformat())


@only_keepers
@require_http_methods(["GET", "POST"])
def one_day(request: VisitedRequest, day: str) -> HttpResponse:
    """Change what one day is."""
    on = day_of(day)
    listed = CalendarDay.objects.filter(day=on).select_related("by").first()
    form = DayForm(request.POST if request.method == "POST" else None, initial=day_values(listed))
    meanwhile.carry(form, day_values(listed))
    if form.is_bound and form.is_valid() and meanwhile.write(
        form, lambda: day_values(CalendarDay.objects.select_for_update().filter(day=on).first()),
        lambda: change(on, form.cleaned_data, request),
    ):  # fmt: skip
        flash.success(request, str(t("{d} was saved.", "已保存 {d}。", d=on.isoformat())))
        return redirect(f"{reverse('calendar')}?year={on.year}")
    return render(
        request, "calendar/day.html", {"day": on, "weekday": WEEKDAYS[on.weekday()], "form": form, "listed": listed}
    )


def day_values(listed: CalendarDay | None) -> dict[str, str]:
    """What the form of a day shows; of a day that nobody listed nothing."""
    if listed is None:
        return {"kind": "", "name_zh": "", "name_en": ""}
    return {"kind": listed.kind, "name_zh": listed.name_zh, "name_en": listed.name_en}


def day_of(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if day.isoformat() != text or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Http404
    return day


def change(day: date, given: dict[str, Any], request: VisitedRequest) -> None:
    actor, at = actor_of(request), timezone.now()
    if given["kind"]:
        one = ListedDay(day, DayKind(given["kind"]), given["name_zh"].strip(), given["name_en"].strip())
        enter_days([one], actor=actor, at=at)
    else:
        remove_days([day], actor=actor, at=at)


class NoticeUpload(ResultsUpload):
    """A year of the calendar as a file."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = words("The year as a file (.xlsx or .csv)", "年度安排文件（.xlsx 或 .csv）")
        self.fields["file"].help_text = words(
            "One row a day. Nothing is changed before you have seen what will happen.",
            "每行一个日期。确认预览之前不作任何更改。",
        )


@only_keepers
@require_http_methods(["GET", "POST"])
def import_year(request: VisitedRequest) -> HttpResponse:
    """Upload a year; it is staged and shown back before anything else happens."""
    form = NoticeUpload(request.POST, request.FILES) if request.method == "POST" else NoticeUpload()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        draft = stage(name=file.name, content=file.read(), actor=actor_of(request), at=timezone.now())
        return redirect("calendar_preview", draft.pk)
    return render(request, "calendar/import.html", {"form": form, "columns": COLUMNS})


@only_keepers
@require_http_methods(["GET", "POST"])
def preview(request: VisitedRequest, draft: uuid.UUID) -> HttpResponse:
    """What the file would change; on confirmation its years are put in place of what is listed for them."""
    file = own_draft(request, draft)
    try:
        days = read_days(bytes(file.content), filename=file.name)
    except BadFile as bad:
        return render(request, "calendar/preview.html", {"file": file, "bad": bad})
    if request.method == "POST":
        with transaction.atomic():
            keep_draft(file, at=timezone.now())
            replace_years(days, actor=actor_of(request), at=timezone.now())
        flash.success(request, str(t("The calendar was replaced by the file.", "已按文件更新工作日历。")))
        return redirect(f"{reverse('calendar')}?year={days[0].day.year}")
    return render(request, "calendar/preview.html", {"file": file, "bad": None, "days": days, "changes": changes(days)})


def changes(days: list[ListedDay]) -> list[tuple[date, Text, Text]]:
    """The days that the file changes, with what each was and what it becomes."""
    years = {one.day.year for one in days}
    was = {one.day: one for one in CalendarDay.objects.filter(day__year__in=years)}
    becomes = {one.day: one for one in days}
    said = {day: (_said(was.get(day)), _said(becomes.get(day))) for day in sorted(was.keys() | becomes.keys())}
    return [(day, before, after) for day, (before, after) in said.items() if before != after]


def _said(one: CalendarDay | ListedDay | None) -> Text:
    if one is None:
        return t("as its weekday says", "按星期确定")
    name = Text(en=one.name_en or one.name_zh, zh=one.name_zh or one.name_en)
    return t("{k} {n}", "{k} {n}", k=NAMES[DayKind(one.kind)], n=name)


@only_keepers
@require_POST
def leave(request: VisitedRequest, draft: uuid.UUID) -> HttpResponse:
    """Do not import the file: it is forgotten."""
    discard(own_draft(request, draft))
    return redirect("calendar_import")


def own_draft(request: VisitedRequest, draft: uuid.UUID) -> Draft:
    return get_object_or_404(Draft, pk=draft, uploaded_by=actor_of(request))
