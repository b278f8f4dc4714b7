"""What changed in rules and standards since the campaign that a plan was cloned from was published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.registry.catalogue.models import Standard
from zhunsheng.registry.catalogue.queries import changed_standards
from zhunsheng.registry.rulebook.queries import book
from zhunsheng.registry.rulebook.rules.differences import Difference, differences


@dataclass(frozen=True, slots=True)
class ChangedStandard:
    """A standard whose state is not the same any more."""

    standard: Standard
    before: str
    after: str
    on: date


@dataclass(frozen=True, slots=True)
class Changes:
    """Since which day, what rules say otherwise, and which standards stand otherwise."""

    since: date
    rules: Sequence[Difference]
    standards: Sequence[ChangedStandard]


def changes_since(campaign: Campaign, *, on: date) -> Changes:
    """From the day on which a campaign was published (where it never was, opened) to another day."""
    since = localdate(campaign.published_at) if campaign.published_at else campaign.opens_on
    whole = book()
    changed = changed_standards(after=since, until=on, known_on=on)
    named = Standard.objects.in_bulk([one.standard for one in changed])
    standards = [
        ChangedStandard(named[one.standard], one.before.state if one.before else "", one.after.state, one.day)
        for one in changed
    ]
    return Changes(since, differences(whole.on(since), whole.on(on), whole.classes), standards)
