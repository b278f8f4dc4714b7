"""Files into the registers on the pages: template, sending, checking, preview, applying, error file."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.faces.pages import in_chinese, queries_of, text_of
from tests.foundation.imports.sent import workbook_of
from zhunsheng.faces.jobs import actions as jobs
from zhunsheng.faces.jobs.models import Job
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.imports.models import Import
from zhunsheng.registry.institutions.models import Institution

HEAD = ["机构名称", "行政区划代码"]
SEND = reverse("import_send", args=["institutions"])


@pytest.fixture
def client(client_of: Callable[[User | None], Client], regulator: User) -> Client:
    return client_of(regulator)


def upload(client: Client, rows: list[list[str]], mode: str = "all", name: str = "名单.xlsx") -> str:
    """Send a file and let the worker check it; where the import is."""
    answer = client.post(SEND, {"file": SimpleUploadedFile(name, workbook_of([HEAD, *rows])), "mode": mode})
    assert answer.status_code == 302, text_of(answer)
    work()
    return str(answer["Location"])


def work() -> None:
    for job in Job.objects.filter(state="queued"):
        jobs.run(str(job.pk))


def test_the_template_has_marked_headings_lists_text_cells_and_a_hidden_label(client: Client) -> None:
    answer = in_chinese(client).get(reverse("import_template", args=["institutions", "xlsx"]))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    page = book.worksheets[0]
    assert page["C1"].value == "机构名称" and page["C1"].font.color.rgb == "FFB00020"
    assert page.column_dimensions["A"].width > 20 and page.column_dimensions["F"].width
    assert [v.formula1 for v in page.data_validations.dataValidation] == ["list_4", "list_7", "list_8"]
    assert {sheet.title: sheet.sheet_state for sheet in book.worksheets} == {
        "检验检测机构": "visible", "填写说明": "visible", "_meta": "veryHidden", "_lists": "veryHidden",
    }  # fmt: skip
    assert book["_meta"]["B1"].value == "institutions"


def test_a_sent_file_is_checked_shown_and_applied(client: Client) -> None:
    where = upload(client, [["杭州某中心", "330106"]])
    said = text_of(client.get(where))
    assert "checked, waiting for your decision" in said and "New 1" in said and "Let 1 row go in" in said
    assert Institution.objects.filter(name_zh="杭州某中心").count() == 0
    client.post(reverse("import_apply", args=[Import.objects.get().pk]))
    work()
    assert "Nothing is left to do." in text_of(client.get(where))
    assert Institution.objects.get(name_zh="杭州某中心").kind == "laboratory"


def test_a_change_is_shown_before_it_happens(client: Client, laboratory: User) -> None:
    there = Institution.objects.get(kind="laboratory")
    answer = client.post(
        SEND,
        {
            "file": SimpleUploadedFile(
                "f.xlsx", workbook_of([[*HEAD, "地址"], [there.name_zh, there.region_code, "新址 1 号"]])
            ),
            "mode": "all",
        },
    )
    work()
    assert "Address : — → 新址 1 号" in text_of(client.get(answer["Location"]))


def test_faults_are_shown_with_their_place_and_come_back_as_a_file(client: Client) -> None:
    where = upload(client, [["杭州某中心", "330106"], ["外省某中心", "110101"], ["某中心", "33010"]])
    said = text_of(in_chinese(client).get(where))
    assert (
        "共 3 行，其中 2 行有错误" in said
        and "行政区划代码（B） ：33010 只有 5 位" in " ".join(said.split())
        and "不在您的管辖范围内" in said
    )
    answer = client.get(reverse("import_errors", args=[Import.objects.get().pk, "xlsx"]))
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert page.max_row == 3 and page["D3"].value.startswith("行政区划代码（B）")


def test_what_is_not_wanted_is_forgotten(client: Client) -> None:
    where = upload(client, [["杭州某中心", "330106"]])
    assert client.post(f"{where}give-up/", follow=True).redirect_chain[-1][0] == reverse("imports")
    assert "given up" in text_of(client.get(reverse("imports")))
    assert client.post(f"{where}apply/", follow=True).status_code == 200
    assert Institution.objects.filter(name_zh="杭州某中心").count() == 0


def test_a_hostile_file_is_refused_and_the_site_lives(client: Client) -> None:
    answer = client.post(SEND, {"file": SimpleUploadedFile("f.xlsx", b"PK\x03\x04 nonsense"), "mode": "all"})
    work()
    assert "The workbook is damaged" in text_of(client.get(answer["Location"]))
    assert client.get(reverse("imports")).status_code == 200


def test_other_files_are_refused_at_once(client: Client) -> None:
    answer = client.post(SEND, {"file": SimpleUploadedFile("f.pdf", b"%PDF"), "mode": "all"})
    assert "Save the table as .xlsx or .csv" in text_of(answer) and not Import.objects.exists()


def test_a_check_that_lost_its_job_goes_on(client: Client) -> None:
    answer = client.post(
        SEND, {"file": SimpleUploadedFile("f.xlsx", workbook_of([HEAD, ["甲", "330106"]])), "mode": "all"}
    )
    Job.objects.update(state="failed", fault_en="lost")
    where = str(answer["Location"])
    assert "The last job failed:" in text_of(client.get(where))
    client.post(f"{where}again/")
    work()
    assert "checked, waiting" in text_of(client.get(where))


def test_the_job_is_seen_by_who_started_it(
    client: Client, client_of: Callable[[User | None], Client], laboratory: User
) -> None:
    upload(client, [["甲", "330106"]])
    where = reverse("job", args=[Job.objects.get().pk])
    assert "To the import" in text_of(client.get(where))
    assert client_of(laboratory).get(where).status_code == 404


def test_the_list_asks_as_often_for_many_as_for_few(client: Client) -> None:
    upload(client, [["甲", "330106"]])
    few = queries_of(lambda: client.get(reverse("imports")))
    for n in range(4):
        upload(client, [["甲", "330106"]], name=f"{n}.xlsx")
    assert queries_of(lambda: client.get(reverse("imports"))) == few
    assert "1 file" in text_of(client.get(reverse("imports"), {"q": "名单"}))
