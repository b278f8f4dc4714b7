"""What is not for everybody, asked by programs: as far as the pages show it, on two days, at a constant number of questions."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache

from tests.cast import AT, institution_of, user_with_post
from tests.faces.api.test_api import ask, secret_of
from tests.faces.pages import queries_of
from tests.registry.management.laboratories import AS_OF, laboratories, record
from tests.registry.scopes import ground
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.catalogue.models import Matrix, Parameter, Standard, StandardState
from zhunsheng.registry.equipment.actions import correct_calibration, enter_calibration, enter_instruments
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.findings import queries as findings
from zhunsheng.registry.findings.actions import settle
from zhunsheng.registry.institutions.models import Certificate, Institution, PossibleDuplicate, RiskClass
from zhunsheng.registry.people.actions import authorise, enter_people, enter_person, enter_posts
from zhunsheng.registry.people.models import Authorisation, Person, Post
from zhunsheng.registry.rulebook.queries import rules_on
from zhunsheng.registry.stocktaking import actions as stocktaking
from zhunsheng.registry.stocktaking.models import Return

WHO: dict[str, Any] = {"actor": None, "at": AT}


@pytest.fixture(autouse=True)
def nobody_asked_before(db: None) -> None:
    cache.clear()


def instrument(where: Institution, serial: str, name: str = "天平") -> Instrument:
    made = Instrument(institution=where, serial=serial, name_zh=name, name_en="Balance")
    enter_instruments([made], **WHO)
    return made


def serials(secret: str, **by: str) -> list[str]:
    return [one["serial"] for one in ask("/equipment", secret, **by).json()["items"]]


def test_equipment_is_seen_by_its_laboratory_and_the_authorities_above(
    laboratory: User, other_laboratory: User, province: User, county: User, other_province: User
) -> None:
    mine = instrument(institution_of(laboratory), "A-1")
    instrument(institution_of(other_laboratory), "B-1")
    seen = {"A-1"}
    assert set(serials(secret_of(laboratory))) == set(serials(secret_of(county))) == seen
    assert serials(secret_of(province)) == ["A-1", "B-1"] and serials(secret_of(other_province)) == []
    assert ask(f"/equipment/{mine.pk}", secret_of(other_laboratory)).status_code == 404
    assert serials(secret_of(province), institution=str(institution_of(laboratory).pk)) == ["A-1"]
    assert ask("/equipment", secret_of(county), institution=str(institution_of(other_laboratory).pk)).status_code == 404


def test_a_calibration_is_asked_on_two_days(laboratory: User) -> None:
    """On the day it held, and by what was known: a certificate corrected later was another one before."""
    one = instrument(institution_of(laboratory), "A-1")
    first = Calibration(instrument=one, certificate="C-1", valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31))
    enter_calibration(first, actor=None, at=AT)
    shorter = {"valid_to": date(2026, 6, 30)}
    correct_calibration(first, shorter, reason="misread", actor=None, at=AT + timedelta(days=10))
    secret = secret_of(laboratory)

    def state(on: str, known_on: str) -> str:
        return str(ask(f"/equipment/{one.pk}", secret, on=on, known_on=known_on).json()["state"])

    assert (state("2026-07-01", "2026-04-20"), state("2026-07-01", "2026-04-30")) == ("in_date", "out_of_date")
    assert (state("2025-12-31", "2026-04-30"), state("2026-02-01", "2026-04-10")) == ("never", "never")
    told = ask(f"/equipment/{one.pk}", secret, on="2026-02-01", known_on="2026-04-30").json()["calibrations"]
    assert [(row["certificate"], row["valid_to"], row["holds"]) for row in told] == [("C-1", "2026-06-30", True)]
    assert serials(secret, state="out_of_date", on="2026-07-01") == ["A-1"]


def test_people_are_told_with_what_they_sign_and_without_their_number(
    laboratory: User, province: User, other_laboratory: User
) -> None:
    where = institution_of(laboratory)
    one = Person(name="签字人", identity_hash="a" * 64, identity_masked="110101********1234")
    enter_person(one, Post(institution=where, kind="signatory", valid_from=date(2024, 1, 1)), **WHO)
    authorise(Authorisation(person=one, institution=where, field="feed", valid_from=date(2025, 1, 1)), **WHO)
    got = ask("/people", secret_of(province), q="签字")
    assert [row["field"] for row in got.json()["items"][0]["authorisations"]] == ["feed"]
    assert "a" * 64 not in got.content.decode() and "*1234" not in got.content.decode()
    assert ask("/people", secret_of(province), q="签字", on="2023-12-31").json()["items"] == []
    before = ask(f"/people/{one.pk}", secret_of(laboratory), on="2024-06-01").json()
    assert before["authorisations"] == [] and [post["kind"] for post in before["posts"]] == ["signatory"]
    assert ask(f"/people/{one.pk}", secret_of(other_laboratory)).status_code == 404


def test_of_a_person_in_two_institutions_each_sees_its_own_post(laboratory: User, other_laboratory: User) -> None:
    both = Person(name="两处任职")
    enter_people([both], **WHO)
    places = [institution_of(user) for user in (laboratory, other_laboratory)]
    enter_posts([Post(person=both, institution=x, kind="analyst", valid_from=date(2024, 1, 1)) for x in places], **WHO)
    (told,) = ask("/people", secret_of(laboratory), q="两处").json()["items"]
    assert [post["institution"] for post in told["posts"]] == [str(places[0].pk)]


def test_stock_taking_returns_and_totals(
    laboratory: User, other_laboratory: User, regulator: User, county: User, other_province: User
) -> None:
    made = stocktaking.open_stocktaking(
        authority=institution_of(regulator), title_zh="摸底", title_en="Stock-taking", region_code="330100", fields=[],
        due_on=AT.date() + timedelta(days=30), actor=regulator, at=AT,
    )  # fmt: skip
    mine = Return.objects.get(institution=institution_of(laboratory))
    for quarter in stocktaking.quarters_of(made):
        stocktaking.enter_reports(mine, {quarter: 5}, actor=laboratory, at=AT)
    stocktaking.confirm(mine, remark="", actor=laboratory, at=AT)
    calls, asked = secret_of(regulator), secret_of(laboratory)
    totals = ask(f"/stock-takings/{made.pk}", calls).json()["totals"]
    assert totals["whole"]["states"]["confirmed"] == 1 and totals["whole"]["institutions"] == 2
    assert ask(f"/stock-takings/{made.pk}", asked).json()["totals"] is None
    assert ask(f"/stock-takings/{made.pk}", secret_of(county)).json()["totals"] is None
    assert [one["id"] for one in ask("/returns", asked).json()["items"]] == [str(mine.pk)]
    assert ask(f"/returns/{mine.pk}", asked).json()["points"] == Return.objects.get(pk=mine.pk).points
    assert len(ask("/returns", calls, stocktaking=str(made.pk)).json()["items"]) == 2
    assert ask("/returns", calls, state="confirmed").json()["items"][0]["complete_of"] > 0
    assert ask(f"/returns/{mine.pk}", secret_of(other_laboratory)).status_code == 404
    assert ask("/stock-takings", secret_of(other_province)).json()["items"] == []


def test_lived_rules_are_told_to_the_laboratory_at_once_and_to_the_authority_after_grace(
    province: User, other_province: User
) -> None:
    near, far = laboratories(2), laboratories(1, region_code="320500")
    record(near[0])
    keeper, secret = secret_of(user_with_post("keeper", "quality_manager", near[0])), secret_of(province)
    asked = {"year": "2025", "known_on": AS_OF.isoformat()}
    got = ask("/lived-rules", secret, **asked).json()
    rows = {row["institution"]: row for row in got["items"]}
    assert set(rows) >= {str(one.pk) for one in near} and str(far[0].pk) not in rows
    assert "internal_audit:2025" in rows[str(near[1].pk)]["missing"]
    assert "internal_audit:2025" not in rows[str(near[0].pk)]["missing"]
    own = ask(f"/institutions/{near[0].pk}/lived-rules", keeper, **asked).json()["items"]
    assert {one["state"] for one in own if one["kind"] == "internal_audit"} == {"in_time"}
    before = ask(f"/institutions/{near[0].pk}/lived-rules", keeper, year="2025", known_on="2025-10-01").json()["items"]
    assert {one["state"] for one in before if one["kind"] == "internal_audit"} == {"not_due"}
    assert ask(f"/institutions/{near[1].pk}/lived-rules", keeper, **asked).status_code == 404
    assert ask(f"/institutions/{near[0].pk}/lived-rules", secret_of(other_province), **asked).status_code == 404
    assert ask("/lived-rules", keeper).status_code == 404


def test_a_class_is_the_regulators_draft_until_it_is_published(
    laboratory: User, other_laboratory: User, county: User, other_province: User
) -> None:
    where = institution_of(laboratory)
    recorded = {"recorded_at": AT, "reason": "r", "source": "s", "institution": where}
    RiskClass.objects.create(
        letter="B", valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31), published_at=AT, **recorded
    )
    RiskClass.objects.create(letter="D", valid_from=date(2026, 1, 1), **recorded)
    path, above, own = f"/institutions/{where.pk}/risk-classes", secret_of(county), secret_of(laboratory)
    assert [row["letter"] for row in ask(path, above).json()["items"]] == ["D", "B"]
    assert [row["letter"] for row in ask(path, own).json()["items"]] == ["B"]
    for stranger in (other_laboratory, other_province):
        assert ask(path, secret_of(stranger)).status_code == 404

    def letters(**by: str) -> list[str]:
        return [row["letter"] for row in ask("/risk-classes", above, **by).json()["items"]]

    assert (letters(on="2025-06-01"), letters(on="2026-06-01"), letters(on="2024-06-01")) == (["B"], ["D"], [])
    assert letters(on="2026-06-01", known_on="2026-04-01") == [] and letters(letter="A") == []


@pytest.mark.django_db
def test_the_rules_of_a_day_are_one_pack() -> None:
    for day in (date(2020, 1, 1), date(2026, 4, 15)):
        told, pack = ask("/rules", on=day.isoformat()).json(), rules_on(day)
        assert (told["id"], told["sha256"]) == (pack.id, pack.sha256)
        assert [len(one["articles"]) for one in told["versions"]] == [len(one.articles) for one in pack.versions]
    one = ask("/rules/SAMR-39", on="2026-04-15").json()
    assert one["in_force"] in told["versions"] and one["in_force"]["id"] in {x["id"] for x in one["versions"]}
    assert ask("/rules/SAMR-39", on="1999-01-01").json()["in_force"] is None
    assert {x["id"] for x in one["versions"]} < {x["id"] for x in ask("/rules/versions").json()}


def test_gaps_are_told_to_regulators(laboratory: User, province: User, mercury: Parameter, feed: Matrix) -> None:
    secret = secret_of(province)
    bare = ask("/coverage", secret, field="feed", region="330000").json()["items"]
    assert bare[0]["laboratories"] == 0 and bare[0]["parameter"]["code"] == "mercury"
    where = institution_of(laboratory)
    paper = {"scheme": "CMA", "number": "1", "valid_from": date(2025, 1, 1), "valid_to": date(2090, 1, 1)}
    Certificate.objects.create(institution=where, recorded_at=AT, **paper)
    ground.line(where, mercury, feed, ground.method("GB 1-2020"))
    (found,) = ask("/coverage", secret, field="feed", region="330000", km="50").json()["items"]
    assert found["laboratories"] == 1 and 0 < len(found["gaps"]) < len(bare[0]["gaps"])
    assert ask("/coverage", secret, field="feed", region="330100").status_code == 422
    assert ask("/coverage", secret, field="feed", on="2024-01-01").json()["items"][0]["laboratories"] == 0


def test_the_watch_counts_the_lines_that_the_asker_looks_after(
    laboratory: User, other_laboratory: User, province: User, other_province: User, mercury: Parameter, feed: Matrix
) -> None:
    old = Standard.objects.create(number="GB 1-2020", name_zh="旧", name_en="Old")
    for state, day in (("current", date(2020, 1, 1)), ("superseded", date(2026, 6, 1))):
        StandardState.objects.create(standard=old, state=state, valid_from=day, recorded_at=AT, source="x")
    method = ground.method("GB 1-2020")
    method.standard = old
    method.save()
    ground.line(institution_of(laboratory), mercury, feed, method)

    def lines(user: User) -> list[int]:
        got = ask("/standards-watch", secret_of(user), first="2026-05-01", last="2026-07-01").json()["items"]
        return [one["lines"] for one in got]

    assert lines(laboratory) == lines(province) == [1] and lines(other_laboratory) == lines(other_province) == [0]


def test_of_an_institution_out_of_reach_findings_tell_the_name_only(
    laboratory: User, other_laboratory: User, county: User, other_province: User
) -> None:
    here, there = institution_of(laboratory), institution_of(other_laboratory)
    for where in (here, there):
        instrument(where, "SN-9")
    both = Person(name="两处任职")
    enter_people([both], **WHO)
    enter_posts(
        [Post(person=both, institution=x, kind="analyst", valid_from=date(2024, 1, 1)) for x in (here, there)], **WHO
    )
    PossibleDuplicate.objects.create(
        first=min(here, there, key=lambda one: one.pk), second=max(here, there, key=lambda one: one.pk),
        reasons=[["same_name", "x"]], weight=4, found_at=AT,
    )  # fmt: skip
    secret = secret_of(county)
    for path in ("/findings/serials", "/findings/people"):
        (found,) = ask(path, secret).json()["items"]
        sides = {one["institution"]: one for one in (found["one"], found["other"])}
        assert set(sides) == {str(here.pk), None}
        assert [value for key, value in sides[None].items() if key != "institution_name" and value is not None] == []
        assert sides[None]["institution_name"]["zh"] == there.name_zh
        assert ask(path, secret_of(other_province)).json()["items"] == []
        assert (found["state"], found["settled"]) == ("open", None)
    assert len(ask("/findings/duplicates", secret).json()["items"]) == 1
    assert ask("/findings/duplicates", secret_of(other_province)).json()["items"] == []
    assert ask("/findings/people", secret, first="2026-02-01", last="2026-01-01").status_code == 422


def test_findings_say_what_was_settled_by_which_authority_and_why(
    laboratory: User, other_laboratory: User, regulator: User, county: User
) -> None:
    both = [institution_of(user) for user in (laboratory, other_laboratory)]
    who = Person(name="两处任职")
    enter_people([who], **WHO)
    enter_posts([Post(person=who, institution=x, kind="analyst", valid_from=date(2024, 1, 1)) for x in both], **WHO)
    for where in both:
        instrument(where, "SN-9")
    found: list[Any] = [*findings.double_posts(AT.date(), AT.date(), within=Institution.objects.all())]
    found += findings.serials(AT.date(), within=Institution.objects.all())
    settle(found, authority=institution_of(regulator), reason="借调", actor=regulator, at=AT)
    secret = secret_of(county)
    for path in ("/findings/people", "/findings/serials"):
        assert ask(path, secret, state="open").json()["items"] == []
        (one,) = ask(path, secret).json()["items"]
        assert ask(path, secret, state="settled").json()["items"] == [one] and one["state"] == "settled"
        assert (one["settled"]["on"], one["settled"]["reason"]) == ("2026-04-15", "借调")
        assert one["settled"]["authority"]["en"] == "Example Authority"
        assert ask(path, secret, state="other").status_code == 422


def test_lists_that_are_no_table_are_paged_too(laboratory: User, other_laboratory: User, province: User) -> None:
    for n in range(5):
        for where in (institution_of(laboratory), institution_of(other_laboratory)):
            instrument(where, f"SN-{n}")
    secret, seen, cursor = secret_of(province), [], ""
    while True:
        page = ask("/findings/serials", secret, limit="2", cursor=cursor).json()
        seen += [one["serial_key"] for one in page["items"]]
        if not (cursor := page["next"]):
            break
    assert seen == sorted(seen) and len(set(seen)) == 5
    assert ask("/findings/serials", secret, cursor="W10=").status_code == 422


LISTS = ["/equipment", "/people", "/lived-rules", "/risk-classes", "/returns", "/findings/people", "/findings/serials"]


def test_three_or_three_hundred_rows_cost_the_same(province: User) -> None:
    """Everything at once, since the registers are filled once."""
    secret = secret_of(province)
    stock(3, "a")
    stocktaking.open_stocktaking(
        authority=institution_of(province), title_zh="摸底", title_en="S", region_code="330000", fields=[],
        due_on=AT.date() + timedelta(days=30), actor=province, at=AT,
    )  # fmt: skip

    def cost(path: str) -> int:
        return queries_of(lambda: ask(path, secret, limit="100"))

    few = {path: cost(path) for path in LISTS}
    stock(300, "b")
    assert {path: cost(path) for path in LISTS} == few
    assert len(ask("/findings/people", secret, limit="100").json()["items"]) == 100


def stock(n: int, mark: str) -> None:
    """Laboratories with a person in two of them, a serial number in two of them, and a class each."""
    places = laboratories(n + 1, region_code="330106" if mark == "a" else "330108")
    people = [Person(name=f"{mark}{i}") for i in range(n)]
    enter_people(people, **WHO)
    day = date(2024, 1, 1)
    pairs = [(person, place) for i, person in enumerate(people) for place in (places[i], places[i + 1])]
    enter_posts([Post(person=x, institution=y, kind="analyst", valid_from=day) for x, y in pairs], **WHO)
    enter_instruments(
        [
            Instrument(institution=place, serial=f"{mark}-{i}", name_zh="仪", name_en="I")
            for i in range(n)
            for place in (places[i], places[i + 1])
        ],
        **WHO,
    )
    RiskClass.objects.bulk_create(
        RiskClass(
            institution=x,
            letter="B",
            valid_from=day,
            reason="r",
            source="s",
            recorded_at=datetime(2024, 1, 2, tzinfo=UTC),
        )
        for x in places
    )
