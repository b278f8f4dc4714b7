"""What the programs do that stand for a site whose backups are tested; each runs in a process of its own."""

import json
import sys
import threading

from zhunsheng.faces.cli.serve import setup


def fill() -> None:
    """Two institutions, a kept file and a log."""
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


def sign_in() -> None:
    """Somebody is signed in; somebody else was once, and the row is gone."""
    from datetime import timedelta

    from django.contrib.sessions.models import Session

    from tests.cast import AT

    ends = AT + timedelta(days=9999)
    Session.objects.update_or_create(
        session_key="session-of-somebody", defaults={"session_data": "x" * 3000, "expire_date": ends}
    )
    Session.objects.create(session_key="old-session", session_data="y" * 3000, expire_date=ends).delete()


def give_rights() -> None:
    """A user with a post, a second factor, a token; and an invitation."""
    from datetime import timedelta

    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.utils import timezone

    from tests.cast import user_with_post
    from zhunsheng.faces.api.tokens import make_token
    from zhunsheng.registry.institutions.models import Institution
    from zhunsheng.registry.people.posts.actions import appoint

    now, where = timezone.now(), Institution.objects.get(name_en="first")
    holder = user_with_post("holder", "analyst", where)
    TOTP.activate(holder, generate_totp_secret())
    make_token(name="x", scopes=["read:registers"], lifetime=timedelta(days=30), actor=holder, at=now)
    appoint(institution=where, name="Invited", email="", at=now)
    sign_in()


def end_rights() -> None:
    """All of them end."""
    from datetime import date

    from django.utils import timezone

    from zhunsheng.faces.api.tokens import revoke_tokens_of
    from zhunsheng.foundation.accounts.models import User
    from zhunsheng.registry.people.models import Invitation, Post

    revoke_tokens_of(User.objects.get(username="holder"), at=timezone.now())
    Invitation.objects.update(withdrawn_at=timezone.now())
    Post.objects.update(valid_to=date(2026, 1, 1))


def look_at_rights() -> None:
    """What is alive, what the last restore's act names, and who is signed in."""
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from zhunsheng.faces.backups.revived import good_tokens
    from zhunsheng.faces.backups.settling import last_restore
    from zhunsheng.registry.people.models import Post
    from zhunsheng.registry.people.queries import open_invitations

    now, last = timezone.now(), last_restore()
    alive = {
        "tokens": good_tokens(now).count(), "invitations": open_invitations(now).count(),
        "posts": Post.objects.filter(valid_to=None).count(),
    }  # fmt: skip
    named = last[1]["after"]["revived"] if last else None
    print(json.dumps({"alive": alive, "named": named, "sessions": Session.objects.count()}))


def start() -> None:
    """What happens when the service is started, before anybody is served."""
    from zhunsheng.faces.cli.serve import finish_restore

    finish_restore()


def serve_by_wsgi() -> None:
    """What happens when another web server than ours loads the application."""
    import zhunsheng.faces.wsgi  # noqa: F401 -- loading it is the start


def mails_and_sessions() -> None:
    """What a restore left of them."""
    from django.contrib.sessions.models import Session

    from zhunsheng.foundation.messages.models import Mail

    states = sorted(Mail.objects.values_list("state", flat=True))
    print(json.dumps({"mails": states, "sessions": Session.objects.count()}))


if __name__ == "__main__":
    setup()
    globals()[sys.argv[1]](*sys.argv[2:])
