"""E-mail over a real socket: what leaves, what is tried again, what is given up, and what is never sent twice."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT
from tests.foundation.messages.post_office import PostOffice, guarded, post_office, self_signed, text_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.messages import mailing
from zhunsheng.foundation.messages.actions import prefer, read
from zhunsheng.foundation.messages.models import Mail, Message
from zhunsheng.foundation.messages.queries import in_trouble
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.settings import mail

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
CANARIES = (
    "Follow-up",
    "后续处理",
    "Canary Laboratory",
    "金丝雀实验室",
    "CODE-4711",
    "ROUND-0815",
    "0.0444",
    "/workspace/rounds/",
)


@pytest.fixture
def office(settings: LazySettings) -> Iterator[PostOffice]:
    with post_office() as found:
        speak_to(settings, f"smtp://127.0.0.1:{found.port}")
        yield found


def speak_to(settings: LazySettings, url: str) -> None:
    """Settings as the environment would make them."""
    for name, value in mail(url).items():
        setattr(settings, name, value)
    settings.MAIL_IS_SENT = True
    settings.SITE_URL = "https://zhunsheng.example"


@pytest.fixture
def manager(db: None) -> User:
    return User.objects.create_user(username="manager", email="manager@example.invalid", password="long-enough-42")


def tell(user: User, n: int = 1, kind: str = "follow_up") -> list[Message]:
    """Messages whose body holds all that an e-mail must not."""
    have = Message.objects.count()
    return Message.objects.bulk_create(
        Message(
            recipient=user, kind=kind, subject_en="Follow-up: due on 2026-05-28", subject_zh="后续处理：期限 2026-05-28",
            body_en=" ".join(CANARIES), body_zh=" ".join(CANARIES), address="/workspace/rounds/1/", about="evidence:1",
            created_at=AT, key=f"{kind}{have + i}",
        )
        for i in range(n)
    )  # fmt: skip


def send(at=AT) -> list[str | None]:
    mailing.gather(at=at)
    return [mailing.deliver(key, at=at) for key in mailing.next_mails(at=at)]


def test_a_message_becomes_an_email_that_points_to_it(office: PostOffice, manager: User) -> None:
    (message,) = tell(manager)
    assert send() == ["sent"]
    (letter,) = office.received
    said = text_of(letter)
    assert letter["To"] == "manager@example.invalid" and letter["Auto-Submitted"] == "auto-generated"
    assert str(letter["Subject"]).strip() == "准绳：您有 1 条新消息 / Zhunsheng: a message is waiting for you"
    assert f"https://zhunsheng.example/messages/{message.pk}/" in said
    assert "https://zhunsheng.example/messages/preferences/" in said
    assert Mail.objects.get().sent_at == AT


@pytest.mark.parametrize("n", [1, 3])
def test_nothing_that_a_message_says_gets_into_an_email(n: int, office: PostOffice, manager: User) -> None:
    """Not even its subject: a follow-up is due only after a failed round."""
    tell(manager, n)
    send()
    said = text_of(office.received[0]) + str(office.received[0])
    assert [canary for canary in CANARIES if canary in said] == []


def test_all_that_is_new_for_a_person_is_one_email(office: PostOffice, manager: User) -> None:
    tell(manager, 5)
    assert send() == ["sent"] and send(AT + MINUTE) == []
    tell(manager)
    assert send(AT + 2 * MINUTE) == ["sent"]
    assert len(office.received) == 2 and "5 messages are waiting" in str(office.received[0]["Subject"])


def test_who_gets_no_email(office: PostOffice, manager: User) -> None:
    """Without an address, gone, read already, not wanted, or older than a day."""
    silent = User.objects.create_user(username="silent", password="long-enough-42")
    gone = User.objects.create_user(username="gone", email="gone@example.invalid", is_active=False)
    tell(silent), tell(gone)
    read(Message.objects.filter(pk=tell(manager)[0].pk), at=AT)
    prefer(manager, kinds=["quiet"], by_mail=[], at=AT)
    tell(manager, kind="quiet")
    assert send() == []
    tell(manager)
    assert send(AT + DAY) == [] and office.received == []


def test_what_was_read_meanwhile_is_not_sent(office: PostOffice, manager: User) -> None:
    tell(manager)
    mailing.gather(at=AT)
    read(Message.objects.all(), at=AT)
    assert send() == ["dropped"] and office.received == []


def test_a_site_without_a_mail_server_makes_no_emails(settings: LazySettings, manager: User) -> None:
    settings.MAIL_IS_SENT = False
    tell(manager)
    assert send() == [] and Mail.objects.count() == 0


def test_no_server_is_tried_again_later_and_at_last_given_up(
    office: PostOffice, settings: LazySettings, manager: User
) -> None:
    tell(manager)
    settings.EMAIL_PORT = 1  # nobody listens there
    at, outcomes = AT, []
    for pause in (*mailing.PAUSES, MINUTE):
        outcomes += send(at)
        assert mailing.next_mails(at=at + pause - timedelta(seconds=1)) == []
        at += pause
    assert outcomes == ["waiting"] * len(mailing.PAUSES) + ["failed"]
    mail = in_trouble().get()
    assert "ConnectionRefusedError" in mail.fault_en and "无法" in mail.fault_zh and office.received == []


def test_after_a_pause_it_arrives_once(office: PostOffice, manager: User) -> None:
    tell(manager)
    office.on_data = "451 busy"
    assert send() == ["waiting"] and "451" in Mail.objects.get().fault_en
    office.on_data = ""
    assert send(AT + MINUTE) == ["sent"] and len(office.received) == 1
    assert Mail.objects.get().fault_en == ""


@pytest.mark.parametrize("where", ["on_rcpt", "on_data"])
def test_a_refusal_for_good_is_not_tried_again(office: PostOffice, manager: User, where: str) -> None:
    setattr(office, where, "550 no such person")
    tell(manager)
    assert send() == ["failed"] and send(AT + DAY / 2) == []
    assert "550" in in_trouble().get().fault_en


def test_a_broken_connection_is_perhaps_sent_and_not_tried_again(office: PostOffice, manager: User) -> None:
    office.on_data = "hang up"
    tell(manager)
    assert send() == ["unknown"] and send(AT + DAY / 2) == []
    assert len(office.received) == 1 and in_trouble().count() == 1


def test_a_person_may_send_it_again(office: PostOffice, manager: User, administrator: User) -> None:
    office.on_data = "hang up"
    tell(manager)
    send()
    office.on_data = ""
    mailing.send_again(Mail.objects.get().pk, actor=administrator, at=AT + MINUTE)
    assert send(AT + MINUTE) == ["sent"] and office.ids[0] == office.ids[1]
    assert Entry.objects.filter(verb="send_mail_again", actor=administrator).count() == 1
    with pytest.raises(NotAllowedNow):
        mailing.send_again(Mail.objects.get().pk, actor=administrator, at=AT)


def test_a_worker_that_never_came_back_leaves_a_perhaps(office: PostOffice, manager: User) -> None:
    tell(manager)
    mailing.gather(at=AT)
    Mail.objects.update(state="sending", claimed_at=AT, attempts=1)
    assert mailing.lose_sight(at=AT + mailing.LOST_AFTER) == 0
    assert mailing.lose_sight(at=AT + mailing.LOST_AFTER + MINUTE) == 1
    assert send(AT + DAY / 2) == [] and in_trouble().get().state == "unknown" and office.received == []


def test_two_workers_send_it_once(office: PostOffice, manager: User) -> None:
    tell(manager)
    mailing.gather(at=AT)
    (key,) = mailing.next_mails(at=AT)
    assert mailing.deliver(key, at=AT) == "sent" and mailing.deliver(key, at=AT) is None
    assert len(office.received) == 1


def test_no_more_leave_in_a_minute_than_may(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailing, "PER_MINUTE", 3)
    for i in range(5):
        tell(User.objects.create_user(username=f"u{i}", email=f"u{i}@example.invalid"))
    assert len(send()) == 3 and send(AT + MINUTE / 2) == []
    assert len(send(AT + MINUTE)) == 2 and len(office.received) == 5


def test_starttls_and_a_password(
    settings: LazySettings, manager: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path / "server.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with post_office(**guarded(certificate, "zs@example", "secret:1")) as office:
        tell(manager)
        speak_to(settings, f"smtp://zs%40example:wrong@localhost:{office.port}?tls=1")
        assert send() == ["waiting"] and "SMTPAuthenticationError" in Mail.objects.get().fault_en
        speak_to(settings, f"smtp://zs%40example:secret%3A1@localhost:{office.port}?tls=1")
        assert send(AT + MINUTE) == ["sent"] and office.encrypted == [True]


def test_a_server_that_is_not_who_it_says_gets_nothing(settings: LazySettings, manager: User, tmp_path: Path) -> None:
    with post_office(**guarded(self_signed(tmp_path / "server.pem"), "a", "b")) as office:
        tell(manager)
        speak_to(settings, f"smtp://a:b@localhost:{office.port}?tls=1")
        assert send() == ["waiting"] and office.received == []
        assert "SSLCertVerificationError" in Mail.objects.get().fault_en


@pytest.mark.parametrize("n", [3, 300])
def test_gathering_for_three_and_three_hundred_costs_the_same(settings: LazySettings, n: int) -> None:
    settings.MAIL_IS_SENT = True
    people = User.objects.bulk_create(User(username=f"u{i}", email=f"u{i}@example.invalid") for i in range(n))
    Message.objects.bulk_create(
        Message(recipient=one, address="/", created_at=AT, key=str(i)) for i, one in enumerate(people)
    )
    with CaptureQueriesContext(connection) as asked:
        assert mailing.gather(at=AT) == n
    work = [one["sql"] for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len([one for one in work if 'INTO "notices_mail"' not in one]) <= 5
    assert Message.objects.filter(mail=None).count() == 0
