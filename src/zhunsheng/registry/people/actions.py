"""The verbs of people: enter people, their posts and authorisations in the register."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.registry.people.models import Authorisation, Person, Post


@transaction.atomic
def enter_people(people: Sequence[Person], *, actor: User | None, at: datetime) -> None:
    """Enter people, all or none."""
    Person.objects.bulk_create(people, batch_size=500)
    journal.record_new("enter_people", people, actor=actor, at=at)


@transaction.atomic
def enter_posts(posts: Sequence[Post], *, actor: User | None, at: datetime) -> None:
    """Enter posts, all or none."""
    Post.objects.bulk_create(posts, batch_size=500)
    journal.record_new("enter_posts", posts, actor=actor, at=at)


@transaction.atomic
def enter_authorisations(authorisations: Sequence[Authorisation], *, actor: User | None, at: datetime) -> None:
    """Enter authorisations to sign, all or none."""
    Authorisation.objects.bulk_create(authorisations, batch_size=500)
    journal.record_new("enter_authorisations", authorisations, actor=actor, at=at)
