"""A failed item: suspended, retested, confirmed, back — and everything else left alone (the trap of one failed parameter)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from tests.cast import AT, institution_of
from zhunsheng.activities.proficiency import actions
from zhunsheng.activities.proficiency.actions import confirm_retest
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.capability.evidence import actions as evidence
from zhunsheng.capability.evidence.access import visible_to
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.capability.profile.queries import capability
from zhunsheng.capability.profile.rules import Suspension
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.catalogue.actions import enter_parameters
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.people.queries import Visitor, visitor

TODAY = AT.date()
LATER = AT + timedelta(days=60)


def asked(by: Visitor, about: User, parameter: Parameter, *, on: date = TODAY) -> Suspension | None:
    return capability(
        institution_of(about), parameter, Matrix.objects.get(), on=on, known_on=on, evidence=visible_to(by)
    ).suspended


@transaction.atomic
def passes_later(about: User, authority_user: User) -> None:
    """A second round, a month on, in which the laboratory did well."""
    old = Evidence.objects.get(institution=institution_of(about))
    shown = evidence.Shown(
        institution_id=old.institution_id, parameter_id=old.parameter_id, matrix_id=old.matrix_id, kind=old.kind,
        version=old.version, payload={**old.payload, "round": "RETEST-1", "score": 0.4, "signal": "acceptable"},
        occurred_on=TODAY + timedelta(days=30), source="round:retest:1", disclosed_to_id=old.disclosed_to_id,
    )  # fmt: skip
    lines = evidence.lines([shown], at=LATER, source_sha256="0" * 64)
    entry = journal.record("release_round", actor=None, at=LATER, subject="round:retest", covers=lines)
    evidence.record(lines, entry=entry)


def test_from_failed_to_given_back(
    released_round: Round, regulator: User, other_laboratory: User, laboratory: User, mercury: Parameter
) -> None:
    office = visitor(regulator, on=TODAY)
    lead = Parameter(code="lead", name_zh="铅", name_en="Lead", cas="7439-92-1")
    enter_parameters([lead], actor=None, at=AT)
    where = institution_of(other_laboratory)

    held = asked(office, other_laboratory, mercury)
    assert held is not None and held.passed is None and "Failed in IMEP-111" in held.explanation.en
    assert asked(office, laboratory, mercury) is None
    assert asked(office, other_laboratory, lead) is None  # the other parameters stay active
    with pytest.raises(NotAllowedNow, match="No later result"):
        confirm(office, where, mercury)

    passes_later(other_laboratory, regulator)
    then = LATER.date()
    held = asked(office, other_laboratory, mercury, on=then)
    assert held is not None and held.passed is not None and held.passed.round == "RETEST-1"
    with pytest.raises(NotAllowedNow, match="satisfied"):
        confirm(office, where, mercury, reason="  ")

    confirm(office, where, mercury)
    assert asked(office, other_laboratory, mercury, on=then) is None
    assert asked(visitor(other_laboratory, on=then), other_laboratory, mercury, on=then) is None
    assert asked(office, other_laboratory, mercury) is not None  # on that earlier day it was suspended, and stays so
    with pytest.raises(NotAllowedNow, match="not suspended"):
        confirm(office, where, mercury)
    entry = Entry.objects.get(verb="confirm_retest")
    assert (entry.actor, entry.reason) == (regulator, "raw data seen")


def confirm(office: Visitor, where, parameter: Parameter, reason: str = "raw data seen") -> None:
    confirm_retest(
        institution=where, parameter=parameter, matrix=Matrix.objects.get(), reason=reason, visitor=office, at=LATER
    )


def test_nobody_but_the_authority_confirms(
    released_round: Round, other_laboratory: User, coordinator: User, mercury: Parameter
) -> None:
    for someone in (other_laboratory, coordinator):
        with pytest.raises(PermissionError):
            confirm(visitor(someone, on=TODAY), institution_of(other_laboratory), mercury)
    assert not Evidence.objects.filter(kind="retest_confirmed").exists()


def test_two_officers_confirm_at_once(
    released_round: Round, other_laboratory: User, regulator: User, mercury: Parameter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second read that the item was suspended before the first had confirmed: a sentence, and nothing written."""
    passes_later(other_laboratory, regulator)
    where, office = institution_of(other_laboratory), visitor(regulator, on=LATER.date())
    real = actions.capability
    held: list[Any] = []

    def as_the_first_saw_it(*what, **more):
        held.append(held[0] if held else real(*what, **more))
        return held[0]

    monkeypatch.setattr(actions, "capability", as_the_first_saw_it)
    confirm(office, where, mercury)
    before = Entry.objects.count()
    with pytest.raises(NotAllowedNow, match="Somebody else"):
        confirm(office, where, mercury)
    assert Entry.objects.count() == before and Evidence.objects.filter(kind="retest_confirmed").count() == 1
