"""The self-check as a laboratory lives it: answered half, proven, quarrelled over with a colleague, submitted by a second person."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.activities.campaigns.selfcheck.forms import called, filled_in
from tests.cast import AT, institution_of, user_with_post
from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.activities.campaigns.selfcheck.actions.answering import (
    answer_items,
    freeze_selfchecks,
    return_selfcheck,
    submit_selfcheck,
)
from zhunsheng.activities.campaigns.selfcheck.models import Frozen, Proof, SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.standing import lines_of
from zhunsheng.activities.campaigns.selfcheck.rules.answering import Given
from zhunsheng.activities.campaigns.selfcheck.states import FINE, PROBLEM
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.equipment.actions import enter_instruments
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.institutions.models import Institution

Clients = Callable[[User | None], Client]
LIST = reverse("workspace_selfchecks")
BLANK = Given(18, "").stamp


@pytest.fixture
def form(authority: Institution, laboratory: User) -> SelfCheck:
    balance = Instrument(institution=institution_of(laboratory), serial="S-1", name_zh="天平", name_en="Balance")
    enter_instruments([balance], actor=None, at=AT)
    called(authority)
    return SelfCheck.objects.get()


@pytest.fixture
def boss(laboratory: User) -> User:
    return user_with_post("boss", "institution_admin", institution_of(laboratory))


def at(form: SelfCheck, name: str = "workspace_selfcheck", *more: Any) -> str:
    return reverse(name, args=[form.pk, *more])


def answer_of(form: SelfCheck, no: int) -> tuple[str, str, str]:
    found: tuple[str, str, str] = form.answers.values_list("answer", "remark", "correction").get(item__no=no)
    return found


def sent(client: Client, form: SelfCheck, no: int, *said: str, user: User, was: str = BLANK) -> Any:
    parts = dict(zip(("answer", "remark", "correction"), (*said, "", ""), strict=False))
    body = {"item": no, "is": parts, "was": was, "user": user.pk}
    return client.post(at(form, "workspace_selfcheck_save"), json.dumps(body), content_type="application/json")


def test_the_list_leads_to_the_form_and_says_what_an_empty_one_means(
    client_of: Clients, laboratory: User, authority: Institution
) -> None:
    assert "No self-check yet" in text_of(client_of(laboratory).get(LIST))
    analyst = user_with_post("analyst", "analyst", institution_of(laboratory))
    assert "Not for you to fill in" in text_of(client_of(analyst).get(LIST))
    called(authority)
    said = text_of(client_of(laboratory).get(LIST))
    assert "Testing work put in order" in said and "Example Authority" in said and "2026-05-15" in said


def test_the_form_says_what_to_look_at_and_what_the_register_said(
    client_of: Clients, laboratory: User, form: SelfCheck
) -> None:
    client = client_of(laboratory)
    said = text_of(client.get(at(form)))
    assert "Where a method asks for temperature, humidity or the like" in said
    assert "look at: Temperature and humidity records" in said and f"0 of {50}" in said
    assert "What the register said on 2026-04-15:" in said and "1 of 1 instruments are out of date." in said
    said = text_of(in_chinese(client).get(at(form)))
    assert "查看：温湿度记录" in said and "登记信息（2026-04-15）：" in said and "1 台设备中有 1 台超出有效期" in said


def test_a_form_sent_whole_keeps_what_was_touched_and_no_more(
    client_of: Clients, laboratory: User, form: SelfCheck
) -> None:
    prefilled = lines_of(form)[22].given
    posted = {
        "w-18": BLANK, "a-18": "problem", "r-18": "漏雨\r\n两处", "c-18": "六月底前修复", "w-19": Given(19, "").stamp,
        "w-23": prefilled.stamp, "a-23": prefilled.answer, "at": "18",
    }  # fmt: skip
    page = client_of(laboratory).post(at(form), posted)
    assert page.status_code == 302 and page["Location"].endswith("#item-18")
    assert answer_of(form, 18) == (PROBLEM, "漏雨\n两处", "六月底前修复")
    answers = {one.item.no: one for one in form.answers.select_related("item")}
    assert answers[19].answer == "" and answers[23].prefilled, "nobody looked at what the register said"
    client_of(laboratory).post(at(form), {"w-23": prefilled.stamp, "a-23": prefilled.answer, "confirm": "23"})
    assert not form.answers.get(item__no=23).prefilled
    assert "2 of 50" in text_of(client_of(laboratory).get(at(form)))


def test_of_a_form_sent_whole_only_what_a_colleague_answered_waits(
    client_of: Clients, laboratory: User, boss: User, form: SelfCheck
) -> None:
    answer_items(form, [Given(18, PROBLEM, "漏雨")], actor=boss, at=AT)
    posted = {"w-18": BLANK, "a-18": "fine", "w-19": Given(19, "").stamp, "a-19": "fine"}
    page = client_of(laboratory).post(at(form), posted)
    said = text_of(page)
    assert page.status_code == 200 and "item 18. Both answers stand below" in said
    assert "Boss" in said or "boss" in said
    assert "漏雨" in said and answer_of(form, 18)[0] == PROBLEM and answer_of(form, 19)[0] == FINE
    stands = Given(18, PROBLEM, "漏雨").stamp
    assert f'name="w-18" value="{stands}"' in page.content.decode()  # saved again, it is put in its place knowingly
    client_of(laboratory).post(at(form), {"w-18": stands, "a-18": "fine"})
    assert answer_of(form, 18) == (FINE, "", "")


def test_what_is_refused_stays_in_the_fields(client_of: Clients, laboratory: User, form: SelfCheck) -> None:
    page = client_of(laboratory).post(at(form), {"w-18": BLANK, "a-18": "problem", "r-18": "很长" * 1001})
    assert page.status_code == 200 and "longer than 2000" in text_of(page) and "很长" * 1001 in page.content.decode()
    assert answer_of(form, 18) == ("", "", "")


def test_one_answer_sent_twice_is_kept_once(client_of: Clients, laboratory: User, form: SelfCheck) -> None:
    client = client_of(laboratory)
    for _ in range(2):
        said = sent(client, form, 18, "problem", "漏雨", user=laboratory).json()
        assert said == {"kept": True, "stamp": Given(18, "problem", "漏雨").stamp, "done": 1, "of": 50, "next": 1}
    form.refresh_from_db()
    assert form.revision == 1


def test_a_quarrel_shows_what_stands(client_of: Clients, laboratory: User, boss: User, form: SelfCheck) -> None:
    answer_items(form, [Given(18, PROBLEM, "漏雨")], actor=boss, at=AT)
    answer = sent(client_of(laboratory), form, 18, "fine", user=laboratory)
    assert answer.status_code == 409
    assert answer.json()["stands"] == {"answer": "problem", "remark": "漏雨", "correction": ""}
    assert sent(client_of(laboratory), form, 18, "fine", user=laboratory, was=answer.json()["stamp"]).status_code == 200


def test_nobody_elses_word_is_taken_for_mine(client_of: Clients, laboratory: User, boss: User, form: SelfCheck) -> None:
    answer = sent(client_of(boss), form, 18, "fine", user=laboratory)
    assert answer.status_code == 422 and "Another person" in answer.json()["reason"]
    status = client_of(boss).get(at(form, "workspace_selfcheck_status")).json()
    assert status["user"] == boss.pk and status["token"]


@pytest.mark.parametrize("body", ["", "[]", "7", '{"item": true}', '{"item": 18, "is": {}, "was": "", "user": 1}'])
def test_what_cannot_be_read_is_refused(client_of: Clients, laboratory: User, form: SelfCheck, body: str) -> None:
    answer = client_of(laboratory).post(at(form, "workspace_selfcheck_save"), body, content_type="application/json")
    assert answer.status_code == 400


def test_a_file_is_added_fetched_and_taken_back(client_of: Clients, laboratory: User, form: SelfCheck) -> None:
    client = client_of(laboratory)
    file = SimpleUploadedFile("证书.pdf", b"%PDF-1.7 proof")
    page = client.post(at(form), {"f-23": file, "at": "23", "w-18": BLANK, "a-18": "fine"}, follow=True)
    assert "The file is kept with item 23." in text_of(page) and answer_of(form, 18)[0] == FINE
    made = Proof.objects.get()
    assert made.attachment.sha256[:12] in text_of(page)
    answer = client.get(at(form, "workspace_selfcheck_proof", made.pk))
    assert answer.content == b"%PDF-1.7 proof" and answer["Content-Disposition"].startswith("attachment")
    said = text_of(client.post(at(form), {"remove": str(made.pk)}, follow=True))
    assert "The file was taken back." in said and made.attachment.sha256[:12] not in said
    assert client.post(at(form), {"remove": "no key"}).status_code == 302
    empty = SimpleUploadedFile("leer.pdf", b"")
    assert "at most 8 MB" in text_of(client.post(at(form), {"f-23": empty}))


def test_another_person_submits_and_the_form_shows_what_was_submitted(
    client_of: Clients, laboratory: User, boss: User, regulator: User, form: SelfCheck
) -> None:
    assert "50 more are not complete" not in text_of(client_of(boss).get(at(form)))
    assert "49 more are not complete" in text_of(client_of(boss).get(at(form)))
    filled_in(form, laboratory, i23=Given(23, PROBLEM, "天平未校准", "已送检"))
    said = text_of(client_of(laboratory).get(at(form)))
    assert "You filled in some of it" in said and "That may be: Boss." in said
    client_of(laboratory).post(at(form, "workspace_selfcheck_submit"), {"sure": "yes"})
    assert not Frozen.objects.exists()
    client = client_of(boss)
    client.post(at(form, "workspace_selfcheck_submit"), {})
    assert not Frozen.objects.exists(), "nothing is signed without the tick"
    said = text_of(client.post(at(form, "workspace_selfcheck_submit"), {"sure": "yes"}, follow=True))
    frozen = Frozen.objects.get()
    assert "Submitted." in said and frozen.sha256 in said and "天平未校准" in said
    answer = client.get(at(form, "workspace_selfcheck_version", 1))
    assert hashlib.sha256(answer.content).hexdigest() == frozen.sha256
    return_selfcheck(form, reason="请附校准证书", actor=regulator, at=AT)
    said = text_of(client_of(laboratory).get(at(form)))
    assert "Given back: 请附校准证书" in said and frozen.sha256 in said


def test_what_is_final_shows_what_inspectors_see_and_not_what_was_written_after(
    client_of: Clients, laboratory: User, boss: User, regulator: User, form: SelfCheck
) -> None:
    submit_selfcheck(filled_in(form, laboratory, i23=Given(23, PROBLEM, "天平未校准")), actor=boss, at=AT)
    return_selfcheck(form, reason="请补充", actor=regulator, at=AT)
    answer_items(form, [Given(23, PROBLEM, "后来改写")], actor=laboratory, at=AT)
    freeze_selfchecks([form.participant_id], campaign=form.call.campaign_id, actor=None, at=AT)
    said = text_of(client_of(laboratory).get(at(form)))
    assert "Inspectors see what was submitted, version 1" in said and "天平未校准" in said and "后来改写" not in said


def test_what_was_never_submitted_is_shown_to_nobody(client_of: Clients, laboratory: User, form: SelfCheck) -> None:
    freeze_selfchecks([form.participant_id], campaign=form.call.campaign_id, actor=None, at=AT)
    said = text_of(client_of(laboratory).get(at(form)))
    assert "Final without having been submitted" in said and "Nothing was submitted." in said


def test_the_table_is_printed_in_both_languages(client_of: Clients, laboratory: User, form: SelfCheck) -> None:
    answer = client_of(laboratory).get(at(form, "workspace_selfcheck_paper"))
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")


def test_questions_do_not_grow_with_answers_and_proofs(
    client_of: Clients, laboratory: User, boss: User, form: SelfCheck
) -> None:
    client, before = client_of(laboratory), Entry.objects.count()
    filled_in(form, laboratory)
    few = queries_of(lambda: client.get(at(form)))
    for no in (1, 2, 3):
        client.post(at(form), {f"f-{no}": SimpleUploadedFile("p.pdf", f"%PDF {no}".encode())})
    assert Entry.objects.count() == before + 6
    assert queries_of(lambda: client.get(at(form))) == few
