"""Files into the registers on the command line."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from tests.foundation.imports.sent import sender, workbook_of
from zhunsheng.faces.cli import app
from zhunsheng.foundation.imports.models import Import
from zhunsheng.registry.institutions.models import Institution

pytestmark = pytest.mark.django_db
RUN = CliRunner()
HEAD = ["机构名称", "行政区划代码"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "名单.xlsx"
    path.write_bytes(workbook_of([HEAD, ["杭州某中心", "330106"], ["错误中心", "33010"]]))
    sender()
    return path


def test_rows_go_in_and_the_failed_come_back(file: Path, tmp_path: Path) -> None:
    errors = tmp_path / "errors.xlsx"
    done = RUN.invoke(
        app,
        [
            "import",
            "institutions",
            str(file),
            "--as",
            "sender",
            "--mode",
            "rows",
            "--errors",
            str(errors),
            "--lang",
            "en",
        ],
    )
    assert done.exit_code == 0, done.output
    assert (
        "done: 2 rows; 1 new, 0 changed, 0 unchanged, 1 failed." in done.output
        and "row 3 B: 33010 has 5 digits" in done.output
    )
    assert openpyxl.load_workbook(errors).worksheets[0]["A2"].value == "错误中心"
    assert Institution.objects.get().name_zh == "杭州某中心"


def test_all_or_nothing_is_the_default_and_says_no(file: Path) -> None:
    done = RUN.invoke(app, ["import", "institutions", str(file), "--as", "sender"])
    assert done.exit_code == 1 and "未作任何更改" in done.output and not Institution.objects.exists()


def test_a_check_alone_changes_nothing(file: Path) -> None:
    done = RUN.invoke(
        app, ["import", "institutions", str(file), "--as", "sender", "--mode", "rows", "--check", "--lang", "en"]
    )
    assert done.exit_code == 0 and "checked, waiting" in done.output
    assert not Institution.objects.exists() and Import.objects.get().state == "given_up"


def test_what_does_not_exist_is_said(file: Path) -> None:
    assert "没有登记类别" in RUN.invoke(app, ["import", "moons", str(file), "--as", "sender"]).output
    assert (
        "There is no user" in RUN.invoke(app, ["import", "institutions", str(file), "--as", "x", "--lang", "en"]).output
    )
    assert (
        "all or rows"
        in RUN.invoke(
            app, ["import", "institutions", str(file), "--as", "sender", "--mode", "x", "--lang", "en"]
        ).output
    )


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_what_is_exported_is_imported_unchanged(file: Path, tmp_path: Path, name: str) -> None:
    RUN.invoke(app, ["import", "institutions", str(file), "--as", "sender", "--mode", "rows"])
    out = tmp_path / name
    assert RUN.invoke(app, ["export", "institutions", "--out", str(out)]).exit_code == 0
    done = RUN.invoke(app, ["import", "institutions", str(out), "--as", "sender", "--lang", "en"])
    assert "0 new, 0 changed, 1 unchanged, 0 failed" in done.output
    assert RUN.invoke(app, ["template", "institutions", "--out", str(out), "--lang", "en"]).exit_code == 0
    assert out.stat().st_size > 100
