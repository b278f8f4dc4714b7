"""Many rounds at once: the same bytes as one by one; a round that is refused stops no other; run again, it does what is lacking."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.cast import AT, PERFORMED_ON, rounds
from zhunsheng.activities.proficiency import actions as proficiency
from zhunsheng.activities.proficiency.actions import evaluate, evaluate_all
from zhunsheng.activities.proficiency.models import Evaluation, Round
from zhunsheng.activities.proficiency.queries import needing_evaluation
from zhunsheng.faces.jobs.actions import run, start
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.scatter.runners import spread
from zhunsheng.registry.institutions.models import Institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def several(coordinator: User, provider: Institution, mercury_file: Attachment) -> Callable[[int], list[Round]]:
    """Rounds of the same results, by the verb."""
    published = rounds()["mercury"]

    def make(n: int) -> list[Round]:
        return [
            proficiency.create_round(
                attachment=mercury_file, number=f"R-{i}", title_zh="汞", title_en="Mercury", performed_on=PERFORMED_ON,
                assigned=published["assigned"], u_assigned=published["u_assigned"], sigma=published["sigma"], catalogue={},
                commissioned_by=None, provider=provider, actor=coordinator, at=AT,
            )
            for i in range(n)
        ]  # fmt: skip

    return make


def spoil(round_: Round) -> None:
    """Behind the verbs: a σ_pt that no results can have."""
    Round.objects.filter(pk=round_.pk).update(sigma="a handful")


@pytest.mark.parametrize("runner", [map, partial(spread, processes=2)], ids=["here", "two processes"])
def test_the_same_bytes_as_one_by_one(
    runner: Any, several: Callable[[int], list[Round]], mercury_round: Round, coordinator: User
) -> None:
    made = several(3)
    alone = evaluate(made[0].pk, actor=coordinator, at=AT)
    steps: list[tuple[int, int]] = []
    told = evaluate_all(
        [*made, mercury_round], actor=coordinator, at=AT, runner=runner, progress=lambda *now: steps.append(now)
    )
    assert told == {} and steps == [(1, 3), (2, 3), (3, 3)], "the one evaluated already is left alone"
    documents = [bytes(one.document) for one in Evaluation.objects.filter(round__in=made)]
    assert {document.replace(bytes(alone.document), b"") for document in documents} != {b""}, (
        "codes differ from round to round"
    )
    for one in made[1:]:
        kept = Evaluation.objects.get(round=one)
        assert bytes(kept.document) == proficiency.canonical_json(
            proficiency.statistics.evaluate(**proficiency.asked_of(one))
        )
    assert Entry.objects.filter(verb="evaluate_round").count() == 4
    assert not needing_evaluation(Round.objects.all()).exists()


def test_a_refused_round_stops_no_other(several: Callable[[int], list[Round]], coordinator: User) -> None:
    made = several(3)
    spoil(made[1])
    told = evaluate_all(made, actor=coordinator, at=AT)
    assert list(told) == ["R-1"] and "a handful" in told["R-1"].en
    assert list(Evaluation.objects.order_by("round__number").values_list("round__number", flat=True)) == ["R-0", "R-2"]


def test_the_job_tells_which_were_refused_and_is_right_the_second_time(
    several: Callable[[int], list[Round]], coordinator: User
) -> None:
    made = several(2)
    spoil(made[1])

    def done() -> Any:
        job = start(
            "evaluate_rounds", subject="rounds:1", arguments={"rounds": [str(one.pk) for one in made]}, actor=coordinator, at=AT
        )  # fmt: skip
        run(str(job.pk))
        job.refresh_from_db()
        return job

    first = done()
    assert first.state == "failed" and first.fault_en.startswith("1 could not be evaluated. The others were. R-1: ")
    assert "有 1 个轮次未能评定，其余已评定。R-1：" in first.fault_zh
    Round.objects.filter(pk=made[1].pk).update(sigma=made[1].sigma)
    assert done().state == "done" and Evaluation.objects.count() == 2


def test_which_rounds_need_it(several: Callable[[int], list[Round]], coordinator: User) -> None:
    fresh, done, changed = several(3)
    for one in (done, changed):
        evaluate(one.pk, actor=coordinator, at=AT)
    changed.refresh_from_db()
    proficiency.change_settings(changed, assigned="median", u_assigned="", sigma="0.01", actor=coordinator, at=AT)
    Round.objects.create(
        number="planned",
        title_zh="x",
        title_en="x",
        provider=fresh.provider,
        performed_on=PERFORMED_ON,
        created_at=AT,
        state="running",
    )
    assert set(needing_evaluation(Round.objects.all())) == {fresh, changed}
    done.refresh_from_db()
    Round.objects.filter(pk=done.pk).update(state="released", settings_stamp=9)
    assert done not in needing_evaluation(Round.objects.all()), "what is released is not evaluated again"
    Round.objects.filter(pk=done.pk).update(correcting="a blunder")
    assert done in needing_evaluation(Round.objects.all())
