"""The API says what the pages say, refuses one way, and never more than its caller may see."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tests.cast import institution, institution_of
from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.faces.api.app import description
from zhunsheng.faces.api.tokens import make_token, revoke_token
from zhunsheng.foundation.accounts.models import ApiToken, User
from zhunsheng.foundation.accounts.token_rules import SCOPES, BadToken
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.catalogue.models import Parameter
from zhunsheng.registry.institutions.models import Institution

ClientOf = Callable[[User | None], Client]
SHOWN = Path(__file__).parents[3] / "docs/reference/openapi.json"


@pytest.fixture(autouse=True)
def nobody_asked_before(db: None) -> None:
    cache.clear()


def secret_of(user: User, *scopes: str, lifetime: timedelta = timedelta(days=30)) -> str:
    given = list(scopes) or list(SCOPES)
    return make_token(name="test", scopes=given, lifetime=lifetime, actor=user, at=timezone.now())[1]


def ask(path: str, secret: str = "", **also: Any) -> Any:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return Client().get(f"/api/v1{path}", headers=headers | also.pop("headers", {}), data=also)


# Who asks


@pytest.mark.django_db
@pytest.mark.parametrize("spoil", ["unknown", "expired", "revoked", "closed", "another scheme", "empty"])
def test_whatever_is_wrong_with_a_token_the_answer_is_the_same(spoil: str, laboratory: User) -> None:
    secret = secret_of(laboratory)
    kept = ApiToken.objects.get()
    header = f"Bearer {secret}"
    if spoil == "unknown":
        header += "x"
    elif spoil == "expired":
        long_ago = timezone.now() - timedelta(days=2)
        ApiToken.objects.update(made_at=long_ago, expires_at=long_ago + timedelta(days=1))
    elif spoil == "revoked":
        revoke_token(kept, actor=laboratory, at=timezone.now())
    elif spoil == "closed":
        User.objects.update(is_active=False)
    elif spoil == "another scheme":
        header = f"Basic {secret}"
    else:
        header = "Bearer "
    for path in ("/evidence", "/institutions"):
        got = Client().get(f"/api/v1{path}", headers={"Authorization": header})
        assert (got.status_code, got["Content-Type"]) == (401, "application/problem+json")
        assert got.content == Client().get("/api/v1/evidence").content
        assert got["WWW-Authenticate"] == "Bearer"


def test_a_token_does_what_its_scopes_say_and_no_more(laboratory: User, released_round: Round) -> None:
    assert ask("/evidence", secret_of(laboratory, "read:capability")).status_code == 200
    assert ask("/evidence", secret_of(laboratory, "read:registers")).status_code == 403
    assert ask("/institutions", secret_of(laboratory, "read:capability")).status_code == 403


def test_a_cookie_counts_for_nothing(laboratory: User, client_of: ClientOf) -> None:
    assert client_of(laboratory).get("/api/v1/evidence").status_code == 401


def test_a_token_is_no_way_around_the_second_factor(regulator: User, laboratory: User, settings: Settings) -> None:
    first, second = secret_of(regulator), secret_of(laboratory)
    settings.SECOND_FACTOR_REQUIRED = True
    assert ask("/evidence", first).status_code == 401
    assert ask("/evidence", second).status_code == 200


def test_the_secret_is_kept_nowhere_and_its_use_is_noted(laboratory: User) -> None:
    secret = secret_of(laboratory)
    kept = ApiToken.objects.get()
    assert secret not in str(vars(kept)) and secret.startswith(kept.beginning) and kept.last_used_at is None
    ask("/evidence", secret)
    kept.refresh_from_db()
    assert kept.last_used_at is not None
    journalled = b"".join(bytes(entry.canonical) for entry in Entry.objects.all())
    assert secret.encode() not in journalled and b"make_api_token" in journalled


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("scopes", "days"), [([], 30), (["everything"], 30), (["read:registers"], 366), (["read:registers"], 0)]
)
def test_no_token_without_a_scope_or_for_more_than_a_year(scopes: list[str], days: int, outsider: User) -> None:
    with pytest.raises(BadToken):
        make_token(name="x", scopes=scopes, lifetime=timedelta(days=days), actor=outsider, at=timezone.now())


def test_a_token_is_made_shown_once_and_revoked_on_its_page(
    laboratory: User, outsider: User, client_of: ClientOf
) -> None:
    client, address = client_of(laboratory), reverse("api_tokens")
    shown = client.post(
        address, {"name": "LIMS", "scopes": ["read:capability"], "days": "30", "user": str(outsider.pk)}
    )
    secret = re.search(r"zsa_[-\w]{43}", shown.content.decode())[0]
    assert ask("/evidence", secret).status_code == 200 and secret not in client.get(address).content.decode()
    kept = ApiToken.objects.get()
    assert kept.user == laboratory and kept.scopes == ["read:capability"]
    assert client_of(outsider).post(reverse("api_token_revoke", args=[kept.pk])).status_code == 404
    client.post(reverse("api_token_revoke", args=[kept.pk]))
    assert ask("/evidence", secret).status_code == 401


# What is answered


@pytest.mark.django_db
def test_problems_are_told_in_the_language_asked_for() -> None:
    for lang, words in (("zh-CN", "该内容不存在"), ("en", "no such thing")):
        got = ask("/institutions/00000000-0000-0000-0000-000000000007", headers={"Accept-Language": lang})
        assert got.status_code == 404 and words in got.json()["detail"]
    assert (
        ask("/institutions", limit="1000", headers={"Accept-Language": "zh-CN"}).json()["errors"][0]["where"]
        == "query.limit"
    )


@pytest.mark.django_db
def test_an_address_that_is_none_is_a_problem_too() -> None:
    got = Client().get("/api/v2/anything")
    assert (got.status_code, got["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.django_db
def test_pages_hold_everything_once() -> None:
    Institution.objects.bulk_create(
        Institution(kind="laboratory", name_zh=f"示例 {i % 7}", name_en=f"Example {i}", region_code="330106")
        for i in range(30)
    )
    seen, cursor = [], ""
    while True:
        page = ask("/institutions", q="示例", limit="7", cursor=cursor).json()
        seen += [one["id"] for one in page["items"]]
        if not (cursor := page["next"]):
            break
    assert len(seen) == len(set(seen)) == 30


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["abc", "W10=", "e30=", "WzEsMl0=", "WyJhIiwgIngiXQ==", "WyJcdWQ4MDAiLCAieCJd"])
def test_a_made_up_cursor_is_refused(cursor: str) -> None:
    assert ask("/institutions", cursor=cursor).status_code == 422


def test_an_institution_is_found_by_name_region_and_kind(laboratory: User, provider: Institution) -> None:
    def found(**by: str) -> set[str]:
        return {one["name"]["en"] for one in ask("/institutions", **by).json()["items"]}

    here = institution_of(laboratory).name_en
    assert found(q="L08") == {here} == found(region="330106") and provider.name_en in found(kind="provider")
    assert found(region="320000") == set() == found(certificate="valid", region="330000")


def test_scopes_capability_and_evidence_say_what_the_ledger_says(
    released_round: Round, laboratory: User, regulator: User, other_laboratory: User, other_province: User
) -> None:
    own, other = institution_of(laboratory), institution_of(other_laboratory)
    mine = ask("/evidence", secret_of(laboratory)).json()["items"]
    assert [line["institution"] for line in mine] == [str(own.pk)] and mine[0]["payload"]["signal"] == "acceptable"
    announced = ask("/evidence", secret_of(regulator)).json()["items"]
    assert {line["institution"] for line in announced} == {str(own.pk), str(other.pk)}
    assert ask("/evidence", secret_of(other_province)).json()["items"] == []
    path = f"/institutions/{own.pk}/capability"
    asked = {"parameter": "mercury", "matrix": "feed"}
    assert len(ask(path, secret_of(laboratory), **asked).json()["evidence"]) == 1
    assert ask(path, secret_of(other_laboratory), **asked).status_code == 404
    assert ask(path, secret_of(other_province), **asked).status_code == 404
    assert ask(path, secret_of(laboratory), parameter="mercury", matrix="nothing").status_code == 422


def test_eligibility_is_asked_by_regulators_and_read_by_their_authority(
    released_round: Round, laboratory: User, regulator: User, province: User
) -> None:
    question = {
        "institution": str(institution_of(laboratory).pk),
        "parameter": "mercury",
        "matrix": "feed",
        "on": "2026-04-15",
    }

    def post(user: User) -> Any:
        return Client().post(
            "/api/v1/eligibility", json.dumps(question), content_type="application/json",
            headers={"Authorization": f"Bearer {secret_of(user)}"},
        )  # fmt: skip

    assert post(laboratory).status_code == 404
    made = post(regulator).json()
    assert made["answer"] in {"yes", "no", "unknown"} and made["recomputes"] is True
    assert ask(f"/eligibility/{made['id']}", secret_of(regulator)).json() == made
    assert ask(f"/eligibility/{made['id']}", secret_of(province)).status_code == 404


@pytest.mark.django_db
def test_working_days_skip_holidays() -> None:
    got = ask("/working-days", start="2026-04-15", count="5").json()
    assert got["end"] == "2026-04-22" and got["start_is_worked"] is True


@pytest.mark.django_db
def test_regions_are_answered_as_of_a_day() -> None:
    assert ask("/regions/330106", on="2026-04-15").json()["name"]["zh"].endswith("西湖区")
    assert len(ask("/regions", on="2026-04-15").json()) > 30
    assert ask("/regions/999999").status_code == 404


@pytest.mark.django_db
def test_a_substance_without_a_method_says_so() -> None:
    assert any("三聚氰胺" in one["name"]["zh"] for one in ask("/substances", q="三聚氰胺").json())
    every = ask("/substances").json()
    assert {one["has_method"] for one in every} == {True, False}


def test_nobody_is_near_who_has_no_scope(laboratory: User, mercury: Parameter) -> None:
    assert ask("/near", parameter="mercury", region="330106").json()["found"] == 0
    assert ask("/near", parameter="mercury", region="999999").status_code == 422


def test_three_or_three_hundred_institutions_cost_the_same(laboratory: User) -> None:
    def look() -> Any:
        return ask("/institutions", limit="100")

    institution("laboratory", "甲", "A")
    few = queries_of(look)
    Institution.objects.bulk_create(
        Institution(kind="laboratory", name_zh=f"示例 {i}", name_en=f"Example {i}", region_code="330106")
        for i in range(300)
    )
    assert queries_of(look) == few


# What is said of it


def test_the_manual_holds_the_description_as_it_is() -> None:
    shown = json.loads(SHOWN.read_text(encoding="utf-8"))
    assert shown == json.loads(json.dumps(description())), (
        "call `make docs`: docs/reference/openapi.json is not up to date"
    )


@pytest.mark.django_db
def test_the_page_for_people_speaks_both_languages(client_of: ClientOf) -> None:
    page = client_of(None).get(reverse("api_docs"))
    assert "Look up institutions." in text_of(page) and "/api/v1/scopes" in text_of(page)
    assert "查询机构。" in text_of(in_chinese(client_of(None)).get(reverse("api_docs")))


@pytest.mark.django_db
def test_too_many_questions_are_put_off() -> None:
    codes = [ask("/regions/330106").status_code for _ in range(125)]
    assert codes[0] == 200 and codes[-1] == 429
    put_off = ask("/regions/330106")
    assert put_off["Content-Type"] == "application/problem+json" and int(put_off["Retry-After"]) > 0
