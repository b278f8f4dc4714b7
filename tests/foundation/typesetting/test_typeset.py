"""The compiler kept, the house style, and what a PDF must have inside."""

from __future__ import annotations

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pikepdf
import pytest
import typst
from PIL import Image

from zhunsheng.foundation.typesetting import typeset as module
from zhunsheng.foundation.typesetting.typeset import Attachment, typeset

SIGNS = "μ Ω ℃ ≤ ≥ √ ≈ ′ ζ σ ± × ⁻⁹ ₁ † ‡ … – − 㐀 镉 䶮"
PAGE = """
#import "house.typ": *
#show: house.with(title: data.title, identification: "R-1")
= #data.title
#data.body
#if "logo" in images { picture("logo", "a logo", width: 1cm) }
"""


@pytest.fixture
def page(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> str:
    """A template of its own beside the house style."""
    templates = tmp_path_factory.mktemp("templates")
    (templates / "house.typ").write_text((module.TEMPLATES / "house.typ").read_text("utf-8"), "utf-8")
    (templates / "page.typ").write_text(PAGE, "utf-8")
    monkeypatch.setattr(module, "TEMPLATES", templates)
    monkeypatch.setattr(module, "_compiler", None)
    return "page"


def data(**changes: Any) -> dict[str, Any]:
    return {"lang": "zh", "title": "报告", "body": SIGNS} | changes


def test_a_pdf_is_tagged_titled_and_undated(page: str) -> None:
    with pikepdf.open(io.BytesIO(typeset(page, data()))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("zh")
        assert str(pdf.docinfo["/Title"]) == "报告"
        assert "/CreationDate" not in pdf.docinfo


def test_every_font_is_inside(page: str) -> None:
    with pikepdf.open(io.BytesIO(typeset(page, data()))) as pdf:
        fonts = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"]
        assert fonts
        assert all(any(key in font for key in ("/FontFile", "/FontFile2", "/FontFile3")) for font in fonts)


def test_no_sign_that_a_report_needs_is_missing(page: str) -> None:
    """PDF/UA-1 export refuses a glyph that no font has."""
    typeset(page, data(body=SIGNS))
    with pytest.raises(typst.TypstError, match="PDF/UA-1"):
        typeset(page, data(body="\U000e9999"))


def test_attachments_keep_their_bytes(page: str) -> None:
    given = {
        "a.json": Attachment(b'{"x":"\xe6\xb1\x9e"}', "application/json", "data"),
        "b.bin": (b"\xff\x00", "x/y", "b"),
    }
    with pikepdf.open(io.BytesIO(typeset(page, data(), attachments=given))) as pdf:
        assert {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()} == {
            "a.json": b'{"x":"\xe6\xb1\x9e"}',
            "b.bin": b"\xff\x00",
        }
        assert pdf.attachments["a.json"].get_file().mime_type == "application/json"


def test_a_picture_may_be_pixels(page: str) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(buffer, "PNG")
    assert b"/Subtype/Image" in typeset(page, data(), images={"logo": buffer.getvalue()}).replace(b" /", b"/")


def test_words_are_never_markup(page: str) -> None:
    hostile = '#panic("x") $ ] *b* <a> @b \\ "'
    assert typeset(page, data(title=hostile, body=hostile)).startswith(b"%PDF")


def test_same_input_same_bytes_whoever_asks_at_the_same_time(page: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        papers = list(pool.map(lambda i: typeset(page, data(body=f"{i % 2}")), range(8)))
    assert len(set(papers)) == 2


def test_a_process_forked_too_late_is_told_and_does_not_hang(page: str) -> None:
    code = (
        "import os, sys; from zhunsheng.foundation.typesetting.typeset import _one_compiler, typeset\n"
        "_one_compiler()\nchild = os.fork()\n"
        "if child: sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
        "try: typeset('evaluation', {'lang': 'zh'})\n"
        "except RuntimeError as e: os._exit(7 if 'fork first' in str(e) else 1)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 7
