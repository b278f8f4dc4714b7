"""With which instruments a line is tested: shown with their calibration, changed from a day on."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from zhunsheng.faces import meanwhile
from zhunsheng.faces.days import DayField
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.visits import actor_of, reason_of
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import t
from zhunsheng.registry.equipment.access import instruments_seen_by
from zhunsheng.registry.equipment.finding import called
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.equipment.queries import OnDay, in_date
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import family_ids
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.scopes import actions
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.queries.changing import last_row
from zhunsheng.registry.scopes.rules import CannotChange
from zhunsheng.registry.scopes.rules.changes import check_day


class InstrumentsField(forms.ModelMultipleChoiceField):
    """Some of the instruments of an institution, each by its serial number, maker and name."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{called(obj)} {obj.name}"


class InstrumentsForm(forms.Form):
    """Which instruments, from which day, for what reason."""

    instruments = InstrumentsField(
        label=words("Instruments", "仪器设备"), queryset=Instrument.objects.none(), required=False
    )
    from_day = DayField(label=words("From the day", "生效日期"))
    reason = forms.CharField(label=words("Reason", "原因"), max_length=300)


def offered(visitor: Visitor, institution: Institution) -> QuerySet[Instrument]:
    """The instruments of an institution that the visitor may see, in use or out of it."""
    return instruments_seen_by(visitor).filter(institution__in=family_ids(institution)).order_by("name_zh", "serial")


def used_by(visitor: Visitor, line: ScopeLine, on: date) -> list[tuple[Instrument, OnDay]]:
    """What a line is tested with, as far as the visitor may see instruments at all, and how it stands on a day; two queries."""
    used = list(instruments_seen_by(visitor).filter(scope_lines=line).order_by("name_zh", "serial"))
    stands = in_date(used, on, known_on=on)
    return [(one, stands[one.pk]) for one in used]


def page(request: VisitedRequest, lines: QuerySet[ScopeLine], *, back: str, earliest: date | None) -> HttpResponse:
    """The instruments of a line, to be changed; of a line that does not stand there is no page. `back`: where it leads then."""
    line = lines.filter(superseded_at=None).select_related("institution__merged_into").order_by("-valid_from").first()
    if line is None:
        raise Http404
    form = form_for(request, line)
    if request.method == "POST" and form.is_valid() and changed(request, line, form, earliest=earliest):
        return redirect(back)
    return render(request, "scopes/instruments.html", {"line": line, "form": form, "back": back})


def form_for(request: VisitedRequest, line: ScopeLine) -> InstrumentsForm:
    first = max(request.today, line.valid_from)
    held = {"instruments": list(line.instruments.values_list("pk", flat=True)), "from_day": first}
    form = InstrumentsForm(request.POST) if request.method == "POST" else InstrumentsForm(initial=held)
    form.fields["instruments"].queryset = offered(request.visitor, line.institution)  # type: ignore[attr-defined]
    meanwhile.carry(form, said_of(line))
    return form


def said_of(line: ScopeLine) -> dict[str, str]:
    """What the line is tested with in its last days."""
    last = last_row(line.series)
    return {"instruments": "; ".join(sorted(called(one) for one in last.instruments.all())) if last else ""}


def changed(request: VisitedRequest, line: ScopeLine, form: InstrumentsForm, *, earliest: date | None) -> bool:
    """Do it and say so; False, with the form saying why not. `earliest`: the first day that this visitor may choose."""
    given: Sequence[Instrument] = list(form.cleaned_data["instruments"])
    day, reason = form.cleaned_data["from_day"], form.cleaned_data["reason"]
    who: dict[str, Any] = {"actor": actor_of(request), "at": timezone.now()}
    try:
        if earliest is not None:
            check_day(day, earliest)
        done = meanwhile.write(
            form,
            lambda: said_of(line),
            lambda: actions.use_instruments(line.series, instruments=given, from_day=day, reason=reason, **who),
        )
    except CannotChange as refused:
        form.add_error(None, fault(reason_of(refused)))
        return False
    if done:
        said = t(
            "Instruments of the line: {n}, from {d}.",
            "本项目所用仪器设备 {n} 台，自 {d} 起。",
            n=len(given),
            d=day.isoformat(),
        )
        messages.success(request, str(said))
    return done
