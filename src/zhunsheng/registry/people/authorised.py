"""Who may sign for an institution on a day."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from zhunsheng.foundation.calendar.validity import holding, known
from zhunsheng.registry.people.models import Authorisation, Post


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
