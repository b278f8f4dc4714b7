"""Who may see which acts: those on what one may see. A kind of subject that is not named here is seen by nobody."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import CharField, Func, Q, QuerySet, Value
from django.db.models.functions import Concat

from zhunsheng.activities.proficiency.access import rounds_commissioned_by
from zhunsheng.decisions.eligibility.access import decisions_for
from zhunsheng.decisions.eligibility.models import Decision
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.imports.queries import imports_of
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.equipment.access import instruments_seen_by
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.institutions.access import seen_in_full_by
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.access import people_seen_by
from zhunsheng.registry.people.jurisdiction import jurisdiction_of
from zhunsheng.registry.people.models import Person, Post
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.people.states import LABORATORY_POSTS
from zhunsheng.registry.people.states import Post as PostWord
from zhunsheng.registry.stocktaking.access import called_by

Things = QuerySet[Any]

SEEN_BY_AUTHORITY: Mapping[str, Callable[[Visitor], Things]] = {
    "round": rounds_commissioned_by,
    "decision": decisions_for,
    "institution": seen_in_full_by,
    "person": people_seen_by,
    "instrument": instruments_seen_by,
    "stocktaking": called_by,
}
"""What a regulator may see, by the kind of subject."""

SEEN_BY_LABORATORY: Mapping[str, Callable[[Visitor], Things]] = {
    "institution": seen_in_full_by,
    "person": people_seen_by,
    "instrument": instruments_seen_by,
}
"""What a laboratory may see; of these it sees what its own people did, and of others what is told to it anyway."""

TOLD_TO_THE_INSTITUTION = (
    "enter_institution", "mend_institution", "merge_institutions", "undo_merge", "enter_certificate", "correct_certificate",
    "shorten_certificate", "confirm_retest", "enter_person", "mend_person", "enter_instrument", "mend_instrument",
)  # fmt: skip
"""Acts of others on an institution's entry that it learns of; a risk class, say, it does not learn of before it is published."""


def may_read(visitor: Visitor) -> bool:
    """Regulators, integrity officers, and whoever works for a laboratory."""
    return visitor.holds(PostWord.REGULATOR, PostWord.INTEGRITY_OFFICER) or visitor.laboratory is not None


def acts_visible_to(visitor: Visitor) -> QuerySet[Entry]:
    """The acts that a visitor may see, with their reasons, what was before and what after."""
    seen = Q(pk__in=())
    if visitor.authority:
        seen |= _on(SEEN_BY_AUTHORITY, visitor) | Q(subject__in=_subjects("import", imports_of(_user(visitor))))
    if visitor.holds(PostWord.INTEGRITY_OFFICER):
        seen |= _done_by(visitor.institutions(PostWord.INTEGRITY_OFFICER)) & _overseen(visitor)
    if visitor.laboratory:
        own = visitor.institutions(*LABORATORY_POSTS, PostWord.INSTITUTION_ADMIN)
        seen |= _own(visitor) & (_done_by(own) | Q(verb__in=TOLD_TO_THE_INSTITUTION))
    return Entry.objects.filter(seen).order_by("-pk")


def _user(visitor: Visitor) -> User:
    assert visitor.user is not None  # whoever holds a post has an account
    return visitor.user


def _on(kinds: Mapping[str, Callable[[Visitor], Things]], visitor: Visitor) -> Q:
    found = Q(pk__in=())
    for kind, things in kinds.items():
        found |= Q(subject__in=_subjects(kind, things(visitor)))
    return found


def _own(visitor: Visitor) -> Q:
    """What belongs to the visitor's own laboratories: not what the same person sees in another post."""
    heads = {one.merged_into_id or one.pk for one in visitor.laboratories}
    own = Q(institution__in=heads) | Q(institution__merged_into__in=heads)
    return (
        Q(subject__in=_subjects("institution", Institution.objects.filter(Q(pk__in=heads) | Q(merged_into__in=heads))))
        | Q(subject__in=_subjects("person", Person.objects.filter(pk__in=Post.objects.filter(own).values("person"))))
        | Q(subject__in=_subjects("instrument", Instrument.objects.filter(own)))
    )


def _overseen(visitor: Visitor) -> Q:
    """What an integrity officer's own authority decides and oversees. Rounds are not among it: identities are no officer's business."""
    authorities = visitor.institutions(PostWord.INTEGRITY_OFFICER)
    area = jurisdiction_of(authorities, visitor.on)
    within = Institution.objects.filter(area.q("region_code", visitor.on))
    theirs = Q(institution__in=within.values("pk"))
    return (
        Q(subject__in=_subjects("decision", Decision.objects.filter(asked_for__in=authorities)))
        | Q(subject__in=_subjects("institution", within))
        | Q(subject__in=_subjects("person", Person.objects.filter(pk__in=Post.objects.filter(theirs).values("person"))))
        | Q(subject__in=_subjects("instrument", Instrument.objects.filter(theirs)))
    )


def _done_by(institutions: list[Institution]) -> Q:
    """Acts of whoever holds or held a post there."""
    return Q(
        actor__in=Post.objects.filter(institution__in=institutions, person__user__isnull=False).values("person__user")
    )


class _Text(Func):
    """A key as a subject has it: SQLite keeps a UUID without its hyphens."""

    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(
            compiler, connection, **context,
            template="(substr(%(expressions)s,1,8)||'-'||substr(%(expressions)s,9,4)||'-'||substr(%(expressions)s,13,4)"
            "||'-'||substr(%(expressions)s,17,4)||'-'||substr(%(expressions)s,21))",
        )  # fmt: skip

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, template="(%(expressions)s)::text", **context)


def _subjects(kind: str, things: Things) -> Things:
    """The things as subjects of acts: "kind:key"."""
    named = things.order_by().annotate(subject_=Concat(Value(f"{kind}:"), _Text("pk"), output_field=CharField()))
    return named.values("subject_")
