"""What somebody who knows proficiency testing tries first: one failed item of several, four participants with a limit and another
unit, identical results from one city, an officer who asks for the names of a commercial round.
"""

import json
import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from tests.activities.proficiency.follow.cases import (
    LATER,
    answered_and_asked,
    case_of,
    participation_of,
    retested,
)
from tests.cast import AT, HANGZHOU, institution, institution_of, user_with_post
from zhunsheng.activities.proficiency import actions
from zhunsheng.activities.proficiency.access import identities_visible_to
from zhunsheng.activities.proficiency.follow.actions.retesting import confirm
from zhunsheng.activities.proficiency.models import Identity, Round
from zhunsheng.activities.proficiency.queries import document
from zhunsheng.activities.proficiency.watch.queries.screening import screened
from zhunsheng.decisions.eligibility.actions import decide
from zhunsheng.decisions.eligibility.queries import facts_kept
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import keep
from zhunsheng.foundation.signing import SigningKey
from zhunsheng.foundation.spreadsheets import BadFile
from zhunsheng.registry.catalogue.actions import enter_matrices, enter_parameters
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.queries import visitor


def made(
    lines: Sequence[str], *, provider: Institution, by: User, head: str = "laboratory,result,unit", number: str = "TRAP",
    catalogue: dict[int, tuple[Parameter, Matrix]] | None = None, authority: Institution | None = None, **said: str,
) -> Round:  # fmt: skip
    """A round of these lines."""
    file = keep(name="results.csv", content="\n".join([head, *lines]).encode(), actor=by, at=AT)
    settings = {"assigned": "1.0", "u_assigned": "0.01", "sigma": "0.1", **said}
    return actions.create_round(
        attachment=file, number=number, title_zh="茶叶中元素", title_en="Elements in tea", performed_on=date(2026, 3, 2),
        catalogue=catalogue or {}, commissioned_by=authority, provider=provider, actor=by, at=AT, draw=random.Random(5), **settings,
    )  # fmt: skip


def released(round_: Round, *, by: User, key: SigningKey) -> Round:
    found = actions.evaluate(round_.pk, actor=by, at=AT)
    actions.release(round_.pk, evaluation_id=found.pk, actor=by, at=AT, key=key)
    round_.refresh_from_db()
    return round_


@pytest.fixture
def tea(db: None) -> dict[str, tuple[Parameter, Matrix]]:
    """Lead and cadmium in tea."""
    leaf = Matrix(code="tea", field="food", name_zh="茶叶", name_en="Tea")
    enter_matrices([leaf], actor=None, at=AT)
    metals = [
        Parameter(code="lead", name_zh="铅", name_en="Lead", cas="7439-92-1"),
        Parameter(code="cadmium", name_zh="镉", name_en="Cadmium", cas="7440-43-9"),
    ]
    enter_parameters(metals, actor=None, at=AT)
    return {one.code: (one, leaf) for one in metals}


THEN = LATER + timedelta(days=30)
"""When the policy that asks for suspensions is in force."""


def suspended(about: User, item: tuple[Parameter, Matrix], *, by: User, on: date) -> bool:
    """Whether the decision on this item, as the authority asks for it, rests on a suspension, and refuses therefore."""
    found = decide(
        institution=institution_of(about),
        parameter=item[0],
        matrix=item[1],
        on=on,
        visitor=visitor(by, on=on),
        at=THEN,
    )
    held = facts_kept(found)["suspension"] is not None
    line = next(one for one in json.loads(bytes(found.verdict))["rules"] if one["id"] == "R7")
    assert held == (line["outcome"] == "no") and (not held or found.answer == "no")
    return held


def test_trap_5_lead_failed_in_tea_suspends_lead_alone_until_the_retest_is_confirmed(
    provider: Institution, authority: Institution, coordinator: User, laboratory: User, regulator: User,
    tea: dict[str, tuple[Parameter, Matrix]], signing_key: SigningKey,
) -> None:  # fmt: skip
    own = institution_of(laboratory).name_en
    good = [f"Lab {n},{m},{1 + n / 100:.2f},mg/kg" for n in range(7) for m in ("lead", "cadmium")]
    round_ = made(
        [f"{own},lead,1.90,mg/kg", f"{own},cadmium,1.02,mg/kg", *good], head="laboratory,measurand,result,unit",
        catalogue={0: tea["lead"], 1: tea["cadmium"]}, authority=authority, provider=provider, by=coordinator,
        assigned="median", u_assigned="",
    )  # fmt: skip
    released(round_, by=coordinator, key=signing_key)
    case, then = case_of(round_, laboratory), THEN.date()

    def standing() -> dict[str, bool]:
        return {name: suspended(laboratory, item, by=regulator, on=then) for name, item in tea.items()}

    assert standing() == {"lead": True, "cadmium": False}
    answered_and_asked(case, laboratory=laboratory, coordinator=coordinator)
    assert retested(case, by=coordinator).passed
    assert standing() == {"lead": True, "cadmium": False}  # a retest that is passed is not yet confirmed
    confirm(case, reason="原始记录已核实", visitor=visitor(regulator, on=then), at=THEN)
    assert standing() == {"lead": False, "cadmium": False}
    assert suspended(laboratory, tea["lead"], by=regulator, on=then - timedelta(days=2))  # what it was is not rewritten


FOUR = ["Lab A,1.02,mg/kg", "Lab B,0.97,mg/kg", "Lab C,1.35,mg/kg"]


def test_trap_13_a_consensus_of_four_participants_is_called_uncertain_and_a_limit_is_no_number(
    provider: Institution, coordinator: User
) -> None:
    lines = [*FOUR, "Lab D,<0.05,mg/kg"]
    round_ = made(lines, provider=provider, by=coordinator, assigned="algorithm-a", u_assigned="", sigma="algorithm-a")
    found = document(actions.evaluate(round_.pk, actor=coordinator, at=AT))
    told = " ".join(one["en"] if isinstance(one, dict) else str(one) for one in found["notes"])
    assert "rests on 3 laboratories only" in told and "ISO 13528:2022, D.1" in told
    actions.change_settings(round_, assigned="1.0", u_assigned="0.01", sigma="0.1", actor=coordinator, at=AT)
    found = document(actions.evaluate(round_.pk, actor=coordinator, at=AT))
    assert sorted(one["signal"] for one in found["scores"]) == ["acceptable", "acceptable", "action"]
    (limit,) = found["left_out"]
    assert limit["result"] == "<0.05" and limit["code"] == "censored" and "limit, not as a value" in limit["reason"]


def test_trap_13_two_numbers_make_no_consensus_at_all(provider: Institution, coordinator: User) -> None:
    lines = [*FOUR[:2], "Lab C,<0.05,mg/kg", "Lab D,ND,mg/kg"]
    round_ = made(lines, provider=provider, by=coordinator, assigned="algorithm-a", u_assigned="", sigma="algorithm-a")
    with pytest.raises(BadFile, match=r"Laboratories with a number: 2\. That is too few for a consensus"):
        actions.evaluate(round_.pk, actor=coordinator, at=AT)
    assert not round_.evaluations.exists()


def test_trap_13_results_in_different_units_are_refused_by_row(provider: Institution, coordinator: User) -> None:
    with pytest.raises(BadFile) as refused:
        made([*FOUR, "Lab D,1010,µg/kg"], provider=provider, by=coordinator)
    said = str(refused.value)
    assert "µg/kg" in said and "mg/kg" in said and "5" in said and not Round.objects.exists()


def test_trap_15_identical_results_from_one_city_are_a_question_by_code_and_name_nobody(
    provider: Institution, coordinator: User, client_of: Callable[[User | None], Client]
) -> None:
    """Forty laboratories, twelve items in duplicate; two of one city hand in the same. Being of one city accuses nobody."""
    chance, labs, items = np.random.default_rng(7), 40, 12
    for n in range(labs):
        institution("laboratory", f"茶叶实验室{n:02d}", f"Tea Laboratory {n:02d}", region_code=HANGZHOU)
    table = [[chance.normal(5 + k + chance.normal(0, 0.1), 0.05, 2) for k in range(items)] for _ in range(labs)]
    table[23] = table[11]
    lines = [
        f"Tea Laboratory {n:02d},m{k:02d},{x:.2f},mg/kg"
        for n, row in enumerate(table)
        for k, pair in enumerate(row)
        for x in pair
    ]
    round_ = made(lines, head="laboratory,measurand,result,unit", provider=provider, by=coordinator)
    codes = dict(Identity.objects.values_list("name", "participation__code"))
    planted = tuple(sorted(codes[f"Tea Laboratory {n}"] for n in (11, 23)))
    hits = next(one for one in screened(round_) if one.key == "T3").questions
    assert [one.codes for one in hits] == [planted]  # all the others are of the same city, too
    assert len(hits[0].rows) == items and all(row[3] == "=" for row in hits[0].rows)
    statistician = user_with_post("statistician", "statistician", provider)
    for who in (coordinator, statistician):
        page = client_of(who).get(reverse("office_round_screen", args=[round_.pk])).content.decode()
        assert all(code in page for code in planted) and "Honest explanations" in page
        assert not any(word in page for word in ("Tea Laboratory", "茶叶实验室", HANGZHOU, "fabricated", "fraud"))


def test_trap_18_the_national_officer_is_not_told_who_took_part_in_a_commercial_round(
    provider: Institution, coordinator: User, laboratory: User, national: User, province: User, signing_key: SigningKey,
    client_of: Callable[[User | None], Client],
) -> None:  # fmt: skip
    own = institution_of(laboratory)
    lines = [f"{own.name_en},1.9,mg/kg", *[f"Lab {n},{1 + n / 100:.2f},mg/kg" for n in range(7)]]
    round_ = released(made(lines, provider=provider, by=coordinator), by=coordinator, key=signing_key)
    code = participation_of(round_, laboratory).code
    for officer in (national, province):
        asking, client = visitor(officer, on=LATER.date()), client_of(officer)
        assert not identities_visible_to(asking, round_).exists()
        for name, rest in ASKED:
            answer = client.get(reverse(name, args=[round_.pk, *rest]))
            assert answer.status_code == 404 and code not in answer.content.decode(), name
        listed = client.get(reverse("office_commissioned"))
        assert listed.status_code == 200 and round_.number not in listed.content.decode()
    mine = client_of(coordinator).get(reverse("office_round", args=[round_.pk])).content.decode()
    assert own.name_en in mine and code in mine  # there is something to be kept back


ASKED: list[tuple[str, tuple[Any, ...]]] = [
    ("office_commissioned_round", ()), ("office_commissioned_file", ("report-zh.pdf",)), ("office_round", ()),
    ("office_round_file", ("scores.xlsx",)), ("office_round_file", ("report-zh.pdf",)), ("office_round_screen", ()),
    ("office_round_reports", ()), ("workspace_round", ()),
]  # fmt: skip
