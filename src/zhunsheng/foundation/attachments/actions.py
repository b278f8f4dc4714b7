"""The one verb: keep a file."""

import hashlib
from datetime import datetime

from django.db import transaction

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.journal import actions as journal


@transaction.atomic
def keep(*, name: str, content: bytes, actor: User | None, at: datetime) -> Attachment:
    """Keep a file as received and write in the journal that it came."""
    sha256 = hashlib.sha256(content).hexdigest()
    attachment = Attachment.objects.create(name=name[-200:], content=content, sha256=sha256, uploaded_by=actor, at=at)
    journal.record(
        "keep_attachment", actor=actor, at=at, subject=f"attachment:{attachment.pk}",
        rows=[{"name": attachment.name, "sha256": sha256, "size": len(content)}],
    )  # fmt: skip
    return attachment
