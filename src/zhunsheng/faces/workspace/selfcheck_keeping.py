"""What the page of a self-check sends by itself, item by item, as soon as there is a network again."""

import json
import uuid
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhunsheng.activities.campaigns.selfcheck.actions.answering import answer_items
from zhunsheng.activities.campaigns.selfcheck.models import SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.standing import progress_of
from zhunsheng.activities.campaigns.selfcheck.rules.answering import AnsweredMeanwhile, Given
from zhunsheng.faces.inspector.pages import worker_script
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.templating import moment
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.faces.workspace.selfchecks import Refused, Typed, own
from zhunsheng.foundation.bilingual import t

PARTS = ("answer", "remark", "correction")
UNREADABLE, CLASH, REFUSED = 400, 409, 422


@only("laboratory")
@require_POST
def save(request: VisitedRequest, pk: uuid.UUID) -> JsonResponse:
    """Keep one answer as it was typed; where a colleague answered otherwise meanwhile, say what stands. Sent twice, it is kept once.

    What one user typed is never taken as another's word: a page that was left open names the one who typed.
    """
    found, asked = own(request, pk), read(request.body)
    if asked is None:
        return refused(str(t("This cannot be read.", "无法读取提交的内容。")), UNREADABLE)
    typed, user = asked
    if user != actor_of(request).pk:
        return refused(str(t("Another person is signed in now.", "当前登录的是另一位用户。")), REFUSED)
    try:
        answer_items(
            found, [typed.given], actor=actor_of(request), at=timezone.now(), was={typed.given.item: typed.was}
        )
    except AnsweredMeanwhile:
        return JsonResponse({"kept": False, **standing(found, typed.given.item)}, status=CLASH)
    except Refused as refusal:
        return refused(str(reason_of(refusal)), REFUSED)
    progress = progress_of(found)
    said = {"stamp": typed.given.stamp, "done": progress.done, "of": progress.of, "next": progress.next}
    return JsonResponse({"kept": True, **said})


def refused(reason: str, status: int) -> JsonResponse:
    return JsonResponse({"kept": False, "reason": reason}, status=status)


def standing(found: SelfCheck, no: int) -> dict[str, Any]:
    """What stands at an item, by whom and when."""
    answer = found.answers.select_related("by").get(item__no=no)
    stamp = Given(no, answer.answer, answer.remark, answer.correction).stamp
    said = {key: getattr(answer, key) for key in PARTS}
    return {"stands": said, "stamp": stamp, "by": str(answer.by or ""), "at": moment(answer.at)}


def read(body: bytes) -> tuple[Typed, int] | None:
    """The item and who typed it; None for what is no such thing."""
    try:
        said = json.loads(body)
        no, was, user, parts = said["item"], said["was"], said["user"], [said["is"][key] for key in PARTS]
    except (ValueError, KeyError, TypeError):
        return None
    if (
        type(no) is not int
        or type(user) is not int
        or not all(isinstance(one, str) and "\x00" not in one for one in (was, *parts))
    ):
        return None
    answer, remark, correction = (one.replace("\r\n", "\n") for one in parts)
    return Typed(Given(no, answer, remark, correction), was), user


@only("laboratory")
@require_GET
@never_cache
def status(request: VisitedRequest, pk: uuid.UUID) -> JsonResponse:
    """Who is signed in, and a fresh token to send with: the page may have come from the device's memory."""
    own(request, pk)
    return JsonResponse({"user": actor_of(request).pk, "token": get_token(request)})


@require_GET
def worker(request: VisitedRequest) -> HttpResponse:
    """The service worker, served from here because its reach is the folder of its address."""
    headers = {"Cache-Control": "no-cache"}
    return HttpResponse(worker_script(), content_type="text/javascript; charset=utf-8", headers=headers)
