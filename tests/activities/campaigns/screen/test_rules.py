"""The rules one by one on a few rows, and on a made-up network: what is planted, and what is honest."""

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.activities.campaigns.screen.measuring import Measured, measure, page
from tests.activities.campaigns.screen.network import ITEMS, network, registers
from zhunsheng.activities.campaigns.screen.rules import standing, times, traces
from zhunsheng.activities.campaigns.screen.rules.catalogue import BY_KEY, RULES, about, shown
from zhunsheng.activities.campaigns.screen.rules.columns import LOGS
from zhunsheng.activities.campaigns.screen.rules.parsing import parse
from zhunsheng.activities.campaigns.screen.rules.reading import read_log
from zhunsheng.activities.campaigns.screen.rules.registers import FOREVER, SHAPES, Logs, Registers, with_keys
from zhunsheng.foundation.spreadsheets import BadFile, Sheet, write_xlsx
from zhunsheng.registry.equipment.rules import serial_key
from zhunsheng.registry.rulebook.queries import rules_on

DAY = date(2026, 3, 3)
UNTIL = date(2026, 12, 31)


def held(**frames: list[tuple[Any, ...]]) -> Registers:
    """The registers of a made-up laboratory, number 0, with some frames of one’s own."""
    base = registers(network(1, laboratories=1))
    return Registers(**{
        **{name: getattr(base, name) for name in (*SHAPES, "parameters", "matrices", "methods", "names")},
        **{name: pl.DataFrame(rows, schema=dict(SHAPES[name]), orient="row") for name, rows in frames.items()},
    })  # fmt: skip


def logs(known: Registers, **rows: list[dict[str, str]]) -> Logs:
    code = known.institutions["uscc"][0]
    typed = {}
    for number, (key, kind) in enumerate(LOGS.items()):
        given = [{"uscc": code, **row} for row in rows.get(key, [])]
        columns = {name: [row.get(name, "") for row in given] for name in kind.keys}
        texts = pl.DataFrame(
            {"row": range(2, len(given) + 2), **columns}, schema={"row": pl.Int64, **dict.fromkeys(columns, pl.String)}
        )
        parsed = parse(texts, kind, known.institutions, log=number, until=UNTIL)
        assert parsed.good.height == len(given), parsed.faults
        typed[key] = parsed.good
    return with_keys(typed, known)


def report(number: str = "R1", item: int = 0, **more: str) -> dict[str, str]:
    one = ITEMS[item]
    return {
        "report": number, "sample": f"S-{number}", "parameter": one.parameter, "matrix": one.matrix, "method": one.method,
        "tested_to": "2026-03-03 12:00", "issued_at": "2026-03-05", "signatory": "甲", **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("day", "asked"),
    [("2026-03-03", True), ("2026-03-04", False), ("2027-03-03", False), ("2027-03-04", True)],
    ids=["the day before calibration", "the day of it", "its last day", "the day after"],
)
def test_trap_02_an_instrument_calibrated_the_day_after_its_use_is_asked_about(day: str, asked: bool) -> None:
    known = held(instruments=[(0, "SN1")], calibrations=[(0, "SN1", date(2026, 3, 4), date(2027, 3, 3))])
    one = logs_until_2028(known, {"serial": "sn-1", "started_at": f"{day} 09:00", "ended_at": f"{day} 10:00"})
    assert standing.uncalibrated(one, known).height == asked


def logs_until_2028(known: Registers, row: dict[str, str]) -> Logs:
    kind = LOGS["uses"]
    texts = pl.DataFrame(
        {"row": [2], "uscc": [known.institutions["uscc"][0]], **{key: [value] for key, value in row.items()}}
    )
    parsed = parse(texts, kind, known.institutions, log=0, until=date(2028, 1, 1))
    nothing = logs(known)
    return with_keys(
        {
            "reports": nothing.reports.drop("parameter_id", "matrix_id", "method_id", "field", "serial_key"),
            "uses": parsed.good,
            "people": nothing.people,
        },
        known,
    )


def test_trap_03_a_withdrawn_standard_goes_to_an_expert_and_names_its_successor() -> None:
    """The method may be identical: so the question bears the successor and asks an expert, whatever the rows say."""
    known = held(standards=[(0, ITEMS[0].method, DAY, FOREVER, "GB 5000.1-2026")])
    found = standing.withdrawn_standard(
        logs(known, reports=[report(), report("R2", tested_to="2026-03-02 12:00")]), known
    )
    assert found["about"].to_list() == [[ITEMS[0].method, "GB 5000.1-2026"]]
    assert BY_KEY["withdrawn_standard"].to_expert


def test_trap_04_a_signatory_for_one_field_does_not_sign_another() -> None:
    known = held(authorisations=[(0, "甲", "food", date(2020, 1, 1), FOREVER)])
    both = logs(known, reports=[report("R1", 0), report("R2", 12)])
    assert standing.wrong_signatory(both, known)["values"].to_list() == [["R2", "2026-03-05", "甲", "textiles"]]
    assert about(BY_KEY["wrong_signatory"], ["甲", "textiles"]).zh == "甲（纺织服装）"


def test_nothing_is_asked_where_the_register_holds_nothing_to_compare_with() -> None:
    known = held(authorisations=[], certificates=[], scope=[], instruments=[], calibrations=[])
    empty = logs(
        known,
        reports=[report()],
        uses=[{"serial": "X", "started_at": "2026-03-03 09:00", "ended_at": "2026-03-03 10:00"}],
    )
    for rule in (standing.wrong_signatory, standing.expired_certificate, standing.out_of_scope, standing.uncalibrated):
        assert rule(empty, known).height == 0


def test_without_the_mark_neither_scope_nor_certificate_is_asked_about() -> None:
    known = held(
        scope=[(0, 1, 0, 1, date(2020, 1, 1), FOREVER)], certificates=[(0, date(2020, 1, 1), date(2025, 1, 1))]
    )
    plain, with_mark = logs(known, reports=[report(marked="否")]), logs(known, reports=[report(marked="是")])
    for rule in (standing.expired_certificate, standing.out_of_scope):
        assert (rule(plain, known).height, rule(with_mark, known).height) == (0, 1)


def test_a_scope_for_a_whole_matrix_covers_its_parts() -> None:
    line = [(0, 0, 7, 0, date(2020, 1, 1), FOREVER)]
    inside, apart = held(scope=line, above=[(0, 0), (0, 7)]), held(scope=line, above=[(0, 0)])
    assert standing.out_of_scope(logs(inside, reports=[report()]), inside).height == 0
    assert standing.out_of_scope(logs(apart, reports=[report()]), apart).height == 1


@pytest.mark.parametrize(
    ("issued", "asked"),
    [("2026-03-03 11:59", True), ("2026-03-03 12:00", False), ("2026-03-03", False), ("2026-03-02", True)],
)
def test_a_moment_without_a_time_counts_by_its_day(issued: str, asked: bool) -> None:
    known = held()
    assert times.issued_before_end(logs(known, reports=[report(issued_at=issued)]), known).height == asked


def test_work_by_hand_leaves_no_run_and_is_not_asked_about() -> None:
    known = held()
    runs = [
        {"serial": "X", "started_at": f"2026-03-0{n} 09:00", "ended_at": f"2026-03-0{n} 10:00", "report": "R9"}
        for n in (1, 9)
    ]
    by_machine = report("R9", tested_to="2026-03-02 10:00")
    by_hand, unlogged = report("R1", 5), report("R2")
    found = traces.no_raw_record(logs(known, reports=[by_machine, by_hand, unlogged], uses=runs), known)
    assert [values[0] for values in found["values"].to_list()] == ["R2"]


def test_the_name_of_another_institution_is_not_for_the_laboratory() -> None:
    values = ["甲", "2026-03-03", "示例机构 / Example"]
    assert shown(BY_KEY["two_institutions"], values, to_laboratory=False)[2].zh == values[2]
    assert values[2] not in str(shown(BY_KEY["two_institutions"], values, to_laboratory=True))


def test_every_rule_names_a_class_that_the_rulebook_of_today_knows() -> None:
    for rule in RULES:
        assert rules_on(UNTIL).consequence(rule.code), rule.key
        assert rule.innocent, rule.key
        assert max(rule.hidden, default=0) < len(rule.columns)


def test_no_rule_speaks_of_guilt() -> None:
    words = " ".join(text.both() for rule in RULES for text in (rule.name, rule.shows, *rule.innocent)).lower()
    assert not [
        word for word in ("guilt", "fraud", "penalt", "illegal", "违法", "造假", "处罚", "弄虚作假") if word in words
    ]


@pytest.mark.parametrize("serial", ["lc-20A 0017", "ＳＮ－１２", "设备·03", "a²b", "x_y/z", "Ⅳ-7"])
def test_serial_numbers_are_compared_as_the_register_compares_them(serial: str) -> None:
    known = held()
    row = {"serial": serial, "started_at": "2026-03-03 09:00", "ended_at": "2026-03-03 10:00"}
    assert logs(known, uses=[row]).uses["serial_key"].to_list() == [serial_key(serial)]


HEAD = "统一社会信用代码,姓名,到岗时间,离岗时间"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f"{HEAD}\nA,甲,2026-03-01,2026-03-01,x\n".encode(), "该行有 5 个单元格"),
        (f'{HEAD}\nA,"甲,2026-03-01,2026-03-01\n'.encode(), "第 2 行"),
        (f"{HEAD}\n".encode(), "没有数据行"),
        (b"a,b\n1,2\n", "表头缺少"),
        (b"PAR1 and nothing else", "无法读取"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_mends_it(content: bytes, said: str) -> None:
    with pytest.raises(BadFile) as refusal:
        read_log(content, "people.csv", LOGS["people"])
    assert said in refusal.value.faults[0].text.zh


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_texts_come_in_either_encoding_and_keep_their_rows(encoding: str) -> None:
    content = f'{HEAD}\nA,甲,2026-03-01,2026-03-01\n\nB,"乙\n丙",2026-03-02,2026-03-02\n'.encode(encoding)
    frame = read_log(content, "people.csv", LOGS["people"])
    assert frame.select("row", "name").rows() == [(2, "甲"), (4, "乙\n丙")]


def test_parquet_and_workbooks_say_the_same_as_text() -> None:
    moments = {"arrived_at": [datetime(2026, 3, 1, 8, 5)], "left_at": [date(2026, 3, 1)]}  # noqa: DTZ001 -- as logs write it
    frame, buffer, book = pl.DataFrame({"uscc": ["A"], "姓名": ["甲"], **moments}), io.BytesIO(), io.BytesIO()
    frame.write_parquet(buffer)
    write_xlsx(
        book,
        [
            Sheet(
                "s",
                ["统一社会信用代码", "姓名", "到岗时间", "离岗时间"],
                [["A", "甲", "2026-03-01 08:05:00", "2026-03-01"]],
            )
        ],
    )
    columns = ["row", "uscc", "name", "arrived_at", "left_at"]
    read = [
        read_log(one.getvalue(), name, LOGS["people"]).select(columns).rows()
        for one, name in ((buffer, "p.parquet"), (book, "p.xlsx"))
    ]
    assert read[0] == read[1] == [(2, "A", "甲", "2026-03-01 08:05:00", "2026-03-01")]


def test_a_nested_column_of_parquet_is_refused_with_its_name() -> None:
    buffer = io.BytesIO()
    pl.DataFrame(
        {"uscc": [["A"]], "姓名": ["甲"], "arrived_at": ["2026-03-01"], "left_at": ["2026-03-01"]}
    ).write_parquet(buffer)
    with pytest.raises(BadFile, match="uscc"):
        read_log(buffer.getvalue(), "p.parquet", LOGS["people"])


def test_bad_cells_are_named_by_row_and_column() -> None:
    known = held()
    code = known.institutions["uscc"][0]
    rows = [
        (code, "甲", "soon", "2026-03-01"),
        (code, "", "2026-03-01 17:00", "2026-03-01 08:00"),
        ("X", "乙", "2026-03-01", "2027-03-01"),
    ]
    texts = pl.DataFrame(
        [(n, *row) for n, row in enumerate(rows, 2)],
        schema=["row", "uscc", "name", "arrived_at", "left_at"],
        orient="row",
    )
    parsed = parse(texts, LOGS["people"], known.institutions, log=0, until=UNTIL)
    assert parsed.faults.rows() == [
        (2, "arrived_at", "moment"),
        (3, "left_at", "backwards"),
        (3, "name", "missing"),
        (4, "left_at", "ahead"),
        (4, "uscc", "institution"),
    ]
    assert (parsed.good.height, parsed.rows) == (0, 3)


@pytest.fixture(scope="module")
def measured() -> dict[str, Measured]:
    return measure()


def test_what_is_planted_is_found_and_what_is_honest_is_not_asked_about(measured: dict[str, Measured]) -> None:
    invented = {"impossible_mean": 0.65, "impossible_sd": 0.9}
    for key, one in measured.items():
        assert one.found >= invented.get(key, 1.0) * one.planted > 0, key
        assert one.honest_hits == 0, key


def test_the_page_of_the_rules_says_what_was_measured(measured: dict[str, Measured]) -> None:
    shown_there = (Path(__file__).parents[4] / "docs/reference/screen.md").read_text(encoding="utf-8")
    assert shown_there == page(measured), "print it again: python -m tests.activities.campaigns.screen.measuring"
