"""What every test of the platform has at hand, and silent mistakes made loud."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests import ground

if TYPE_CHECKING:
    from django.test import Client

DATABASES = ("sqlite", "postgresql")


def asked_database() -> ground.Database:
    """Read ahead of pytest, which parses its own options only after Django must be ready."""
    ahead = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    ahead.add_argument("--database", choices=DATABASES, default=os.environ.get("TESTS_DATABASE", "sqlite"))
    found: ground.Database = ahead.parse_known_args(sys.argv[1:])[0].database
    os.environ["TESTS_DATABASE"] = found  # what pytest-xdist's workers, which have other arguments, go by
    return found


ground.prepare(asked_database())

from tests import append_only, cast, template  # noqa: E402 -- they import models
from tests.killing import Nursery  # noqa: E402


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=DATABASES, default="sqlite", help="what the tests run on (default: sqlite)")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--database") != os.environ["TESTS_DATABASE"]:
        raise pytest.UsageError("--database must stand on the command line, not in a configuration")
    config.pluginmanager.register(cast, "cast")
    append_only.let_tests_empty_guarded_tables()


def pytest_unconfigure() -> None:
    shutil.rmtree(os.environ["ZHUNSHENG_VAR"], ignore_errors=True)  # a worker of pytest-xdist leaves without its atexit


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep in one process what shares something long to make: all journeys, and each file with a fixture of its own; pytest-xdist
    begins with the groups of most tests. On PostgreSQL run what touches the database, no more.
    """
    for item in items:
        if is_journey(item):
            item.add_marker(pytest.mark.xdist_group("journeys"))
        elif shares_with_its_file(item):
            item.add_marker(pytest.mark.xdist_group(str(item.path)))
    if config.getoption("--database") == "postgresql":
        asked = [item for item in items if touches_database(item) and not is_journey(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in asked])
        items[:] = asked


def is_journey(item: pytest.Item) -> bool:
    return "journeys" in item.path.parts


def shares_with_its_file(item: pytest.Item) -> bool:
    found = item._fixtureinfo.name2fixturedefs if isinstance(item, pytest.Function) else {}
    return any(made[-1].scope == "module" for made in found.values())


def touches_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or "django_db_setup" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of its own for each process, in place of the one that pytest-django would migrate for each."""
    from django.db import connections

    with django_db_blocker.unblock():
        template.stand_on_copy()
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(scope="session")
def nursery(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """One for all tests that kill: it takes seconds to load Django."""
    made = Nursery(tmp_path_factory.mktemp("victims"))
    yield made
    made.close()


@pytest.fixture
def client_of(db: None) -> Callable[[Any], Client]:
    """`client_of(user)`: a browser without a browser, signed in as that user; `client_of(None)` is anyone."""
    from django.test import Client

    def sign_in(user: Any) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
            shown_password(client, user)
        return client

    return sign_in


def shown_password(client: Client, user: Any, *, ago: float = 0) -> None:
    """Let the session remember a password shown so many seconds ago, as it does when one signs in by the form."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - ago}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


@pytest.fixture(autouse=True)
def english_unless_said_otherwise() -> Iterator[None]:
    """No test inherits the language that another one left behind."""
    from django.utils import translation

    with translation.override("en"):
        yield
