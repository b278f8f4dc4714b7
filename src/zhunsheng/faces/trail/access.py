"""Who may see which acts: those on what one may see. A kind of subject that is not named here is seen by nobody."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhunsheng.activities.campaigns.inspection import access as inspections
from zhunsheng.activities.campaigns.plan import access as plans
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.rectification import access as rectifications
from zhunsheng.activities.campaigns.screen.access import screens_of, suspicions_seen_by
from zhunsheng.activities.proficiency.access import rounds_commissioned_by
from zhunsheng.capability.evidence.access import visible_to
from zhunsheng.decisions.eligibility.access import decisions_for
from zhunsheng.decisions.eligibility.models import Decision
from zhunsheng.faces.trail.lived import LIVED_RULES, opened_to
from zhunsheng.faces.trail.rights import OVERSEES, held_when, on_rights, on_selfchecks
from zhunsheng.faces.trail.subjects import subjects
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.imports.queries import imports_of
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.equipment.access import instruments_seen_by
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.institutions.access import seen_in_full_by
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.access import employed, people_seen_by
from zhunsheng.registry.people.jurisdiction import jurisdiction_of
from zhunsheng.registry.people.models import Post
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
    "inspection": inspections.seen_by_authority,
    "finding": inspections.findings_of_authority,
    "disposition": inspections.dispositions_of_authority,
    "rectification": rectifications.seen_by_authority,
    "look_back": rectifications.look_backs_of,
    "campaign": plans.run_by,
    "screen": screens_of,
    "suspicion": suspicions_seen_by,
    "evidence": visible_to,
}
"""What a regulator may see, by the kind of subject."""

SEEN_BY_LABORATORY: Mapping[str, Callable[[Visitor], Things]] = {
    "inspection": inspections.seen_by_institution,
    "disposition": inspections.dispositions_of_institution,
    "rectification": rectifications.seen_by_institution,
}
"""What a laboratory is told of inspections: it sees what its own people did about them."""

TOLD_TO_THE_INSTITUTION = (
    "enter_institution", "mend_institution", "merge_institutions", "undo_merge", "enter_certificate", "correct_certificate",
    "shorten_certificate", "enter_person", "mend_person", "add_identity", "correct_identity",
    "enter_instrument", "mend_instrument",
)  # fmt: skip
"""Acts of others on an institution's entry that it learns of; a risk class, say, it does not learn of before it is published."""


BY_EVIDENCE = ("confirm_retest", "confirm_case")
"""Acts that tell the result of a round: seen by the laboratory and by the authority to which that result was disclosed, by nobody else."""


def may_read(visitor: Visitor) -> bool:
    """Regulators, integrity officers, administrators of any institution, and whoever works for a laboratory."""
    return visitor.holds(*OVERSEES, PostWord.INSTITUTION_ADMIN) or visitor.laboratory is not None


def acts_visible_to(visitor: Visitor) -> QuerySet[Entry]:
    """The acts that a visitor may see, with their reasons, what was before and what after."""
    seen, apart = on_rights(visitor) | on_selfchecks(visitor), Q(verb__in=(*LIVED_RULES, *BY_EVIDENCE))
    if visitor.authority:
        seen |= _on(SEEN_BY_AUTHORITY, visitor) | Q(subject__in=subjects("import", imports_of(_user(visitor))))
        led = Q(subject__in=subjects("campaign", plans.seen_by_authority(visitor)))
        seen |= led & _done_by(visitor.institutions(PostWord.REGULATOR))
    if visitor.holds(PostWord.INTEGRITY_OFFICER):
        seen |= _done_by(visitor.institutions(PostWord.INTEGRITY_OFFICER)) & _overseen(visitor)
    if visitor.laboratory:
        own = visitor.institutions(*LABORATORY_POSTS, PostWord.INSTITUTION_ADMIN)
        seen |= _own(visitor) & (_done_by(own) | Q(verb__in=TOLD_TO_THE_INSTITUTION))
    seen = (seen & ~apart) | Q(pk__in=_retests(visitor)) | opened_to(visitor)
    return Entry.objects.filter(seen).order_by("-pk")


def _retests(visitor: Visitor) -> Things:
    """The acts behind the confirmations that the visitor may see: the evidence says to whom they are disclosed."""
    return visible_to(visitor).order_by().filter(kind="retest_confirmed").values("entry")


def _user(visitor: Visitor) -> User:
    assert visitor.user is not None  # whoever holds a post has an account
    return visitor.user


def _on(kinds: Mapping[str, Callable[[Visitor], Things]], visitor: Visitor) -> Q:
    found = Q(pk__in=())
    for kind, things in kinds.items():
        found |= Q(subject__in=subjects(kind, things(visitor)))
    return found


def _own(visitor: Visitor) -> Q:
    """What belongs to the visitor's own laboratories: not what the same person sees in another post."""
    heads = {one.merged_into_id or one.pk for one in visitor.laboratories}
    own = Q(institution__in=heads) | Q(institution__merged_into__in=heads)
    return (
        Q(subject__in=subjects("institution", Institution.objects.filter(Q(pk__in=heads) | Q(merged_into__in=heads))))
        | Q(subject__in=subjects("person", employed(own, visitor.on)))
        | Q(subject__in=subjects("instrument", Instrument.objects.filter(own)))
        | Q(subject__in=subjects("campaign", Campaign.objects.filter(pk__in=_taken_part_in(visitor))))
        | _on(SEEN_BY_LABORATORY, visitor)
    )


def _taken_part_in(visitor: Visitor) -> Things:
    return plans.own_participations(visitor).order_by().values("campaign")


def _overseen(visitor: Visitor) -> Q:
    """What an integrity officer's own authority decides and oversees. Rounds are not among it: identities are no officer's business."""
    authorities = visitor.institutions(PostWord.INTEGRITY_OFFICER)
    area = jurisdiction_of(authorities, visitor.on)
    within = Institution.objects.filter(area.q("region_code", visitor.on))
    theirs = Q(institution__in=within.values("pk"))
    return (
        Q(subject__in=subjects("decision", Decision.objects.filter(asked_for__in=authorities)))
        | Q(subject__in=subjects("campaign", Campaign.objects.filter(authority__in=authorities)))
        | Q(subject__in=subjects("institution", within))
        | Q(subject__in=subjects("person", employed(theirs, visitor.on)))
        | Q(subject__in=subjects("instrument", Instrument.objects.filter(theirs)))
    )


def _done_by(institutions: list[Institution]) -> Q:
    """Acts of whoever held a post there on the day of the act: what somebody did before coming is no colleague's act."""
    day = OuterRef("at__date")
    return Q(Exists(Post.objects.filter(held_when(day), institution__in=institutions, person__user=OuterRef("actor"))))
