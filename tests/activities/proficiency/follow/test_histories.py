"""Who found a result and how is known to the laboratory that entered it, and to nobody else."""

from datetime import timedelta

import pytest

from tests.activities.proficiency.collect.collected import AFTER, BEFORE, part, rows, running_round
from tests.cast import institution_of
from zhunsheng.activities.proficiency import actions
from zhunsheng.activities.proficiency.collect.actions.closing import close
from zhunsheng.activities.proficiency.collect.actions.entering import save_draft, submit
from zhunsheng.activities.proficiency.follow.histories import lines_of_rounds, place_of, points, runs_of
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.capability.evidence.access import visible_to
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.signing import SigningKey
from zhunsheng.foundation.typesetting.charts import render_svg
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import family_ids
from zhunsheng.registry.people.queries import visitor

ON = (AFTER + timedelta(days=1)).date()


@pytest.fixture
def two_rounds(
    provider: Institution, coordinator: User, laboratory: User, other_laboratory: User, signing_key: SigningKey
) -> list[Round]:
    """Wang found mercury by one method in the first, Li in the second; the other laboratory's analyst is Zhao."""
    made = []
    labs: list[Institution | None] = [institution_of(laboratory), institution_of(other_laboratory), None]
    for number, analyst in (("R1", "Wang"), ("R2", "Li")):
        round_ = running_round(provider, coordinator, laboratories=labs, number=number)
        for code, who in (("K01", analyst), ("K02", "Zhao"), ("K03", "Qian")):
            given = rows(round_, "0.120", "0.300", analyst=who, method=f"M-{number}")
            saved = save_draft(part(round_, code), given, actor=laboratory, at=BEFORE)
            submit(part(round_, code), version=saved.version, actor=laboratory, at=BEFORE)
        close(round_, with_submitted=True, actor=coordinator, at=AFTER)
        found = actions.evaluate(round_.pk, actor=coordinator, at=AFTER)
        actions.release(round_.pk, evaluation_id=found.pk, actor=coordinator, at=AFTER, key=signing_key)
        made.append(round_)
    return made


def test_the_runs_are_split_by_analyst_and_method_for_the_own_laboratory_alone(
    two_rounds: list[Round], laboratory: User, other_laboratory: User
) -> None:
    ours = family_ids(institution_of(laboratory))
    runs = runs_of(visible_to(visitor(laboratory, on=ON)), ours, on=ON)
    assert [(one.parameter.code, one.trend.n) for one in runs] == [("hg-t", 2), ("pb-t", 2)]
    found = points(runs[0], own=ours)
    assert {(one.group("analyst"), one.group("method")) for one in found} == {("Wang", "M-R1"), ("Li", "M-R2")}
    assert {one.group("analyst") for one in points(runs[0])} == {""}
    theirs = family_ids(institution_of(other_laboratory))
    assert {one.group("analyst") for one in points(runs[0], own=theirs)} == {"Zhao"}  # the family decides, not the line
    assert runs_of(visible_to(visitor(laboratory, on=ON)), theirs, on=ON) == []  # and theirs is not to be seen by us


def test_the_provider_sees_its_own_rounds(two_rounds: list[Round], laboratory: User) -> None:
    ours = family_ids(institution_of(laboratory))
    assert lines_of_rounds({two_rounds[0].pk}, ours).count() == 2
    assert lines_of_rounds({one.pk for one in two_rounds}, ours).count() == 4
    assert not lines_of_rounds(set(), ours).exists()


def test_what_comes_from_elsewhere_has_no_place() -> None:
    key = "0b7e1c1e-0000-4000-8000-000000000001"
    assert place_of(f"round:{key}:3") is not None
    for source in (f"retest:{key}", "round:x:1", f"round:{key}:x", "national:1", ""):
        assert place_of(source) is None


def test_the_chart_is_drawn_for_print_too() -> None:
    shown = [
        {"label": f"R{n}", "day": "2026-01-01", "score": score, "signal": signal, "group": group}
        for n, (score, signal, group) in enumerate(
            [(0.5, "acceptable", "A"), (-3.4, "action", "B"), (9.0, "action", "A")]
        )
    ]
    drawn = render_svg(
        "controlChart", {"groups": ["A", "B"], "points": shown, "description": {"en": "x", "zh": "y"}}, "en"
    )
    assert "<svg" in drawn and "A −3.40" in drawn and "A 9.00" in drawn and ">R1<" in drawn
