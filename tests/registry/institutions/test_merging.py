"""Duplicates: suspected with reasons, merged or told apart by a person; nothing lost, and undone again."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.institutions import actions
from zhunsheng.registry.institutions.models import (
    Certificate,
    Contact,
    Institution,
    Merge,
    NotTheSame,
    PossibleDuplicate,
    TakenBack,
)
from zhunsheng.registry.institutions.queries import family_ids, head_of, heads_of, standing
from zhunsheng.registry.institutions.queries.duplicates import (
    MOST_A_KEY,
    apart_speaking_of,
    possible_duplicates,
    standing_apart,
)
from zhunsheng.registry.institutions.queries.searches import to_be_searched
from zhunsheng.registry.institutions.rules.refusals import CannotEnter

pytestmark = pytest.mark.django_db

USCC, MOVED_USCC = "91330100MA2X7K3B2M", "91350200MA2X7K3B2Y"


def entry(zh: str, en: str = "", **more: Any) -> Institution:
    given = {"kind": "laboratory", "region_code": "330106", **more}
    return Institution.objects.create(name_zh=zh, name_en=en or zh, **given)


def found() -> dict[frozenset[str], set[str]]:
    name = dict(Institution.objects.values_list("pk", "name_zh"))
    return {frozenset({name[p.first], name[p.second]}): {str(r.code) for r in p.reasons} for p in possible_duplicates()}


def pair(*names: str) -> frozenset[str]:
    return frozenset(names)


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        ({"zh": "杭州华测检测有限公司"}, {"zh": "杭州市华测检测有限责任公司"}, {"same_name"}),
        ({"zh": "甲", "en": "Food Centre"}, {"zh": "乙", "en": "FOOD CENTER"}, {"same_name_en"}),
        (
            {"zh": "福建产品质量检验研究院"},
            {"zh": "福建产品质量监督检验研究院"},
            {"near_name"},
        ),
        ({"zh": "福建产品质量检验研究院"}, {"zh": "福建产品质量监督检验研究院", "region_code": "350100"}, set()),
        ({"zh": "第一产品质量检验研究院"}, {"zh": "第二产品质量检验研究院"}, set()),
        ({"zh": "新名称检测中心", "former_names": "甲\n旧名称检测站"}, {"zh": "旧名称检测站", "region_code": "510100"}, {"former_name"}),
        ({"zh": "甲", "uscc": USCC}, {"zh": "乙", "uscc": MOVED_USCC, "region_code": "350200"}, {"same_organisation"}),
        (
            {"zh": "甲", "address": "文三路 1 号", "legal_representative": "示例人"},
            {"zh": "乙", "address": "文三路１号", "legal_representative": "示 例人"},
            {"same_address_person"},
        ),
        ({"zh": "甲", "address": "文三路 1 号"}, {"zh": "乙", "address": "文三路 1 号"}, set()),
        ({"zh": "华测检测有限公司"}, {"zh": "华测检测有限公司", "kind": "provider"}, set()),
        # Codes and names of regions that ended: 临安市 330185 went on as 临安区 330112, 莱芜 in 济南, 襄樊 is 襄阳.
        ({"zh": "临安市食品检测中心", "region_code": "330185"}, {"zh": "临安区食品检测中心", "region_code": "330112"}, {"abbreviated"}),
        ({"zh": "华测食品检测所", "region_code": "371202"}, {"zh": "济南华测食品检测所", "region_code": "370116"}, {"same_but_place"}),
        ({"zh": "襄樊市食品药品检测所", "region_code": "420600"}, {"zh": "襄阳市食品药品检测所", "region_code": "420600"}, {"abbreviated"}),
        # What is left out or shortened.
        ({"zh": "浙江省淳安县检验检测中心", "region_code": "330127"}, {"zh": "淳安检测中心", "region_code": "330127"}, {"abbreviated"}),
        ({"zh": "西湖区疾病预防控制中心"}, {"zh": "杭州市西湖区疾控中心"}, {"abbreviated"}),
        ({"zh": "华测检测股份有限公司"}, {"zh": "杭州华测检测"}, {"abbreviated"}),
        ({"zh": "淳安县检测中心", "region_code": "330127"}, {"zh": "桐庐县检验检测中心", "region_code": "330122"}, set()),
        # Traditional characters.
        ({"zh": "廣東華測檢測有限公司", "region_code": "440100"}, {"zh": "广东华测检测有限公司", "region_code": "440100"}, {"same_name"}),
    ],
)  # fmt: skip
def test_what_is_suspected_and_why(one: dict[str, Any], other: dict[str, Any], reasons: set[str]) -> None:
    entry(**one), entry(**other), entry("完全不同的环境监测站")
    assert set().union(*found().values()) == reasons


def test_a_certificate_number_and_a_telephone_are_compared_as_read() -> None:
    first, second = entry("甲", address="文三路 1 号"), entry("乙", address="文三路1号")
    for one, number, phone in ((first, "CNAS L0001", "0571-8888 0000"), (second, "L0001", "（0571）88880000")):
        Certificate.objects.create(
            institution=one, scheme="CNAS", number=number, valid_from=AT.date(), valid_to=AT.date(), recorded_at=AT
        )
        Contact.objects.create(institution=one, name="联系人", phone=phone)
    assert found() == {pair("甲", "乙"): {"same_certificate", "same_address_phone"}}


def test_a_key_that_everybody_shares_says_nothing() -> None:
    for n in range(MOST_A_KEY + 1):
        entry(f"{n} 号示例所", address="科技园 1 号", legal_representative="示例人")
    assert possible_duplicates() == []


def test_the_questions_do_not_grow_with_the_register() -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            possible_duplicates()
        return len(captured)

    entry("甲"), entry("乙"), entry("丙")
    few = asked()
    for n in range(297):
        entry(f"机构{n}")
    assert asked() == few == 4


def test_told_apart_is_remembered(regulator: User) -> None:
    one, other = entry("杭州华测检测有限公司"), entry("杭州市华测检测有限公司")
    assert actions.search_duplicates(actor=regulator, at=AT) == 1
    with pytest.raises(CannotEnter):
        actions.not_the_same(other, one, reason="", actor=regulator, at=AT)
    actions.not_the_same(other, one, reason="两家独立法人", actor=regulator, at=AT)
    assert not PossibleDuplicate.objects.exists()
    assert actions.search_duplicates(actor=regulator, at=AT) == 0
    with pytest.raises(CannotEnter):
        actions.not_the_same(one, other, reason="again", actor=regulator, at=AT)
    assert NotTheSame.objects.get().decided_by == regulator


def test_told_apart_is_taken_back_and_decided_again_and_nothing_of_it_is_lost(regulator: User) -> None:
    one, other = entry("杭州华测检测有限公司"), entry("杭州市华测检测有限公司")
    first = actions.not_the_same(one, other, reason="两家法人", actor=regulator, at=AT)
    with pytest.raises(CannotEnter):
        actions.take_back_not_the_same(first, reason=" ", actor=regulator, at=AT)
    assert possible_duplicates() == [] and not TakenBack.objects.exists()
    later = AT + timedelta(hours=2)
    actions.search_duplicates(actor=regulator, at=later)
    assert not PossibleDuplicate.objects.exists() and not to_be_searched()
    made = actions.take_back_not_the_same(first, reason="看错", actor=regulator, at=later)
    assert (made.taken_back_by, made.taken_back_at, made.reason) == (regulator, later, "看错")
    assert to_be_searched() and actions.search_duplicates(actor=regulator, at=AT) == 1
    assert {PossibleDuplicate.objects.get().first_id, PossibleDuplicate.objects.get().second_id} == {one.pk, other.pk}
    with pytest.raises(CannotEnter, match="taken back already"):
        actions.take_back_not_the_same(first, reason="again", actor=regulator, at=AT)
    second = actions.not_the_same(other, one, reason="确为两家", actor=regulator, at=AT)
    assert not PossibleDuplicate.objects.exists() and list(standing_apart()) == [second]
    assert set(NotTheSame.objects.values_list("reason", flat=True)) == {"两家法人", "确为两家"}
    verbs = Entry.objects.filter(verb__contains="not_the_same").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["not_the_same", "take_back_not_the_same", "not_the_same"]


@pytest.mark.parametrize(
    ("words", "found"), [("华测", True), ("Huace", True), ("法人", True), ("苏州", False), ("%", False)]
)
def test_decisions_are_found_by_either_name_and_by_the_reason(words: str, found: bool) -> None:
    one, other = entry("杭州华测检测有限公司", "Huace"), entry("杭州市另一家检测有限公司")
    actions.not_the_same(one, other, reason="两家法人", actor=None, at=AT)
    assert NotTheSame.objects.filter(apart_speaking_of(words)).exists() == found


def test_merging_re_points_nothing_and_loses_nothing(regulator: User) -> None:
    kept, merged = entry("杭州华测检测有限公司", uscc=USCC), entry("杭州市华测检测有限公司", address="文三路 1 号")
    number = Certificate.objects.create(
        institution=merged,
        scheme="CMA",
        number="231100110001",
        valid_from=AT.date(),
        valid_to=AT.date(),
        recorded_at=AT,
    )
    actions.search_duplicates(actor=regulator, at=AT)
    merge = actions.merge_institutions(kept, merged, take=["address"], reason="同一法人", actor=regulator, at=AT)
    for one in (kept, merged, number):
        one.refresh_from_db()
    assert (merged.merged_into, merged.merged_at) == (kept, AT) and kept.merged_into is None
    assert kept.address == merged.address == "文三路 1 号" and number.institution == merged
    assert set(family_ids(kept)) == set(family_ids(merged)) == {kept.pk, merged.pk}
    assert (
        merged not in standing()
        and kept in standing()
        and head_of(merged) == kept
        and heads_of([merged.pk]) == {merged.pk: kept.pk}
    )
    assert not PossibleDuplicate.objects.exists() and possible_duplicates() == []
    assert Entry.objects.filter(verb="merge_institutions", subject=f"institution:{kept.pk}").count() == 1
    assert merge.before["kept"] == {"address": ""}


def test_a_third_entry_like_the_merged_one_is_suspected_of_the_kept_one() -> None:
    kept, merged = entry("杭州华测检测有限公司"), entry("另一种写法检测中心")
    actions.merge_institutions(kept, merged, reason="r", actor=None, at=AT)
    third = entry("另一种写法检测中心")
    (suspicion,) = possible_duplicates()
    assert {suspicion.first, suspicion.second} == {kept.pk, third.pk}


def test_chains_are_flattened_and_undone_link_by_link() -> None:
    a, b, c = entry("甲"), entry("乙"), entry("丙")
    first = actions.merge_institutions(b, c, reason="r", actor=None, at=AT)
    second = actions.merge_institutions(a, b, reason="r", actor=None, at=AT)
    assert set(family_ids(a)) == {a.pk, b.pk, c.pk} and heads_of([b.pk, c.pk]) == {b.pk: a.pk, c.pk: a.pk}
    with pytest.raises(CannotEnter, match="undo that first"):
        actions.undo_merge(first, reason="r", actor=None, at=AT)
    actions.undo_merge(second, reason="r", actor=None, at=AT)
    assert heads_of([a.pk, b.pk, c.pk]) == {a.pk: a.pk, b.pk: b.pk, c.pk: b.pk}
    actions.undo_merge(first, reason="r", actor=None, at=AT)
    assert standing().count() == 3
    with pytest.raises(CannotEnter, match="already"):
        actions.undo_merge(first, reason="r", actor=None, at=AT)


def test_codes_are_exchanged_and_come_back() -> None:
    kept, merged = entry("甲", uscc=USCC), entry("乙", uscc=MOVED_USCC, uscc_reason="kept")
    merge = actions.merge_institutions(kept, merged, take=["uscc", "name_zh"], reason="r", actor=None, at=AT)
    kept.refresh_from_db()
    merged.refresh_from_db()
    assert (kept.uscc, kept.uscc_reason, kept.name_zh) == (MOVED_USCC, "kept", "乙")
    assert (merged.uscc, merged.uscc_reason, merged.name_zh) == (USCC, "", "乙")
    actions.undo_merge(merge, reason="r", actor=None, at=AT)
    kept.refresh_from_db()
    merged.refresh_from_db()
    assert (kept.uscc, kept.name_zh) == (USCC, "甲") and (merged.uscc, merged.uscc_reason) == (MOVED_USCC, "kept")


def test_undoing_leaves_what_was_mended_since() -> None:
    kept, merged = entry("甲"), entry("乙", address="文三路", legal_representative="示例人")
    merge = actions.merge_institutions(
        kept, merged, take=["address", "legal_representative"], reason="r", actor=None, at=AT
    )
    actions.mend_institution(kept, {"address": "文二路"}, reason="moved", actor=None, at=AT)
    actions.undo_merge(merge, reason="wrong", actor=None, at=AT)
    kept.refresh_from_db()
    assert (kept.address, kept.legal_representative) == ("文二路", "")
    assert Merge.objects.get().undo_reason == "wrong"


@pytest.mark.parametrize("why", ["itself", "merged already", "another kind", "no reason"])
def test_what_cannot_be_merged(why: str) -> None:
    kept, merged = entry("甲"), entry("乙", kind="provider" if why == "another kind" else "laboratory")
    if why == "merged already":
        actions.merge_institutions(entry("丙"), merged, reason="r", actor=None, at=AT)
    entries = Entry.objects.count()
    with pytest.raises(CannotEnter) as refusal:
        actions.merge_institutions(
            kept, kept if why == "itself" else merged, reason="" if why == "no reason" else "r", actor=None, at=AT
        )
    assert refusal.value.reason.zh and Entry.objects.count() == entries


def test_a_column_of_the_merge_itself_is_not_taken_over() -> None:
    with pytest.raises(ValueError, match="merged_at"):
        actions.merge_institutions(entry("甲"), entry("乙"), take=["merged_at"], reason="r", actor=None, at=AT)


def test_the_shape_of_a_search_is_kept_for_the_page() -> None:
    entry("杭州华测检测有限公司"), entry("杭州市华测检测有限公司")
    actions.search_duplicates(actor=None, at=AT)
    kept = PossibleDuplicate.objects.get()
    assert kept.reasons == [["same_name", "杭州华测检测有限公司"]] and kept.found_at == AT and kept.weight == 4
