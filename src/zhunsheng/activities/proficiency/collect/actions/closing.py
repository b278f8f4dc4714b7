"""The verbs of the coordinator: reopen the results of one participant, close the collection."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from zhunsheng.activities.proficiency.actions import Progress, no_progress, take_results
from zhunsheng.activities.proficiency.collect.actions.entering import draft_again, held_round
from zhunsheng.activities.proficiency.collect.models import Submission, Value
from zhunsheng.activities.proficiency.collect.queries.entering import asked_of, deadline_of
from zhunsheng.activities.proficiency.collect.queries.watching import counts_of, taken
from zhunsheng.activities.proficiency.collect.rules.given import Given, ResultsRefused
from zhunsheng.activities.proficiency.collect.rules.late import may_close
from zhunsheng.activities.proficiency.collect.rules.results import NAME, results_file
from zhunsheng.activities.proficiency.collect.states import SUBMISSION
from zhunsheng.activities.proficiency.models import Participation, Round
from zhunsheng.activities.proficiency.plan.models import Plan
from zhunsheng.activities.proficiency.rules.results_file import read_results
from zhunsheng.activities.proficiency.states import ROUND
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import keep
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.spreadsheets import BadFile
from zhunsheng.foundation.statechart import move

TRIES = 3


@transaction.atomic
def reopen(
    participation: Participation, *, reason: str, until: datetime | None, actor: User, at: datetime
) -> Submission:  # fmt: skip
    """Let one participant enter its results (again), with a reason, and with an own deadline if the round's has passed.

    Raises ResultsRefused, NotAllowedNow.
    """
    if not reason.strip():
        raise ResultsRefused(t("Say why it is reopened.", "请说明重新开放的理由。"), field="reason")
    if until is not None and until <= at:
        raise ResultsRefused(t("This moment has passed already.", "该时间已过。"), field="until")
    round_ = held_round(participation)
    if until is None and at > Plan.objects.get(round=round_).results_until:
        raise ResultsRefused(
            t("The deadline has passed: give this participant a new one.", "已过上报截止时间，请为该实验室设定新的截止时间。"),
            field="until",
        )  # fmt: skip
    held, _ = Submission.objects.get_or_create(participation=participation)
    move(SUBMISSION, "reopen", Submission.objects.filter(pk=held.pk), open_until=until, **draft_again(reason))
    journal.record(
        "reopen_results", actor=actor, at=at, subject=f"submission:{held.pk}", reason=reason.strip(),
        after={"until": until.isoformat() if until else ""},
    )  # fmt: skip
    held.refresh_from_db()
    return held


def close(
    round_: Round, *, with_submitted: bool, actor: User | None, at: datetime, progress: Progress = no_progress
) -> None:
    """Close the collection: the approved results become the round's, as one file by code.

    `with_submitted`: those submitted that nobody approved, too. The file is made outside the transaction (seconds for a national round),
    so that nobody else waits; should a result change meanwhile, it is made anew. Raises ResultsRefused while somebody may still
    submit in time, or where the file would not be a results file; NotAllowedNow.
    """
    states = ("approved", "submitted") if with_submitted else ("approved",)
    for attempt in range(TRIES):
        progress(attempt, TRIES)
        seen = Round.objects.get(pk=round_.pk)
        ROUND.check("collect", seen.state)
        check_over(seen, at)
        submissions = list(taken(seen, states))
        content = results_file(asked_of(seen), _given(seen, submissions))
        _check_readable(content, len(submissions))
        if _keep(seen, submissions, states, content, actor=actor, at=at):
            round_.refresh_from_db()
            return
    raise ResultsRefused(
        t("Results keep changing. Close the collection again in a moment.", "结果仍在变动，请稍后再结束收集。")
    )


@transaction.atomic
def _keep(
    round_: Round,
    submissions: Sequence[Submission],
    states: Sequence[str],
    content: bytes,
    *,
    actor: User | None,
    at: datetime,
) -> bool:
    """Write what was made of these submissions; not if they are others now."""
    held = Round.objects.select_for_update().get(pk=round_.pk)
    ROUND.check("collect", held.state)
    check_over(held, at)
    now = taken(held, states).values_list("pk", "version", "state")
    if list(now) != [(one.pk, one.version, one.state) for one in submissions]:
        return False
    attachment = keep(name=NAME, content=content, actor=actor, at=at)
    Plan.objects.filter(round=held).update(closed_at=at)
    counts = counts_of(held)
    journal.record(
        "close_collection", actor=actor, at=at, subject=f"round:{held.pk}",
        rows=[{"code": one.participation.code, "version": one.version, "state": one.state} for one in submissions],
        after={"participants": counts.participants, "taken": len(submissions), "late": sum(one.late for one in submissions),
               "not_approved": sum(one.state == "submitted" for one in submissions), "sha256": attachment.sha256},
    )  # fmt: skip
    take_results(held, attachment=attachment, actor=actor, at=at)
    return True


def check_over(round_: Round, at: datetime) -> None:
    """Raise ResultsRefused while results may still come in time, or as late as the policy takes them."""
    plan = Plan.objects.get(round=round_)
    if not may_close(deadline_of(plan), at, all_approved=counts_of(round_).all_approved):
        raise ResultsRefused(
            t("Results may still be submitted. Close the collection after the deadline, or when all are approved.",
              "仍可上报结果。请在截止时间之后，或全部结果审核通过后再结束收集。")
        )  # fmt: skip
    given = Submission.objects.filter(participation__round=round_, state="draft", open_until__gte=at)
    if given.exists():
        raise ResultsRefused(
            t("A participant was given more time and it is not over yet.", "有实验室获准延期，且尚未到期。")
        )


def _given(round_: Round, submissions: Sequence[Submission]) -> dict[str, list[Given]]:
    """What the file needs of the rows, by code in the order of the codes; one query for all rows."""
    of: dict[object, list[Given]] = defaultdict(list)
    wanted = {one.pk for one in submissions}
    rows = Value.objects.filter(submission__participation__round=round_).order_by("submission", "replicate")
    found = rows.values_list(
        "submission", "measurand", "replicate", "result", "uncertainty", "k", "method_text", "could_not"
    )
    for submission, measurand, replicate, result, uncertainty, k, method, could_not in found.iterator(chunk_size=5_000):
        if submission in wanted:
            of[submission].append(Given(measurand, replicate, result, uncertainty, k, method, could_not=could_not))
    return {one.participation.code: of[one.pk] for one in submissions}


def _check_readable(content: bytes, laboratories: int) -> None:
    """What cannot be read as a results file is refused now, and not when it is evaluated."""
    if laboratories < 2:
        raise ResultsRefused(
            t("There are results of fewer than two laboratories: nothing can be evaluated.",
              "可用结果不足两家实验室，无法评定。")
        )  # fmt: skip
    try:
        read_results(content, NAME)
    except BadFile as bad:
        raise ResultsRefused(bad.faults[0].text) from None
