"""Shipping on the pages of provider and laboratory: pack, papers, send by a table, confirm the arrival, replace."""

import io
import re
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.activities.proficiency.collect.collected import running_round
from tests.activities.proficiency.ship.shipped import parcel, ready_round
from tests.cast import institution_of
from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.ship import actions
from zhunsheng.activities.proficiency.ship.models import Parcel
from zhunsheng.activities.proficiency.ship.rules.shipping import mark_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.models import Institution

pytestmark = pytest.mark.django_db
Clients = Callable[[User | None], Client]


@pytest.fixture
def round_(provider: Institution, coordinator: User, laboratory: User, other_laboratory: User) -> Round:
    labs = [institution_of(laboratory), institution_of(other_laboratory), None]
    return ready_round(provider, coordinator, laboratories=labs)


@pytest.fixture
def desk(client_of: Clients, coordinator: User) -> Client:
    return client_of(coordinator)


def at(name: str, round_: Round, *more: object) -> str:
    return reverse(name, args=[round_.pk, *more])


def packed(round_: Round, coordinator: User) -> None:
    actions.pack(round_, actor=coordinator, at=timezone.now())


def text_in(pdf: bytes, tmp_path: Path) -> str:
    (tmp_path / "it.pdf").write_bytes(pdf)
    told = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "it.pdf", "-"], capture_output=True, text=True, check=True
    )
    return told.stdout


def test_a_closed_gate_says_what_is_missing_and_packs_nothing(
    desk: Client, provider: Institution, coordinator: User
) -> None:
    made = running_round(provider, coordinator, laboratories=[None])
    page = text_of(desk.get(at("office_round_ship", made)))
    assert "Nothing may leave yet" in page and "A mercury, homogeneity: there are no results." in page
    assert "Pack for" not in page
    answer = desk.post(at("office_round_pack", made), follow=True)
    assert "not settled" in text_of(answer) and not Parcel.objects.exists()


def test_from_packing_to_a_confirmed_arrival(desk: Client, client_of: Clients, round_: Round, laboratory: User) -> None:
    assert "3 parcels are ready" in text_of(desk.post(at("office_round_pack", round_), follow=True))
    table = desk.get(at("office_round_ship_paper", round_, "tracking")).content
    sheet = openpyxl.load_workbook(io.BytesIO(table))
    assert [row[0].value for row in sheet.worksheets[0].iter_rows(min_row=2, max_row=4)] == ["K01", "K02", "K03"]
    for row in range(2, 5):
        sheet.worksheets[0].cell(row, 2).value = f"EE{row}"
    kept = io.BytesIO()
    sheet.save(kept)
    today = timezone.localdate()
    said = {"carrier": "EMS", "sent_on": today.isoformat(), "expected_on": (today + timedelta(days=2)).isoformat()}
    sent = desk.post(
        at("office_round_send", round_), said | {"file": SimpleUploadedFile("t.xlsx", kept.getvalue())}, follow=True
    )
    assert "3 parcels are on their way" in text_of(sent) and "EE2" in text_of(sent)
    own = client_of(laboratory)
    assert "EE2" in text_of(own.get(reverse("workspace_items"))) and "EE3" not in text_of(
        own.get(reverse("workspace_items"))
    )
    address = reverse("workspace_parcel", args=[parcel(round_, "K01").pk])
    arrived = {"received_on": today.isoformat(), "condition": "leaking", "temperature": "4.5"}
    assert "Describe what is not in order" in text_of(own.post(address, arrived))
    assert "leaking" in text_of(own.post(address, arrived | {"remark": "bottle A"}, follow=True))
    page = text_of(desk.get(at("office_round_ship", round_) + "?state=faulty"))
    assert "1 parcel " in page and "bottle A" in page and "4.5 °C" in page
    replaced = desk.post(
        at("office_round_parcel_act", round_, parcel(round_, "K01").pk, "replace"), {"reason": "leaking"}, follow=True
    )
    assert "K01-R1" in text_of(replaced) and "leaking" in text_of(replaced)


def test_a_bad_row_sends_nothing_and_is_named(desk: Client, round_: Round, coordinator: User) -> None:
    packed(round_, coordinator)
    said = {"carrier": "EMS", "sent_on": timezone.localdate().isoformat()}
    rows = "Parcel,Tracking number\nK01,EE1\nK01,EE2\n,EE3\n"
    page = text_of(
        desk.post(at("office_round_send", round_), said | {"file": SimpleUploadedFile("t.csv", rows.encode())})
    )
    assert "row 3: The parcel stands in row 2, too." in page
    assert "row 4: The parcel is missing." in page
    unknown = SimpleUploadedFile("t.csv", b"Parcel,Tracking number\nK77,EE1\n")
    assert "No packed parcel is called K77" in text_of(
        desk.post(at("office_round_send", round_), said | {"file": unknown})
    )
    assert not Parcel.objects.exclude(state="packed").exists()


def test_no_label_tells_code_and_laboratory_together_nor_a_variant(
    desk: Client, round_: Round, coordinator: User, laboratory: User, tmp_path: Path
) -> None:
    packed(round_, coordinator)
    labels = desk.get(at("office_round_ship_paper", round_, "labels"))
    assert labels["Content-Disposition"] == 'attachment; filename="labels.pdf"'
    printed = text_in(labels.content, tmp_path)
    own, name = parcel(round_, "K01"), institution_of(laboratory).name_en
    assert name in printed and mark_of(own.pk, "") in printed and mark_of(own.pk, "A") in printed
    assert re.findall(r"(?<!Laboratory )\bK0\d\b", printed) == ["K01", "K02", "K03"], (
        "one label an item, none lost; no code outside"
    )
    listed = text_in(desk.get(at("office_round_ship_paper", round_, "pack-list")).content, tmp_path)
    assert name in listed and "K01" in listed and mark_of(own.pk, "") in listed and mark_of(own.pk, "A") in listed


def test_lists_are_found_sorted_and_exported(desk: Client, round_: Round, coordinator: User) -> None:
    packed(round_, coordinator)
    address = at("office_round_ship", round_)
    assert "K02" in text_of(desk.get(address + "?q=K02")) and "K01" not in text_of(desk.get(address + "?q=K02"))
    assert "Nothing matches" in text_of(desk.get(address + "?state=lost"))
    assert "没有匹配的包裹" in text_of(in_chinese(desk).get(address + "?q=zzz"))
    rows = desk.get(address + "?format=csv&sort=-code").content.decode("utf-8-sig").splitlines()
    assert [row.split(",")[0] for row in rows[1:]] == ["K03", "K02", "K01"]


def test_three_and_three_hundred_parcels_cost_the_same(desk: Client, provider: Institution, coordinator: User) -> None:
    asked = []
    for n in (3, 300):
        made = ready_round(provider, coordinator, laboratories=[None] * n, number=f"N-{n}")
        packed(made, coordinator)
        asked.append(queries_of(lambda made=made: desk.get(at("office_round_ship", made))))  # type: ignore[misc]
    assert asked[0] == asked[1]


def test_what_was_sent_to_others_is_not_there(
    client_of: Clients, round_: Round, coordinator: User, other_laboratory: User
) -> None:
    packed(round_, coordinator)
    own = parcel(round_, "K01")
    stranger = client_of(other_laboratory)
    assert stranger.get(reverse("workspace_parcel", args=[own.pk])).status_code == 404
    assert stranger.post(reverse("workspace_parcel_ask", args=[own.pk]), {"reason": "x"}).status_code == 404
