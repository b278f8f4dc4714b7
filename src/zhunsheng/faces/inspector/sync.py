"""What a phone sends when there is a network again: records as one package, then each file by itself."""

import json
import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from zhunsheng.activities.campaigns.inspection import actions
from zhunsheng.activities.campaigns.inspection.actions import Taken
from zhunsheng.activities.campaigns.inspection.rules.packages import read_package, read_proof
from zhunsheng.activities.campaigns.inspection.rules.refusals import InspectionRefused
from zhunsheng.faces.inspector.pages import both, task_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.visits import actor_of
from zhunsheng.foundation.bilingual import Text, t


@login_required
@require_POST
def sync(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Take in looks and findings; the same package twice changes nothing."""
    inspection, person = task_of(request, pk)
    at = timezone.now()
    try:
        package = read_package(from_json(request.body), now=timezone.localtime(at))
    except InspectionRefused as refusal:
        return refused(refusal.reason)
    return told(actions.sync(inspection, package, officer=person, actor=actor_of(request), at=at))


@login_required
@require_POST
def exhibit(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Take in one file with what is said about it; the same file twice changes nothing."""
    inspection, person = task_of(request, pk)
    at, sent = timezone.now(), request.FILES.get("file")
    try:
        proof = read_proof(from_json(request.POST.get("about", "").encode()), now=timezone.localtime(at))
        content = sent.read() if sent else b""
        taken = actions.keep_exhibit(inspection, proof, content, officer=person, actor=actor_of(request), at=at)
    except InspectionRefused as refusal:
        return refused(refusal.reason)
    return told(taken)


def from_json(content: bytes) -> Any:
    """What was sent. Raises InspectionRefused where it is no JSON."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise InspectionRefused(t("What was sent cannot be read.", "上传的内容无法识别。")) from None


def told(taken: Taken) -> JsonResponse:
    return JsonResponse({"kept": taken.kept, "known": taken.known, "conflicts": taken.conflicts, "late": taken.late})


def refused(reason: Text) -> JsonResponse:
    return JsonResponse({"refused": both(reason)}, status=422)
