"""A file is kept byte for byte, with its hash, and the journal says that it came."""

import hashlib
import json
from datetime import UTC, datetime

import pytest

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import keep
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.journal.rules.manifests import row_line

AT = datetime(2026, 4, 15, 1, 30, tzinfo=UTC)
CONTENT = "laboratory,result\r\n实验室 L08,0.044\r\n".encode() + bytes(range(256))


@pytest.mark.django_db
def test_the_bytes_come_back_as_they_came(coordinator: User) -> None:
    kept = Attachment.objects.get(pk=keep(name="结果.csv", content=CONTENT, actor=coordinator, at=AT).pk)
    assert bytes(kept.content) == CONTENT
    assert kept.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert (kept.name, kept.uploaded_by, kept.at) == ("结果.csv", coordinator, AT)


@pytest.mark.django_db
def test_the_act_vouches_for_the_file_and_all_that_is_said_of_it() -> None:
    kept = keep(name="results.csv", content=CONTENT, actor=None, at=AT)
    entry = Entry.objects.get(subject=f"attachment:{kept.pk}")
    listed = entry.manifests.get()
    assert (entry.verb, listed.table) == ("keep_attachment", "attachments_attachment")
    assert listed.columns.split() == ["name", "content", "sha256", "uploaded_by_id", "at"]
    values = ["results.csv", CONTENT, kept.sha256, None, AT]
    assert bytes(listed.content).decode() == row_line(kept.pk, values, salt=json.loads(bytes(entry.canonical))["nonce"])


@pytest.mark.django_db
def test_the_same_file_twice_is_kept_twice_and_an_empty_one_too() -> None:
    kept = [keep(name="results.csv", content=content, actor=None, at=AT) for content in (CONTENT, CONTENT, b"")]
    assert len({one.pk for one in kept}) == 3
    assert kept[2].sha256 == hashlib.sha256(b"").hexdigest()


@pytest.mark.django_db
def test_of_an_endless_name_the_end_is_kept_because_it_tells_the_kind() -> None:
    kept = keep(name="x" * 500 + ".xlsx", content=b"", actor=None, at=AT)
    kept.refresh_from_db()
    assert len(kept.name) == 200 and kept.name.endswith(".xlsx")
