"""Who may sign for an institution on a day, and why."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from zhunsheng.foundation.calendar.validity import holding, known
from zhunsheng.registry.people.models import Authorisation, Post
from zhunsheng.registry.people.rules.authorising import Days, Entered, Explanation, Held, explained
from zhunsheng.registry.people.states import NAMES
from zhunsheng.registry.people.states import Post as PostWord


def authorised_on(on: date, *, known_on: date) -> QuerySet[Authorisation]:
    """Authorisations that count on a day, as known on a day: held together with a post at the institution on that day.

    Who has left signs nothing, though the register may still hold the authorisation. Entries merged into one institution are
    one. Posts are asked as they stand in the register now: it keeps their days, not since when it knew them.
    """
    posts = Post.objects.filter(holding(on), person=OuterRef("person")).annotate(
        at=Coalesce("institution__merged_into", "institution")
    )
    here = posts.filter(at=Coalesce(OuterRef("institution__merged_into"), OuterRef("institution")))
    return Authorisation.objects.filter(holding(on), known(known_on)).filter(Exists(here))


def why(authorisation: Authorisation, posts: Iterable[Post], *, on: date, known_on: date) -> Explanation:
    """Why an authorisation is among `authorised_on`, or is not; from rows that were fetched with their institutions, no question.

    `posts` are those of the same person, of this institution at least.
    """
    gone = authorisation.superseded_at
    entry = Entered(
        where=_stands_for(authorisation), days=Days(authorisation.valid_from, authorisation.valid_to),
        recorded_on=timezone.localdate(authorisation.recorded_at), superseded_on=timezone.localdate(gone) if gone else None,
    )  # fmt: skip
    held = (Held(_stands_for(one), Days(one.valid_from, one.valid_to), NAMES[PostWord(one.kind)]) for one in posts)
    return explained(entry, held, on=on, known_on=known_on)


def _stands_for(row: Authorisation | Post) -> UUID:
    """The key of the entry that stands for the institution of a row."""
    return row.institution.merged_into_id or row.institution_id
