"""Reports to single laboratories: made once after the release, resumed, signed, with nobody else's code in them."""

import io
import json
import subprocess

import pikepdf
import pytest

from tests.cast import AT
from zhunsheng.activities.proficiency.models import Evaluation, Participation, Round
from zhunsheng.activities.proficiency.queries import latest_evaluation
from zhunsheng.activities.proficiency.report.actions import make_reports
from zhunsheng.activities.proficiency.report.models import LaboratoryReport
from zhunsheng.activities.proficiency.report.queries import made_and_all, report_of
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.signing import SigningKey, verify_pdf

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
