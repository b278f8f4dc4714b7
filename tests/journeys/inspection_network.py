"""Puts two officers and a visit that has begun into a running demonstration, through the verbs that users' steps go through.

Run in a process of its own (`python -m tests.journeys.inspection_network`) with the settings of that product; prints the visit's key.
"""

from datetime import date, timedelta

import django

OFFICER = "officer-one"


def seed() -> str:
    """Officers who sign in with the password of the demonstration, on a visit to the laboratory of the demonstration today."""
    from django.conf import settings
    from django.contrib.auth.hashers import make_password
    from django.utils import timezone

    from zhunsheng.activities.campaigns.inspection import actions
    from zhunsheng.foundation.accounts.models import User
    from zhunsheng.registry.institutions.models import Institution
    from zhunsheng.registry.people.actions import enter_people, enter_posts
    from zhunsheng.registry.people.models import Person, Post

    now = timezone.now()
    today = timezone.localdate(now)
    authority = Institution.objects.get(posts__person__user__username="regulator")
    where = Institution.objects.get(posts__person__user__username="laboratory")
    users = [
        User.objects.create(username=name, email=f"{name}@demo.invalid", password=make_password(settings.DEMO_PASSWORD))
        for name in (OFFICER, "officer-two")
    ]
    team = [Person(name=f"演示检查员 {i}", user=user) for i, user in enumerate(users, 1)]
    enter_people(team, actor=None, at=now)
    posts = [Post(person=one, institution=authority, kind="inspector", valid_from=date(2020, 1, 1)) for one in team]
    enter_posts(posts, actor=None, at=now)
    task = actions.Task(where, team)
    visit = actions.plan_inspections(
        [task], authority=authority, on=today, until=today + timedelta(days=2), actor=None, at=now
    )[0]
    for one in team:
        actions.declare_recusal(visit, officer=one, free=True, detail="", actor=one.user, at=now)
    return str(visit.pk)


if __name__ == "__main__":
    django.setup()
    print(seed())
