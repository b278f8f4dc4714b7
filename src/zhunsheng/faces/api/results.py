"""Results of a round from a laboratory's own system: read what is asked for, send a draft. People submit and approve it on the pages."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from zhunsheng.activities.proficiency.collect.access import participations_of
from zhunsheng.activities.proficiency.collect.actions.entering import save_draft
from zhunsheng.activities.proficiency.collect.queries.entering import (
    asked_of,
    deadline_of,
    lines_of,
    submission_of,
    values_of,
)
from zhunsheng.activities.proficiency.collect.rules.checking import remarks
from zhunsheng.activities.proficiency.collect.rules.given import (
    MOST_REPLICATES,
    Given,
    ResultsRefused,
    WrittenMeanwhile,
    given_of,
)
from zhunsheng.activities.proficiency.collect.states import SUBMISSION
from zhunsheng.activities.proficiency.models import Participation
from zhunsheng.faces.api.asking import visitor_of
from zhunsheng.faces.api.problems import Misunderstood
from zhunsheng.faces.api.registers import REFUSALS
from zhunsheng.faces.api.tokens import Bearer
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.statechart import NotAllowedNow

router = Router(auth=Bearer("report:results"), tags=["proficiency testing"])
MOST_ROWS = 1_000
CHANGED = t("Somebody else wrote meanwhile. Read the results again.", "期间其他人已填写，请重新读取后再提交。")
Written = Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")]


class ReportedRow(Schema):
    """One replicate, every answer as text: it is kept as it is sent."""

    position: Annotated[int, Field(ge=0, le=32_767, description="of the measurand in the round")]
    replicate: Annotated[int, Field(ge=1, le=MOST_REPLICATES)] = 1
    result: Written = ""
    uncertainty: Written = ""
    k: Written = ""
    method: Written = ""
    method_reason: Written = ""
    instrument: Written = ""
    analyst: Written = ""
    measured_on: Written = ""
    could_not: Written = ""


class ResultsDraft(Schema):
    """Rows to be kept; rows that are not named stay. With `version` nothing is kept if somebody wrote since it was read."""

    version: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    rows: Annotated[list[ReportedRow], Field(max_length=MOST_ROWS)]


class AskedShape(Schema):
    position: int
    item: str
    measurand: str
    unit: str
    step: str
    methods: list[str]


class RemarkShape(Schema):
    """Something to be looked at; `blocks`: it cannot be submitted like that."""

    position: int
    replicate: int
    field: str
    text: str
    blocks: bool


class ResultsShape(Schema):
    """What is asked for and what is given, with all that is odd in it."""

    round: UUID
    number: str
    code: str
    state: str
    version: int
    results_until: datetime
    asked: list[AskedShape]
    rows: list[ReportedRow]
    remarks: list[RemarkShape]


def participation(request: HttpRequest, pk: UUID) -> Participation:
    """The own participation in a round, or nothing there."""
    found = participations_of(visitor_of(request)).filter(round=pk).order_by("code").first()
    if found is None:
        raise Http404
    return found


def shape(part: Participation) -> ResultsShape:
    asked, submission = asked_of(part.round), submission_of(part)
    at = {one.measurand: position for position, one in enumerate(asked)}
    given = [one.given for one in values_of(submission)]
    rows = [line.given for line in lines_of(asked, given) if not line.given.empty]
    return ResultsShape(
        round=part.round_id, number=part.round.number, code=part.code,
        state=submission.state if submission else SUBMISSION.initial, version=submission.version if submission else 0,
        results_until=deadline_of(part.round.plan, submission).in_time_until,
        asked=[AskedShape(position=at[one.measurand], item=one.item, measurand=one.name, unit=one.unit, step=one.step,
                          methods=list(one.methods)) for one in asked],
        rows=[ReportedRow(position=at[one.measurand], replicate=one.replicate, **one.said) for one in rows],
        remarks=[RemarkShape(position=at[one.key[0]], replicate=one.key[1], field=one.field, text=str(one.text), blocks=one.blocks)
                 for one in remarks(asked, given)],
    )  # fmt: skip


@router.get("/rounds/{uuid:pk}/results", response={200: ResultsShape, **REFUSALS}, url_name="api_round_results")
def results(request: HttpRequest, pk: UUID) -> ResultsShape:
    """What a round asks of the own laboratory, and what it has entered so far."""
    return shape(participation(request, pk))


@router.post("/rounds/{uuid:pk}/results", response={200: ResultsShape, **REFUSALS}, url_name="api_round_report")
def report(request: HttpRequest, pk: UUID, draft: ResultsDraft) -> ResultsShape:
    """Keep rows as a draft. Sent twice it is kept once; nothing is submitted, which two people do on the pages."""
    part, user = participation(request, pk), visitor_of(request).user
    assert isinstance(user, User)  # a token has one
    submission = submission_of(part)
    if draft.version is not None and draft.version != (submission.version if submission else 0):
        raise Misunderstood("version", CHANGED)
    was = {one.given.key: one.given.stamp for one in values_of(submission)} if draft.version is not None else None
    try:
        save_draft(part, rows_of(part, draft), actor=user, at=timezone.now(), was=was)
    except WrittenMeanwhile:
        raise Misunderstood("version", CHANGED) from None
    except ResultsRefused as refusal:
        raise Misunderstood(refusal.field or "rows", refusal.reason) from None
    except NotAllowedNow as refusal:
        raise Misunderstood("round", refusal.reason) from None
    return shape(part)


def rows_of(part: Participation, draft: ResultsDraft) -> list[Given]:
    """The rows as the table knows them, a later one for an earlier of the same place. Raises Misunderstood."""
    asked, found = asked_of(part.round), dict[tuple[int, int], Given]()
    for one in draft.rows:
        if one.position >= len(asked):
            raise Misunderstood("position", t("The round does not ask for this.", "本轮次没有该被测量。"))
        row = given_of(asked[one.position].measurand, one.replicate, one.dict())
        found[row.key] = row
    return list(found.values())
