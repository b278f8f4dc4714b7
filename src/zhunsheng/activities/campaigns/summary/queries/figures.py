"""The figures of a bulletin: everything that is counted, in full, as plain JSON values."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from zhunsheng.activities.campaigns.inspection.documents import finding_name, words
from zhunsheng.activities.campaigns.inspection.policies import repeat_years
from zhunsheng.activities.campaigns.plan.models import Campaign, Participant
from zhunsheng.activities.campaigns.rectification.models import EffectCheck, SecondLook
from zhunsheng.activities.campaigns.summary.policies import policy_on
from zhunsheng.activities.campaigns.summary.queries import progress
from zhunsheng.activities.campaigns.summary.queries.discrepancies import Discrepancy, called_fine, compared
from zhunsheng.activities.campaigns.summary.queries.indicators import effects, first_and_last, repeating
from zhunsheng.activities.campaigns.summary.queries.visits import later_visits, participants_of, visits_of
from zhunsheng.activities.campaigns.summary.rules.discrepancies import COMPARABLE, SAYINGS
from zhunsheng.activities.campaigns.summary.rules.effects import Effect
from zhunsheng.activities.campaigns.summary.rules.intervals import LEVEL, Share
from zhunsheng.activities.campaigns.summary.rules.visits import Visit, by_class
from zhunsheng.registry import regions

Figures = dict[str, Any]
DIGITS = {0: 2, 2: 4, 4: 6, 6: 6}
"""How many digits of the code name the parts of an area that is named by so many."""


def figures_of(campaign: Campaign, *, on: date) -> Figures:
    """All figures of a campaign as of a day; a constant number of queries. Method: `policies/summary-*.json` of that day."""
    policy = policy_on("summary", on)
    here = participants_of(Participant.objects.all(), campaign)
    visits = visits_of(campaign, here)
    rows = progress.by_place(campaign, here, visits, digits=digits_of(campaign))
    right = progress.put_right(campaign)
    return {
        "method": {"name": "summary", "version": policy["version"], "level": LEVEL, "alone_from": policy["alone_from"]},
        "on": on.isoformat(), "digits": digits_of(campaign),
        "places": [{"code": code.ljust(6, "0"), "name": _place(code, on), **asdict(row)} for code, row in rows.items()],
        "total": asdict(progress.total(rows)), "findings": _findings(visits, right),
        "classes": [
            {"code": code, "name": words(finding_name(code)), "institutions": len(row.with_problem), "findings": row.findings}
            for code, row in by_class(visits).items()
        ],
        **_discrepancies(compared(campaign, here, visits)),
        "effects": [_effect(one) for one in effects(campaign, Participant.objects.all(), on=on)],
        "pairs": asdict(first_and_last(visits, later_visits(visits, here))),
        "repeats": {code: len(of) for code, of in repeating(campaign, visits, repeat_years(on)).items()},
        "look_back": _looked_back(campaign, visits), "effective": _effective(campaign, visits),
    }  # fmt: skip


def digits_of(campaign: Campaign) -> int:
    """How the area of a campaign is divided."""
    code = campaign.region_code
    return DIGITS[next((n for n in (0, 2, 4) if not code[n:].strip("0")), 6)]


def _place(code: str, on: date) -> dict[str, str]:
    return words(regions.name_of(code.ljust(6, "0"), on))


def _findings(visits: Sequence[Visit], right: set[UUID]) -> dict[str, list[int]]:
    """Nonconformities, those put right and those not, each with at how many institutions."""
    said = [(one.finding in right, visit.institution) for visit in visits for one in visit.nonconformities]
    done, waits = [place for ok, place in said if ok], [place for ok, place in said if not ok]
    return {
        name: [len(of), len(set(of))] for name, of in (("all", done + waits), ("put_right", done), ("not_yet", waits))
    }


def _discrepancies(found: Sequence[Discrepancy]) -> Mapping[str, Any]:
    """What had been said of what was found: nonconformities and at how many institutions; and who had called it fine."""
    at = {key: [one.visit.institution for one in found if one.saying == key] for key in SAYINGS}
    fine = called_fine(found)
    return {
        "sayings": {key: [len(of), len(set(of))] for key, of in at.items()},
        "called_fine": [fine.n, fine.of],
        "comparable": len({one.visit.institution for one in found if one.saying in COMPARABLE}),
    }  # fmt: skip


def _effect(one: Effect) -> dict[str, Any]:
    def share(of: Share) -> list[int]:
        return [of.n, of.of]

    return {
        "key": one.key, "before": share(one.before), "after": share(one.after), "verdict": one.verdict, "small": one.small,
        "fall": [one.fall.low, one.fall.high] if one.fall else None, "sentence": words(one.sentence),
        "cautions": [words(each) for each in one.cautions],
    }  # fmt: skip


def _looked_back(campaign: Campaign, visits: Sequence[Visit]) -> dict[str, list[int]]:
    """Accepted rectifications of this campaign that were drawn and looked at again: found as accepted, and otherwise."""
    places = {one.finding: visit.institution for visit in visits for one in visit.problems}
    rows = SecondLook.objects.filter(looked_back__rectification__finding__inspection__campaign=campaign).order_by()
    looks = [
        (held, places[finding])
        for finding, held in rows.values_list("looked_back__rectification__finding", "held")
        if finding in places
    ]
    return _two(looks, "held", "not_held")


def _effective(campaign: Campaign, visits: Sequence[Visit]) -> dict[str, list[int]]:
    """Rectifications whose effect was judged, by the last judgement of each."""
    places = {one.finding: visit.institution for visit in visits for one in visit.problems}
    rows = EffectCheck.objects.filter(rectification__finding__inspection__campaign=campaign).order_by("judged_at", "pk")
    last = dict(rows.values_list("rectification__finding", "effective"))
    return _two([(ok, places[finding]) for finding, ok in last.items() if finding in places], "yes", "no")


def _two(said: Sequence[tuple[bool, UUID]], good: str, bad: str) -> dict[str, list[int]]:
    yes, no = [place for ok, place in said if ok], [place for ok, place in said if not ok]
    return {name: [len(of), len(set(of))] for name, of in (("all", yes + no), (good, yes), (bad, no))}
