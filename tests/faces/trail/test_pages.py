"""The trail in the browser's eyes: found, filtered, with its place in the log and its proof, and never more questions for more acts."""

import io
import json
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.cast import AT, institution_of
from tests.faces.pages import in_chinese, queries_of, text_of
from tests.faces.trail.verbs import Verbs
from tests.test_consistency import ROOT
from zhunsheng.faces.jobs.sequencer import sequence_what_waits
from zhunsheng.faces.trail.words import VERBS
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.actions import record
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.journal.rules.receipts import checked
from zhunsheng.foundation.signing import PublicKey

JOURNAL = reverse("journal")


@pytest.fixture
def client(client_of: Callable[[User | None], Client], regulator: User) -> Client:
    return client_of(regulator)


@pytest.fixture
def acts(laboratory: User, regulator: User) -> Callable[[int], list[Entry]]:
    subject = f"institution:{institution_of(laboratory).pk}"

    @transaction.atomic
    def done(n: int) -> list[Entry]:
        return [
            record(
                "mend_institution", actor=regulator, at=AT + timedelta(days=i), subject=subject, reason=f"reason {i}.",
                before={"address": "Old Road 1"}, after={"address": "New Road 2"},
            )
            for i in range(n)
        ]  # fmt: skip

    return done


def log() -> None:
    sequence_what_waits(threading.Event())


def test_an_empty_trail_says_what_will_stand_there(client: Client) -> None:
    assert "No act yet" in text_of(client.get(JOURNAL))


def test_each_act_says_who_what_why_and_whether_it_is_in_the_log(
    client: Client, acts: Callable[[int], list[Entry]]
) -> None:
    acts(1)
    log()
    acts(1)
    said = text_of(client.get(JOURNAL))
    assert "2 acts" in said and "Regulator" in said and "reason 0." in said and "Mended" in said
    assert "waits" in said and "at place" in said


def test_three_and_three_hundred_acts_cost_the_same(client: Client, acts: Callable[[int], list[Entry]]) -> None:
    acts(3)
    log()
    few = queries_of(lambda: client.get(JOURNAL))
    acts(300)
    log()
    assert queries_of(lambda: client.get(JOURNAL)) == few


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "reason 2."}, 1), ({"q": "更正机构"}, 5), ({"q": "mended"}, 5), ({"q": "%"}, 0), ({"q": "\x00"}, 5),
        ({"verb": "mend_institution"}, 5), ({"verb": "release_round"}, 0), ({"kind": "institution"}, 5), ({"kind": "round"}, 0),
        ({"kind": "nonsense"}, 5), ({"on": "2026-04-17"}, 1), ({"on": "2026-99-99"}, 5), ({"page": "abc"}, 5),
    ],
)  # fmt: skip
def test_the_address_says_what_is_shown(
    client: Client, acts: Callable[[int], list[Entry]], query: dict[str, str], found: int
) -> None:
    acts(5)
    counted = {0: "Nothing matches", 1: "1 act "}.get(found, f"{found} acts")
    assert counted in text_of(client.get(JOURNAL, query))


def test_one_act_shows_what_changed_and_gives_a_proof_that_holds_elsewhere(
    client: Client, acts: Callable[[int], list[Entry]]
) -> None:
    (one,) = acts(1)
    page = reverse("journal_act", args=[one.pk])
    waiting = text_of(client.get(page))
    assert (
        "Old Road 1" in waiting and "New Road 2" in waiting and "It will be put into the log within seconds" in waiting
    )
    assert client.get(reverse("journal_proof", args=[one.pk])).status_code == 404
    log()
    assert "Put into the log on" in text_of(client.get(page))
    file = client.get(reverse("journal_proof", args=[one.pk]))
    assert file.headers["Content-Disposition"] == f'attachment; filename="act-{one.pk}.json"'
    key = PublicKey.load(settings.SIGNING_KEY.with_name("signing-key.pub.pem"))
    assert checked(json.loads(file.content), [key]).size == Entry.objects.count()


def test_the_own_colleague_is_named_and_a_stranger_is_his_institution(
    client_of: Callable[[User | None], Client], laboratory: User, acts: Callable[[int], list[Entry]]
) -> None:
    acts(1)
    said = text_of(client_of(laboratory).get(JOURNAL))
    assert "Example Authority" in said and "Regulator" not in said


def test_the_workbook_holds_what_is_shown(client: Client, acts: Callable[[int], list[Entry]]) -> None:
    acts(3)
    log()
    page = client.get(JOURNAL, {"q": "reason 1.", "format": "xlsx"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(page.content)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "Number" and [row[6] for row in rows[1:]] == ["reason 1."]


def test_both_languages(client: Client, acts: Callable[[int], list[Entry]]) -> None:
    (one,) = acts(1)
    assert "操作记录" in text_of(in_chinese(client).get(JOURNAL)) and "待收录" in text_of(client.get(JOURNAL))
    assert "更正机构信息" in text_of(client.get(reverse("journal_act", args=[one.pk])))


def test_every_verb_that_the_code_writes_has_words() -> None:
    """A verb without words stands on the page as it is in the code; also one that a function is given by its caller."""
    found = Verbs(ROOT / "src/zhunsheng").found
    assert found >= {
        "release_round",
        "mend_site",
        "accept_returns",
        "self_suspend_scope_lines",
        "withdraw_management_record",
    }
    assert sorted(found - set(VERBS)) == []
