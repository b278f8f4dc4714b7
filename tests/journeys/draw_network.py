"""Puts officers, laboratories and a promised draw into a running demonstration, as the days before would have done.

Run in a process of its own (`python -m tests.journeys.draw_network`) with the settings of that product; prints the draw's key.
"""

from datetime import date, timedelta

import django

LONG_AGO = date(2020, 1, 1)


def seed() -> str:
    """Five officers of food and feed, one of whom has advised a laboratory; a draw promised three days ago, its beacon's day today."""
    from django.utils import timezone

    from tests.activities.campaigns.draw.network import plan
    from zhunsheng.activities.campaigns.draw.actions import commit_draw, declare_interest, enter_competences
    from zhunsheng.activities.campaigns.draw.models import Competence, Interest
    from zhunsheng.activities.campaigns.draw.queries import found_within
    from zhunsheng.foundation.bilingual import t
    from zhunsheng.registry.institutions.models import Institution
    from zhunsheng.registry.people.actions import enter_people, enter_posts
    from zhunsheng.registry.people.jurisdiction import jurisdiction_of
    from zhunsheng.registry.people.models import Person, Post

    now = timezone.now()
    today = timezone.localdate(now)
    authority = Institution.objects.get(posts__person__user__username="regulator")
    people = [Person(name=f"检查员 {i}") for i in range(1, 6)]
    enter_people(people, actor=None, at=now)
    posts = [Post(person=one, institution=authority, kind="inspector", valid_from=LONG_AGO) for one in people]
    enter_posts(posts, actor=None, at=now)
    fields = [Competence(person=one, field=field, valid_from=LONG_AGO) for one in people for field in ("food", "feed")]
    enter_competences(fields, actor=None, at=now)
    first = found_within(jurisdiction_of([authority], today), on=today)[0].institution
    interest = Interest(person=people[0], institution=first, kind="consultant", valid_from=LONG_AGO)
    declare_interest(interest, actor=None, at=now)
    planned = plan(
        title=t("Food and feed, spring", "食品与饲料春季抽查"), quotas={"food": 4, "feed": 2}, beacon_on=today,
        excluded={first.pk: t("inspected within twelve months", "十二个月内已接受检查")},
    )  # fmt: skip
    return str(commit_draw(authority=authority, plan=planned, actor=None, at=now - timedelta(days=3)).pk)


if __name__ == "__main__":
    django.setup()
    print(seed())
