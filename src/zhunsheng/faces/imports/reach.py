"""Who may send which files: regulators about institutions in their area, who keeps a laboratory's entry about that laboratory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from zhunsheng.activities.proficiency.enrol.access import rounds_enrolled_by
from zhunsheng.activities.proficiency.enrol.importing import Enrolments, reach_of_round
from zhunsheng.faces.imports.registers import REGISTERS
from zhunsheng.foundation.imports.models import Import
from zhunsheng.foundation.imports.queries import imports_of
from zhunsheng.foundation.imports.register import AREA, INSTITUTION, KEEPER, NATIONAL, ROUND, Register
from zhunsheng.registry import regions
from zhunsheng.registry.catalogue.access import may_keep
from zhunsheng.registry.institutions.access import kept_heads
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.queries import Visitor, visitor

View = Callable[..., HttpResponse]


def reach_of(visitor: Visitor) -> dict[str, Any]:
    """What the visitor may write about, as an import keeps it; empty for nothing. Areas are the beginnings of region codes."""
    held, keeper = visitor.jurisdiction, {KEEPER: True} if may_keep(visitor) else {}
    if held.national:
        return {NATIONAL: True, **keeper}
    if held.areas:
        return {AREA: sorted(beginnings(held.areas, visitor.on)), **keeper}
    own = kept_laboratory(visitor)
    return {INSTITUTION: str(own.pk)} if own else {}


def reach_now(imported: Import) -> dict[str, Any]:
    """What who sent a file may write about today; of several laboratories the one that the file is about."""
    about = imported.reach.get(INSTITUTION)
    user = imported.started_by or AnonymousUser()
    if round_ := imported.reach.get(ROUND):
        kept = rounds_enrolled_by(visitor(user, on=timezone.localdate())).filter(pk=round_).first()
        return reach_of_round(kept) if kept else {}
    return reach_of(visitor(user, on=timezone.localdate(), acting_for=UUID(about) if about else None))


def kept_laboratory(visitor: Visitor) -> Institution | None:
    """The laboratory whose entry the visitor keeps: a file gives no more power than the pages, which others may only read."""
    kept = kept_heads(visitor)
    return next((one for one in visitor.laboratories if (one.merged_into_id or one.pk) in kept), None)


def beginnings(areas: Iterable[str], on: date) -> set[str]:
    """With what the codes begin that places in the areas bear or bore; a whole code counts as its own beginning."""
    found = set(areas)
    for area in areas:
        starts, codes = regions.codes_within(area, on)
        found |= {*starts, *codes}
    return found


def registers_for(visitor: Visitor) -> list[Register]:
    """The registers into which the visitor may send files."""
    reach = reach_of(visitor)
    return [register for register in REGISTERS if register.open_to & reach.keys()]


def register_for(visitor: Visitor, key: str) -> Register:
    """One of them; to others it does not exist."""
    found = next((register for register in registers_for(visitor) if register.key == key), None)
    if found is None:
        raise Http404
    return found


def imports_for(visitor: Visitor) -> Any:
    """The visitor's own imports into registers that are open to the visitor still."""
    if visitor.user is None:
        return Import.objects.none()
    rounds = [str(key) for key in rounds_enrolled_by(visitor).values_list("pk", flat=True)]
    open_to = Q(register__in=[register.key for register in registers_for(visitor)])
    return imports_of(visitor.user).filter(open_to | Q(register=Enrolments.key, reach__round__in=rounds))


def senders_only(view: View) -> View:
    """Open to who may send a file into some register, or has sent one to a round; to others the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        who: Visitor = request.visitor  # type: ignore[attr-defined]
        if not registers_for(who) and not imports_for(who).exists():
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(guarded)
