"""The verbs of people: enter people, posts, qualifications and authorisations, mend and end them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.calendar.validity import holding
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.registry.institutions.access import of_heads
from zhunsheng.registry.institutions.actions.changing import enter, mend, only, supersede
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import family_ids, family_of
from zhunsheng.registry.institutions.rules.refusals import CannotEnter, check_days, check_reason
from zhunsheng.registry.people.double_posts import overlap
from zhunsheng.registry.people.models import Authorisation, Person, Post, Qualification


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


PERSON_COLUMNS = ("name",)
QUALIFICATION_COLUMNS = ("kind", "name", "number", "valid_from", "valid_to")


def subject_of(person: Person) -> str:
    return f"person:{person.pk}"


@transaction.atomic
def enter_person(person: Person, post: Post, *, actor: User | None, at: datetime) -> Person:
    """Enter a person with the first post; who comes back to the institution gets the post on the entry of then.

    What other institutions entered of the same person is neither asked nor told: the answer is the same either way.
    Raises CannotEnter if somebody with this identity number holds a post in the institution.
    """
    check_days(post.valid_from, post.valid_to)
    if entry := entry_of_then(person, post):
        post.person = entry
        enter_post(post, actor=actor, at=at)
        return entry
    person.save(force_insert=True)
    post.person = person
    post.save(force_insert=True)
    rows = [journal.columns(person), journal.columns(post)]
    journal.record("enter_person", actor=actor, at=at, subject=subject_of(person), rows=rows, after=rows[1] | rows[0])
    return person


def entry_of_then(person: Person, post: Post) -> Person | None:
    """The institution's own entry with this identity number, of who has left; none if somebody else uses it, too.

    Raises CannotEnter for somebody who is still there: that person gets the post on the page.
    """
    if not person.identity_hash:
        return None
    Institution.objects.select_for_update().get(pk=post.institution_id)  # the same may be entered twice at once
    family = family_ids(post.institution)
    here = Post.objects.filter(institution__in=family, person__identity_hash=person.identity_hash)
    if here.filter(Q(valid_to=None) | Q(valid_to__gte=post.valid_from)).exists():
        raise CannotEnter(STILL_HERE, field="identity")
    elsewhere = Post.objects.filter(person=OuterRef("person")).exclude(institution__in=family)
    own = here.filter(~Exists(elsewhere), person__user=None)
    last = own.select_related("person").order_by("-valid_from", "pk").first()
    return last.person if last else None


STILL_HERE = t(
    "Somebody with this identity number works here already: enter a post for that person.",
    "本机构已登记该身份证件号码的人员：请为其录入任职。",
)


@transaction.atomic
def add_identity(
    person: Person, number: str, masked: str, *, within: QuerySet[Institution], actor: User | None, at: datetime
) -> Person:
    """Give an entry without an identity number the keyed hash of one and its masked form.

    `within` are the institutions that the actor keeps: what others entered is neither asked nor told, the answer is the same either
    way. Raises CannotEnter for an entry that has a number, BelongsToAnother where another entry of such an institution has this one.
    """
    family = family_of(hold(person, within))
    row = lock(person.pk)
    if row.identity_hash:
        raise CannotEnter(HAS_NUMBER, field="identity")
    return _give_number("add_identity", row, number, masked, family=family, reason="", actor=actor, at=at)


@transaction.atomic
def correct_identity(
    person: Person,
    number: str,
    masked: str,
    *,
    within: QuerySet[Institution],
    reason: str,
    actor: User | None,
    at: datetime,
) -> Person:
    """Give an entry another identity number instead of one that was entered wrongly: the authority's act.

    A laboratory that could do it might so make a person unrecognisable who works in two places. `within` as for `add_identity`. Raises
    CannotEnter without a reason and for the number that the entry has, BelongsToAnother as `add_identity`.
    """
    check_reason(reason)
    family = family_of(hold(person, within))
    row = lock(person.pk)
    if row.identity_hash == number:
        raise CannotEnter(SAME_NUMBER, field="identity")
    return _give_number(
        "correct_identity", row, number, masked, family=family, reason=reason.strip(), actor=actor, at=at
    )


def _give_number(
    verb: str,
    row: Person,
    number: str,
    masked: str,
    *,
    family: Collection[UUID],
    reason: str,
    actor: User | None,
    at: datetime,
) -> Person:
    there = Post.objects.filter(institution__in=family, person=OuterRef("pk"))
    if other := Person.objects.filter(Exists(there), identity_hash=number).exclude(pk=row.pk).first():
        raise BelongsToAnother(other)
    wanted = {"identity_hash": number, "identity_masked": masked}
    return mend(verb, row, wanted, subject=subject_of(row), reason=reason, actor=actor, at=at)


def hold(person: Person, within: QuerySet[Institution]) -> list[Institution]:
    """Of these institutions those where a person holds or held a post, with nobody entered there until this transaction ends."""
    here = Post.objects.filter(of_heads(within), person=person).values_list("institution", "institution__merged_into")
    heads = {head or own for own, head in here}
    return list(Institution.objects.select_for_update().filter(pk__in=heads).order_by("pk"))


class BelongsToAnother(CannotEnter):
    """An identity number is that of `other`, another entry of the institution; the sentence names nobody."""

    def __init__(self, other: Person) -> None:
        super().__init__(ANOTHER_HAS_IT, field="identity")
        self.other = other


SAME_NUMBER = t("The entry has this identity number already.", "该人员登记的就是该身份证号。")
HAS_NUMBER = t("This entry has an identity number already.", "该人员已登记身份证号。")
ANOTHER_HAS_IT = t(
    "Another entry of this institution has this identity number. If it is the same person who came back, end the posts of this entry "
    "and enter the person anew with the number: the entry of then gets the post.",
    "本机构另一条人员登记已使用该身份证号。如系同一人再次入职，请终止本条登记的任职，再以该号码重新录入人员，系统将沿用原登记。",
)


@transaction.atomic
def mend_person(person: Person, changes: Mapping[str, Any], *, reason: str, actor: User | None, at: datetime) -> Person:
    """Change what the register says of a person."""
    check_reason(reason)
    row = Person.objects.select_for_update().get(pk=person.pk)
    wanted = only(changes, PERSON_COLUMNS)
    return mend("mend_person", row, wanted, subject=subject_of(row), reason=reason, actor=actor, at=at)


@transaction.atomic
def enter_post(post: Post, *, actor: User | None, at: datetime) -> Post:
    """Enter a post. Raises CannotEnter for one that the person holds there on one of these days already, or for one with an account."""
    check_days(post.valid_from, post.valid_to)
    check_has_no_account(lock(post.person_id))
    held = Post.objects.filter(person=post.person_id, institution=post.institution_id, kind=post.kind)
    if any(overlap(one, post) for one in held):
        raise CannotEnter(
            t("This post is held on some of these days already.", "该任职在部分日期内已登记。"), field="kind"
        )
    return enter("enter_post", post, subject=subject_of(post.person), actor=actor, at=at)


def lock(person: UUID) -> Person:
    """The person, of whom nobody else enters anything until this transaction ends: the same may be entered twice at once."""
    return Person.objects.select_for_update().get(pk=person)


@transaction.atomic
def end_post(post: Post, last_day: date, *, reason: str, actor: User | None, at: datetime) -> Post:
    """Give a post its last day, or an earlier one. Raises CannotEnter for a later one: that is another post; or for one with an account."""
    check_reason(reason)
    row = Post.objects.select_for_update().select_related("person").get(pk=post.pk)
    check_has_no_account(row.person)
    check_days(row.valid_from, last_day)
    check_earlier(row.valid_to, last_day)
    subject = subject_of(row.person)
    return mend("end_post", row, {"valid_to": last_day}, subject=subject, reason=reason, actor=actor, at=at)


def check_has_no_account(person: Person) -> None:
    """Raise CannotEnter for somebody who signs in: the posts of users are their rights, which only an administrator gives or ends."""
    if person.user_id is not None:
        raise CannotEnter(
            t(
                "This person has an account: the institution's administrator gives and ends posts under “Users”.",
                "该人员已有账号：请由机构管理员在“用户”页面办理任职。",
            ),
            field="kind",
        )


def check_earlier(until: date | None, last_day: date) -> None:
    """Raise CannotEnter for an end that is no earlier than the one there is."""
    if until is not None and last_day >= until:
        raise CannotEnter(
            t("It already ends on {d}.", "已登记的截止日期为 {d}。", d=until.isoformat()), field="last_day"
        )


@transaction.atomic
def enter_qualification(qualification: Qualification, *, actor: User | None, at: datetime) -> Qualification:
    """Enter a degree, title or certificate of a person."""
    check_days(qualification.valid_from, qualification.valid_to)
    qualification.recorded_at = at
    subject = subject_of(qualification.person)
    return enter("enter_qualification", qualification, subject=subject, actor=actor, at=at)


@transaction.atomic
def correct_qualification(
    qualification: Qualification, changes: Mapping[str, Any], *, reason: str, actor: User | None, at: datetime
) -> Qualification:
    """Enter a qualification anew with what was wrong put right; the old row stays as what was known until now."""
    check_reason(reason)
    wanted = only(changes, QUALIFICATION_COLUMNS)
    check_days(wanted.get("valid_from", qualification.valid_from), wanted.get("valid_to", qualification.valid_to))
    subject = subject_of(qualification.person)
    return supersede("correct_qualification", qualification, wanted, subject=subject, reason=reason, actor=actor, at=at)


@transaction.atomic
def authorise(authorisation: Authorisation, *, actor: User | None, at: datetime) -> Authorisation:
    """Authorise a person to sign reports of a field. Raises CannotEnter without a post there on the first day, or twice."""
    check_days(authorisation.valid_from, authorisation.valid_to)
    lock(authorisation.person_id)
    check_holds_a_post(authorisation)
    check_not_authorised_yet(authorisation)
    authorisation.recorded_at = at
    return enter("authorise", authorisation, subject=subject_of(authorisation.person), actor=actor, at=at)


def check_holds_a_post(authorisation: Authorisation) -> None:
    posts = Post.objects.filter(
        holding(authorisation.valid_from), person=authorisation.person_id,
        institution__in=family_ids(authorisation.institution),
    )  # fmt: skip
    if not posts.exists():
        raise CannotEnter(
            t("The person holds no post in the institution on the first day.", "该人员在起始日期未在本机构任职。"),
            field="valid_from",
        )


def check_not_authorised_yet(authorisation: Authorisation) -> None:
    standing = Authorisation.objects.filter(
        superseded_at=None, person=authorisation.person_id, institution=authorisation.institution_id,
        field=authorisation.field,
    )  # fmt: skip
    if any(overlap(one, authorisation) for one in standing):
        raise CannotEnter(
            t(
                "The person is authorised for this field on some of these days already.",
                "该人员在部分日期内已获该领域授权。",
            ),
            field="field",
        )


@transaction.atomic
def end_authorisation(
    authorisation: Authorisation, last_day: date, *, reason: str, actor: User | None, at: datetime
) -> Authorisation:
    """End an authorisation; the row of before stays as what was known until now."""
    check_reason(reason)
    check_days(authorisation.valid_from, last_day)
    check_earlier(authorisation.valid_to, last_day)
    return supersede(
        "end_authorisation", authorisation, {"valid_to": last_day}, subject=subject_of(authorisation.person),
        reason=reason, actor=actor, at=at,
    )  # fmt: skip
