"""The API keeps its own word: whatever is asked, no fault of the server, and no answer but those that its description names."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.faces.api.test_api import secret_of
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.faces.api.app import description
from zhunsheng.foundation.accounts.models import User

BOUNDED = settings(
    max_examples=12, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate], database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture
def token(regulator: User, released_round: Round, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of a regulator, in whose area there is something to see; and as many questions as one likes."""
    for throttle in ("ByToken", "ByAddress"):
        monkeypatch.setattr(f"zhunsheng.faces.api.throttles.{throttle}.allow_request", lambda *_: True)
    return secret_of(regulator)


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """A request that ends does not close the connection on which the test's transaction lives; Django's own client does the same."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@cache
def described() -> Any:
    """What the product says of its API: read once, because the library looks through all source for each reading."""
    return schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())


OPERATIONS = sorted((path, method) for path, those in description()["paths"].items() for method in those)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_is_one_that_the_description_names(path: str, method: str, token: str) -> None:
    """Left out is the check that well-formed questions are never refused: a code may be in no catalogue, a cursor of no page."""
    cases = described()[path][method.upper()].as_strategy()

    @BOUNDED
    @given(case=cases)
    def ask(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, excluded_checks=[positive_data_acceptance])

    ask()


def test_there_is_an_endpoint_for_each_question() -> None:
    assert len(OPERATIONS) >= 14
