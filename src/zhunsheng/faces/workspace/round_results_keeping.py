"""What the page of the results sends by itself: the rows that were typed, as soon as there is a network again."""

import json
import uuid
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhunsheng.activities.proficiency.collect.actions.entering import save_draft
from zhunsheng.activities.proficiency.collect.models import Submission
from zhunsheng.activities.proficiency.collect.queries.entering import asked_of, submission_of, values_of
from zhunsheng.activities.proficiency.collect.rules.checking import remarks
from zhunsheng.activities.proficiency.collect.rules.given import (
    LONGEST,
    Given,
    Key,
    ResultsRefused,
    WrittenMeanwhile,
    given_of,
)
from zhunsheng.activities.proficiency.models import Participation
from zhunsheng.faces.days import written_in
from zhunsheng.faces.inspector.pages import worker_script
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.faces.workspace.round_results import Refused, is_number, own
from zhunsheng.foundation.bilingual import t

MOST_ROWS = 1_000
UNREADABLE, CLASH, REFUSED = 400, 409, 422


@only("laboratory")
@require_POST
def save(request: VisitedRequest, pk: uuid.UUID) -> JsonResponse:
    """Keep rows as they were typed and say what is odd in the table; where a colleague wrote meanwhile, say what stands.

    Sent twice, it is kept once. What one user typed is never taken as another's word: a page that was left open names its user.
    """
    part, sent = own(request, pk), read(request.body)
    if sent is None:
        return refused(str(t("This cannot be read.", "无法读取提交的内容。")), UNREADABLE)
    rows, was, user = sent
    if user != actor_of(request).pk:
        return refused(str(t("Another person is signed in now.", "当前登录的是另一位用户。")), REFUSED)
    try:
        kept = save_draft(part, rows, actor=actor_of(request), at=timezone.now(), was=was)
    except WrittenMeanwhile as clash:
        return JsonResponse({"kept": False, "stands": standing(part, clash.keys)}, status=CLASH)
    except Refused as refusal:
        key = getattr(refusal, "key", None)
        at = {"key": name_of(key), "field": refusal.field} if key and isinstance(refusal, ResultsRefused) else {}
        return refused(str(reason_of(refusal)), REFUSED, **at)
    return JsonResponse({"kept": True, **said_of(part, kept, rows)})


def name_of(key: Key) -> str:
    return f"{key[0]}-{key[1]}"


def said_of(part: Participation, kept: Submission, rows: list[Given]) -> dict[str, Any]:
    """When it was kept, what each row is known by now, and what is odd in the whole table."""
    found = remarks(asked_of(part.round), [one.given for one in values_of(kept)])
    at = written_in(kept.saved_at or timezone.now(), part.round.plan.zone)
    return {
        "version": kept.version, "at": f"{at:%H:%M:%S}", "stamps": {name_of(one.key): one.stamp for one in rows},
        "remarks": [
            {"key": name_of(one.key), "field": one.field, "text": str(one.text), "blocks": one.blocks} for one in found
        ],
    }  # fmt: skip


def refused(reason: str, status: int, **at: str) -> JsonResponse:
    return JsonResponse({"kept": False, "reason": reason, **at}, status=status)


def standing(part: Participation, keys: frozenset[Key]) -> dict[str, Any]:
    """What stands in these rows, and by whom."""
    rows = {one.given.key: one for one in values_of(submission_of(part))}
    return {
        name_of(key): {"is": rows[key].given.said, "stamp": rows[key].given.stamp, "by": str(rows[key].by or "")}
        for key in keys
        if key in rows
    }


def read(body: bytes) -> tuple[list[Given], dict[Key, str], int] | None:
    """Rows, stamps of what their writer saw, and who typed them; None for what is no such thing."""
    try:
        sent = json.loads(body)
        user, rows = sent["user"], [row(one) for one in sent["rows"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if type(user) is not int or len(rows) > MOST_ROWS:
        return None
    return [given for given, _ in rows], {given.key: was for given, was in rows}, user


def row(said: dict[str, Any]) -> tuple[Given, str]:
    """One row as sent. Raises ValueError, KeyError, TypeError."""
    measurand, replicate = said["key"].split("-")
    texts = {name: said["is"].get(name, "") for name in LONGEST}
    if not all(isinstance(one, str) for one in (*texts.values(), said["was"])) or not (
        is_number(measurand) and is_number(replicate)
    ):
        raise ValueError(said["key"])
    return given_of(int(measurand), int(replicate), texts), said["was"]


@only("laboratory")
@require_GET
@never_cache
def status(request: VisitedRequest, pk: uuid.UUID) -> JsonResponse:
    """Who is signed in, and a fresh token to send with: the page may have come from the device's memory."""
    own(request, pk)
    return JsonResponse({"user": actor_of(request).pk, "token": get_token(request)})


@require_GET
def worker(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The service worker, served from here because its reach is the folder of its address."""
    headers = {"Cache-Control": "no-cache"}
    return HttpResponse(worker_script(), content_type="text/javascript; charset=utf-8", headers=headers)
