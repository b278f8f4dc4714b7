"""Puts the laboratories of two provinces, a national authority and its officers into a running demonstration, and writes their logs.

Run in a process of its own with the settings of that product, as every step below: `python -m tests.journeys.campaign_network STEP …`.
The steps go through the verbs that users' steps go through; each prints what the journey needs to know, as JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import django

LEADER, DEPUTY, OFFICERS = "campaign-leader", "campaign-deputy", ("visitor-one", "visitor-two")
MANAGER, DIRECTOR = "county-manager", "county-director"
QUOTAS = {"food": 4, "feed": 2}
DRAWN = sum(QUOTAS.values())
LONG_AGO = date(2020, 1, 1)


def seed(folder: str) -> dict[str, Any]:
    """The network in the registers, people who sign in with the demonstration's password, the three logs as files in the folder."""
    from tests.activities.campaigns.screen.entered import enter
    from tests.activities.campaigns.screen.logs import csv_of
    from tests.journeys.campaign_planted import REGIONS, by_a_withdrawn_standard, planted

    made = planted()
    where = enter(made.net, regions=REGIONS)
    for kind in ("reports", "uses", "people"):
        Path(folder, f"{kind}.csv").write_bytes(csv_of(made.written, kind))
    county = next(one for one in where if one.uscc not in made.honest)
    people(county)
    return {
        "institutions": len(where), "county": county.name_zh, "honest": sorted(made.honest),
        "words": {rule: sorted(words) for rule, words in made.words.items()},
        "withdrawn": sorted(by_a_withdrawn_standard(made)), "reports": len(made.written.reports),
    }  # fmt: skip


def people(county: Any) -> None:
    """A leader and two officers of a national authority, a quality manager and a director of one laboratory."""
    from django.utils import timezone

    from zhunsheng.activities.campaigns.draw.actions import enter_competences
    from zhunsheng.activities.campaigns.draw.models import Competence
    from zhunsheng.registry.institutions.actions import enter_institutions
    from zhunsheng.registry.institutions.models import Institution

    now = timezone.now()
    authority = Institution(
        kind="authority", level="national", region_code="110000", name_zh="示例国家检测整顿办公室",
        name_en="Example National Rectification Office",
    )  # fmt: skip
    enter_institutions([authority], actor=None, at=now)
    for name in (LEADER, DEPUTY):
        sign_in_as(name, "regulator", authority)
    inspectors = [
        sign_in_as(name, "inspector", authority) for name in (*OFFICERS, *(f"visitor-{n}" for n in range(3, 7)))
    ]
    competences = [Competence(person=one, field=field, valid_from=LONG_AGO) for one in inspectors for field in QUOTAS]
    enter_competences(competences, actor=None, at=now)
    sign_in_as(MANAGER, "quality_manager", county)
    sign_in_as(DIRECTOR, "institution_admin", county)


def sign_in_as(username: str, post: str, where: Any) -> Any:
    from django.conf import settings
    from django.contrib.auth.hashers import make_password
    from django.utils import timezone

    from zhunsheng.foundation.accounts.models import User
    from zhunsheng.registry.people.actions import enter_people, enter_posts
    from zhunsheng.registry.people.models import Person, Post

    now = timezone.now()
    password = make_password(settings.DEMO_PASSWORD)
    user = User.objects.create(username=username, email=f"{username}@demo.invalid", password=password)
    person = Person(name=username, user=user)
    enter_people([person], actor=None, at=now)
    enter_posts([Post(person=person, institution=where, kind=post, valid_from=LONG_AGO)], actor=None, at=now)
    return person


def wait_for_forms() -> dict[str, Any]:
    """Until the job has made every form."""
    from zhunsheng.activities.campaigns.plan.models import Participant
    from zhunsheng.activities.campaigns.selfcheck.models import SelfCheck

    deadline = time.monotonic() + 120
    while (made := SelfCheck.objects.count()) < Participant.objects.count():
        assert time.monotonic() < deadline, f"{made} forms in two minutes"
        time.sleep(0.3)
    return {"made": made}


def others_answer(every: int = 4) -> dict[str, Any]:
    """Of the other laboratories each fourth answers and submits: nothing found, or every tenth item a problem."""
    from django.utils import timezone

    from zhunsheng.activities.campaigns.selfcheck.actions.answering import answer_items, submit_selfcheck
    from zhunsheng.activities.campaigns.selfcheck.models import SelfCheck
    from zhunsheng.activities.campaigns.selfcheck.rules.answering import Given

    now, waiting = timezone.now(), SelfCheck.objects.filter(state="open").order_by("participant__institution__uscc")
    chosen = list(waiting)[::every]
    for number, one in enumerate(chosen):
        said = [
            Given(item, "problem", "记录不全") if number % 2 and item % 10 == 0 else Given(item, "fine")
            for item in one.answers.values_list("item__no", flat=True)
        ]
        answer_items(one, said, actor=None, at=now)
        submit_selfcheck(one, actor=None, at=now)
    return {"submitted": len(chosen)}


def promise_draw() -> dict[str, Any]:
    """Promised three days ago, so that the public value of today may draw."""
    from datetime import timedelta

    from django.utils import timezone

    from tests.activities.campaigns.draw.network import plan
    from zhunsheng.activities.campaigns.draw.actions import commit_draw

    now = timezone.now()
    planned = plan(quotas=QUOTAS, beacon_on=timezone.localdate(now))
    return {"draw": str(commit_draw(authority=leading(), plan=planned, actor=None, at=now - timedelta(days=3)).pk)}


def drawn_are_visited() -> dict[str, Any]:
    """In every second drawn laboratory something is found and decided about, the others are in order."""
    from django.utils import timezone

    from tests.activities.campaigns.inspection import visits
    from zhunsheng.activities.campaigns.inspection.models import Inspection
    from zhunsheng.activities.campaigns.inspection.queries import team_of
    from zhunsheng.activities.campaigns.inspection.rules.packages import Package

    now = timezone.now()
    for number, one in enumerate(Inspection.objects.exclude(drawn=None).order_by("number")):
        team = team_of(one)
        visits.begun(one, team, at=now)
        if number % 2:
            told = Package((visits.look(f"l{number}", at=now),), (visits.found(f"f{number}", at=now),))
            visits.actions.sync(one, told, officer=team[0], actor=team[0].user, at=now)
            shown = visits.proof(f"p{number}", finding=visits.key(f"f{number}"), at=now)
            visits.actions.keep_exhibit(one, shown, visits.PHOTO, officer=team[0], actor=team[0].user, at=now)
        visits.signed(one, team, at=now)
    return {}


def rates(screen: str) -> dict[str, Any]:
    """By rule how many plants were found, and which honest laboratories were accused of what is not so."""
    import io

    import polars as pl

    from tests.journeys.campaign_planted import by_a_withdrawn_standard, planted
    from zhunsheng.activities.campaigns.screen.models import Screen
    from zhunsheng.registry.institutions.models import Institution

    made, found = planted(), Screen.objects.get(pk=screen)
    outdated, said, accused = by_a_withdrawn_standard(made), dict[str, set[str]](), set()
    codes = {one.pk.hex: one.uscc for one in Institution.objects.all()}
    for hit in pl.read_parquet(io.BytesIO(bytes(found.evidence.content))).iter_rows(named=True):
        values = set(hit["values"])
        said.setdefault(hit["rule"], set()).update(values)
        true = hit["rule"] == "withdrawn_standard" and values & outdated
        if codes[hit["institution"]] in made.honest and not true:
            accused.add(f"{codes[hit['institution']]}: {hit['rule']}")
    return {
        "rows": found.rows, "accused": sorted(accused),
        "found": {rule: [len(words & said.get(rule, set())), len(words)] for rule, words in made.words.items()},
    }  # fmt: skip


def promise_look_back() -> dict[str, Any]:
    """Promised yesterday, so that the public value of today may draw."""
    from datetime import timedelta

    from django.utils import timezone

    from zhunsheng.activities.campaigns.rectification.actions import promise_look_back as promise
    from zhunsheng.foundation.bilingual import t

    now, authority = timezone.now(), leading()
    made = promise(
        authority, share=(1, 1), beacon=t("a lottery", "某彩票"), beacon_on=timezone.localdate(now), actor=None,
        at=now - timedelta(days=1),
    )  # fmt: skip
    return {"look_back": str(made.pk)}


def leading() -> Any:
    from zhunsheng.registry.institutions.models import Institution

    return Institution.objects.get(posts__person__user__username=LEADER)


STEPS: dict[str, Callable[..., dict[str, Any]]] = {
    one.__name__: one
    for one in (seed, wait_for_forms, others_answer, promise_draw, drawn_are_visited, rates, promise_look_back)
}

if __name__ == "__main__":
    django.setup()
    print(json.dumps(STEPS[sys.argv[1]](*sys.argv[2:])))
