"""Files built to harm are refused with a sentence, quickly, in a bounded memory."""

from __future__ import annotations

import io
import random
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from zhunsheng.foundation.spreadsheets import BadFile, read_table

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
    '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
BOOK_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)


ROOT_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)


def package(rows: str, **more: str) -> bytes:
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": ROOT_RELATIONS,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": BOOK_RELATIONS,
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (parts | more).items():
            archive.writestr(name, text)
    return buffer.getvalue()


HONEST_ROWS = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>lab</t></is></c><c r="B1" t="inlineStr"><is><t>result</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>a</t></is></c><c r="B2"><v>0.5</v></c></row>'
)


def lying_about_size() -> bytes:
    """The directory says that the sheet is 100 bytes long; it unpacks to 150 MB."""
    data = bytearray(package("<row>" + " " * 150_000_000 + "</row>"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        true_size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    return bytes(data).replace(struct.pack("<L", true_size), struct.pack("<L", 100))


def plain_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("results.csv", "lab,result\na,1\n")
    return buffer.getvalue()


def encrypted_workbook() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 900


def many_parts() -> bytes:
    return package(HONEST_ROWS, **{f"xl/media/{n}.xml": "<a/>" for n in range(3000)})


def rows_without_numbers() -> bytes:
    digits = random.Random(1)
    return package("".join(f'<row ht="{digits.randrange(1000)}"/>' for _ in range(600_000)))


def shared_text_amplified() -> bytes:
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 60_001))
    shared = f'<sst xmlns="{MAIN}"><si><t>{"x" * 30_000}</t></si></sst>'
    return package(cells, **{"xl/sharedStrings.xml": shared})


ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "empty": ("r.csv", lambda: b"", "empty"),
    "only spaces": ("r.csv", lambda: b"\xef\xbb\xbf \r\n\r\n", "empty"),
    "only delimiters": ("r.csv", lambda: b",,,\n,,,\n", "empty"),
    "old excel": ("r.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
    "old excel renamed": ("r.xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
    "password": ("r.xlsx", encrypted_workbook, "password"),
    "macros by name": ("r.xlsm", lambda: package(HONEST_ROWS), "macros"),
    "macros by content": ("r.xlsx", lambda: package(HONEST_ROWS, **{"xl/vbaProject.bin": "x"}), "macros"),
    "binary workbook": ("r.xlsx", lambda: package(HONEST_ROWS, **{"xl/workbook.bin": "x"}), "Binary"),
    "open document": ("r.xlsx", lambda: package("", **{"mimetype": "a", "content.xml": "<a/>"}), "OpenDocument"),
    "zip of a csv": ("r.xlsx", plain_zip, "compressed"),
    "pdf": ("r.csv", lambda: b"%PDF-1.7\n1 0 obj\n", "PDF"),
    "picture": ("r.csv", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 90, "picture"),
    "web page": ("r.xls.csv", lambda: b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
    "xml": ("r.csv", lambda: b'<?xml version="1.0"?><a/>', "XML"),
    "utf-16": ("r.csv", lambda: "lab,result\na,1\n".encode("utf-16"), "UTF-8"),
    "noise": ("r.csv", lambda: b"lab,result\n\xff\xfe\xfd,1\n", "UTF-8"),
    "null byte": ("r.csv", lambda: b"lab,result\na\0b,1\n", "UTF-8"),
    "pdf hidden in csv": ("r.csv", lambda: b"lab,result\n%PDF-1.4,1\n", "two kinds"),
    "zip behind csv": ("r.csv", lambda: b"lab,result\na,1\n" + plain_zip(), "two kinds"),
    "something behind the zip": ("r.xlsx", lambda: package(HONEST_ROWS) + b"<script>", "more than a workbook"),
    "truncated": ("r.xlsx", lambda: package(HONEST_ROWS)[:-40], "damaged"),
    "zip bomb": ("r.xlsx", lambda: package("<row>" + " " * 150_000_000 + "</row>"), "unpacks"),
    "zip bomb that lies": ("r.xlsx", lying_about_size, "unpacks"),
    "many parts": ("r.xlsx", many_parts, "unpacks"),
    "shared text amplified": ("r.xlsx", shared_text_amplified, "unpacks"),
    "entity in the sheet": (
        "r.xlsx",
        lambda: package(HONEST_ROWS, **{"xl/worksheets/s2.xml": ENTITY}),
        "type definition",
    ),
    "entity in shared text": (
        "r.xlsx",
        lambda: package(HONEST_ROWS, **{"xl/sharedStrings.xml": ENTITY}),
        "type definition",
    ),
    "cell at the far corner": ("r.xlsx", lambda: package('<row r="1"><c r="XFD1048576"><v>1</v></c></row>'), "too big"),
    "spaced reference": ("r.xlsx", lambda: package("<row r = '1048576'><c r = 'XFD1048576'/></row>"), "too big"),
    "rows without numbers": ("r.xlsx", rows_without_numbers, "too big"),
    "cells without references": ("r.xlsx", lambda: package("<row>" + "<c><v>1</v></c>" * 9_000 + "</row>"), "too big"),
    "not a workbook inside": ("r.xlsx", lambda: package("", **{"xl/workbook.xml": "nonsense"}), "read"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_file_is_refused(kind: str) -> None:
    name, make, word = HOSTILE[kind]
    data = make()
    tracemalloc.start()
    start = time.perf_counter()
    with pytest.raises(BadFile) as caught:
        read_table(data, filename=name)
    spent, peak = time.perf_counter() - start, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    fault = caught.value.faults[0]
    assert word in fault.text.en and fault.text.zh != fault.text.en
    assert spent < 5 and peak < 2**29


def test_the_honest_package_beside_them_is_read() -> None:
    assert read_table(package(HONEST_ROWS), filename="r.xlsx").rows[0].texts == ["a", "0.5"]


def test_a_part_in_utf_16_is_refused() -> None:
    data = package(HONEST_ROWS)
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("xl/styles.xml", "<!DOCTYPE a []><a/>".encode("utf-16"))
    with pytest.raises(BadFile, match="foreign encoding"):
        read_table(buffer.getvalue(), filename="r.xlsx")


def test_a_cell_without_reference_in_a_prefixed_sheet_is_read() -> None:
    rows = '<x:row><x:c t="inlineStr"><x:is><x:t>lab</x:t></x:is></x:c></x:row><x:row><x:c><x:v>2</x:v></x:c></x:row>'
    sheet = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    table = read_table(package("", **{"xl/worksheets/sheet1.xml": sheet}), filename="r.xlsx")
    assert [row.texts for row in table.rows] == [["2"]]


def test_a_workbook_named_csv_is_read_by_its_content() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["lab", "result"])
    buffer = io.BytesIO()
    book.save(buffer)
    assert read_table(buffer.getvalue(), filename="r.csv").header[0].text == "lab"
