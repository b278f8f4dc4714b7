"""The catalogue in the office and the watch over standards: read by regulators, written by its keepers, told to laboratories."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.faces.pages import in_chinese, queries_of, text_of
from tests.faces.scopes.conftest import Ground
from tests.registry.scopes.ground import laboratory, line, parameters
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter, Standard, StandardState

TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=150)


@pytest.fixture
def keeper(client_of: Callable[[User | None], Client], province: User) -> Client:
    return client_of(province)


@pytest.fixture
def reader(client_of: Callable[[User | None], Client], county: User) -> Client:
    return client_of(county)


@pytest.mark.parametrize("name", ["office_parameters", "office_matrices", "office_methods", "office_standards"])
def test_regulators_read_and_keepers_write(keeper: Client, reader: Client, ground: Ground, name: str) -> None:
    assert "keep the catalogue" in text_of(reader.get(reverse(name)))
    assert "Enter a new" in text_of(keeper.get(reverse(name)))
    assert reader.post(reverse(name), {}).status_code == 404


def test_a_parameter_is_entered_found_and_mended(keeper: Client, ground: Ground) -> None:
    where = reverse("office_parameters")
    given = {
        "code": "lead-210",
        "name_zh": "铅-210",
        "name_en": "Lead-210",
        "cas": "14255-04-0",
        "others_zh": "铅二一〇\n",
    }
    assert keeper.post(where, given).status_code == 302
    assert "铅二一〇" in text_of(keeper.get(where, {"q": "铅二"}))
    one = Parameter.objects.get(code="lead-210")
    assert keeper.post(reverse("office_parameter", args=[one.pk]), {**given, "name_en": "Pb-210"}).status_code == 302
    one.refresh_from_db()
    assert one.name_en == "Pb-210"
    assert "should be 0" in text_of(keeper.post(where, {**given, "cas": "14255-04-1"}))
    assert "is taken" in text_of(keeper.post(where, given))


def test_a_matrix_and_a_method_are_entered_and_mended(keeper: Client, ground: Ground) -> None:
    new = {
        "code": "goat-milk",
        "name_zh": "羊奶",
        "name_en": "Goat milk",
        "field": "food",
        "within": str(ground.milk.pk),
    }
    assert keeper.post(reverse("office_matrices"), new).status_code == 302
    assert Matrix.objects.get(code="goat-milk").within == ground.milk
    ring = {"name_zh": "乳", "name_en": "Milk", "field": "food", "within": str(Matrix.objects.get(code="goat-milk").pk)}
    assert "within itself" in text_of(keeper.post(reverse("office_matrix", args=[ground.milk.pk]), ring))
    given = {"number": "gbt22388-2026 第一法", "name_zh": "甲", "name_en": "First", "standard": "ＧＢ/T 22388—2026"}
    assert keeper.post(reverse("office_methods"), given).status_code == 302
    assert Method.objects.get(standard=ground.new).name_en == "First"
    unknown = {**given, "number": "X", "standard": "GB 99999-2020"}
    assert "is not in the catalogue" in text_of(keeper.post(reverse("office_methods"), unknown))


def test_the_list_of_standards_as_of_and_as_known_on(keeper: Client, ground: Ground) -> None:
    where = reverse("office_standards")
    assert "GB/T 22388-2026" in text_of(keeper.get(where, {"state": "upcoming"}))
    later = {"state": "current", "on": SOON.isoformat()}
    assert "GB/T 22388-2026" in text_of(keeper.get(where, later)) and "2008" not in text_of(keeper.get(where, later))
    before_we_knew = {**later, "known": (TODAY - timedelta(days=25)).isoformat()}
    page = text_of(keeper.get(where, before_we_knew))
    assert "GB/T 22388-2008" in page and "GB/T 22388-2026" not in page


def test_a_state_is_entered_and_corrected_and_a_disagreement_told(keeper: Client, ground: Ground) -> None:
    where = reverse("office_standard", args=[ground.old.pk])
    given = {"form": "state", "state": "withdrawn", "valid_from": TODAY.isoformat(), "source": "biaozhun.org"}
    assert keeper.post(where, given).status_code == 302
    assert keeper.post(where, {**given, "state": "current", "source": "gbstd.com"}).status_code == 302
    page = text_of(keeper.get(where))
    assert "Sources disagree" in page and "gbstd.com" in page
    wrong = StandardState.objects.get(source="biaozhun.org")
    settled = {**given, "state": "current", "source": "asked the committee", "supersedes": str(wrong.pk)}
    assert keeper.post(where, settled).status_code == 302
    page = text_of(keeper.get(where))
    assert "Sources disagree" not in page and "corrected since" in page
    assert "Say" not in page and "is required" in text_of(keeper.post(where, {**given, "source": ""}))


def test_a_new_edition_links_both_and_leaves_lines_as_they_are(keeper: Client, ground: Ground) -> None:
    where = reverse("office_standard", args=[ground.new.pk])
    given = {
        "form": "edition", "number": "GB/T 22388-2030", "name_zh": "甲", "name_en": "a", "published_on": "2030-01-01",
        "in_force_from": "2030-07-01", "source": "announcement",
    }  # fmt: skip
    answer = keeper.post(where, given)
    assert answer.status_code == 302 and Standard.objects.get(number="GB/T 22388-2030").replaces.get() == ground.new
    assert "3 lines" in text_of(keeper.get(reverse("scopes"), {"what": "GB/T 22388-2008"}))


def test_the_watch_counts_whom_a_change_touches_within_reach(keeper: Client, reader: Client, ground: Ground) -> None:
    elsewhere = laboratory("In Beijing", "110101")
    line(elsewhere, ground.parameters[0], ground.milk, ground.method)
    for client in (keeper, reader):
        page = client.get(reverse("office_watch")).content.decode()
        row = page.split("GB/T 22388-2008")[1].split("</tr>")[0]
        assert [cell.split("</td>")[0].split(">")[-1] for cell in row.split('class="number"')[1:]] == ["1", "1", "3"]
    touched = text_of(keeper.get(reverse("office_watch_standard", args=[ground.old.pk])))
    assert "1 institution within your reach" in touched and "In Beijing" not in touched
    assert "an expert decides" in touched and "stays what it is until the change is filed" in touched


def test_the_laboratory_reads_what_touches_it_and_what_to_do(
    client_of: Callable[[User | None], Client], laboratory: User, other_laboratory: User, ground: Ground
) -> None:
    page = text_of(client_of(laboratory).get(reverse("workspace_watch")))
    assert "Superseded" in page and "3 lines of ours" in page and "Verify the method by GB/T 22388-2026" in page
    assert "File the change of the standard" in page
    for words in ("an expert decides", "Nothing here is found invalid by machine", "until the change is filed"):
        assert words in page  # finding F11: never found invalid by machine
    chinese = text_of(in_chinese(client_of(laboratory)).get(reverse("workspace_watch")))
    assert "转专家判定" in chinese and "系统不自动认定无效" in chinese
    assert "No change touches us" in text_of(client_of(other_laboratory).get(reverse("workspace_watch")))


def test_three_and_three_hundred_rows_cost_the_same(keeper: Client, ground: Ground) -> None:
    names = ["office_parameters", "office_matrices", "office_methods", "office_standards", "office_watch"]
    addresses = [*map(reverse, names), reverse("office_watch_standard", args=[ground.old.pk])]
    few = [queries_of(partial(keeper.get, a)) for a in addresses]
    parameters(*(f"p{i}" for i in range(300)))
    made = Standard.objects.bulk_create(
        Standard(number=f"GB/T {i + 1}-2020", name_zh="甲", name_en="a") for i in range(300)
    )
    StandardState.objects.bulk_create(
        StandardState(standard=one, state="current", valid_from=TODAY, source="x", recorded_at=timezone.now())
        for one in made
    )
    methods = Method.objects.bulk_create(
        Method(number=one.number, name_zh="甲", name_en="a", standard=one) for one in made
    )
    Matrix.objects.bulk_create(Matrix(code=f"m{i}", name_zh="甲", name_en="a", field="food") for i in range(300))
    assert len(methods) == 300
    assert [queries_of(partial(keeper.get, a)) for a in addresses] == few
