"""A draft can be kept, once, or forgotten: by its uploader, or by the sweeper after a day."""

from datetime import UTC, datetime, timedelta

import pytest

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import discard, keep_draft, stage, sweep_drafts
from zhunsheng.foundation.attachments.models import Attachment, Draft
from zhunsheng.foundation.journal.models import Entry

AT = datetime(2026, 4, 15, 1, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def drafted(actor: User, at: datetime = AT) -> Draft:
    return stage(name="结果.csv", content="实验室 L08,0.044\r\n".encode(), actor=actor, at=at)


def test_a_draft_leaves_no_trace_until_it_is_kept(coordinator: User) -> None:
    before = Entry.objects.count()
    draft = drafted(coordinator)
    assert (Entry.objects.count(), Attachment.objects.count()) == (before, 0)
    kept = keep_draft(draft, at=AT + timedelta(minutes=5))
    assert bytes(kept.content) == "实验室 L08,0.044\r\n".encode() and kept.sha256 == draft.sha256
    assert (kept.name, kept.uploaded_by, kept.at) == ("结果.csv", coordinator, AT + timedelta(minutes=5))
    assert Entry.objects.filter(subject=f"attachment:{kept.pk}").count() == 1
    assert Draft.objects.count() == 0


def test_a_draft_is_kept_once(coordinator: User) -> None:
    draft = drafted(coordinator)
    seen_by_another_request = Draft.objects.get(pk=draft.pk)
    keep_draft(draft, at=AT)
    with pytest.raises(Draft.DoesNotExist):
        keep_draft(seen_by_another_request, at=AT)
    assert Attachment.objects.count() == 1


def test_a_discarded_draft_is_gone_and_the_others_stay(coordinator: User) -> None:
    draft, other = drafted(coordinator), drafted(coordinator)
    discard(draft)
    discard(draft)
    assert list(Draft.objects.all()) == [other]


def test_the_sweeper_forgets_what_is_older_than_a_day(coordinator: User) -> None:
    drafted(coordinator, AT - timedelta(days=1, seconds=1))
    young = drafted(coordinator, AT - timedelta(days=1))
    assert (sweep_drafts(at=AT), sweep_drafts(at=AT)) == (1, 0)
    assert list(Draft.objects.all()) == [young]
