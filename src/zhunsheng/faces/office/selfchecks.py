"""What the self-check of a campaign comes to, by class, region and field: for whoever runs it, and for each authority its own area."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from zhunsheng.activities.campaigns.plan.models import Campaign, Participant
from zhunsheng.activities.campaigns.plan.states import CAMPAIGN
from zhunsheng.activities.campaigns.selfcheck.models import Call, ChecklistItem, SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.days import CallDays, among, over_in
from zhunsheng.activities.campaigns.selfcheck.queries.rollup import (
    Counts,
    Progress,
    by_field,
    by_group,
    by_item,
    by_place,
    by_place_and_item,
    total,
)
from zhunsheng.activities.campaigns.selfcheck.states import GROUPS
from zhunsheng.faces.jobs.queries import last_job
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.campaign_board import DIGITS, beginning_of, is_own, region_of, seen, way_to
from zhunsheng.faces.office.selfcheck_calls import subject_of
from zhunsheng.faces.visits import only
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry import regions
from zhunsheng.registry.catalogue.fields import FIELDS, field_name


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a region: how far its institutions are, and the share of problems in each class."""

    code: str
    name: Text
    progress: Progress
    late: int
    groups: dict[str, Counts]
    deeper: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """The part of a campaign that the address asks about, made sound: a region that the visitor may look at, a field there is."""

    region: str
    field: str

    @property
    def beginning(self) -> str:
        return beginning_of(self.region)

    @property
    def digits(self) -> int:
        """By how many digits of the code the region is divided further."""
        return DIGITS.get(len(self.beginning), 6)


def asked_by(request: VisitedRequest, campaign: Campaign) -> Asked:
    """Where nothing is asked for, all that the visitor may look at."""
    region = region_of(request, campaign, request.GET.get("region", "")) or campaign.region_code
    field = request.GET.get("field", "")
    return Asked(region, field if field in FIELDS else "")


def way_down(campaign: Campaign, asked: Asked, request: VisitedRequest) -> list[tuple[str, Text]]:
    """From the whole campaign to the region; the campaign's own region is the whole."""
    return way_to(campaign, "" if asked.region == campaign.region_code else asked.region, request)


def called(campaign: Campaign) -> Call | None:
    return Call.objects.select_related("checklist", "campaign").filter(campaign=campaign).first()


@only("authority")
@require_GET
def selfchecks(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The figures of a region and a field. Drafts are in none of them: until it is submitted, an answer is nobody's word."""
    campaign = seen(request, pk)
    found, mine = called(campaign), is_own(request, campaign)
    if found is None:
        return redirect("office_selfcheck_call" if mine else "office_campaign", campaign.pk)
    asked = asked_by(request, campaign)
    items = list(found.checklist.items.all())
    groups = {one.no: one.group for one in items}
    answers = by_item(found, within=asked.beginning, field=asked.field)
    over = over_in(found, request.today, within=asked.beginning)
    places = places_of(found, asked, groups, request, among(over, "region_code"))
    shown: dict[str, Any] = {
        "campaign": campaign, "call": found, "asked": asked, "mine": mine, "way": way_down(campaign, asked, request),
        "sum": total(one.progress for one in places), "places": places, "fields": fields_of(found, asked, among(over, "region_code")),
        "choices": [(code, field_name(code)) for code in FIELDS], "classes": named(by_group(answers, groups)),
        "items": worst_first(items, answers), "CAMPAIGN": CAMPAIGN, "over": over,
        "late": sum(one.late for one in places), "differ": (days := CallDays([found])).differ(found),
        "last": days.of(found, asked.region),
        **(opening_of(campaign, found) if mine else {"job": None, "without": None}),
    }  # fmt: skip
    return render(request, "office/selfchecks/dashboard.html", shown)


def opening_of(campaign: Campaign, found: Call) -> dict[str, Any]:
    """How far the forms are made: the job, and how many institutions have none yet."""
    without = None
    if found.complete:  # two counts by an index: the same by an outer join takes ten times as long
        without = Participant.objects.filter(campaign=campaign).count() - SelfCheck.objects.filter(call=found).count()
    return {"job": last_job(subject_of(campaign)), "without": without}


def places_of(found: Call, asked: Asked, groups: dict[int, str], request: VisitedRequest, over: Q) -> list[Place]:
    """The parts of the region, by their codes; four queries. `over`: the counties in which the last day is over."""
    progress = by_place(found, within=asked.beginning, digits=asked.digits, field=asked.field)
    behind = by_place(found, within=asked.beginning, digits=asked.digits, field=asked.field, only=over)
    answers = by_place_and_item(found, within=asked.beginning, digits=asked.digits, field=asked.field)
    return [
        Place(
            padded := code.ljust(6, "0"), regions.name_of(padded, request.today), one, late_in(behind, code),
            by_group(answers.get(code, {}), groups), asked.digits < 6,
        )
        for code, one in progress.items()
    ]  # fmt: skip


def late_in(behind: Mapping[str, Progress], code: str) -> int:
    """How many are late of those where the last day is over; what is final was given up waiting for."""
    return behind[code].late if code in behind else 0


def fields_of(found: Call, asked: Asked, over: Q) -> list[tuple[str, Text, Progress, int]]:
    """The fields of the region, in the order of the catalogue."""
    progress = by_field(found, within=asked.beginning)
    behind = by_field(found, within=asked.beginning, only=over)
    codes = [code for code in (*FIELDS, *sorted(progress.keys() - FIELDS.keys())) if code in progress]
    return [(code, field_name(code), progress[code], late_in(behind, code)) for code in codes]


def named(groups: dict[str, Counts]) -> list[tuple[Text, str, Counts]]:
    """The classes with their words; a clause of another checklist stands for itself."""
    keys = [key for key in (*GROUPS, *sorted(groups.keys() - GROUPS.keys())) if key in groups]
    return [(GROUPS.get(key, t("{g}", "{g}", g=key)), key, groups[key]) for key in keys]


def worst_first(items: list[ChecklistItem], answers: dict[int, Counts]) -> list[tuple[ChecklistItem, Counts]]:
    """Every item with its counts, what most institutions found a problem in first."""
    counted = [(one, answers.get(one.no, Counts())) for one in items]
    return sorted(counted, key=lambda one: (-(one[1].share or 0), one[0].no))
