"""Reports to single laboratories: made once after the release, resumed, signed, with nobody else's code in them."""

import hashlib
import io
import json
import subprocess
from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf
import pytest

from tests.cast import AT
from zhunsheng.activities.proficiency import actions, correcting
from zhunsheng.activities.proficiency.models import Evaluation, Participation, Round
from zhunsheng.activities.proficiency.queries import document, latest_evaluation
from zhunsheng.activities.proficiency.report import actions as report_actions
from zhunsheng.activities.proficiency.report.actions import make_reports
from zhunsheng.activities.proficiency.report.documents import (
    Batch,
    Corrected,
    Issue,
    laboratory_report_number,
    own_part,
    render,
    sealed,
    wanted,
)
from zhunsheng.activities.proficiency.report.models import LaboratoryReport
from zhunsheng.activities.proficiency.report.queries import made_and_all, report_of
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.scatter.runners import spread
from zhunsheng.foundation.signing import SigningKey, verify_pdf
from zhunsheng.foundation.typesetting.charts import ChartLanguage

pytestmark = pytest.mark.django_db


def text_in(pdf: bytes) -> str:
    """All that the pages say, pictures of charts included: their letters are text."""
    return subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def newest(round_: Round) -> Evaluation:
    found = latest_evaluation(round_)
    assert found is not None
    return found


def test_nothing_is_made_before_the_release(evaluated_round: Round, coordinator: User, signing_key: SigningKey) -> None:
    with pytest.raises(CannotDo, match="not released"):
        make_reports(newest(evaluated_round), language="zh", key=signing_key, actor=coordinator, at=AT)
    assert not LaboratoryReport.objects.exists()


def test_one_report_is_signed_carries_its_figures_and_no_other_code(
    released_round: Round, coordinator: User, signing_key: SigningKey
) -> None:
    evaluation, codes = newest(released_round), sorted(Participation.objects.values_list("code", flat=True))
    made = make_reports(evaluation, language="both", key=signing_key, actor=coordinator, at=AT, codes=codes[:1])
    report = report_of(evaluation, codes[0], "both")
    assert made == 1 and report is not None
    pdf = bytes(report.pdf)
    assert verify_pdf(pdf, [signing_key.public]).outcome == "valid"
    text = text_in(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        attached, pages = opened.attachments["results.json"].get_file().read_bytes(), len(opened.pages)
    assert codes[0] in text and not [code for code in codes[1:] if code in text or code in attached.decode()]
    own = json.loads(attached)
    assert own["laboratory"] == codes[0] and len(own["measurands"][0]["scores"]) == 1
    assert pages <= 6 and len(pdf) < 300_000


def test_a_second_run_makes_only_what_is_lacking(
    released_round: Round, coordinator: User, signing_key: SigningKey
) -> None:
    evaluation, codes = newest(released_round), sorted(Participation.objects.values_list("code", flat=True))[:3]
    given = {"language": "en", "key": signing_key, "actor": coordinator, "at": AT}
    make_reports(evaluation, codes=codes[:2], **given)  # type: ignore[arg-type]
    first = dict(LaboratoryReport.objects.values_list("participation__code", "sha256"))
    told: list[tuple[int, int]] = []
    assert make_reports(evaluation, codes=codes, progress=lambda d, n: told.append((d, n)), **given) == 1  # type: ignore[arg-type]
    assert told == [(1, 1)] and made_and_all(evaluation, "en") == (3, 21)
    assert first.items() <= dict(LaboratoryReport.objects.values_list("participation__code", "sha256")).items()
    assert Entry.objects.filter(verb="make_laboratory_reports").count() == 2


def test_processes_that_see_no_key_set_the_same_bytes(
    released_round: Round, coordinator: User, signing_key: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluation, codes = newest(released_round), sorted(Participation.objects.values_list("code", flat=True))[:3]
    monkeypatch.setattr(report_actions, "STEP", 2)
    seen: list[Batch] = []

    def two_processes(function: Any, batches: Sequence[Batch]) -> Iterator[Any]:
        seen.extend(batches)
        return spread(function, batches, processes=2)

    given = {"language": "zh", "key": signing_key, "actor": coordinator, "at": AT, "codes": codes}
    assert make_reports(evaluation, runner=two_processes, **given) == 3  # type: ignore[arg-type]
    assert [len(one.wanted) for one in seen] == [2, 1]
    there = dict(LaboratoryReport.objects.values_list("participation__code", "sha256"))
    issue = Issue.of(document(evaluation))
    for code in codes:
        one = wanted(
            issue, code, round_number=released_round.number, issuer=released_round.provider.name, key=signing_key
        )
        (pdf,) = render(Batch(issue.document, "zh", released_round.provider.name, [one]))
        assert hashlib.sha256(sealed(pdf, one, key=signing_key)).hexdigest() == there[code]


def own_figures(pdf: bytes) -> dict[str, Any]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found: dict[str, Any] = json.loads(opened.attachments["results.json"].get_file().read_bytes())
    return found


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            ["What the corrigendum changed", "Corrigendum 1; replaces report", "sigma was mistyped", "Score before"],
        ),
        ("zh", ["更正内容", "第 1 号更正报告，替代报告", "sigma was mistyped", "原比分数"]),
    ],
)
def test_after_a_corrigendum_a_laboratory_has_a_report_of_another_number_that_lists_its_changed_scores(
    language: ChartLanguage, said: list[str], released_round: Round, coordinator: User, signing_key: SigningKey
) -> None:
    first = newest(released_round)
    # A score of 0 stays 0 under any sigma; a laboratory with another one is looked at.
    of = document(first)
    code = next(row["laboratory"] for row in of["scores"] if row[of["score_used"]])
    mine = [code]
    make_reports(first, language=language, key=signing_key, actor=coordinator, at=AT, codes=mine)
    correcting.begin_correction(released_round, reason="sigma was mistyped", actor=coordinator, at=AT)
    actions.change_settings(
        released_round, assigned="0.044", u_assigned="0.0041", sigma="0.02", actor=coordinator, at=AT
    )
    second = actions.evaluate(released_round.pk, actor=coordinator, at=AT)
    correcting.correct(released_round.pk, evaluation_id=second.pk, actor=coordinator, at=AT, key=signing_key)
    make_reports(second, language=language, key=signing_key, actor=coordinator, at=AT, codes=mine)
    old, new = report_of(first, code, language), report_of(second, code, language)
    assert old is not None and new is not None
    before, now = text_in(bytes(old.pdf)), text_in(bytes(new.pdf))
    number = f"{released_round.number}-{code}"
    assert number in before and f"{number}-C1" not in before and f"{number}-C1" in now
    assert [words for words in said if words not in " ".join(now.split())] == []
    assert said[0] not in before and verify_pdf(bytes(new.pdf), [signing_key.public]).outcome == "valid"
    own = own_figures(bytes(new.pdf))["corrigendum"]
    assert (own["number"], own["replaces"], own["reason"]) == (1, number, "sigma was mistyped")
    (change,) = own["changes"]
    assert change["old"]["score"] != change["new"]["score"] and "laboratory" not in change
    assert f"{change['new']['score']:.2f}".replace("-", "−") in now and "corrigendum" not in own_figures(bytes(old.pdf))


def test_a_laboratory_whose_scores_stayed_is_told_so_and_no_other_laboratorys_change_is_listed() -> None:
    document = {"title": "x", "measurands": [{"scores": [], "left_out": []}]}
    change = {"measurand": 0, "laboratory": "B", "old": None, "new": {"score": 1.0}}
    own = own_part(Issue.of(document), "A", Corrected(2, "why", [change]), "R-A-C1")
    assert own["corrigendum"] == {"number": 2, "replaces": "R-A-C1", "reason": "why", "changes": []}
    assert [laboratory_report_number("R", "A", n) for n in (0, 1, 2)] == ["R-A", "R-A-C1", "R-A-C2"]
