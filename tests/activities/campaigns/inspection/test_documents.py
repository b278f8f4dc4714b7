"""The papers of a visit go out sealed: whoever has the key of the site sees who issued them, and that nothing changed."""

from pathlib import Path

import pytest

from tests.activities.campaigns.inspection.visits import authority_here, laboratory_here, officers, sent
from zhunsheng.activities.campaigns.inspection.documents import sealed_pdf, task_letter
from zhunsheng.foundation.signing import SigningKey, verify_pdf


@pytest.mark.django_db
def test_a_task_letter_is_sealed_with_what_a_reader_compares(tmp_path: Path) -> None:
    authority, where = authority_here(), laboratory_here()
    inspection = sent(authority, where, officers(authority))
    key = SigningKey.load_or_make(tmp_path / "key.pem")
    pdf = sealed_pdf(task_letter(inspection), "zh", key)
    verdict = verify_pdf(pdf, [key.public])
    assert verdict.outcome == "valid", verdict.reason.en
    assert verdict.facts["number"] == inspection.number
    assert any(where.name_zh in value for value in verdict.facts.values())
    changed = bytearray(pdf)
    changed[len(pdf) // 2] ^= 1
    assert verify_pdf(bytes(changed), [key.public]).outcome != "valid"
