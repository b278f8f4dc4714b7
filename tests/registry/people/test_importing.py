"""People from files: posts, authorisations and qualifications go in once and come out whole; no file gives a login more power."""

from __future__ import annotations

import pytest

from tests.cast import AT, institution, user_with_post
from tests.foundation.imports.sent import reasons, send, send_and_apply, sender, workbook_of
from zhunsheng.foundation.imports import actions, files
from zhunsheng.foundation.imports.register import Context
from zhunsheng.foundation.imports.states import Mode
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.importing import POSTS, People
from zhunsheng.registry.people.models import Authorisation, Person, Post, Qualification
from zhunsheng.registry.people.queries import visitor
from zhunsheng.registry.people.states import NAMES
from zhunsheng.registry.people.states import Post as PostWord

pytestmark = pytest.mark.django_db
REGISTER = People()
HEAD = [
    "机构名称", "姓名", "岗位", "任职起始日期", "任职截止日期", "授权领域", "授权起始日期", "授权截止日期", "资格类别", "资格名称",
    "资格证书编号", "资格取得日期",
]  # fmt: skip


@pytest.fixture
def mine() -> Institution:
    return institution("laboratory", "甲实验室", "Laboratory A")


def row(name: str, /, **other: str) -> list[str]:
    found = dict.fromkeys(
        ("who", "name", "post", "since", "until", "field", "from", "to", "kind", "title", "number", "on"), ""
    )
    return list({**found, "who": "甲实验室", "name": name, **other}.values())


SIGNATORY = {"post": "授权签字人", "since": "2020-01-01"}
EVERYTHING = [
    row("示例人员一", **SIGNATORY, field="食品", **{"from": "2021-01-01"}, kind="职称", title="工程师", number="007", on="2010-06-01"),
    row("示例人员一", field="饲料", **{"from": "2022-01-01", "to": "2026-01-01"}, kind="学历学位", title="硕士", on="2008-07-01"),
    row("示例人员一", post="检测人员", since="2015-01-01", until="2019-12-31"),
    row("示例人员二", post="抽样人员", since="2020-01-01"),
]  # fmt: skip


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Person, Post, Authorisation, Qualification))


def test_everything_goes_in_once_and_comes_out_as_it_goes_in(mine: Institution) -> None:
    send_and_apply(REGISTER, workbook_of([HEAD, *EVERYTHING]))
    assert counts() == (2, 3, 2, 2)
    rows = list(REGISTER.export(Context(at=AT, on=AT.date(), reach={"institution": str(mine.pk)})))
    for lang in ("zh", "en"):
        again = send_and_apply(REGISTER, files.template(REGISTER, lang, rows=rows))
        assert (again.unchanged, again.new, again.changed) == (len(rows), 0, 0)
    said = files.template_csv(REGISTER, "zh", rows=rows)
    for model in (Qualification, Authorisation, Post, Person):
        model.objects.all().delete()
    send_and_apply(REGISTER, said, name="f.csv")
    assert counts() == (2, 3, 2, 2)
    assert set(Authorisation.objects.values_list("field", "valid_to__year")) == {("food", None), ("feed", 2026)}
    assert set(Qualification.objects.values_list("kind", "name", "number")) == {
        ("title", "工程师", "007"), ("degree", "硕士", ""),
    }  # fmt: skip


def test_somebody_in_two_institutions_comes_out_with_each_qualification_once(mine: Institution) -> None:
    other = institution("laboratory", "乙实验室", "Laboratory B")
    send_and_apply(REGISTER, workbook_of([HEAD, *EVERYTHING]))
    Post.objects.create(
        person=Person.objects.get(name="示例人员一"), institution=other, kind="analyst", valid_from="2024-01-01"
    )
    rows = list(REGISTER.export(Context(at=AT, on=AT.date(), reach={"national": True})))
    titles = [one[[column.key for column in REGISTER.columns].index("qualification")] for one in rows]
    assert sorted(one for one in titles if one) == ["工程师", "硕士"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"field": "食品", "from": "2019-01-01"}, "holds no post in the institution on the first day"),
        ({"field": "食品", "from": "2022-01-01"}, "is authorised for this field on some of these days already"),
        ({"post": "授权签字人", "since": "2021-01-01"}, "is held on some of these days already"),
        ({"field": "食品"}, "is needed"),
        ({"title": "高级工程师"}, "is needed"),
    ],
)
def test_a_file_is_refused_what_the_pages_refuse(changed: dict[str, str], said: str, mine: Institution) -> None:
    send_and_apply(
        REGISTER, workbook_of([HEAD, row("示例人员一", **SIGNATORY, field="食品", **{"from": "2021-01-01"})])
    )
    imported = send(REGISTER, workbook_of([HEAD, row("示例人员一", **changed)]))
    assert said in " ".join(reasons(imported)[2])


def test_an_authorisation_ends_by_a_file_and_what_was_known_stays(mine: Institution) -> None:
    given = {**SIGNATORY, "field": "食品", "from": "2021-01-01"}
    send_and_apply(REGISTER, workbook_of([HEAD, row("示例人员一", **given)]))
    assert send_and_apply(REGISTER, workbook_of([HEAD, row("示例人员一", **given, to="2026-01-01")])).changed == 1
    known = Authorisation.objects.order_by("pk").values_list("valid_to__year", "superseded_at")
    assert list(known) == [(None, AT), (2026, None)]


def powers(username: str) -> set[tuple[object, str]]:
    """Everything that a login may do follows from these."""
    user = Person.objects.get(user__username=username).user
    return {(post.institution_id, post.kind) for post in visitor(user, on=AT.date()).posts}


def test_no_row_of_any_file_gives_a_login_a_post(mine: Institution) -> None:
    """Every post that there is, by name and beside a new colleague of the same name, in whole files and row by row."""
    user = user_with_post("clerk", "analyst", mine)
    person = Person.objects.get(user=user)
    before = powers("clerk")
    for post in PostWord:
        for name in (NAMES[post].zh, post.value):
            for mode in (Mode.ALL, Mode.ROWS):
                given = row(person.name, post=name, since="2024-02-01", field="食品", **{"from": "2024-02-01"})
                imported = send(REGISTER, workbook_of([HEAD, given]), mode=mode)
                assert imported.state == "refused", (post, name)
    assert powers("clerk") == before and Post.objects.filter(person=person).count() == 1


def test_only_posts_of_the_laboratory_are_written(mine: Institution) -> None:
    assert {"institution_admin", "regulator", "coordinator", "integrity_officer", "inspector"}.isdisjoint(POSTS)


@pytest.mark.parametrize("mode", [Mode.ALL, Mode.ROWS])
def test_whoever_gets_an_account_after_the_check_gets_no_post_from_the_file(mode: Mode, mine: Institution) -> None:
    send_and_apply(REGISTER, workbook_of([HEAD, row("示例人员一", **SIGNATORY)]))
    good = [row("示例人员二", **SIGNATORY)]
    imported = send(
        REGISTER, workbook_of([HEAD, row("示例人员一", post="技术负责人", since="2024-01-01"), *good]), mode=mode
    )
    Person.objects.filter(name="示例人员一").update(user=sender())
    actions.begin_applying(imported, REGISTER, reach=imported.reach, actor=sender(), at=AT)
    actions.apply(imported, REGISTER, reach=lambda: imported.reach, at=AT)
    imported.refresh_from_db()
    assert powers("sender") == {(mine.pk, "signatory")}
    assert Person.objects.filter(name="示例人员二").exists() is (mode is Mode.ROWS)
    assert imported.state == ("done" if mode is Mode.ROWS else "refused")


def test_a_laboratory_gives_no_post_elsewhere_and_an_area_none_in_an_authority(mine: Institution) -> None:
    institution("laboratory", "乙实验室", "Laboratory B")
    institution("authority", "示例监管局", "Example Authority")
    rows = [row("示例人员一", **{**SIGNATORY, "who": who}) for who in ("乙实验室", "示例监管局")]
    own = send(REGISTER, workbook_of([HEAD, *rows]), mode=Mode.ROWS, reach={"institution": str(mine.pk)})
    area = send(REGISTER, workbook_of([HEAD, *rows]), mode=Mode.ROWS, reach={"areas": ["33"]})
    assert set(reasons(own)) == {2, 3} and set(reasons(area)) == {3}
