"""The verbs that call a self-check and open it for every institution, some hundred at a time."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone

from zhunsheng.activities.campaigns.plan.models import Campaign, Participant
from zhunsheng.activities.campaigns.selfcheck.actions import tallying
from zhunsheng.activities.campaigns.selfcheck.models import Answer, Call, Checklist, ChecklistItem, SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.registers import said_of
from zhunsheng.activities.campaigns.selfcheck.rules.answering import AnswerRefused
from zhunsheng.activities.campaigns.selfcheck.states import OPEN, PROBLEM
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.registry.institutions.models import Institution

STEP = 500
BATCH = 200
Progress = Callable[[int, int], None]


def silent(done: int, of: int) -> None:
    """Nobody watches."""


@transaction.atomic
def call_selfcheck(campaign: Campaign, *, checklist: Checklist, due_on: date, actor: User | None, at: datetime) -> Call:
    """Call every participant of a campaign to check itself by a checklist until a day; `open_selfchecks` then makes the forms.

    Raises AnswerRefused before the plan is published, for a day that has passed, and for a second call.
    """
    today = timezone.localdate(at)
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.state != "published":
        raise AnswerRefused(t("The plan is not published, or the campaign is over.", "方案尚未发布，或行动已结束。"))
    if due_on < today:
        raise AnswerRefused(t("The last day has passed already.", "截止日期已过。"))
    if Call.objects.filter(campaign=campaign).exists():
        raise AnswerRefused(t("The self-check of this campaign was called already.", "本次行动的自查已下发。"))
    made = Call.objects.create(
        campaign=campaign, checklist=checklist, due_on=due_on, opened_on=today, opened_at=at, opened_by=actor
    )
    journal.record(
        "call_selfcheck", actor=actor, at=at, subject=f"campaign:{campaign.pk}",
        after={"checklist": str(checklist.pk), "sha256": checklist.sha256, "due_on": due_on.isoformat()},
    )  # fmt: skip
    return made


def open_selfchecks(call: Call, *, actor: User | None, at: datetime, progress: Progress = silent) -> int:
    """Make the form of every participant that has none yet; return how many were made.

    Each step of some hundred institutions is a transaction with its act: killed at any instant and run again, or run by two
    at once, it ends the same.
    """
    items = list(call.checklist.items.order_by("no"))
    among = Participant.objects.filter(campaign=call.campaign_id)
    of, done = among.count(), SelfCheck.objects.filter(call=call).count()
    made = 0
    while n := _open_step(call, items, actor=actor, at=at):
        made += n
        progress(min(done + made, of), of)
    Call.objects.filter(pk=call.pk).update(complete=True)
    return made


@transaction.atomic
def _open_step(call: Call, items: Sequence[ChecklistItem], *, actor: User | None, at: datetime) -> int:
    Call.objects.select_for_update().get(pk=call.pk)  # of two at once the second finds it done
    without = Participant.objects.filter(campaign=call.campaign_id, selfcheck=None).select_related("institution")
    step = list(without.order_by("region_code", "pk")[:STEP])
    if step:
        _open(call, items, step, actor=actor, at=at)
    return len(step)


def _open(
    call: Call, items: Sequence[ChecklistItem], step: Sequence[Participant], *, actor: User | None, at: datetime
) -> None:
    said = _said(call, items, step)
    blank = {one.pk: OPEN for one in items}
    forms = []
    for one in step:
        answers = {**blank, **said.get(one.pk, {})}
        problems = sum(answer == PROBLEM for answer in answers.values())
        forms.append(
            SelfCheck(participant=one, call=call, problems=problems, answered=sum(map(bool, answers.values())))
        )
    SelfCheck.objects.bulk_create(forms, batch_size=BATCH)
    _write_blank(forms, call.checklist)
    _write_said(forms, said)
    tallying.begun(call, step)
    journal.record(
        "open_selfchecks", actor=actor, at=at, subject=f"campaign:{call.campaign_id}",
        rows=[{"institution": str(one.institution_id)} for one in step],
    )  # fmt: skip


def _said(call: Call, items: Sequence[ChecklistItem], step: Sequence[Participant]) -> dict[object, dict[int, str]]:
    """Participant → key of the item → the answer that the registers give beforehand."""
    heads = {one.institution.merged_into_id or one.institution_id: one for one in step}
    keys = {one.no: one.pk for one in items}
    places = list(Institution.objects.filter(pk__in=heads))
    day = call.opened_on
    found = said_of(places, [one.as_item() for one in items], on=day, known_on=day, private=True)
    return {
        heads[pk].pk: {keys[no]: one.answer for no, one in those.items() if one.answer} for pk, those in found.items()
    }


def _write_blank(forms: Sequence[SelfCheck], checklist: Checklist) -> None:
    """Every form with every item, in one statement: the rows never pass through Python."""
    name = connection.ops.quote_name
    answers, checks, items = (name(model._meta.db_table) for model in (Answer, SelfCheck, ChecklistItem))
    blank = "FALSE" if connection.vendor == "postgresql" else "0"
    places = ", ".join(["%s"] * len(forms))
    sql = (
        f"INSERT INTO {answers} (selfcheck_id, item_id, answer, prefilled, remark, correction)"  # noqa: S608
        f" SELECT s.id, i.id, '', {blank}, '', '' FROM {checks} s JOIN {items} i ON i.checklist_id = %s"
        f" WHERE s.id IN ({places}) ORDER BY s.id, i.no"
    )
    adapt = SelfCheck._meta.pk.get_db_prep_value
    with connection.cursor() as cursor:
        cursor.execute(sql, [adapt(checklist.pk, connection), *(adapt(one.pk, connection) for one in forms)])


def _write_said(forms: Sequence[SelfCheck], said: dict[object, dict[int, str]]) -> None:
    """What the registers say beforehand, put into the blank rows."""
    name, adapt = connection.ops.quote_name, SelfCheck._meta.pk.get_db_prep_value
    true = "TRUE" if connection.vendor == "postgresql" else "1"
    rows = [
        (answer, key, item)
        for form in forms
        for key in [adapt(form.pk, connection)]
        for item, answer in said.get(form.participant_id, {}).items()
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {name(Answer._meta.db_table)} SET answer = %s, prefilled = {true}"  # noqa: S608
            " WHERE selfcheck_id = %s AND item_id = %s",
            rows,
        )
