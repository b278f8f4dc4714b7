"""The door for whoever was invited: open an account or take the post up with the one there is."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.wording import fault
from zhunsheng.faces.workspace.members_forms import AccountForm
from zhunsheng.foundation.bilingual import t
from zhunsheng.registry.people.models import Invitation
from zhunsheng.registry.people.posts.actions import take_up
from zhunsheng.registry.people.posts.rules import CannotDo
from zhunsheng.registry.people.queries import invitation_behind
from zhunsheng.registry.people.states import ROLES, Post


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: VisitedRequest, secret: str) -> HttpResponse:
    """Take up the invitation behind the link; a link unknown, used, withdrawn or expired leads nowhere."""
    invitation = invitation_behind(secret, at=timezone.now())
    if invitation is None:
        raise Http404
    user, given = request.visitor.user, request.POST if request.method == "POST" else None
    form = AccountForm(given) if user is None else None
    if given is not None and (form is None or form.is_valid()):
        account = {"username": form.cleaned_data["username"], "password": form.cleaned_data["password"]} if form else {}
        try:
            take_up(invitation, user=user, at=timezone.now(), **account)
        except CannotDo as refusal:
            if form is None:
                messages.error(request, str(refusal.reason))
            else:
                form.add_error(None, fault(refusal.reason))
        else:
            messages.success(request, str(t("The post is yours. Sign in to begin.", "任职已生效，请登录。")))
            return redirect("home")
    return page(request, invitation, form)


def page(request: VisitedRequest, invitation: Invitation, form: AccountForm | None) -> HttpResponse:
    role = ROLES[Post(invitation.kind)]
    return render(request, "public/join.html", {"invitation": invitation, "role": role, "form": form})
