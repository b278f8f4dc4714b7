"""A campaign over a nation beside its floors: forms opened for all, then what they come to, from the figures that are kept.

    python benchmarks/campaigns.py [--institutions 50000]

On a made-up network in a database of its own, SQLite unless ZHUNSHENG_DATABASE_URL names an empty one. The forms are opened by the
verb. The floor of opening is one INSERT … SELECT of the same answers into a table of the same indexes; that of a page is a bare read
and sum of the rows that it adds up. Seconds of the processor stand beside those of the clock, since other work on the machine
multiplies the latter; of PostgreSQL only this side's processor is seen, so there the clock counts.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

ROUNDS = 7
LINES_EACH = 2
ITEMS = 50
HANDED_IN, PROBLEM, NOT_APPLICABLE = 90, 8, 10
"""In a hundred: forms that are handed in; answers that name a problem, and these with those that do not apply. One form in five is fine."""


def processor() -> float:
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


def timed(what: str, do: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds by the clock."""
    clock, spent = time.perf_counter(), processor()
    found = do()
    clock, spent = time.perf_counter() - clock, processor() - spent
    print(f"    {what:66} {clock:8.2f} s by the clock, {spent:8.2f} s of the processor", flush=True)
    return clock, found


def median(do: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds, medians: by the clock, and of the processor. The first time fills caches and is not counted."""
    do()
    clocks, spent = [], []
    for _ in range(ROUNDS):
        clock, used = time.perf_counter(), processor()
        do()
        clocks.append((time.perf_counter() - clock) * 1e3)
        spent.append((processor() - used) * 1e3)
    return statistics.median(clocks), statistics.median(spent)


def compared(what: str, do: Callable[[], Any], floor: Callable[[], Any] | None = None) -> None:
    clock, spent = median(do)
    said = f"    {what:52} {clock:6.0f} ms by the clock, {spent:6.0f} ms of the processor"
    if floor:
        least_clock, least = median(floor)
        said += f"; floor {least_clock:.0f} and {least:.0f}"
    print(said, flush=True)


# The stage


def regulator() -> Any:
    """Of a national authority."""
    from django.utils import timezone

    from zhunsheng.foundation.accounts.models import User
    from zhunsheng.registry.institutions.actions import enter_institutions
    from zhunsheng.registry.institutions.models import Institution
    from zhunsheng.registry.people.actions import enter_people, enter_posts
    from zhunsheng.registry.people.models import Person, Post

    now = timezone.now()
    named = {"name_zh": "示范国家监管部门", "name_en": "Sample authority"}
    where = Institution(kind="authority", level="national", region_code="110000", **named)
    enter_institutions([where], actor=None, at=now)
    person = Person(name="示范监管人员", user=User.objects.create(username="bench"))
    enter_people([person], actor=None, at=now)
    held = Post(person=person, institution=where, kind="regulator", valid_from=date(2020, 1, 1))
    enter_posts([held], actor=None, at=now)
    return person.user, where


def load(institutions: int) -> None:
    from django.utils import timezone

    from zhunsheng.faces.demo.national.load import load as enter
    from zhunsheng.faces.demo.national.rows import National

    enter(National(institutions, institutions * LINES_EACH, 2026, timezone.now()))


def published(authority: Any, actor: Any) -> Any:
    """Over the whole country."""
    from django.utils import timezone

    from zhunsheng.activities.campaigns.plan.actions.planning import Plan, plan_campaign, publish_campaign
    from zhunsheng.activities.campaigns.plan.rules.planning import Section, proposed_stages
    from zhunsheng.activities.campaigns.plan.states import SECTIONS
    from zhunsheng.foundation.bilingual import t

    opens = timezone.localdate()
    closes = opens + timedelta(days=120)
    plan = Plan(
        title=t("Sample campaign", "示范整顿"), opens_on=opens, closes_on=closes, stages=proposed_stages(opens, closes),
        sections=[Section(key, name) for key, name in SECTIONS.items()], commitment=t("Truthfully.", "如实自查。"),
    )  # fmt: skip
    made = plan_campaign(authority=authority, plan=plan, actor=actor, at=timezone.now())
    publish_campaign(made, actor=actor, at=timezone.now())
    return made


# Opening


def opening(client: Any, campaign: Any) -> Any:
    """The request that calls, then the job that opens."""
    from zhunsheng.activities.campaigns.selfcheck.actions.checklists import shipped_checklist
    from zhunsheng.activities.campaigns.selfcheck.actions.opening import open_selfchecks
    from zhunsheng.activities.campaigns.selfcheck.models import Answer, Call, SelfCheck

    chosen = {"checklist": str(shipped_checklist(at=campaign.created_at).pk), "due_on": campaign.closes_on.isoformat()}
    address = f"/office/campaigns/{campaign.pk}/self-check/call/"
    got(client, address)  # what a process does once is done
    _, answer = timed("call: the request is answered", lambda: client.post(address, chosen))
    assert answer.status_code == 302, answer
    call = Call.objects.select_related("campaign", "checklist").get()
    steps: list[tuple[int, int]] = []
    spent, _ = timed(
        "open every form, in steps, with what the registers say",
        lambda: open_selfchecks(
            call, actor=None, at=campaign.created_at, progress=lambda done, of: steps.append((done, of))
        ),
    )
    forms, answers = SelfCheck.objects.count(), Answer.objects.count()
    least, _ = timed("floor: one INSERT … SELECT of the same answers", lambda: copied(Answer))
    print(
        f"    {forms:,} forms, {answers:,} answers in {len(steps)} steps; ratio {spent / least:.1f} by the clock\n",
        flush=True,
    )
    return call


def copied(model: Any) -> None:
    """The same rows into a table with the same columns and indexes."""
    from django.db import connection

    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"CREATE TABLE bench_copy (LIKE {table} INCLUDING ALL)")
        else:
            cursor.execute("SELECT sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL", [table])
            for (sql,) in cursor.fetchall():
                cursor.execute(sql.replace(f'"{table}"', '"bench_copy"').replace('INDEX "', 'INDEX "bench_', 1))
        cursor.execute(f"INSERT INTO bench_copy SELECT * FROM {table}")
        cursor.execute("DROP TABLE bench_copy")


# Handing in


def hand_in(call: Any) -> None:
    """Nine forms in ten, past the verb, with the figures counted once; what the verb costs is measured beside."""
    from django.db import connection
    from django.db.models import Count, F, OuterRef, Subquery
    from django.db.models.functions import Mod
    from django.utils import timezone

    from zhunsheng.activities.campaigns.selfcheck.models import Answer, SelfCheck

    with connection.cursor() as cursor:
        form, chance = f"((id - 1) / {ITEMS})", f"((id - 1) * 7919 / {ITEMS}) % 100"
        fine = f"{form} % 5 = 0 OR {chance} >= {NOT_APPLICABLE}"
        said = f"CASE WHEN {fine} THEN 'fine' WHEN {chance} < {PROBLEM} THEN 'problem' ELSE 'na' END"
        cursor.execute(f"UPDATE {Answer._meta.db_table} SET answer = {said}, prefilled = FALSE")
    first = Answer.objects.filter(item__no=1).annotate(chance=Mod((F("id") - 1) / ITEMS * 31, 100))
    some = first.filter(chance__lt=HANDED_IN).values("selfcheck")
    problems = Answer.objects.filter(selfcheck=OuterRef("pk"), answer="problem").order_by().values("selfcheck")
    SelfCheck.objects.update(answered=ITEMS)
    SelfCheck.objects.filter(pk__in=some).update(state="submitted", submitted_at=timezone.now())
    SelfCheck.objects.filter(answers__answer="problem").update(
        problems=Subquery(problems.annotate(n=Count("pk")).values("n"))
    )
    count_anew(call)


def count_anew(call: Any) -> None:
    from django.db.models import Count
    from django.db.models.functions import Left

    from zhunsheng.activities.campaigns.selfcheck.models import Answer, SelfCheck, Tally, Turnout

    answers: Counter[Any] = Counter()
    rows = Answer.objects.filter(selfcheck__call=call, selfcheck__submitted_at__isnull=False).order_by()
    placed = rows.annotate(
        place=Left("selfcheck__participant__region_code", 4), fields=text("selfcheck__participant__fields")
    )
    for place, fields, item, answer, n in placed.values_list("place", "fields", "item", "answer").annotate(Count("pk")):
        for field in ("", *listed(fields)):
            answers[(field, place, item), answer] += n
    forms: Counter[Any] = Counter()
    asked = SelfCheck.objects.filter(call=call).annotate(fields=text("participant__fields"))
    for region, fields, state, at, problems in asked.values_list(
        "participant__region_code", "fields", "state", "submitted_at", "problems"
    ):
        for field in ("", *listed(fields)):
            forms[(field, region), state] += 1
            forms[(field, region), "handed_in"] += at is not None
            forms[(field, region), "without_a_problem"] += at is not None and not problems
    Tally.objects.all().delete()
    Turnout.objects.all().delete()
    keep(Tally, call, ("field", "prefecture", "item_id"), answers)
    keep(Turnout, call, ("field", "region_code"), forms)


def text(path: str) -> Any:
    from django.db.models import TextField
    from django.db.models.functions import Cast

    return Cast(path, TextField())


def listed(fields: str) -> list[str]:
    import json

    return list(json.loads(fields))


def keep(model: Any, call: Any, names: tuple[str, ...], counted: Counter[Any]) -> None:
    rows: dict[Any, Any] = {}
    for (key, column), n in counted.items():
        setattr(rows.setdefault(key, model(call=call, **dict(zip(names, key, strict=True)))), column, n)
    model.objects.bulk_create(rows.values(), batch_size=90)


def verbs(call: Any, actor: Any, most: int = 100) -> None:
    """What handing one in costs by the verb, and giving it back."""
    from django.utils import timezone

    from zhunsheng.activities.campaigns.selfcheck.actions.answering import return_selfcheck, submit_selfcheck
    from zhunsheng.activities.campaigns.selfcheck.models import Answer, SelfCheck

    some = list(SelfCheck.objects.filter(call=call, state="open").order_by("pk")[:most])
    Answer.objects.filter(selfcheck__in=some).exclude(answer="fine").update(remark="示范说明")
    timed(
        f"hand in {len(some)} forms by the verb",
        lambda: [submit_selfcheck(one, actor=actor, at=timezone.now()) for one in some],
    )
    timed(
        f"give {len(some)} back by the verb",
        lambda: [return_selfcheck(one, reason="示范理由", actor=actor, at=timezone.now()) for one in some],
    )


# Looking


def looking(client: Any, call: Any) -> None:
    from zhunsheng.activities.campaigns.selfcheck.models import Tally, Turnout
    from zhunsheng.activities.campaigns.selfcheck.queries.rollup import by_item, by_place, recounted, turned_out

    here = f"/office/campaigns/{call.campaign_id}/self-check/"
    print(f"    figures kept: {Tally.objects.count():,} of answers, {Turnout.objects.count():,} of forms")
    compared("by item, the whole country", lambda: by_item(call), lambda: bare(call, ""))
    compared("page: the whole country", lambda: got(client, here), lambda: bare_all(call))
    compared("page: a province", lambda: got(client, f"{here}?region=330000"))
    compared("page: a prefecture, its counties counted anew", lambda: got(client, f"{here}?region=330100"))
    compared("page: one field, the whole country", lambda: got(client, f"{here}?field=food"))
    compared("page: the list of all institutions", lambda: got(client, f"{here}institutions/"))
    compared("page: those without a problem", lambda: got(client, f"{here}institutions/?list=zero"))
    timed("the list as a workbook", lambda: got(client, f"{here}institutions/?format=xlsx"))
    _, anew = timed("count every answer anew", lambda: recounted(call))
    assert anew == by_item(call)
    _, anew_forms = timed("count every form anew", lambda: turned_out(call, digits=6))
    assert anew_forms == by_place(call, digits=6)
    print("    the figures kept are those of the recount")


def got(client: Any, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return b"".join(answer) if answer.streaming else answer.content


def bare(call: Any, field: str) -> list[Any]:
    """The sums of the same rows, asked past the ORM, and nothing done with them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT item_id, SUM(fine), SUM(problem), SUM(na) FROM selfcheck_tally WHERE call_id = %s AND field = %s GROUP BY item_id",
            [call.pk, field],
        )  # fmt: skip
        return cursor.fetchall()


def bare_all(call: Any) -> None:
    """The sums that the page shows: by item, by province and item, by province, by field."""
    from django.db import connection

    forms = "SUM(open), SUM(submitted), SUM(returned), SUM(frozen), SUM(handed_in), SUM(without_a_problem) FROM selfcheck_turnout"
    bare(call, "")
    with connection.cursor() as cursor:
        for sql in (
            "SELECT SUBSTR(prefecture, 1, 2), item_id, SUM(fine), SUM(problem), SUM(na) FROM selfcheck_tally"
            " WHERE call_id = %s AND field = '' GROUP BY 1, 2",
            f"SELECT SUBSTR(region_code, 1, 2), {forms} WHERE call_id = %s AND field = '' GROUP BY 1",
            f"SELECT field, {forms} WHERE call_id = %s AND field <> '' GROUP BY 1",
        ):
            cursor.execute(sql, [call.pk])
            cursor.fetchall()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--institutions", type=int, default=50_000)
    many = asked.parse_args().institutions
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"ZHUNSHENG_VAR": folder, "ZHUNSHENG_SECOND_FACTOR_REQUIRED": "0"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhunsheng.settings")
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection
        from django.test import Client

        from zhunsheng.activities.campaigns.plan.actions.enrolling import enrol_participants

        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        print(f"{connection.vendor}, load of the machine {os.getloadavg()[0]:.1f}")
        timed(f"make up {many:,} institutions with registers", lambda: load(many))
        actor, authority = regulator()
        client = Client(HTTP_HOST="localhost")
        client.force_login(actor, "allauth.account.auth_backends.AuthenticationBackend")
        campaign = published(authority, actor)
        timed("enrol who takes part", lambda: enrol_participants(campaign.pk, actor=None, at=campaign.created_at))
        call = opening(client, campaign)
        timed("fill and hand in nine forms in ten, past the verb", lambda: hand_in(call))
        verbs(call, actor)
        looking(client, call)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"largest memory {peak:.0f} MB, load of the machine {os.getloadavg()[0]:.1f}")
        connection.close()


if __name__ == "__main__":
    main()
