"""A self-check for the tests, called and opened through the verbs."""

from datetime import timedelta

from tests.activities.campaigns.plan.campaigns import published
from tests.cast import AT
from zhunsheng.activities.campaigns.selfcheck.actions.answering import answer_items
from zhunsheng.activities.campaigns.selfcheck.actions.checklists import shipped_checklist
from zhunsheng.activities.campaigns.selfcheck.actions.opening import call_selfcheck, open_selfchecks
from zhunsheng.activities.campaigns.selfcheck.models import Call, SelfCheck
from zhunsheng.activities.campaigns.selfcheck.rules.answering import Given
from zhunsheng.activities.campaigns.selfcheck.states import FINE
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.models import Institution

DUE = AT.date() + timedelta(days=30)


def called(authority: Institution, *, region_code: str = "330100", fields: tuple[str, ...] = ()) -> Call:
    """Called for every laboratory of the area, and opened."""
    campaign = published(authority, region_code=region_code, fields=fields)
    call = call_selfcheck(campaign, checklist=shipped_checklist(at=AT), due_on=DUE, actor=None, at=AT)
    open_selfchecks(call, actor=None, at=AT)
    call.refresh_from_db()
    return call


def filled_in(form: SelfCheck, by: User | None, **answers: Given) -> SelfCheck:
    """Every item answered “no problem found”, but those given: `i22=Given(...)`."""
    given = {one.item.no: Given(one.item.no, FINE) for one in form.answers.select_related("item")}
    given |= {one.item: one for one in answers.values()}
    answer_items(form, list(given.values()), actor=by, at=AT)
    return form
