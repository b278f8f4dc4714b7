"""The people of an institution: the list, one person, and the forms that change what stands there."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from zhunsheng.faces.exports import WHOLE, file_asked, table_file
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.registers import forms
from zhunsheng.faces.registers.desk import Desk, at_desk, kept
from zhunsheng.faces.registers.filling import fill_in, given, standing_row
from zhunsheng.faces.registers.histories import acts_on
from zhunsheng.faces.registers.narrowing import narrowed_to
from zhunsheng.faces.registers.signing import signing_of
from zhunsheng.faces.visits import actor_of
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.validity import holding
from zhunsheng.registry.catalogue.fields import field_name
from zhunsheng.registry.institutions.access import kept_by, of_heads
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import family_ids, head_of
from zhunsheng.registry.people import actions
from zhunsheng.registry.people.access import not_ended, people_kept_by, people_seen_by
from zhunsheng.registry.people.models import Authorisation, Person, Post, Qualification
from zhunsheng.registry.people.states import NAMES, QUALIFICATION_KINDS
from zhunsheng.registry.people.states import Post as PostWord

SORTS: Mapping[str, str] = {
    "name": "person__name",
    "kind": "kind",
    "institution": "institution__name_zh",
    "valid_from": "valid_from",
}
COLUMNS: tuple[Text, ...] = (
    t("Name", "姓名"), t("Post", "职务"), t("Institution", "机构"), t("From", "起始日期"), t("Last day", "截止日期"),
)  # fmt: skip


@at_desk
@require_GET
def people(request: VisitedRequest, *, desk: Desk) -> HttpResponse:
    """Who holds which post; `format=xlsx` or `csv` gives the same rows as a file."""
    institution = narrowed_to(request, desk)
    found = asked_for(request, desk, institution)
    if kind := file_asked(request):
        return export(kind, found)
    return render(
        request,
        "registers/people.html",
        {
            "desk": desk, "institution": institution, "page": page_of(request, found), "sort": order_of(request, SORTS, "name"),
            "words": words_of(request), "kind": kind_of(request), "names": NAMES, "ended": "ended" in request.GET,
            "may_enter": institution is not None and kept(kept_by(request.visitor), institution), "head_of": head_of,
        },
    )  # fmt: skip


def kind_of(request: VisitedRequest) -> str:
    asked = request.GET.get("kind", "")
    return asked if asked in {post.value for post in NAMES} else ""


def asked_for(request: VisitedRequest, desk: Desk, institution: Institution | None) -> QuerySet[Post]:
    found = Post.objects.filter(Q(institution__in=family_ids(institution)) if institution else desk.reaches(request))
    found = found.filter(valid_to__lt=request.today) if "ended" in request.GET else found.filter(holding(request.today))
    if words := words_of(request):
        found = found.filter(Q(person__name__icontains=words))
    if kind := kind_of(request):
        found = found.filter(kind=kind)
    sort = order_of(request, SORTS, "name")
    order = ("-" if sort.startswith("-") else "") + SORTS[sort.removeprefix("-")]
    return found.select_related("person", "institution__merged_into").order_by(order, "pk")


def export(kind: str, found: QuerySet[Post]) -> HttpResponse:
    rows = [
        [p.person.name, str(NAMES[PostWord(p.kind)]), str(head_of(p.institution).name), p.valid_from.isoformat(),
         p.valid_to.isoformat() if p.valid_to else ""]
        for p in found.iterator(2000)
    ]  # fmt: skip
    return table_file(kind, "people", t("People", "人员"), COLUMNS, rows, widths=[20, 28, 40, 14, 14], most=WHOLE)


def person_at(desk: Desk, request: VisitedRequest, pk: UUID) -> Person:
    """The person, with the posts and authorisations in institutions that may be looked at from here; nobody else's."""
    mine = desk.reaches(request)
    posts = Post.objects.filter(mine).select_related("institution__merged_into").order_by("-valid_from", "pk")
    given_now = Authorisation.objects.filter(mine, superseded_at=None).select_related("institution__merged_into")
    return get_object_or_404(
        Person.objects.filter(pk__in=posts.order_by().values("person")).prefetch_related(
            Prefetch("posts", posts, to_attr="seen_posts"),
            Prefetch("authorisations", given_now.order_by("field", "-valid_from"), to_attr="seen_authorisations"),
            Prefetch("qualifications", Qualification.objects.filter(superseded_at=None)),
        ),
        pk=pk,
    )


@at_desk
@require_GET
def one(request: VisitedRequest, pk: UUID, *, desk: Desk) -> HttpResponse:
    """One person: posts, authorisations and why they count on a day, qualifications, history; of who went elsewhere only the posts
    and fields held here.
    """
    person = person_at(desk, request, pk)
    is_here = kept(people_seen_by(request.visitor), person)
    may_keep = kept(people_kept_by(request.visitor), person)
    acts = acts_on([f"person:{person.pk}"], visitor=request.visitor, identity=may_keep) if is_here else []
    return render(
        request,
        "registers/person.html",
        {
            "desk": desk, "person": person, "names": NAMES, "kinds": QUALIFICATION_KINDS, "today": request.today,
            "head_of": head_of, "field_name": field_name,
            "is_here": is_here, "acts": acts, "may_keep": may_keep,
            "has_account": person.user_id is not None, "signing": signing_of(request, desk, person, seen_posts(person)),
        },
    )  # fmt: skip


def keepable(desk: Desk, request: VisitedRequest, pk: UUID) -> Person:
    """The person, if the visitor keeps the entry; else there is no such page."""
    person = person_at(desk, request, pk)
    if not kept(people_kept_by(request.visitor), person):
        raise Http404
    return person


def place_of(request: VisitedRequest, person: Person) -> Institution:
    """Where a further post or authorisation of a person is entered: at the newest post that the visitor keeps and that has not ended."""
    still = Post.objects.filter(not_ended(request.today), pk__in=[post.pk for post in seen_posts(person)])
    held = still.filter(of_heads(kept_by(request.visitor))).order_by("-valid_from", "pk")
    newest = held.select_related("institution__merged_into").first()
    if newest is None:
        raise Http404
    return head_of(newest.institution)


def seen_posts(person: Person) -> list[Post]:
    posts: list[Post] = person.seen_posts  # type: ignore[attr-defined]
    return posts


@at_desk
@require_http_methods(["GET", "POST"])
def mend(request: VisitedRequest, pk: UUID, *, desk: Desk) -> HttpResponse:
    """Mend the name."""
    person = keepable(desk, request, pk)
    form = forms.NameForm(given(request), mends=True, initial={"name": person.name})
    return fill_in(
        request, form, title=t("Mend the name", "更正姓名"), about=both(person.name), back=desk.url("person", pk),
        mends=person,
        save=lambda: actions.mend_person(person, form.columns, reason=form.reason, actor=actor_of(request), at=timezone.now()),
    )  # fmt: skip


def both(name: str) -> Text:
    """A name, which is the same in both languages."""
    return Text(en=name, zh=name)


TITLES: Mapping[str, Text] = {
    "posts": t("Enter a post", "录入任职"), "qualifications": t("Enter a qualification", "录入资格"),
    "authorisations": t("Authorise to sign", "授权签字"),
}  # fmt: skip
FORMS: Mapping[str, type[forms.Entry]] = {
    "posts": forms.PostForm, "qualifications": forms.QualificationForm, "authorisations": forms.AuthorisationForm,
}  # fmt: skip


@at_desk
@require_http_methods(["GET", "POST"])
def enter(request: VisitedRequest, pk: UUID, what: str, *, desk: Desk) -> HttpResponse:
    """Enter a post, a qualification or an authorisation."""
    person = keepable(desk, request, pk)
    if what not in FORMS:
        raise Http404
    place = place_of(request, person)
    form = FORMS[what](given(request), initial={"valid_from": request.today})
    who: dict[str, Any] = {"actor": actor_of(request), "at": timezone.now()}

    def save() -> object:
        if what == "posts":
            return actions.enter_post(Post(person=person, institution=place, **form.columns), **who)
        if what == "qualifications":
            return actions.enter_qualification(Qualification(person=person, **form.columns), **who)
        return actions.authorise(Authorisation(person=person, institution=place, **form.columns), **who)

    about = both(person.name) if what == "qualifications" else t("{p}, {i}", "{p}，{i}", p=person.name, i=place.name)
    return fill_in(request, form, title=TITLES[what], about=about, back=desk.url("person", pk), save=save)


@at_desk
@require_http_methods(["GET", "POST"])
def change(request: VisitedRequest, pk: UUID, what: str, key: int, *, desk: Desk) -> HttpResponse:
    """End a post or an authorisation; correct a qualification."""
    person = keepable(desk, request, pk)
    if what == "qualifications":
        return correct(request, person, key, desk)
    rows: QuerySet[Any] = {
        "posts": Post.objects.all(),
        "authorisations": Authorisation.objects.all(),
    }.get(what, Post.objects.none())
    mine = rows.filter(of_heads(kept_by(request.visitor)), person=person)
    row = get_object_or_404(mine, pk=key) if what == "posts" else standing_row(mine, key)
    form = forms.EndForm(given(request), mends=True, initial={"last_day": request.today})
    verb = actions.end_post if what == "posts" else actions.end_authorisation

    def save() -> object:
        day = form.cleaned_data["last_day"]
        return verb(row, day, reason=form.reason, actor=actor_of(request), at=timezone.now())

    thing = NAMES[PostWord(row.kind)] if what == "posts" else field_name(row.field)
    return fill_in(
        request, form, title=t("End: {x}", "终止：{x}", x=thing), about=both(person.name), back=desk.url("person", pk), save=save,
        danger=True, ends=row,
    )  # fmt: skip


def correct(request: VisitedRequest, person: Person, key: int, desk: Desk) -> HttpResponse:
    row = standing_row(Qualification.objects.filter(person=person), key)
    form = forms.QualificationForm(given(request), mends=True, initial=forms.QualificationForm(mends=True).said_of(row))
    return fill_in(
        request, form, title=t("Correct the qualification", "更正资格"), about=both(person.name), back=desk.url("person", person.pk),
        mends=row, save=lambda: actions.correct_qualification(
            row, form.columns, reason=form.reason, actor=actor_of(request), at=timezone.now()
        ),
    )  # fmt: skip
