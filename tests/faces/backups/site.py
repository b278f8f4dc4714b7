"""What the programs do that stand for a site whose backups are tested; each runs in a process of its own."""

import json
import sys
import threading

from zhunsheng.faces.cli.serve import setup


def fill() -> None:
    """A new database with two institutions, a kept file and a log."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    act("first")
    act("second")


def act(name: str) -> None:
    """Something happens, and reaches the log."""
    from tests.cast import AT, institution
    from zhunsheng.faces.jobs.sequencer import sequence_what_waits
    from zhunsheng.foundation.attachments.actions import keep

    institution("laboratory", f"示例实验室 {name}", name)
    keep(name=f"{name}.csv", content=name.encode() * 1000, actor=None, at=AT)
    sequence_what_waits(threading.Event())


def look() -> None:
    """What is there, for the test to compare."""
    from zhunsheng.foundation.attachments.models import Attachment
    from zhunsheng.foundation.journal.models import Entry, Leaf
    from zhunsheng.registry.institutions.models import Institution

    print(
        json.dumps(
            {
                "institutions": sorted(Institution.objects.values_list("name_en", flat=True)),
                "files": sorted((one.name, len(bytes(one.content))) for one in Attachment.objects.all()),
                "acts": Entry.objects.count(),
                "leaves": Leaf.objects.count(),
            }
        )
    )


def spoil() -> None:
    """Somebody changes a character behind the guards."""
    from django.db import connection

    from tests.append_only import unguard
    from zhunsheng.foundation.attachments.models import Attachment

    unguard(connection, "attachments_attachment")
    Attachment.objects.filter(name="first.csv").update(content=b"forged")


def restorations() -> None:
    """What the acts of restores say."""
    from zhunsheng.foundation.journal.models import Entry

    found = Entry.objects.filter(verb="restore_backup").order_by("pk")
    print(json.dumps([json.loads(bytes(one.canonical))["before"] for one in found]))


def sign_in_and_mail() -> None:
    """Somebody is signed in, and three e-mails stand in different states."""
    from datetime import timedelta

    from django.contrib.sessions.models import Session

    from tests.cast import AT
    from zhunsheng.foundation.accounts.models import User
    from zhunsheng.foundation.messages.models import Mail

    user = User.objects.create(username="reader")
    Session.objects.create(session_key="k" * 32, session_data="", expire_date=AT + timedelta(days=9999))
    for state in ("waiting", "sending", "sent"):
        Mail.objects.create(recipient=user, state=state, made_at=AT, next_at=AT)


def mails_and_sessions() -> None:
    """What a restore left of them."""
    from django.contrib.sessions.models import Session

    from zhunsheng.foundation.messages.models import Mail

    states = sorted(Mail.objects.values_list("state", flat=True))
    print(json.dumps({"mails": states, "sessions": Session.objects.count()}))


if __name__ == "__main__":
    setup()
    globals()[sys.argv[1]](*sys.argv[2:])
