"""The verbs of files: keep one for ever; stage one for a look, then keep or discard it."""

import hashlib
from datetime import datetime, timedelta

from django.db import transaction

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.models import Attachment, Draft
from zhunsheng.foundation.journal import actions as journal

DRAFTS_LAST = timedelta(days=1)


@transaction.atomic
def keep(*, name: str, content: bytes, actor: User | None, at: datetime) -> Attachment:
    """Keep a file as received and write in the journal that it came."""
    sha256 = hashlib.sha256(content).hexdigest()
    attachment = Attachment.objects.create(name=name[-200:], content=content, sha256=sha256, uploaded_by=actor, at=at)
    subject = f"attachment:{attachment.pk}"
    journal.record("keep_attachment", actor=actor, at=at, subject=subject, covers=[attachment])
    return attachment


def stage(*, name: str, content: bytes, actor: User, at: datetime) -> Draft:
    """Hold a file until its uploader has decided; nothing is written in the journal, for nothing has happened."""
    sha256 = hashlib.sha256(content).hexdigest()
    return Draft.objects.create(name=name[-200:], content=content, sha256=sha256, uploaded_by=actor, at=at)


@transaction.atomic
def keep_draft(draft: Draft, *, at: datetime) -> Attachment:
    """Keep a staged file for ever and end its draft; raises Draft.DoesNotExist when another request was first."""
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    attachment = keep(name=locked.name, content=bytes(locked.content), actor=locked.uploaded_by, at=at)
    locked.delete()
    return attachment


def discard(draft: Draft) -> None:
    """Forget a staged file; harmless when it is forgotten already."""
    Draft.objects.filter(pk=draft.pk).delete()


def sweep_drafts(*, at: datetime) -> int:
    """Forget every draft that nobody decided upon for a day; returns how many."""
    old = Draft.objects.filter(at__lt=at - DRAFTS_LAST)
    return old.delete()[0] if old.exists() else 0  # asked first: a DELETE takes SQLite's one write lock
