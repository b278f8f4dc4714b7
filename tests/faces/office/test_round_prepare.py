"""The pages on which items are prepared."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from tests.activities.proficiency.planned import planned_round
from tests.activities.proficiency.prepare.studies import ARSENIC, ARSENIC_SIGMA, COPPER, studied
from tests.cast import institution_of, user_with_post
from tests.faces.pages import in_chinese, queries_of, text_of
from tests.faces.promises.round_prepare import running
from zhunsheng.activities.proficiency.models import Participation, Round, RoundMeasurand
from zhunsheng.activities.proficiency.plan.models import Plan
from zhunsheng.activities.proficiency.prepare.models import Assignment, Seal, Study
from zhunsheng.activities.proficiency.prepare.queries import gate
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.spreadsheets import Sheet, read_table, write_xlsx

pytestmark = pytest.mark.django_db
VALUE = "0.1874321"


@pytest.fixture
def desk(coordinator: User, client: Client) -> Client:
    client.force_login(coordinator)
    return client


@pytest.fixture
def round_(coordinator: User) -> Round:
    return planned_round(institution_of(coordinator), coordinator, sigma=ARSENIC_SIGMA, variants=2)


@pytest.fixture
def mercury(round_: Round) -> RoundMeasurand:
    return round_.measurands.get(position=0)


@pytest.fixture
def desk_of(client_class: Callable[[], Client]) -> Callable[[User], Client]:
    def signed_in(user: User) -> Client:
        made = client_class()
        made.force_login(user)
        return made

    return signed_in


@pytest.fixture
def client_class() -> Callable[[], Client]:
    return Client


def pasted(values: tuple[tuple[str, ...], ...] = ARSENIC) -> str:
    rows = ["\t".join([str(n), *one]) for n, one in enumerate(values, 1)]
    return "\n".join(["Unit\tReplicate 1\tReplicate 2", *rows])


def enter(round_: Round, kind: str = "homogeneity") -> str:
    return reverse("office_round_prepare_enter", args=[round_.pk, kind])


def test_pasted_results_are_judged_and_shown_with_every_figure(
    desk: Client, round_: Round, mercury: RoundMeasurand
) -> None:
    assertContains(desk.get(reverse("office_round_prepare", args=[round_.pk])), "there are no results", 4)
    answer = desk.post(enter(round_), {"measurand": str(mercury.pk), "table": pasted()}, follow=True)
    said = text_of(answer)
    assert "s s = 0.000601 ≤ 0.3 σ pt = 0.00842 mg/kg: the units are homogeneous enough." in said
    for figure in ("0.00003167", "0.00003095", "0.00556", "0.0128", "0.00263", "n = 20", "intercomp"):
        assert figure in said
    assertContains(answer, "0.180")  # as received, not 0.18
    assertContains(in_chinese(desk).get(answer.redirect_chain[-1][0]), "样品均匀性满足要求")
    kept = Attachment.objects.get()
    raw = desk.get(reverse("office_round_prepare_raw", args=[round_.pk, Study.objects.get().pk]))
    assert hashlib.sha256(raw.content).hexdigest() == kept.sha256 and raw.content.decode() == pasted()


def test_the_template_comes_back_as_results_of_all(desk: Client, round_: Round) -> None:
    answer = desk.get(reverse("office_round_prepare_template", args=[round_.pk, "homogeneity", "csv"]))
    lines = answer.content.decode("utf-8-sig").splitlines()
    filled = [lines[0]] + [f"{line.rstrip(',')},0.18{n % 7},0.19{n % 5}" for n, line in enumerate(lines[1:])]
    file = SimpleUploadedFile("filled.csv", "\n".join(filled).encode())
    desk.post(enter(round_), {"measurand": "", "table": "", "file": file})
    assert [one.rows[0]["values"] for one in Study.objects.order_by("measurand")] == [
        ["0.180", "0.190"],
        ["0.183", "0.190"],
    ]
    book = desk.get(reverse("office_round_prepare_template", args=[round_.pk, "stability", "xlsx"])).content
    table = read_table(BytesIO(book).getvalue(), filename="t.xlsx")
    assert [one.text for one in table.header][:4] == ["Item", "Measurand", "Group or day", "Unit"] and len(
        table.rows
    ) == 12


def test_the_field_is_typed_into_as_it_stands(desk: Client, round_: Round, mercury: RoundMeasurand) -> None:
    page = desk.get(enter(round_), {"measurand": mercury.pk}).content.decode()
    blank = page.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0].strip()
    assert blank.startswith("Unit;Replicate 1;Replicate 2\n1;;\n2;;")
    typed = blank.replace("1;;\n", "1;0,185;0,194\n", 1).replace("2;;\n", "2;0,187;\n", 1)
    desk.post(enter(round_), {"measurand": str(mercury.pk), "table": typed})
    assert [one["values"] for one in Study.objects.get().rows] == [["0,185", "0,194"], ["0,187", ""]]


def test_a_workbook_is_taken(desk: Client, round_: Round) -> None:
    rows = [["A", "汞", group, str(n), 0.19, 0.18] for group in ("2026-05-06", "2026-06-01") for n in (1, 2)]
    book = BytesIO()
    write_xlsx(
        book, [Sheet("稳定性", ["样品", "被测量", "日期", "样品单元", "重复 1", "重复 2"], rows, widths=[12] * 6)]
    )
    file = SimpleUploadedFile("Stability.XLSX", book.getvalue())
    answer = desk.post(enter(round_, "stability"), {"measurand": "", "table": "", "file": file}, follow=True)
    assertContains(answer, "the items are stable enough")
    study = Study.objects.get()
    assert (study.sheet, study.rows[3]["group"]) == ("稳定性", "2026-06-01")
    raw = desk.get(reverse("office_round_prepare_raw", args=[round_.pk, study.pk]))
    assert raw.content == book.getvalue() and raw.headers["Content-Disposition"].endswith('"stability-1.xlsx"')


def test_without_sigma_the_coordinator_may_accept(desk: Client, coordinator: User) -> None:
    round_ = planned_round(institution_of(coordinator), coordinator, sigma="algorithm-a")
    one = round_.measurands.get(position=0)
    verdict = studied(round_, "homogeneity", coordinator, one)[0]
    page = reverse("office_round_prepare_study", args=[round_.pk, one.pk, "homogeneity"])
    said = text_of(desk.get(page))
    assert "is not known yet, so there is no limit to compare with" in said and "Expanded limit" not in said
    assertContains(in_chinese(desk).get(page), "在无法判定的情况下接受")
    waive = reverse("office_round_prepare_waive", args=[round_.pk, one.pk, "homogeneity"])
    desk.post(waive, {"reason": "s_s 很小", "verdict": str(verdict.pk)})
    assert len(gate(round_).missing) == 3


def test_a_faulty_table_names_the_place_and_keeps_nothing(desk: Client, round_: Round, mercury: RoundMeasurand) -> None:
    answer = desk.post(enter(round_), {"measurand": str(mercury.pk), "table": pasted().replace("0.180", "<0.2")})
    said = text_of(answer)
    assert "Nothing was kept." in said and "7 C" in said and "“&lt;0.2” is not a number" in said
    assert not Study.objects.exists() and not Attachment.objects.exists()
    alone = desk.post(enter(round_, "stability"), {"measurand": str(mercury.pk), "table": pasted()})
    assertContains(alone, "no homogeneity results to compare it with")
    assert not Attachment.objects.exists()  # what was refused by the verb is not kept either
    assertContains(desk.post(enter(round_), {"measurand": "", "table": " "}), "Paste a table or choose a file.")


def test_a_failed_study_closes_the_gate_until_it_is_waived(
    desk: Client, round_: Round, mercury: RoundMeasurand, coordinator: User
) -> None:
    studied(round_, "homogeneity", coordinator)
    studied(round_, "stability", coordinator)
    failed = studied(round_, "homogeneity", coordinator, mercury, values=COPPER)[0]
    page = reverse("office_round_prepare_study", args=[round_.pk, mercury.pk, "homogeneity"])
    assertContains(desk.get(page), "the units are not homogeneous enough")
    waive = reverse("office_round_prepare_waive", args=[round_.pk, mercury.pk, "homogeneity"])
    assertContains(desk.post(waive, {"reason": "", "verdict": str(failed.pk)}), "Nothing was done")
    assertContains(desk.post(waive, {"reason": "x", "verdict": ""}), "judged anew since you looked")
    assertContains(
        desk.post(waive, {"reason": "s_s goes into σ_pt", "verdict": str(failed.pk)}, follow=True), "s_s goes into σ_pt"
    )
    judge = reverse("office_round_prepare_judge", args=[round_.pk, mercury.pk, "stability"])
    assertContains(desk.post(judge, follow=True), "not stable enough")  # against the new homogeneity results
    assert [one.en for one in gate(round_).missing] == ["A mercury, stability: not passed."]


def test_the_overview_as_a_file(desk: Client, round_: Round, coordinator: User) -> None:
    studied(round_, "homogeneity", coordinator)
    rows = desk.get(reverse("office_round_prepare", args=[round_.pk]), {"format": "csv"}).content.decode("utf-8-sig")
    assert len(rows.splitlines()) == 5 and "passed,,0.02807,20,0.000601,0.00842,0.00263" in rows


def test_a_sealed_value_stands_on_no_page_but_of_whoever_sealed_it(
    desk: Client, coordinator: User, laboratory: User, regulator: User, administrator: User, desk_of: Callable[[User], Client]
) -> None:  # fmt: skip
    round_ = running(coordinator, "S-1", closes=timezone.now() + timedelta(days=1))
    one, provider = round_.measurands.get(position=0), institution_of(coordinator)
    address = reverse("office_round_prepare_seal", args=[round_.pk, one.pk, 1])
    done = desk.post(address, {"assigned": VALUE, "u": "0.002"}, follow=True)
    sealed = Seal.objects.get()
    assertContains(done, VALUE)
    assertContains(done, sealed.commitment)
    others = [
        desk_of(user_with_post("second", "coordinator", provider)),
        desk_of(user_with_post("numbers", "statistician", provider)),
    ]
    pages = ["office_round", "office_round_prepare", "office_round_plan", "office_round_prepare_variants"]
    for name in pages:
        for other in others:
            assert VALUE not in other.get(reverse(name, args=[round_.pk])).content.decode()
    assertContains(others[0].get(reverse("office_round_prepare", args=[round_.pk])), sealed.commitment)
    assertNotContains(others[0].get(address), VALUE)
    assertNotContains(desk.get(address), VALUE)  # not even the form for a new seal repeats it
    assert (
        VALUE
        not in others[1].get(reverse("office_round_prepare", args=[round_.pk]), {"format": "csv"}).content.decode()
    )
    for stranger in (laboratory, regulator, administrator):
        assert desk_of(stranger).get(reverse("office_round_prepare", args=[round_.pk])).status_code == 404
    assert not any(VALUE.encode() in bytes(entry.canonical) for entry in Entry.objects.all())
    desk.post(reverse("office_round_prepare_unseal", args=[round_.pk]))
    assert not hasattr(Seal.objects.get(), "opening")


def test_after_the_deadline_seals_are_opened_and_anyone_computes_again(
    desk: Client, coordinator: User, desk_of: Callable[[User], Client]
) -> None:
    round_ = running(coordinator, "S-2", closes=timezone.now() + timedelta(days=1))
    one = round_.measurands.get(position=0)
    address = reverse("office_round_prepare_seal", args=[round_.pk, one.pk, 1])
    desk.post(address, {"assigned": VALUE, "u": "0.002"})
    Plan.objects.filter(round=round_).update(results_until=timezone.now() - timedelta(seconds=1))
    statistician = desk_of(user_with_post("numbers", "statistician", institution_of(coordinator)))
    page = reverse("office_round_prepare", args=[round_.pk])
    assertContains(statistician.get(page), VALUE)
    assertNotContains(statistician.get(page), "Open the seals")
    assertContains(desk.post(address, {"assigned": "1", "u": "", "reason": "x"}), "The deadline for results has passed")
    assert statistician.post(reverse("office_round_prepare_unseal", args=[round_.pk])).status_code == 404
    assertContains(
        desk.post(reverse("office_round_prepare_unseal", args=[round_.pk]), follow=True), "1 seals are open."
    )
    sealed = Seal.objects.get()
    told = statistician.get(reverse("office_round_prepare_opened", args=[round_.pk, sealed.pk])).content
    assert hashlib.sha256(told).hexdigest() == sealed.commitment and VALUE.encode() in told


def test_variants_are_assigned_searched_replaced_and_downloaded(desk: Client, coordinator: User) -> None:
    round_ = running(coordinator, "V-1", closes=timezone.now() + timedelta(days=1))
    page = reverse("office_round_prepare_variants", args=[round_.pk])
    assertContains(desk.get(page), "Assign at random")
    answer = desk.post(reverse("office_round_prepare_assign", args=[round_.pk]), follow=True)
    assertContains(answer, "10 variants were assigned.")
    assert "variant 1 × 5, variant 2 × 5" in text_of(answer)
    assertContains(
        desk.post(reverse("office_round_prepare_assign", args=[round_.pk]), follow=True), "Everybody has a variant"
    )
    assertContains(desk.get(page, {"q": "p07"}), "P07")
    assertNotContains(desk.get(page, {"q": "p07"}), "P08")
    was = Assignment.objects.get(participation__code="P07")
    said = {"code": "P07", "item": str(was.item_id), "variant": str(3 - was.variant), "reason": "broken"}
    replace = reverse("office_round_prepare_replace", args=[round_.pk])
    assertContains(desk.post(replace, {**said, "code": "Q1"}), "There is no such code in this round.")
    assertContains(desk.post(replace, {**said, "variant": str(was.variant)}), "Choose another variant")
    desk.post(replace, said)
    listed = desk.get(page, {"format": "csv", "q": "P07"}).content.decode("utf-8-sig").splitlines()
    assert listed[1] == f"P07,{3 - was.variant}" and len(listed) == 2


def test_pages_ask_no_more_for_many(desk: Client, coordinator: User) -> None:
    round_ = running(coordinator, "Q-1", closes=timezone.now() + timedelta(days=1))
    studied(round_, "homogeneity", coordinator)
    pages = [reverse(name, args=[round_.pk]) for name in ("office_round_prepare", "office_round_prepare_variants")]
    few = [queries_of(partial(desk.get, one)) for one in pages]
    RoundMeasurand.objects.bulk_create(
        RoundMeasurand(round=round_, position=n, name=f"M{n}", item="A", unit="mg/kg") for n in range(2, 60)
    )
    Participation.objects.bulk_create(Participation(round=round_, code=f"R{n:03}") for n in range(300))
    studied(round_, "homogeneity", coordinator)
    desk.post(reverse("office_round_prepare_assign", args=[round_.pk]))
    many = [queries_of(partial(desk.get, one)) for one in pages]
    assert many[0] == few[0] and many[1] <= few[1] + 1  # the counts of variants look for nothing where there is none
