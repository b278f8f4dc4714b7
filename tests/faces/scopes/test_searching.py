"""The public search: by every name of a parameter, by number of a method, by place and day; never more questions for more lines."""

import io
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.faces.pages import in_chinese, queries_of, text_of
from tests.faces.scopes.conftest import LONG_AGO, Ground
from tests.registry.scopes.ground import laboratory, line
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.scopes.actions import self_suspend

SCOPES = reverse("scopes")
TODAY = timezone.localdate()


@pytest.mark.parametrize("what", ["melamine", "三聚氰胺", "蛋白精", "108-78-1", "MELA"])
def test_a_parameter_is_found_by_every_name(public: Client, ground: Ground, what: str) -> None:
    page = text_of(public.get(SCOPES, {"what": what}))
    assert ground.laboratory.name_en in page and "1 line" in page and "Melamine" in page and "Zinc" not in page


@pytest.mark.parametrize(
    ("asked", "lines"),
    [
        ({"what": "gbt22388—2008"}, 0),
        ({"what": "GB/T22388-2008"}, 3),
        ({"matrix": "基质 milk"}, 3),
        ({"place": "杭州"}, 3),
        ({"place": "330106", "what": "lead"}, 1),
        ({"place": "北京"}, 0),
        ({"status": "cancelled"}, 0),
        ({"on": "2023-12-31"}, 0),
        ({"on": "not a day"}, 3),
        ({"what": "\x00"}, 3),
        ({"after": "nonsense", "before": "nonsense"}, 3),
    ],
)
def test_each_part_of_a_question_narrows(public: Client, ground: Ground, asked: dict[str, str], lines: int) -> None:
    page = text_of(public.get(SCOPES, asked))
    assert {0: "Nothing found", 1: "1 line ", 3: "3 lines"}[lines] in page


def test_a_word_that_names_nothing_is_said_and_finds_nothing(public: Client, ground: Ground) -> None:
    page = text_of(public.get(SCOPES, {"what": "kryptonite", "place": "Atlantis"}))
    assert "No parameter or method is called “kryptonite”." in page and "No region is called “Atlantis”." in page
    assert "Nothing found" in page


def test_a_half_word_shows_the_best_and_offers_the_others(public: Client, ground: Ground) -> None:
    page = text_of(public.get(SCOPES, {"what": "e"}))
    assert "Did you mean" in page


def test_as_of_and_as_known_on(public: Client, ground: Ground) -> None:
    self_suspend([ground.lines[0].series], from_day=TODAY, reason="x", actor=None, at=timezone.now())
    assert "2 lines" in text_of(public.get(SCOPES))
    before = (TODAY - timedelta(days=1)).isoformat()
    assert "3 lines" in text_of(public.get(SCOPES, {"known": before}))
    assert "3 lines" in text_of(public.get(SCOPES, {"on": before}))
    assert "Suspended by the institution" in text_of(public.get(SCOPES, {"status": "self_suspended"}))
    assert "Nothing found" in text_of(public.get(SCOPES, {"known": (LONG_AGO.date() - timedelta(days=2)).isoformat()}))


def test_suggestions_in_the_field_that_is_typed_in(public: Client, ground: Ground) -> None:
    where = reverse("scope_suggestions")
    assert 'value="Melamine">蛋白精' in public.get(where, {"what": "蛋白"}).content.decode()
    assert "Milk" in public.get(where, {"matrix": "mil"}).content.decode()
    assert "330100" in public.get(where, {"place": "杭州"}).content.decode()
    assert public.get(where).content.strip() == b""


def test_thirty_and_three_hundred_lines_cost_the_same(public: Client, ground: Ground) -> None:
    addresses = [SCOPES, reverse("public_scope", args=[ground.laboratory.pk])]
    ground.more(30)  # so that there is a second page, and what is beyond it is counted
    few = [queries_of(partial(public.get, a, {"matrix": "milk"})) for a in addresses]
    ground.more(300)
    many = [queries_of(partial(public.get, a, {"matrix": "milk"})) for a in addresses]
    assert few == many


def test_pages_follow_each_other(public: Client, ground: Ground) -> None:
    ground.more(60)
    first = public.get(SCOPES).content.decode()
    assert "63 lines" in first and "after=" in first and "before=" not in first
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = public.get(following).content.decode()
    assert 'rel="prev"' in second and 'rel="next"' in second
    assert second.count("<tr>") == 26


def test_a_merged_institution_leads_to_the_one_that_is_kept(public: Client, ground: Ground) -> None:
    merged = laboratory("Double")
    line(merged, ground.parameters[0], ground.milk, ground.method, limits="goat milk only", recorded_at=LONG_AGO)
    Institution.objects.filter(pk=merged.pk).update(merged_into=ground.laboratory, merged_at=timezone.now())
    answer = public.get(reverse("public_scope", args=[merged.pk]))
    assert answer.status_code == 302 and str(ground.laboratory.pk) in answer.headers["Location"]
    assert "4 lines" in text_of(public.get(answer.headers["Location"]))
    assert "Double" not in text_of(public.get(SCOPES, {"what": "melamine"}))


def test_the_workbook_holds_what_is_shown(public: Client, ground: Ground) -> None:
    answer = in_chinese(public).get(SCOPES, {"what": "三聚氰胺", "format": "xlsx"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][:4] == ["机构", "场所", "行政区划", "参数"]
    assert [row[3] for row in rows[1:]] == ["三聚氰胺"]


def test_both_languages(public: Client, ground: Ground) -> None:
    assert "Who can test it?" in text_of(public.get(SCOPES))
    assert "谁能检测？" in text_of(in_chinese(public).get(SCOPES))
