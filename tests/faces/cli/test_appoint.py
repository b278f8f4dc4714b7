"""`zhunsheng appoint`: a new site gets its first post from the machine, and only the first."""

import pytest
from typer.testing import CliRunner

from tests.cast import institution_of
from zhunsheng.faces.cli import app
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Invitation

CODE = "12330100MA0000016X"


def called(*arguments: str):
    return CliRunner().invoke(app, ["appoint", *arguments])


def test_it_prints_a_link_for_the_first_administrator(laboratory: User) -> None:
    Institution.objects.filter(pk=institution_of(laboratory).pk).update(uscc=CODE)
    done = called(CODE, "First", "--email", "first@example.invalid")
    assert done.exit_code == 0 and "/join/zsi_" in done.stdout
    assert Invitation.objects.get().institution == institution_of(laboratory)


def test_an_institution_with_an_administrator_invites_its_own(institution_admin: User) -> None:
    Institution.objects.filter(pk=institution_of(institution_admin).pk).update(uscc=CODE)
    done = called(CODE, "Second")
    assert done.exit_code == 1 and not Invitation.objects.exists()


@pytest.mark.django_db
def test_an_unknown_code_appoints_nobody() -> None:
    assert called(CODE, "First").exit_code == 1
