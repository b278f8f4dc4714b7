"""The verbs of a round: what they write, what they refuse, what they leave alone."""

import json
from datetime import date
from typing import Any

import pytest

from tests.cast import AT, institution_of
from zhunsheng.activities.proficiency import actions, queries
from zhunsheng.activities.proficiency.models import Evaluation, Identity, Participation, Report, Round
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import keep
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.signing import SigningKey, verify_pdf
from zhunsheng.foundation.spreadsheets import BadFile
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.institutions.models import Institution

PRINTED_Z_PRIME = {"L08": 0.0, "L04": -3.99}
"""ISO 13528:2022, Table E.7."""


def score_of(user: User, round_: Round) -> dict[str, Any]:
    code = queries.own_code(round_, institution_of(user))
    evaluation = queries.latest_evaluation(round_)
    assert evaluation is not None
    found: dict[str, Any] = next(s for s in queries.document(evaluation)["scores"] if s["laboratory"] == code)
    return found


def test_creating_keeps_codes_and_names_apart(mercury_round: Round) -> None:
    assert Participation.objects.count() == Identity.objects.count() == 21
    assert Identity.objects.filter(institution__isnull=False).count() == 2  # two of the cast are in the register
    assert len(set(Participation.objects.values_list("code", flat=True))) == 21
    assert Entry.objects.get(verb="create_round").touched == 42  # a code and an identity each


def test_evaluating_gives_the_printed_scores_by_code(
    evaluated_round: Round, laboratory: User, other_laboratory: User
) -> None:
    evaluation = queries.latest_evaluation(evaluated_round)
    assert evaluation is not None
    document = queries.document(evaluation)
    assert document["score_used"] == "z_prime" and document["counts"]["action"] == 8
    assert score_of(laboratory, evaluated_round)["z_prime"] == pytest.approx(PRINTED_Z_PRIME["L08"], abs=0.005)
    assert score_of(other_laboratory, evaluated_round)["z_prime"] == pytest.approx(PRINTED_Z_PRIME["L04"], abs=0.005)
    assert "Example Laboratory" not in bytes(evaluation.document).decode()


def test_the_same_results_and_settings_give_the_same_bytes(evaluated_round: Round, coordinator: User) -> None:
    first = queries.latest_evaluation(evaluated_round)
    given = {"assigned": "0.044", "u_assigned": "0.0041", "sigma": "0.0066"}
    actions.change_settings(evaluated_round, **given, actor=coordinator, at=AT)
    second = actions.evaluate(evaluated_round.pk, actor=coordinator, at=AT)
    assert first is not None and second.version == 2
    assert bytes(second.document) == bytes(first.document)


def test_changed_settings_ask_for_a_new_evaluation_before_the_release(
    evaluated_round: Round, coordinator: User, signing_key: SigningKey
) -> None:
    given = {"assigned": "algorithm-a", "u_assigned": "", "sigma": "algorithm-a"}
    actions.change_settings(evaluated_round, **given, actor=coordinator, at=AT)
    assert queries.needs_evaluation(evaluated_round, queries.latest_evaluation(evaluated_round))
    with pytest.raises(CannotDo, match="Evaluate again"):
        actions.release(
            evaluated_round.pk,
            evaluation_id=evaluated_round.evaluations.get().pk,
            actor=coordinator,
            at=AT,
            key=signing_key,
        )
    assert not Report.objects.exists() and not Evidence.objects.exists()


def test_releasing_writes_reports_evidence_and_one_journal_row(
    released_round: Round, laboratory: User, authority: Institution, signing_key: SigningKey
) -> None:
    assert released_round.state == "released"
    assert set(Report.objects.values_list("language", flat=True)) == {"zh", "en", "both"}
    for report in Report.objects.all():
        assert verify_pdf(bytes(report.pdf), [signing_key.public]).outcome == "valid"
    line = Evidence.objects.get(institution=institution_of(laboratory))
    assert (line.payload["signal"], line.payload["result"], line.disclosed_to) == ("acceptable", "0.044", authority)
    entry = Entry.objects.get(verb="release_round")
    assert Evidence.objects.filter(entry=entry).count() == 2
    assert entry.touched == 5  # three reports, two lines of evidence


def test_an_evaluation_that_nobody_looked_at_is_not_released(
    evaluated_round: Round, coordinator: User, signing_key: SigningKey
) -> None:
    looked_at = evaluated_round.evaluations.get()
    actions.change_settings(evaluated_round, assigned="median", u_assigned="", sigma="niqr", actor=coordinator, at=AT)
    actions.evaluate(evaluated_round.pk, actor=coordinator, at=AT)
    with pytest.raises(CannotDo, match="since you looked"):
        actions.release(evaluated_round.pk, evaluation_id=looked_at.pk, actor=coordinator, at=AT, key=signing_key)
    assert not Report.objects.exists()


def test_one_institution_under_two_names_is_refused(mercury_round: Round, coordinator: User, laboratory: User) -> None:
    one = institution_of(laboratory)
    content = f"laboratory,result\n{one.name_en},1.1\n{one.name_zh},1.2\nC,1.3\nD,1.2\n".encode()
    file = keep(name="twice.csv", content=content, actor=coordinator, at=AT)
    with pytest.raises(CannotDo, match="same institution"):
        create(file, mercury_round, "R-9")
    assert Round.objects.count() == 1


def test_what_participants_get_tells_nobody_apart(mercury_round: Round, coordinator: User) -> None:
    """Neither the hash of the file with names, nor its row numbers, nor odd writing or free text that marks a laboratory."""
    content = "laboratory,result,method,contact (Hebei)\nA,１.１,SOP-A-Hebei,x\nB,1.2,ICP,\nC,1.3,ICP,\nD,< 0．5,ICP,\n".encode()
    file = keep(name="marks.csv", content=content, actor=coordinator, at=AT)
    made = create(file, mercury_round, "R-10")
    evaluation = actions.evaluate(made.pk, actor=coordinator, at=AT)
    told = bytes(evaluation.document).decode()
    for mark in (file.sha256, "Hebei", "SOP", "１", "．", "contact"):
        assert mark not in told, mark


def test_releasing_again_does_nothing(released_round: Round, coordinator: User, signing_key: SigningKey) -> None:
    actions.release(
        released_round.pk, evaluation_id=released_round.evaluations.get().pk, actor=coordinator, at=AT, key=signing_key
    )
    assert (Report.objects.count(), Evidence.objects.count(), Entry.objects.filter(verb="release_round").count()) == (
        3,
        2,
        1,
    )


def test_a_released_round_keeps_its_settings(released_round: Round, coordinator: User) -> None:
    with pytest.raises(CannotDo, match="released"):
        actions.change_settings(
            released_round, assigned="median", u_assigned="", sigma="niqr", actor=coordinator, at=AT
        )


def create(attachment: Attachment, like: Round, number: str) -> Round:
    return actions.create_round(
        attachment=attachment, number=number, title_zh="甲", title_en="A", performed_on=date(2026, 3, 2), assigned="median",
        u_assigned="", sigma="niqr", catalogue={0: (Parameter.objects.get(), Matrix.objects.get())}, commissioned_by=None,
        provider=like.provider, actor=User.objects.get(username="coordinator"), at=AT,
    )  # fmt: skip


def test_a_number_that_is_taken_is_refused_and_nothing_is_written(
    mercury_round: Round, mercury_file: Attachment
) -> None:
    with pytest.raises(CannotDo, match="IMEP-111"):
        create(mercury_file, mercury_round, "IMEP-111")
    assert Round.objects.count() == 1


def test_a_bad_file_is_refused_with_its_row_and_nothing_is_written(mercury_round: Round, coordinator: User) -> None:
    bad = keep(name="bad.csv", content=b"laboratory,result\nA,1.2\nB,abc\nC,1.3\n", actor=coordinator, at=AT)
    with pytest.raises(BadFile) as refused:
        create(bad, mercury_round, "R-2")
    assert [fault.row for fault in refused.value.faults] == [3]
    assert Round.objects.count() == 1 and Participation.objects.count() == 21


def test_a_name_that_two_institutions_bear_matches_neither(mercury_round: Round, coordinator: User) -> None:
    for n in range(2):
        Institution.objects.create(
            kind="laboratory",
            name_zh=f"重名实验室 {n}",
            name_en="Twin Laboratory",
            region_code="330100",
        )
    rows = "\n".join(f"{name},{i}.5" for i, name in enumerate(["Twin Laboratory", "B", "C", "D"], 1))
    file = keep(name="twins.csv", content=f"laboratory,result\n{rows}\n".encode(), actor=coordinator, at=AT)
    made = create(file, mercury_round, "R-2")
    assert Identity.objects.get(participation__round=made, name="Twin Laboratory").institution is None


def test_two_evaluations_at_once_write_one(
    mercury_round: Round, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second starts before the first has written: it finds the stamp and writes nothing."""
    whole = actions.coded_results

    def slow(round_: Round) -> Any:
        monkeypatch.setattr(actions, "coded_results", whole)
        actions.evaluate(round_.pk, actor=coordinator, at=AT)
        return whole(round_)

    monkeypatch.setattr(actions, "coded_results", slow)
    actions.evaluate(mercury_round.pk, actor=coordinator, at=AT)
    assert Evaluation.objects.count() == 1
    assert Entry.objects.filter(verb="evaluate_round").count() == 1


def test_a_measurand_outside_the_catalogue_is_scored_and_leaves_no_evidence(
    mercury_round: Round, coordinator: User, signing_key: SigningKey, mercury_file: Attachment
) -> None:
    made = actions.create_round(
        attachment=mercury_file, number="R-3", title_zh="甲", title_en="A", performed_on=date(2026, 3, 2), assigned="0.044",
        u_assigned="", sigma="0.0066", catalogue={}, commissioned_by=None, provider=mercury_round.provider,
        actor=coordinator, at=AT,
    )  # fmt: skip
    evaluation = actions.evaluate(made.pk, actor=coordinator, at=AT)
    actions.release(made.pk, evaluation_id=evaluation.pk, actor=coordinator, at=AT, key=signing_key)
    assert not Evidence.objects.exists()


def test_the_journal_digest_changes_with_any_score(evaluated_round: Round) -> None:
    entry = Entry.objects.get(verb="evaluate_round")
    written = json.loads(bytes(entry.canonical))
    assert written["touched"] == 22 and written["set_digest"] == entry.set_digest


def test_a_measurands_own_settings_and_uncertainties_hold_in_its_round(mercury_round: Round, coordinator: User) -> None:
    mercury_round.measurands.update(assigned="0.04", u_assigned="0.003", sigma="0.01", u_hom="0.004", u_stab="0")
    found = queries.document(actions.evaluate(mercury_round.pk, actor=coordinator, at=AT))
    assert found["assigned_value"]["u"] == pytest.approx(0.005)  # √(0.003² + 0.004²)
    assert (found["assigned_value"]["value"], found["sigma_pt"]["value"], found["score_used"]) == (
        0.04,
        0.01,
        "z_prime",
    )
