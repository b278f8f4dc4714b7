"""Who sees the acts on a self-check, written by hand: its laboratory all of them, an authority what was declared to it."""

from tests.activities.campaigns.selfcheck.forms import called, filled_in
from tests.cast import AT, institution_of, user_with_post
from zhunsheng.activities.campaigns.selfcheck.actions.answering import return_selfcheck, submit_selfcheck
from zhunsheng.activities.campaigns.selfcheck.actions.proving import add_proof
from zhunsheng.activities.campaigns.selfcheck.models import SelfCheck
from zhunsheng.faces.trail.access import acts_visible_to
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.queries import visitor

DRAFT, DECLARED = {"add_proof"}, {"submit_selfcheck", "return_selfcheck"}


def verbs_seen(user: User) -> set[str]:
    seen = acts_visible_to(visitor(user, on=AT.date())).filter(subject__startswith="selfcheck:")
    return set(seen.values_list("verb", flat=True))


def test_a_draft_is_the_laboratorys_and_what_was_declared_the_authoritys_too(
    authority: Institution, laboratory: User, other_laboratory: User, institution_admin: User, regulator: User,
    integrity_officer: User, province: User, other_province: User, county: User, coordinator: User, outsider: User,
    administrator: User,
) -> None:  # fmt: skip
    called(authority)
    form = SelfCheck.objects.get(participant__institution=institution_of(laboratory))
    analyst = user_with_post("analyst", "analyst", institution_of(laboratory))
    add_proof(form, 23, name="proof.pdf", content=b"made-up proof", actor=laboratory, at=AT)
    for who in (laboratory, institution_admin):
        assert verbs_seen(who) == DRAFT, who
    for who in (regulator, integrity_officer, province, county, analyst):
        assert verbs_seen(who) == set(), who
    submit_selfcheck(filled_in(form, laboratory), actor=institution_admin, at=AT)
    return_selfcheck(form, reason="请补充", actor=regulator, at=AT)
    for who in (laboratory, institution_admin):
        assert verbs_seen(who) == DRAFT | DECLARED, who
    for who in (regulator, integrity_officer, province, county):
        assert verbs_seen(who) == DECLARED, who
    for who in (other_laboratory, other_province, coordinator, outsider, administrator, analyst):
        assert verbs_seen(who) == set(), who
