"""About fifty files built to harm, each made by a function: the name it comes under, and words of which the refusal has one."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

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


def repeated(block: bytes, times: int) -> tuple[bytes, int]:
    """Raw deflate of a block many times over, made in no time: full flushes make its compressed forms joinable."""
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    once = engine.compress(block) + engine.flush(zlib.Z_FULL_FLUSH)
    return once * times + zlib.compressobj(9, zlib.DEFLATED, -15).flush(), len(block) * times


def with_deflated_part(name: str, before: bytes, block: bytes, times: int, **parts: str) -> bytes:
    """An honest package but for one part, which unpacks to `before` and then `block` as often as said."""
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = engine.compress(before) + engine.flush(zlib.Z_FULL_FLUSH)
    rest, size = repeated(block, times)
    raw += rest
    whole = package(HONEST_ROWS, **parts)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        others = {part.filename: archive.read(part) for part in archive.infolist() if part.filename != name}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, content in others.items():
            archive.writestr(other, content)
        archive.writestr(zipfile.ZipInfo(name), b"")
    data = bytearray(buffer.getvalue())
    return splice(data, name, raw, len(before) + size)


def splice(data: bytearray, name: str, raw: bytes, size: int) -> bytes:
    """Give the last, empty part of a package a compressed content of its own."""
    local = data.rfind(b"PK\x03\x04")
    directory = data.find(b"PK\x01\x02")
    struct.pack_into("<H", data, local + 8, 8)
    struct.pack_into("<III", data, local + 14, 0, len(raw), size)
    entry = data.rfind(b"PK\x01\x02")
    struct.pack_into("<H", data, entry + 10, 8)
    struct.pack_into("<III", data, entry + 16, 0, len(raw), size)
    end = data.rfind(b"PK\x05\x06")
    struct.pack_into("<I", data, end + 16, directory + len(raw))
    return bytes(data[:directory]) + raw + bytes(data[directory:])


SHEET = "xl/worksheets/sheet1.xml"
SHEET_START = (
    f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve">'.encode()
)
BILLION = (
    "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(9))
    + "]>"
)


def a_gigabyte_of_spaces() -> bytes:
    return with_deflated_part(SHEET, SHEET_START[: SHEET_START.index(b"<row")], b" " * 2**20, 1024)


def a_gigabyte_of_spaces_in_a_cell() -> bytes:
    return with_deflated_part(SHEET, SHEET_START, b" " * 2**20, 1024)


def a_gigabyte_of_rows() -> bytes:
    return with_deflated_part(
        SHEET, SHEET_START[: SHEET_START.index(b"<row")], b'<row><c t="b"><v>1</v></c></row>' * 2**15, 1024
    )


def a_gigabyte_of_shared_text() -> bytes:
    text = f'<sst xmlns="{MAIN}"><si><t>'.encode()
    return with_deflated_part("xl/sharedStrings.xml", text, b"x" * 2**20, 1024, **{"xl/sharedStrings.xml": "<a/>"})


def with_formula(formula: str) -> bytes:
    return package(HONEST_ROWS + f'<row r="3"><c r="A3" t="str"><f>{formula}</f><v>0</v></c></row>')


def many_sheets() -> bytes:
    sheets = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, 2500))
    book = BOOK.replace('<sheet name="S" sheetId="1" r:id="rId1"/>', sheets)
    return package(
        HONEST_ROWS, **{"xl/workbook.xml": book}, **{f"xl/worksheets/sheet{n}.xml": "<a/>" for n in range(2, 2500)}
    )


def wrong_checksum() -> bytes:
    data = bytearray(package(HONEST_ROWS))
    place = data.find(b"PK\x03\x04", data.find(b"xl/_rels"))
    data[place + 60 : place + 120] = bytes(60)
    return bytes(data)


def deep_nesting() -> bytes:
    return package('<row r="1">' + "<c>" * 400_000)


def overlapping_parts() -> bytes:
    """Two thousand names for the same compressed megabytes."""
    data = with_deflated_part(SHEET, b"<a>", b" " * 2**20, 200)
    end, start = data.rfind(b"PK\x05\x06"), data.find(b"PK\x01\x02")
    entry = data[data.rfind(b"PK\x01\x02") : end]
    more = b"".join(entry.replace(b"sheet1.xml", b"%06d.xml" % n)[: len(entry)] for n in range(1500))
    tail = bytearray(data[end:])
    count = struct.unpack_from("<H", tail, 8)[0] + 1500
    struct.pack_into("<HHI", tail, 8, count, count, end - start + len(more))
    return data[:end] + more + bytes(tail)


def random_bytes_in_a_workbook() -> bytes:
    whole = bytearray(package(HONEST_ROWS * 200))
    noise = random.Random(7)
    for _ in range(40):
        whole[noise.randrange(30, len(whole) - 200)] = noise.randrange(256)
    return bytes(whole)


NOT_FOR_LONG_SHEETS = {
    "entity in the sheet", "entity in shared text", "rows without numbers", "a gigabyte of rows", "a gigabyte of shared text",
}  # fmt: skip
"""What does no harm to a reader that goes row by row and opens only what it needs: long, but read in little memory."""
HOSTILE |= {
    "a gigabyte of spaces": ("r.xlsx", a_gigabyte_of_spaces, "unpacks"),
    "a gigabyte of spaces in a cell": ("r.xlsx", a_gigabyte_of_spaces_in_a_cell, "unpacks"),
    "a gigabyte of rows": ("r.xlsx", a_gigabyte_of_rows, "refused|stopped|too big"),
    "a gigabyte of shared text": ("r.xlsx", a_gigabyte_of_shared_text, "unpacks"),
    "sixty megabytes of spaces": ("r.csv", lambda: b" " * (60 * 2**20), "empty"),
    "one long quotation": ("r.csv", lambda: b'lab,result\n"' + b"a" * 20_000_000, "cannot be read"),
    "ten million columns": ("r.csv", lambda: b"a," * 10_000_000, "too big|stopped"),
    "a million empty rows and one": ("r.csv", lambda: b"a,b\n" + b",\n" * 600_000 + b"1,2\n", "too big"),
    "external entity": (
        "r.xlsx",
        lambda: package(HONEST_ROWS, **{"xl/workbook.xml": ENTITY + BOOK}),
        "type definition",
    ),
    "billion laughs": (
        "r.xlsx",
        lambda: package(HONEST_ROWS, **{"xl/styles.xml": BILLION + "<a>&j;</a>"}),
        "type definition",
    ),
    "macros by content type": (
        "r.xlsx",
        lambda: package(
            HONEST_ROWS, **{"[Content_Types].xml": TYPES.replace("sheet.main+xml", "sheet.macroEnabled.main+xml")}
        ),
        "macros",
    ),
    "macro sheet": ("r.xlsx", lambda: package(HONEST_ROWS, **{"xl/macrosheets/sheet1.xml": "<a/>"}), "macros"),
    "embedded object": ("r.xlsx", lambda: package(HONEST_ROWS, **{"xl/embeddings/oleObject1.bin": "x"}), "embedded"),
    "control": ("r.xlsx", lambda: package(HONEST_ROWS, **{"xl/activeX/activeX1.xml": "<a/>"}), "embedded"),
    "formula that starts a program": ("r.xlsx", lambda: with_formula("cmd|&apos;/c calc&apos;!A0"), "reaches out"),
    "formula that asks a server": ("r.xlsx", lambda: with_formula("WEBSERVICE(&quot;x&quot;)"), "reaches out"),
    "formula of a live link": ("r.xlsx", lambda: with_formula("RTD(&quot;a.b&quot;,,&quot;c&quot;)"), "reaches out"),
    "many sheets": ("r.xlsx", many_sheets, "unpacks"),
    "wrong checksum": ("r.xlsx", wrong_checksum, "damaged"),
    "deep nesting": ("r.xlsx", deep_nesting, "read"),
    "overlapping parts": ("r.xlsx", overlapping_parts, "unpacks"),
}
