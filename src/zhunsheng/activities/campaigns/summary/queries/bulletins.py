"""The questions asked of bulletins: what stands in a draft, who agreed to be named, what was released."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from zhunsheng.activities.campaigns.summary.models import Bulletin, Consent, Figures, Passage
from zhunsheng.activities.campaigns.summary.states import KINDS


def with_campaigns(bulletins: QuerySet[Bulletin]) -> QuerySet[Bulletin]:
    """As lists and pages show them."""
    return bulletins.select_related("campaign__authority", "corrects", "release")


def standing_passages(bulletin: Bulletin) -> list[Passage]:
    """The last version of each text that was not taken out, by kind, then in the order in which they were begun; one query."""
    last: dict[Any, Passage] = {}
    rows = Passage.objects.filter(bulletin=bulletin).select_related("institution__merged_into")
    for one in rows.order_by("written_at", "pk"):
        last[one.key] = one
    kinds = list(KINDS)
    return sorted((one for one in last.values() if not one.taken_out), key=lambda one: kinds.index(one.kind))


def versions_of(bulletin: Bulletin, key: Any) -> QuerySet[Passage]:
    """All versions of one text, the last first."""
    return Passage.objects.filter(bulletin=bulletin, key=key).select_related("written_by").order_by("-version")


def agreed(passages: Iterable[Passage]) -> dict[int, Consent]:
    """Passage → the consent to it that stands: the last word of the institution about this very text; one query."""
    named = {one.sha256: one for one in passages if one.institution_id}
    last = {one.sha256: one for one in Consent.objects.filter(sha256__in=named).order_by("recorded_at", "pk")}
    return {named[sha256].pk: one for sha256, one in last.items() if one.given}


def last_figures(bulletin: Bulletin) -> Figures | None:
    """The figures that a draft would be released with."""
    return Figures.objects.filter(bulletin=bulletin).order_by("-version").first()


def content_of(kept: Any) -> dict[str, Any]:
    """What was frozen: of figures or of a release."""
    found: dict[str, Any] = json.loads(bytes(kept.content))
    return found
