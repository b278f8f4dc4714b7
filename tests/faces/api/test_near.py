"""Who is near, and what a token tells of them."""

from datetime import date

import pytest

from tests.cast import AT, institution_of
from tests.faces.api.test_api import ask, secret_of
from tests.registry.scopes import ground
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.institutions.models import Certificate


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("scopes", "told"), [(["read:registers"], []), (["read:registers", "read:capability"], ["acceptable"])]
)
def test_near_tells_signals_only_to_a_token_that_reads_capability(
    released_round: Round, laboratory: User, regulator: User, mercury: Parameter, feed: Matrix, scopes: list[str],
    told: list[str],
) -> None:  # fmt: skip
    where = institution_of(laboratory)
    Certificate.objects.create(
        institution=where,
        scheme="CMA",
        number="1",
        valid_from=date(2025, 1, 1),
        valid_to=date(2090, 1, 1),
        recorded_at=AT,
    )
    ground.line(where, mercury, feed, ground.method("GB 1-2020"))
    got = ask("/near", secret_of(regulator, *scopes), parameter="mercury", region="330100", km="500").json()["items"]
    assert [one["signals"] for one in got] == [told]
