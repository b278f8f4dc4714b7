"""The users of an institution: who holds which post, invitations, posts given and ended."""

from collections.abc import Mapping
from datetime import timedelta
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.faces import meanwhile
from zhunsheng.faces.exports import WHOLE, file_asked, table_file
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.registers.filling import end as write_end
from zhunsheng.faces.registers.filling import ending
from zhunsheng.faces.visits import institution_of, only
from zhunsheng.faces.wording import fault
from zhunsheng.faces.workspace.invitation_mail import send_invitation
from zhunsheng.faces.workspace.members_forms import EndForm, FirstAdministratorForm, InvitationForm, PostForm
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.validity import Validity, holding
from zhunsheng.registry.people.models import Invitation, Person, Post
from zhunsheng.registry.people.posts.access import invitations_kept_by, posts_kept_by, to_be_started_by
from zhunsheng.registry.people.posts.actions import end_post, give_post, invite, withdraw_invitation
from zhunsheng.registry.people.posts.rules import CannotDo
from zhunsheng.registry.people.queries import open_invitations
from zhunsheng.registry.people.states import NAMES
from zhunsheng.registry.people.states import Post as PostWord

SORTS: Mapping[str, str] = {"name": "person__name", "kind": "kind", "valid_from": "valid_from", "valid_to": "valid_to"}
STANDINGS: Mapping[str, Text] = {"now": t("today", "当前"), "ended": t("ended", "已截止"), "all": t("all", "全部")}
COLUMNS: tuple[Text, ...] = (
    t("Name", "姓名"), t("User name", "用户名"), t("Post", "职务"), t("From", "起始日期"), t("Last day", "截止日期"),
)  # fmt: skip


@only("administered")
@require_GET
def members(request: VisitedRequest) -> HttpResponse:
    """Who holds which post in the visitor's institution; `format=xlsx` or `csv` gives the same rows as a file."""
    found = asked_for(request)
    if kind := file_asked(request):
        return export(kind, found)
    return render(
        request,
        "workspace/members/list.html",
        {
            "page": page_of(request, found), "sort": order_of(request, SORTS, "name"), "words": words_of(request),
            "standing": standing_of(request), "standings": STANDINGS, "names": NAMES, "today": request.today,
            "institution": institution_of(request, "administered"), "starts": to_be_started_by(request.visitor).exists(),
            "invitations": open_invitations(timezone.now()).filter(pk__in=invitations_kept_by(request.visitor)),
        },
    )  # fmt: skip


def standing_of(request: HttpRequest) -> str:
    asked = request.GET.get("standing", "now")
    return asked if asked in STANDINGS else "now"


def asked_for(request: VisitedRequest) -> QuerySet[Post]:
    found = posts_kept_by(request.visitor).filter(institution=request.visitor.administered)
    if words := words_of(request):
        named = [kind for kind, name in NAMES.items() if words.casefold() in name.en.casefold() or words in name.zh]
        found = found.filter(
            Q(person__name__icontains=words) | Q(person__user__username__icontains=words) | Q(kind__in=named)
        )
    standing = standing_of(request)
    if standing == "now":
        found = found.filter(holding(request.today))
    elif standing == "ended":
        found = found.filter(valid_to__lt=request.today)
    sort = order_of(request, SORTS, "name")
    return found.order_by(("-" if sort.startswith("-") else "") + SORTS[sort.removeprefix("-")], "pk")


def export(kind: str, found: QuerySet[Post]) -> HttpResponse:
    rows = [
        [p.person.name, str(p.person.user.username), str(NAMES[PostWord(p.kind)]), p.valid_from.isoformat(),
         p.valid_to.isoformat() if p.valid_to else ""]
        for p in found
        if p.person.user
    ]  # fmt: skip
    return table_file(kind, "members", t("Users", "用户"), COLUMNS, rows, widths=[20, 20, 28, 14, 14], most=WHOLE)


@only("administered")
@require_http_methods(["GET", "POST"])
def invite_member(request: VisitedRequest) -> HttpResponse:
    """Invite somebody to a post in the visitor's institution."""
    institution = institution_of(request, "administered")
    given = request.POST if request.method == "POST" else None
    form = InvitationForm(given, institution=institution, today=request.today, mail=settings.MAIL_IS_SENT)
    if given is not None and form.is_valid():
        try:
            made, secret = invite(
                institution=institution, mailed=settings.MAIL_IS_SENT, visitor=request.visitor, at=timezone.now(),
                **form.cleaned_data,
            )  # fmt: skip
        except CannotDo as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            return hand_over(request, made, secret)
    return render(request, "workspace/members/invite.html", {"form": form, "institution": institution})


@only("administered")
@require_http_methods(["GET", "POST"])
def start(request: VisitedRequest) -> HttpResponse:
    """Invite the first administrator of an institution in the authority's area."""
    below = to_be_started_by(request.visitor)
    if not below.exists():
        raise Http404
    given = request.POST if request.method == "POST" else None
    form = FirstAdministratorForm(given, mail=settings.MAIL_IS_SENT)
    if given is not None and form.is_valid():
        institution = below.filter(uscc=form.cleaned_data["uscc"]).first()
        if institution is not None:
            made, secret = invite(
                institution=institution, kind=PostWord.INSTITUTION_ADMIN, name=form.cleaned_data["name"],
                email=form.cleaned_data["email"], mailed=settings.MAIL_IS_SENT, valid_from=request.today, valid_to=None,
                visitor=request.visitor, at=timezone.now(),
            )  # fmt: skip
            return hand_over(request, made, secret)
        none = t(
            "No institution with this code waits for its first administrator in your area.",
            "本辖区内没有使用该代码且尚无管理员的机构。",
        )
        form.add_error("uscc", fault(none))
    return render(request, "workspace/members/start.html", {"form": form})


def hand_over(request: VisitedRequest, made: Invitation, secret: str) -> HttpResponse:
    """Mail the link where mail is sent; else show it, this once."""
    link = request.build_absolute_uri(reverse("join", args=[secret]))
    if made.mailed:
        try:
            send_invitation(made, link)
        except (SMTPException, OSError):
            return not_sent(request, made)
        messages.success(request, str(t("An invitation was sent to {e}.", "邀请已发送至 {e}。", e=made.email)))
        return redirect("workspace_members")
    return render(request, "workspace/members/link.html", {"made": made, "link": link, "names": NAMES})


def not_sent(request: VisitedRequest, made: Invitation) -> HttpResponse:
    """An invitation whose link nobody has is none: withdraw it and say so."""
    withdraw_invitation(made, visitor=request.visitor, at=timezone.now())
    failed = t(
        "The mail server did not take the e-mail to {e}. The invitation was withdrawn; try again later.",
        "邮件服务器未能接收发往 {e} 的邮件，邀请已撤回，请稍后重试。",
        e=made.email,
    )
    messages.error(request, str(failed))
    return redirect("workspace_members")


@only("administered")
@require_POST
def withdraw(request: VisitedRequest, pk: UUID) -> HttpResponse:
    """Close an invitation."""
    invitation = get_object_or_404(invitations_kept_by(request.visitor), pk=pk)
    try:
        withdraw_invitation(invitation, visitor=request.visitor, at=timezone.now())
    except PermissionError:
        raise Http404 from None
    except CannotDo as refusal:
        messages.error(request, str(refusal.reason))
    else:
        messages.success(request, str(t("The invitation was withdrawn.", "邀请已撤回。")))
    return redirect("workspace_members")


@only("administered")
@require_http_methods(["GET", "POST"])
def give(request: VisitedRequest, pk: UUID) -> HttpResponse:
    """Give a further post to one of the institution's users."""
    institution = institution_of(request, "administered")
    person = get_object_or_404(Person.objects.filter(posts__in=posts_kept_by(request.visitor)).distinct(), pk=pk)
    given = request.POST if request.method == "POST" else None
    form = PostForm(given, institution=institution, today=request.today)
    if given is not None and form.is_valid():
        try:
            give_post(
                person=person, institution=institution, visitor=request.visitor, at=timezone.now(), **form.cleaned_data
            )
        except CannotDo as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            messages.success(request, str(t("The post was given to {n}.", "已给{n}任职。", n=person.name)))
            return redirect("workspace_members")
    return render(request, "workspace/members/give.html", {"form": form, "person": person, "institution": institution})


@only("administered")
@require_http_methods(["GET", "POST"])
def end(request: VisitedRequest, pk: int) -> HttpResponse:
    """Let a post end on a day."""
    post = get_object_or_404(posts_kept_by(request.visitor), pk=pk)
    given = request.POST if request.method == "POST" else None
    form = EndForm(given, initial={"last_day": max(post.valid_from, request.today - timedelta(days=1))})
    meanwhile.carry(form, ending(post))
    if given is not None and form.is_valid():
        try:
            ended = write_end(
                form, post, lambda: end_post(post, visitor=request.visitor, at=timezone.now(), **form.cleaned_data)
            )
        except CannotDo as refusal:
            ended = False
            form.add_error(None, fault(refusal.reason))
        if ended:
            messages.success(
                request, str(t("The post ends on {d}.", "该任职截止于 {d}。", d=form.cleaned_data["last_day"]))
            )
            return redirect("workspace_members")
    holds = Validity(post.valid_from, post.valid_to).covers(request.today)
    return render(
        request,
        "workspace/members/end.html",
        {"form": form, "post": post, "name": NAMES[PostWord(post.kind)], "holds": holds},
    )


@require_POST
def act_for(request: VisitedRequest) -> HttpResponse:
    """Choose for which of several institutions to act; kept in the session."""
    held = {str(post.institution_id) for post in request.visitor.posts}
    if request.POST.get("institution") in held:
        request.session["acting_for"] = request.POST["institution"]
    return redirect("home")
