"""The tasks that an institution has."""

from django.utils.timezone import localdate

from zhunsheng.activities.campaigns.plan.models import Participant, Task
from zhunsheng.registry.people.jurisdiction import lies_within

OF_AUTHORITIES = ("regulator",)


def tasks_of(participant: Participant) -> list[Task]:
    """The tasks of the campaign that are set to a role of every institution, or of those in its region; in the order of their days."""
    found = Task.objects.filter(campaign=participant.campaign_id).exclude(role__in=OF_AUTHORITIES)
    day = (
        localdate(participant.campaign.published_at)
        if participant.campaign.published_at
        else participant.campaign.opens_on
    )
    among = found.select_related("campaign").order_by("due_on", "set_at", "pk")
    return [one for one in among if not one.region_code or lies_within(participant.region_code, one.region_code, day)]
