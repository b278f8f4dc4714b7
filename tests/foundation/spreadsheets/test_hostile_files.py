"""Files built to harm are refused with a sentence, in a bounded memory."""

from __future__ import annotations

import io
import re
import tempfile
import tracemalloc
import zipfile
from collections import deque
from typing import IO

import openpyxl
import pytest

from tests.foundation.spreadsheets.hostile import HONEST_ROWS, HOSTILE, MAIN, NOT_FOR_LONG_SHEETS, package
from zhunsheng.foundation.spreadsheets import BadFile, Reading, read_table
from zhunsheng.foundation.spreadsheets.reading import is_workbook
from zhunsheng.foundation.spreadsheets.streaming import stream_xlsx
from zhunsheng.foundation.spreadsheets.table import LARGE


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_file_is_refused(kind: str) -> None:
    name, make, word = HOSTILE[kind]
    data = make()
    tracemalloc.start()
    with pytest.raises(BadFile) as caught:
        read_table(data, filename=name)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    fault = caught.value.faults[0]
    assert re.search(word, fault.text.en) and fault.text.zh != fault.text.en
    assert peak < 2**29


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_upload_is_refused_by_a_child_within_its_bounds(kind: str) -> None:
    """In the child that uploads are read in: 512 MB, and the sentence about this file, in both languages.

    A minute of the processor, so that a slow machine, too, comes to that sentence and not to the one about too much time.
    """
    name, make, word = HOSTILE[kind]
    reading = Reading(make(), name, seconds=60)
    with pytest.raises(BadFile) as caught, reading:
        reading.table()
    fault = caught.value.faults[0]
    assert re.search(word, fault.text.en) and fault.text.zh != fault.text.en
    assert 0 < reading.peak_bytes < 512 * 2**20


@pytest.mark.parametrize(
    "kind", [k for k, (name, _, _) in HOSTILE.items() if name == "r.xlsx" and k not in NOT_FOR_LONG_SHEETS]
)
def test_hostile_upload_is_refused_by_the_reader_of_long_sheets_too(kind: str) -> None:
    """Whatever size it has: the same files, read row by row."""
    name, make, _ = HOSTILE[kind]
    with tempfile.TemporaryFile() as file, pytest.raises(BadFile):
        read_as_long(file, make(), name)


def read_as_long(file: IO[bytes], data: bytes, name: str) -> None:
    file.write(data)
    file.seek(0)
    is_workbook(data[: 1 << 20], name)
    deque(stream_xlsx(file, name, LARGE).rows, maxlen=0)


def test_what_reads_for_ever_is_stopped() -> None:
    """A child that got past every check of content still ends by the clock and by its memory."""
    data, many = package(HONEST_ROWS), b"a,b\n" * 1_500_000
    with pytest.raises(BadFile, match="more time or memory"), Reading(data, "r.xlsx", seconds=0.01) as reading:
        reading.table()
    with pytest.raises(BadFile, match="more time or memory"), Reading(many, "r.csv", memory=60 * 2**20) as reading:
        reading.table()


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
