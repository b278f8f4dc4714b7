"""The last day of a self-check in a region, and where it is over."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q

from zhunsheng.activities.campaigns.plan.models import RegionalDays
from zhunsheng.activities.campaigns.plan.queries.days import OwnDays
from zhunsheng.activities.campaigns.selfcheck.models import Call, SelfCheck, Turnout
from zhunsheng.activities.campaigns.selfcheck.queries.rollup import lies_in

STAGE = "selfcheck"


class CallDays:
    """The last day of calls in any region: of the region's own days for the stage, else that of the call. One query."""

    def __init__(self, calls: Iterable[Call]) -> None:
        campaigns = {one.campaign_id for one in calls}
        self.own = OwnDays(RegionalDays.objects.filter(stage__campaign__in=campaigns, stage__key=STAGE))
        self.stages: dict[UUID, int] = {
            rows[0].stage.campaign_id: stage for stage, rows in self.own.regional.items()
        }  # fmt: skip

    def of(self, call: Call, region_code: str) -> date:
        """The last day to submit in a region."""
        return self.own.last(self.stages.get(call.campaign_id), region_code) or call.due_on

    def differ(self, call: Call) -> bool:
        """Whether any region has own days."""
        return call.campaign_id in self.stages


def last_days(forms: Iterable[SelfCheck]) -> dict[UUID, date]:
    """Form → its last day to submit; one query, where `call` and `participant` are loaded."""
    given = list(forms)
    days = CallDays({one.call_id: one.call for one in given}.values())
    return {one.pk: days.of(one.call, one.participant.region_code) for one in given}


def over_in(call: Call, on: date, *, within: str = "") -> set[str] | None:
    """The region codes of an area in which the last day to submit is over, none for all of them; from the figures kept, two queries."""
    days = CallDays([call])
    if not days.differ(call):
        return None if on > call.due_on else set()
    rows = Turnout.objects.filter(lies_in(within, "region_code"), call=call, field="").order_by()
    return {code for code in rows.values_list("region_code", flat=True).distinct() if on > days.of(call, code)}


def among(codes: set[str] | None, path: str) -> Q:
    """Rows of these regions; no set: of all."""
    return Q() if codes is None else Q(**{f"{path}__in": sorted(codes)})
