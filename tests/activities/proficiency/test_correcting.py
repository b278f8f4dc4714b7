"""Correcting a released round: nobody sees it before, every change is told, evidence is superseded, downloads are known."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import AT, institution_of
from tests.faces.pages import in_chinese, text_of
from zhunsheng.activities.proficiency import actions, choices, correcting, queries
from zhunsheng.activities.proficiency.models import Correction, Download, Participation, Report, Round
from zhunsheng.activities.proficiency.rules.corrections import changes, status, verdict_changes
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.faces.jobs.models import Job
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.signing import SigningKey, verify_pdf

WIDER = {"assigned": "0.044", "u_assigned": "0.0041", "sigma": "0.02"}


def again(round_: Round, coordinator: User) -> str:
    """Begin a correction, widen σ_pt and evaluate; which evaluation came of it."""
    correcting.begin_correction(round_, reason="sigma was mistyped", actor=coordinator, at=AT)
    actions.change_settings(round_, **WIDER, actor=coordinator, at=AT)
    return str(actions.evaluate(round_.pk, actor=coordinator, at=AT).pk)


def test_every_changed_score_is_told_by_measurand_and_laboratory() -> None:
    old = {"score_used": "z", "scores": [{"laboratory": "A", "result": "1", "z": 3.0, "signal": "action"},
                                         {"laboratory": "B", "result": "2", "z": 0.0, "signal": "acceptable"}]}  # fmt: skip
    new = {"score_used": "z", "scores": [{"laboratory": "A", "result": "1", "z": 1.5, "signal": "acceptable"},
                                         {"laboratory": "C", "result": "4", "z": 1.0, "signal": "acceptable"},
                                         {"laboratory": "B", "result": "2", "z": 0.0, "signal": "acceptable"}]}  # fmt: skip
    found = changes(old, new)
    assert [(one["laboratory"], (one["old"] or {}).get("score"), one["new"]["score"]) for one in found] == [
        ("A", 3.0, 1.5), ("C", None, 1.0)
    ]  # fmt: skip
    assert changes(old, old) == [] and len(verdict_changes(found)) == 2
    with pytest.raises(ValueError, match="1 measurands before, 2 after"):
        changes(old, {"measurands": [old, new]})
    assert status(1, "ZS-1", "x").zh == "第 1 号更正报告，替代报告 ZS-1。理由：x"


def test_without_a_correction_begun_a_released_round_stays_as_it_is(
    released_round: Round, coordinator: User, signing_key: SigningKey
) -> None:
    with pytest.raises(CannotDo, match="released"):
        actions.change_settings(released_round, **WIDER, actor=coordinator, at=AT)
    issued = queries.issued_evaluation(released_round)
    assert issued is not None
    correcting.correct(released_round.pk, evaluation_id=issued.pk, actor=coordinator, at=AT, key=signing_key)
    assert Correction.objects.count() == 0 and Report.objects.count() == 3  # a job that runs twice
    correcting.begin_correction(released_round, reason="x", actor=coordinator, at=AT)
    with pytest.raises(CannotDo, match="nothing to correct"):
        correcting.correct(released_round.pk, evaluation_id=issued.pk, actor=coordinator, at=AT, key=signing_key)
    with pytest.raises(CannotDo, match="under way"):
        correcting.begin_correction(released_round, reason="y", actor=coordinator, at=AT)


def test_participants_see_nothing_of_a_new_evaluation_before_the_corrigendum(
    client_of: Callable[[User | None], Client],
    released_round: Round,
    coordinator: User,
    laboratory: User,
    regulator: User,
) -> None:
    pages = [(laboratory, "workspace_round"), (regulator, "office_commissioned_round")]
    before = [text_of(client_of(user).get(reverse(name, args=[released_round.pk]))) for user, name in pages]
    again(released_round, coordinator)
    assert [text_of(client_of(user).get(reverse(name, args=[released_round.pk]))) for user, name in pages] == before
    first = queries.issued_evaluation(released_round)
    assert first is not None and first.version == 1


def test_a_corrigendum_replaces_reports_and_supersedes_evidence(
    client_of: Callable[[User | None], Client], released_round: Round, coordinator: User, laboratory: User,
    other_laboratory: User, signing_key: SigningKey,
) -> None:  # fmt: skip
    client_of(laboratory).get(reverse("workspace_round_file", args=[released_round.pk, "report-zh.pdf"]))
    taken = Download.objects.get()
    assert (taken.by, taken.report.language) == (laboratory, "zh")
    new = again(released_round, coordinator)
    page = text_of(client_of(coordinator).get(reverse("office_round_correct", args=[released_round.pk])))
    assert "Under way: sigma was mistyped" in page and "scores change" in page and "laboratory" in page
    correcting.correct(released_round.pk, evaluation_id=new, actor=coordinator, at=AT, key=signing_key)
    made = Correction.objects.get()
    assert (made.number, made.reason, made.replaces.version, made.evaluation.version) == (1, "sigma was mistyped", 1, 2)
    assert len(made.changes) == 21  # u(x_pt) is negligible beside the wider σ_pt: every z′ became a z
    newest = queries.issued_evaluation(released_round)
    assert newest is not None and str(newest.pk) == new
    paper = bytes(queries.reports_of(released_round)["en"].pdf)
    assert verify_pdf(paper, [signing_key.public]).outcome == "valid"
    lines = Evidence.objects.filter(institution=institution_of(other_laboratory)).order_by(
        "recorded_at", "superseded_by"
    )
    assert lines.count() == 2 and lines.filter(supersedes__isnull=False).get().payload["sigma_pt"] == 0.02
    assert lines.filter(superseded_by=None).count() == 1
    said = text_of(in_chinese(client_of(laboratory)).get(reverse("workspace_round", args=[released_round.pk])))
    assert "第 1 号更正报告" in said and "sigma was mistyped" in said
    correcting.correct(released_round.pk, evaluation_id=new, actor=coordinator, at=AT, key=signing_key)
    assert Correction.objects.count() == 1 and Report.objects.count() == 6


def test_the_page_begins_a_correction_and_starts_one_job(
    client_of: Callable[[User | None], Client], released_round: Round, coordinator: User
) -> None:
    client, address = client_of(coordinator), reverse("office_round_correct", args=[released_round.pk])
    assert "Give a reason" in text_of(client.post(address, {"reason": ""}, follow=True))
    client.post(address, {"reason": "appeal"})
    released_round.refresh_from_db()
    one = Participation.objects.filter(round=released_round)[0]
    choices.exclude(released_round, one, None, out=True, reason="appeal", actor=coordinator, at=AT)
    client.post(reverse("office_round_evaluate", args=[released_round.pk]))
    assert Job.objects.filter(kind="evaluate_round").count() == 1
    evaluation = actions.evaluate(released_round.pk, actor=coordinator, at=AT)
    Job.objects.all().delete()
    client.post(address, {"evaluation": str(evaluation.pk)})
    assert Job.objects.get().kind == "correct_round"
