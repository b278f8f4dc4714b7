"""The made-up network: the same for the same seed, sound by the register's own rules, in an empty database only."""

from dataclasses import replace

import pytest
from typer.testing import CliRunner

from tests.cast import AT
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.faces.cli import app
from zhunsheng.faces.demo.national.load import NotEmpty, load
from zhunsheng.faces.demo.national.rows import National
from zhunsheng.foundation.calendar.validity import holding, known
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.institutions.models import Certificate, Institution
from zhunsheng.registry.institutions.rules import uscc_faults
from zhunsheng.registry.scopes.models import ScopeLine

SMALL = National(institutions=60, lines=1_500, seed=7, at=AT)


def test_the_same_seed_gives_the_same_network_and_another_one_does_not() -> None:
    again, other = replace(SMALL), replace(SMALL, seed=8)
    assert list(again.scope()) == list(SMALL.scope()) and again.labs == SMALL.labs
    assert [one.name_zh for one in other.labs] != [one.name_zh for one in SMALL.labs]


def test_it_is_as_large_as_asked_and_no_line_twice() -> None:
    lines = list(SMALL.scope())
    assert abs(len(lines) - SMALL.lines) < 0.02 * SMALL.lines
    assert len({line[1] for line in lines}) == len({line[0] for line in lines}) == len(lines)


def test_codes_and_numbers_obey_the_rules() -> None:
    assert [one.uscc for one in SMALL.labs if uscc_faults(one.uscc)] == []
    numbers = [number for _, number, _, _ in SMALL.certificates()]
    assert len(set(numbers)) == len(numbers) and {len(number) for number in numbers} == {12}
    assert all("示范" in one.name_zh and "Sample" in one.name_en for one in SMALL.labs)


@pytest.mark.django_db
def test_it_enters_an_empty_register_only_and_the_questions_find_it() -> None:
    written = load(SMALL)
    assert written["institutions"] == Institution.objects.count() == 60
    assert written["scope lines"] == ScopeLine.objects.count()
    assert Certificate.objects.filter(holding(AT.date()), known(AT.date())).count() == 54  # one in ten has ended
    assert ScopeLine.objects.filter(holding(AT.date()), known(AT.date()), status="active").count() > 1_000
    assert written["evidence"] == Evidence.objects.count() == 36
    assert Entry.objects.filter(verb="load_made_up_network").count() == len(written)
    with pytest.raises(NotEmpty):
        load(SMALL)


@pytest.mark.django_db
def test_the_command_refuses_a_register_that_is_not_empty() -> None:
    load(replace(SMALL, institutions=2, lines=5))
    done = CliRunner().invoke(app, ["demo-data", "--institutions", "5"])
    assert done.exit_code == 2 and "已有机构" in done.output
    assert Institution.objects.count() == 2
