"""What the verbs of the catalogue write, refuse and tell the journal."""

from datetime import date, timedelta

import pytest

from tests.cast import AT
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.catalogue import actions
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter, Standard, StandardState
from zhunsheng.registry.catalogue.queries import states_of
from zhunsheng.registry.catalogue.rules import CannotEnter

pytestmark = pytest.mark.django_db


def standard(number: str = "GB 5009.17-2014") -> Standard:
    made = Standard(number=number, name_zh="食品中总汞的测定", name_en="Determination of mercury in foods")
    actions.enter_standards([made], actor=None, at=AT)
    return made


def state(of: Standard, word: str, since: str, **also: object) -> StandardState:
    made = StandardState(standard=of, state=word, valid_from=date.fromisoformat(since), source="announcement", **also)
    actions.enter_standard_states([made], actor=None, at=AT)
    return made


def test_a_number_is_kept_in_its_normal_form_and_once() -> None:
    assert standard("gb5009.17—2014").number == "GB 5009.17-2014"
    with pytest.raises(CannotEnter, match=r"GB 5009\.17-2014 is in the catalogue"):
        standard("ＧＢ 5009.17-2014")
    twice = [Standard(number="GB/T 1-2020", name_zh="一", name_en="one") for _ in range(2)]
    with pytest.raises(CannotEnter, match="GB/T 1-2020"):
        actions.enter_standards(twice, actor=None, at=AT)
    with pytest.raises(CannotEnter, match="has no year"):
        standard("GB 5009.17")
    assert Standard.objects.count() == 1


def test_methods_and_standards_find_each_other_whichever_comes_first() -> None:
    first = Method(number="GB5009.17-2014 第一篇", name_zh="原子荧光法", name_en="AFS")
    actions.enter_methods([first], actor=None, at=AT)
    made = standard()
    second = Method(number="GB 5009.17-2014 第二篇", name_zh="ICP-MS 法", name_en="ICP-MS")
    actions.enter_methods([second], actor=None, at=AT)
    assert set(made.methods.values_list("number", flat=True)) == {"GB 5009.17-2014 第一篇", "GB 5009.17-2014 第二篇"}


def test_a_new_edition_supersedes_the_old_one_from_the_day_it_is_in_force() -> None:
    old = standard()
    state(old, "current", "2016-03-21")
    new = actions.enter_new_edition(
        old, number="GB 5009.17-2026", name_zh="食品中总汞的测定", name_en="Mercury", published_on=date(2026, 3, 1),
        in_force_from=date(2026, 9, 1), source="announcement 2026-3", actor=None, at=AT,
    )  # fmt: skip
    assert list(new.replaces.all()) == [old] and list(old.replaced_by.all()) == [new]
    for on, words in {"2026-08-31": ("current", "upcoming"), "2026-09-01": ("superseded", "current")}.items():
        found = states_of([old.pk, new.pk], on=date.fromisoformat(on), known_on=AT.date())
        assert tuple(found[key].row.state for key in (old.pk, new.pk)) == words
    assert states_of([old.pk], on=date(2026, 9, 1), known_on=AT.date())[old.pk].row.replacement == new
    assert Entry.objects.filter(verb="enter_new_edition").count() == 1


def test_a_correction_supersedes_and_both_stay() -> None:
    old = standard()
    wrong = state(old, "withdrawn", "2026-01-01")
    right = state(old, "withdrawn", "2026-07-01", supersedes=wrong)
    assert list(old.states.order_by("pk")) == [wrong, right]
    with pytest.raises(CannotEnter, match="corrected meanwhile"):
        state(old, "withdrawn", "2026-08-01", supersedes=wrong)
    with pytest.raises(CannotEnter, match="another standard"):
        state(standard("GB/T 1-2020"), "withdrawn", "2026-08-01", supersedes=right)


def test_a_state_names_its_source_and_no_standard_replaces_itself() -> None:
    old = standard()
    with pytest.raises(CannotEnter, match="Say who states it"):
        actions.enter_standard_states(
            [StandardState(standard=old, state="current", valid_from=AT.date(), source=" ")], actor=None, at=AT
        )
    with pytest.raises(CannotEnter, match="does not replace itself"):
        state(old, "superseded", "2026-01-01", replacement=old)
    with pytest.raises(CannotEnter, match="before it is published"):
        actions.enter_new_edition(
            old, number="GB 5009.17-2026", name_zh="甲", name_en="a", published_on=date(2026, 9, 1),
            in_force_from=date(2026, 8, 1), source="x", actor=None, at=AT,
        )  # fmt: skip
    assert not StandardState.objects.exists() and Standard.objects.count() == 1


def test_a_parameter_is_entered_and_mended_with_its_other_names() -> None:
    one = Parameter(code="melamine", name_zh="三聚氰胺", name_en="Melamine", cas="108-78-1")
    actions.enter_parameters([one], names={"melamine": [("zh", "蛋白精"), ("zh", " 蛋白精 ")]}, actor=None, at=AT)
    actions.mend_parameter(
        one, name_zh="三聚氰胺", name_en="Melamine", cas="108-78-1", names=[("zh", "蛋白精"), ("en", "Cyanuramide")],
        actor=None, at=AT,
    )  # fmt: skip
    assert list(one.names.values_list("language", "name")) == [("en", "Cyanuramide"), ("zh", "蛋白精")]
    entry = Entry.objects.get(verb="mend_parameter")
    assert b"Cyanuramide" in bytes(entry.canonical) and entry.subject == f"parameter:{one.pk}"
    with pytest.raises(CannotEnter, match="check digit of 108-78-2"):
        actions.enter_parameters([Parameter(code="x", name_zh="甲", name_en="x", cas="108-78-2")], actor=None, at=AT)


def test_a_matrix_lies_within_another_and_never_within_itself() -> None:
    food, milk, powder = (Matrix(code=c, name_zh=c, name_en=c, field="food") for c in ("food", "milk", "powder"))
    actions.enter_matrices([food, milk, powder], actor=None, at=AT)
    for part, whole in ((milk, food), (powder, milk)):
        actions.mend_matrix(part, name_zh="甲", name_en="a", field="food", within=whole, actor=None, at=AT)
    for whole in (food, milk, powder):
        with pytest.raises(CannotEnter, match="within itself"):
            actions.mend_matrix(food, name_zh="甲", name_en="a", field="food", within=whole, actor=None, at=AT)
    food.refresh_from_db()
    assert food.within is None


def test_every_verb_leaves_one_row_in_the_journal() -> None:
    old = standard()
    state(old, "current", "2016-03-21")
    method = Method(number="GB 5009.17-2014", name_zh="甲", name_en="a")
    actions.enter_methods([method], actor=None, at=AT)
    actions.mend_method(method, name_zh="乙", name_en="b", standard=None, actor=None, at=AT + timedelta(days=1))
    actions.mend_standard(old, name_zh="乙", name_en="b", actor=None, at=AT)
    verbs = list(Entry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["enter_standards", "enter_standard_states", "enter_methods", "mend_method", "mend_standard"]
