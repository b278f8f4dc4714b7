"""The officer's phone and the pages around a visit: what each shows at each stage, and what it answers to a phone."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.activities.campaigns.inspection.visits import (
    PHOTO,
    authority_here,
    begun,
    found,
    key,
    laboratory_here,
    look,
    officers,
    proof,
    recorded,
    sent,
    signed,
)
from tests.cast import user_with_post
from zhunsheng.activities.campaigns.inspection import actions
from zhunsheng.activities.campaigns.inspection.models import Disposition, Exhibit, Finding, Inspection
from zhunsheng.activities.campaigns.inspection.rules.packages import Package
from zhunsheng.activities.campaigns.rectification.models import Rectification
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.messages.models import Message
from zhunsheng.registry.people.models import Person

pytestmark = pytest.mark.django_db
Clients = Callable[[User | None], Client]


class Scene:
    """An authority, its two officers, a regulator, and a laboratory with a quality manager."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.authority, self.where = authority_here(), laboratory_here()
        self.team: list[Person] = officers(self.authority)
        self.regulator = user_with_post("decider", "regulator", self.authority)
        self.manager = user_with_post("manager", "quality_manager", self.where)

    def visit(self) -> Inspection:
        return begun(sent(self.authority, self.where, self.team, at=self.now), self.team, at=self.now)


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()


def package(**changes: Any) -> str:
    said = [{"id": str(found().id), **found(**changes).said()}]
    return json.dumps({"looks": [{"id": str(look().id), **look().said()}], "findings": said})


def text(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def test_a_visit_from_the_letter_to_the_decision(scene: Scene, client_of: Clients) -> None:
    office, ours = client_of(scene.regulator), client_of(scene.manager)
    today = timezone.localdate()
    form = {
        "verb": "one", "one-laboratory": scene.where.name_zh, "one-officers": [str(one.pk) for one in scene.team],
        "one-on": today.isoformat(), "one-until": (today + timedelta(days=2)).isoformat(),
    }  # fmt: skip
    assert office.post(reverse("office_inspection_new"), form).status_code == 302
    inspection = Inspection.objects.get()
    phones = [client_of(one.user) for one in scene.team]
    for phone in phones:
        assert scene.where.name_en in text(phone, "inspector_tasks")
        assert phone.post(reverse("inspector_declare", args=[inspection.pk]), {"free": "yes"}).status_code == 302
    assert 'id="task"' in text(phones[0], "inspector_task", inspection.pk)
    address = reverse("inspector_sync", args=[inspection.pk])
    first = phones[0].post(address, package(), content_type="application/json").json()
    again = phones[0].post(address, package(), content_type="application/json").json()
    assert (len(first["kept"]), again["kept"], len(again["known"])) == (2, [], 2)
    about = json.dumps({"id": str(proof().id), **proof().said()})
    for _ in range(2):
        given = {"about": about, "file": SimpleUploadedFile("plate.png", PHOTO)}
        assert phones[0].post(reverse("inspector_exhibit", args=[inspection.pk]), given).status_code == 200
    assert Exhibit.objects.count() == 1
    assert found().facts in text(office, "office_inspection", inspection.pk)
    assert found().facts not in text(ours, "workspace_inspection", inspection.pk), "not before the record is closed"
    phones[0].post(reverse("inspector_close", args=[inspection.pk]))
    sha256 = Inspection.objects.get().record.sha256
    assert sha256 in text(phones[0], "inspector_task", inspection.pk)
    for phone in phones:
        phone.post(reverse("inspector_sign", args=[inspection.pk]), {"sha256": sha256})
    assert found().facts in text(ours, "workspace_inspection", inspection.pk)
    ours.post(reverse("workspace_inspection_sign", args=[inspection.pk]), {"sha256": sha256, "manner": "account"})
    assert Inspection.objects.get().state == "signed"
    assert phones[0].get(reverse("inspector_task", args=[inspection.pk])).status_code == 404, "the task is over"
    decision = {
        "findings": [str(found().id)], "kind": "order", "due_on": (today + timedelta(days=30)).isoformat(), "reasons": "限期改正",
        "effect_check": "re_inspection",
    }  # fmt: skip
    assert office.post(reverse("office_inspection_decide", args=[inspection.pk]), decision).status_code == 302
    made = Disposition.objects.get()
    assert Message.objects.get().recipient == scene.manager
    assert client_of(scene.manager).get(reverse("messages")).status_code == 200
    for client, name, pk in (
        (office, "office_inspection_letter", inspection.pk), (office, "office_inspection_record", inspection.pk),
        (ours, "workspace_disposition_letter", made.pk),
    ):  # fmt: skip
        assert client.get(reverse(name, args=[pk])).content.startswith(b"%PDF")
    assert "Order to correct" in text(office, "office_inspection_findings")
    assert "Order to correct" in text(ours, "workspace_inspection", inspection.pk)
    assert "Decider" in text(office, "office_inspection_deciders")
    one = Rectification.objects.get()
    for page in ("workspace_rectifications", "home"):
        assert "F07" in text(ours, page)
    assert "Next: report" in text(ours, "workspace_rectification", one.pk)
    report = {name: f"{name} 已完成" for name in ("cause", "correction", "corrective_action", "like_cases")}
    submit = reverse("workspace_rectification_submit", args=[one.pk])
    assert "At least" not in ours.post(submit, {**report, "cause": ""}).content.decode()
    assert Rectification.objects.get().state == "open"
    ours.post(submit, {**report, "files": [SimpleUploadedFile("certificate.pdf", b"%PDF made up")]})
    assert "cause 已完成" in text(office, "office_rectification", one.pk)
    judge = reverse("office_rectification_judge", args=[one.pk])
    assert (
        "no item of the catalogue"
        in office.post(judge, {"outcome": "accepted", "reason": "x", "items": "a"}).content.decode()
    )
    office.post(judge, {"outcome": "accepted", "reason": "属实"})
    office.post(reverse("office_rectification_effect", args=[one.pk]), {"effective": "yes", "basis": "复查"})
    assert Rectification.objects.get().state == "effective"
    assert "Effect confirmed" in text(office, "office_rectifications")
    assert text(office, "office_look_back_new") and "复查" in text(ours, "workspace_rectification", one.pk)
    ours.post(reverse("workspace_disposition_appeal", args=[made.pk]), {"grounds": "证书已续"})
    assert "证书已续" in text(office, "office_inspection", inspection.pk)


def test_a_phone_is_told_of_conflicts_and_of_what_cannot_be_read(scene: Scene, client_of: Clients) -> None:
    inspection, phone = scene.visit(), client_of(scene.team[0].user)
    address = reverse("inspector_sync", args=[inspection.pk])
    phone.post(address, package(), content_type="application/json")
    told = phone.post(address, package(facts="别的事实"), content_type="application/json").json()
    assert told["conflicts"][str(key("f1"))]["facts"] == found().facts
    for wrong in ("{", "[]", package(code="F99"), "[" * 100_000):
        answer = phone.post(address, wrong, content_type="application/json")
        assert answer.status_code == 422 and answer.json()["refused"]["zh"]
    assert Finding.objects.count() == 1


def test_evidence_is_handed_out_to_be_saved_and_never_shown(scene: Scene, client_of: Clients) -> None:
    inspection = scene.visit()
    content = b"<script>alert(1)</script>"
    actions.sync(inspection, Package((), (found(),)), officer=scene.team[0], actor=None, at=scene.now)
    page = replace(proof(content=content), name='x".html\r\nX: y')
    actions.keep_exhibit(inspection, page, content, officer=scene.team[0], actor=None, at=scene.now)
    answer = client_of(scene.regulator).get(reverse("office_inspection_exhibit", args=[proof().id]))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="x_.html__X__y"'


def test_the_worker_lies_where_it_reaches_and_says_what_it_is(client_of: Clients) -> None:
    answer = client_of(None).get(reverse("inspector_worker"))
    assert answer["Content-Type"].startswith("text/javascript")
    assert reverse("inspector_worker").startswith(reverse("inspector_tasks"))
    assert b"addEventListener" in answer.content


def test_an_officer_sees_the_institution_only_during_the_task(scene: Scene, client_of: Clients) -> None:
    inspection, phone = scene.visit(), client_of(scene.team[0].user)
    assert text(phone, "inspector_task", inspection.pk)
    Inspection.objects.filter(pk=inspection.pk).update(
        on=timezone.localdate() - timedelta(days=9), until=timezone.localdate() - timedelta(days=1)
    )
    for name in ("inspector_task", "inspector_letter", "inspector_status"):
        assert phone.get(reverse(name, args=[inspection.pk])).status_code == 404


def test_a_list_of_findings_takes_the_same_questions_for_three_and_for_twenty_five(
    scene: Scene, client_of: Clients
) -> None:
    inspection, office = scene.visit(), client_of(scene.regulator)
    asked = []
    text(office, "office_inspection_findings")
    for n in (3, 25):
        more = tuple(found(f"many{n}-{i}") for i in range(n))
        actions.sync(inspection, Package((), more), officer=scene.team[0], actor=None, at=scene.now)
        with CaptureQueriesContext(connection) as counted:
            text(office, "office_inspection_findings")
        asked.append(len(counted))
    assert asked[0] == asked[1]
    assert office.get(reverse("office_inspection_findings"), {"format": "xlsx"}).content.startswith(b"PK")
    assert "many" not in text(office, "office_inspections")


def test_a_signed_record_shows_who_signed(scene: Scene, client_of: Clients) -> None:
    inspection = scene.visit()
    recorded(inspection, scene.team[0], at=scene.now)
    signed(inspection, scene.team, at=scene.now)
    assert "质量负责人" in text(client_of(scene.manager), "workspace_inspection", inspection.pk)
