"""The inbox: each person's own, found and filtered, opened and noted; the bell; what comes by e-mail; how e-mail fares."""

import io
import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.cast import AT, institution_of
from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.faces.inbox import MATTERS
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.messages.models import Mail, Message
from zhunsheng.foundation.messages.queries import kinds_not_mailed
from zhunsheng.registry.people.models import Post

INBOX, PREFERENCES, MAIL = reverse("messages"), reverse("messages_preferences"), reverse("office_mail")


@pytest.fixture
def client(client_of: Callable[[User | None], Client], laboratory: User) -> Client:
    return client_of(laboratory)


def tell(user: User, n: int, kind: str = "certificate") -> list[Message]:
    have = Message.objects.count()
    return Message.objects.bulk_create(
        Message(
            recipient=user, kind=kind, subject_en=f"Renewal {i}: due", subject_zh=f"延续 {i}：到期", body_en=f"Renew CMA {i}.",
            body_zh=f"办理 CMA {i} 延续。", address=reverse("workspace_capability"), about=f"certificate:{i}",
            due_on=date(2026, 4, 20), created_at=AT + timedelta(minutes=i), key=f"{user.pk}|{kind}|{i}",
        )
        for i in range(have, have + n)
    )  # fmt: skip


def test_an_empty_inbox_says_what_will_come(client: Client) -> None:
    assert "No message yet" in text_of(client.get(INBOX))


def test_the_newest_comes_first_with_its_day(client: Client, laboratory: User) -> None:
    tell(laboratory, 2)
    said = text_of(client.get(INBOX))
    assert said.index("Renewal 1: due") < said.index("Renewal 0: due") and "Renew CMA 0." in said
    assert "working day" in said or "due today" in said
    assert "延续 1：到期" in text_of(in_chinese(client).get(INBOX))


def test_the_bell_counts_what_is_unread(client: Client, laboratory: User, other_laboratory: User) -> None:
    tell(other_laboratory, 4)
    assert "Messages: 0 unread" in text_of(client.get(reverse("home")))
    first, _ = tell(laboratory, 2)
    assert "Messages: 2 unread" in text_of(client.get(reverse("home")))
    client.post(reverse("messages_read"), {"message": str(first.pk)})
    assert "Messages: 1 unread" in text_of(client.get(reverse("home")))
    client.post(reverse("messages_read"))
    assert "Messages: 0 unread" in text_of(client.get(reverse("home")))
    assert Message.objects.filter(recipient=other_laboratory, read_at=None).count() == 4


def test_what_was_told_to_a_post_is_read_while_a_post_is_held_there(client: Client, laboratory: User) -> None:
    """On the page, by the bell, in the export, by its address, and when all is noted as read."""
    (told,) = tell(laboratory, 1)
    Message.objects.update(place=institution_of(laboratory).pk)
    assert "Renewal" in text_of(client.get(INBOX)) and "Messages: 1 unread" in text_of(client.get(INBOX))
    Post.objects.filter(person__user=laboratory).update(valid_to=date(2026, 4, 1))
    after = text_of(client.get(INBOX))
    assert "Renewal" not in after and "Messages: 0 unread" in after
    assert client.get(reverse("messages_open", args=[told.pk])).status_code == 404
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(INBOX, {"format": "xlsx"}).content))
    assert "Renewal" not in str(book.get_sheet_by_index(0).to_python())
    client.post(reverse("messages_read"))
    assert Message.objects.get().read_at is None


def test_opening_goes_to_the_thing_and_notes_it(client: Client, laboratory: User) -> None:
    (message,) = tell(laboratory, 1)
    answer = client.get(reverse("messages_open", args=[message.pk]))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("workspace_capability"))
    message.refresh_from_db()
    assert message.read_at is not None


def test_anothers_message_is_not_there(client: Client, other_laboratory: User) -> None:
    (message,) = tell(other_laboratory, 1)
    assert client.get(reverse("messages_open", args=[message.pk])).status_code == 404
    client.post(reverse("messages_read"), {"message": str(message.pk)})
    message.refresh_from_db()
    assert message.read_at is None and "Renewal" not in text_of(client.get(INBOX))


@pytest.mark.parametrize("given", ["x", "", str(uuid.UUID(int=7))])
def test_a_message_that_is_none_changes_nothing_else(client: Client, laboratory: User, given: str) -> None:
    tell(laboratory, 1)
    client.post(reverse("messages_read"), {"message": given})
    assert Message.objects.filter(read_at=None).count() == (0 if given == "" else 1)  # without one it means all


def test_words_kind_and_unread_filter(client: Client, laboratory: User) -> None:
    old, *_ = tell(laboratory, 3)
    tell(laboratory, 1, kind="calibration")
    client.get(reverse("messages_open", args=[old.pk]))
    for query, has, has_not in (
        ({"q": "CMA 1"}, "Renewal 1", "Renewal 2"), ({"q": "办理 CMA 2"}, "Renewal 2", "Renewal 1"),
        ({"show": "unread"}, "Renewal 1", "Renewal 0"), ({"kind": "calibration"}, "Renewal 3", "Renewal 1"),
    ):  # fmt: skip
        said = text_of(client.get(INBOX, query))
        assert has in said and has_not not in said, query
    assert "Nothing matches" in text_of(client.get(INBOX, {"q": "no such words"}))


@pytest.mark.parametrize("query", [{"page": "x"}, {"kind": "y"}, {"show": "z"}, {"q": "\x00"}])
def test_a_wrong_address_gives_the_nearest_page(client: Client, laboratory: User, query: dict[str, str]) -> None:
    tell(laboratory, 1)
    assert "Renewal 0" in text_of(client.get(INBOX, query))


def test_the_workbook_holds_what_is_shown(client: Client, laboratory: User) -> None:
    tell(laboratory, 30)
    page = in_chinese(client).get(INBOX, {"q": "CMA 2", "format": "xlsx"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(page.content)).get_sheet_by_index(0).to_python()
    assert rows[0][1] == "主题" and len(rows) == 1 + 11 and rows[1][1] == "延续 29：到期"


def test_three_and_three_hundred_messages_cost_the_same(client: Client, laboratory: User) -> None:
    tell(laboratory, 3)
    few, at_home = queries_of(lambda: client.get(INBOX)), queries_of(lambda: client.get(reverse("home")))
    tell(laboratory, 297)
    assert queries_of(lambda: client.get(INBOX)) == few and queries_of(lambda: client.get(reverse("home"))) == at_home


# By e-mail


def test_each_kind_can_be_refused(client: Client, laboratory: User, settings: LazySettings) -> None:
    assert "This site sends no e-mail" in text_of(client.get(PREFERENCES))
    settings.MAIL_IS_SENT = True
    said = text_of(client.get(PREFERENCES))
    assert "This site sends no e-mail" not in said and all(matter.name.en in said for matter in MATTERS.values())
    client.post(PREFERENCES, {"kind": ["certificate", "no such kind"]})
    assert kinds_not_mailed(laboratory) == MATTERS.keys() - {"certificate"}
    assert Entry.objects.filter(verb="prefer_mail", actor=laboratory).count() == 1


def test_whoever_has_no_address_is_told(
    client_of: Callable[[User | None], Client], outsider: User, settings: LazySettings
) -> None:
    settings.MAIL_IS_SENT = True
    assert "Your account has no e-mail address" in text_of(client_of(outsider).get(PREFERENCES))


# For the administrator


def trouble(user: User, n: int, state: str = "failed") -> list[Mail]:
    return Mail.objects.bulk_create(
        Mail(
            recipient=user, state=state, made_at=AT, next_at=AT, attempts=3, fault_en="refused 550", fault_zh="拒收 550"
        )
        for _ in range(n)
    )


def test_an_administrator_sees_faults_and_not_what_is_said(
    client_of: Callable[[User | None], Client], administrator: User, laboratory: User
) -> None:
    (mail,) = trouble(laboratory, 1)
    trouble(laboratory, 1, "sent")
    tell(laboratory, 1)
    Message.objects.update(mail=mail)
    said = text_of(client_of(administrator).get(MAIL))
    assert "1 e-mail " in said and "refused 550" in said and "laboratory" in said
    assert "Renew" not in said and laboratory.email not in said
    assert "refused 550" in text_of(client_of(administrator).get(MAIL, {"state": "sent"}))
    assert "Nothing in trouble" in text_of(client_of(administrator).get(MAIL, {"q": "nobody"}))


def test_an_administrator_lets_it_go_out_again(
    client_of: Callable[[User | None], Client], administrator: User, laboratory: User
) -> None:
    (mail,) = trouble(laboratory, 1, "unknown")
    client = client_of(administrator)
    answer = client.post(reverse("office_mail_again", args=[mail.pk]), follow=True)
    assert "goes out again" in text_of(answer) and Mail.objects.get().state == "waiting"
    answer = client.post(reverse("office_mail_again", args=[mail.pk]), follow=True)
    assert "was not done" in text_of(answer)
    assert client.post(reverse("office_mail_again", args=[uuid.UUID(int=7)])).status_code == 404


def test_three_and_three_hundred_emails_cost_the_same(
    client_of: Callable[[User | None], Client], administrator: User, laboratory: User
) -> None:
    client = client_of(administrator)
    trouble(laboratory, 3)
    few = queries_of(lambda: client.get(MAIL))
    trouble(laboratory, 297)
    assert queries_of(lambda: client.get(MAIL)) == few
