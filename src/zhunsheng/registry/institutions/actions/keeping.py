"""Entering and mending one institution, its sites and contacts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.registry.institutions.actions.changing import enter, mend, only, plain
from zhunsheng.registry.institutions.models import Contact, Institution, Site
from zhunsheng.registry.institutions.rules.refusals import CannotEnter, check_days, check_reason, check_uscc

INSTITUTION_COLUMNS = (
    "kind", "uscc", "uscc_reason", "name_zh", "name_en", "former_names", "level", "legal_kind", "legal_representative",
    "region_code", "address", "latitude", "longitude",
)  # fmt: skip
SITE_COLUMNS = ("name_zh", "name_en", "address", "region_code", "latitude", "longitude", "valid_from", "valid_to")
CONTACT_COLUMNS = ("name", "role", "phone", "email")


def subject_of(institution: Institution) -> str:
    return f"institution:{institution.pk}"


@transaction.atomic
def enter_institution(institution: Institution, *, actor: User | None, at: datetime, reason: str = "") -> Institution:
    """Enter one institution. Raises CannotEnter for a code that another one bears, or that breaks the rule without a reason."""
    check_uscc(institution.uscc, institution.uscc_reason)
    check_code_is_free(institution.uscc)
    return enter("enter_institution", institution, subject=subject_of(institution), actor=actor, at=at, reason=reason)


@transaction.atomic
def mend_institution(
    institution: Institution, changes: Mapping[str, Any], *, reason: str, actor: User | None, at: datetime
) -> Institution:
    """Change what the register says of an institution; the journal keeps before, after and why."""
    check_reason(reason)
    wanted = only(changes, INSTITUTION_COLUMNS)
    row = Institution.objects.select_for_update().get(pk=institution.pk)
    code = wanted.get("uscc", row.uscc)
    check_uscc(code, wanted.get("uscc_reason", row.uscc_reason))
    check_code_is_free(code, but=row)
    return mend("mend_institution", row, wanted, subject=subject_of(row), reason=reason, actor=actor, at=at)


def check_code_is_free(code: str | None, *, but: Institution | None = None) -> None:
    """Raise CannotEnter if another institution bears the code."""
    other = Institution.objects.filter(uscc=code).first() if code else None
    if other and other != but:
        raise CannotEnter(t("{n} bears this code.", "该代码已登记为{n}。", n=other.name), field="uscc")


@transaction.atomic
def set_level(institutions: Sequence[Institution], level: str, *, reason: str, actor: User | None, at: datetime) -> int:
    """Set the level of many institutions at once; one journal row with the level that each had before. Returns how many changed."""
    check_reason(reason)
    rows = list(
        Institution.objects.select_for_update().filter(pk__in=[one.pk for one in institutions]).exclude(level=level)
    )
    if not rows:
        raise CannotEnter(t("Nothing was changed.", "没有任何更改。"))
    before = {str(row.pk): row.level for row in rows}
    Institution.objects.filter(pk__in=before).update(level=level)
    touched = [{"id": key, "before": was, "after": level} for key, was in sorted(before.items())]
    journal.record(
        "set_level", actor=actor, at=at, subject="institutions.institution", rows=touched, reason=reason, before=before,
        after={"level": level},
    )  # fmt: skip
    return len(rows)


@transaction.atomic
def enter_site(site: Site, *, actor: User | None, at: datetime) -> Site:
    """Enter a place where an institution works. Raises CannotEnter for a name that one of its sites bears."""
    check_days(site.valid_from, site.valid_to)
    check_site_name(site)
    return enter("enter_site", site, subject=subject_of(site.institution), actor=actor, at=at)


@transaction.atomic
def mend_site(site: Site, changes: Mapping[str, Any], *, reason: str, actor: User | None, at: datetime) -> Site:
    """Change what is said of a site, or give it its last day; it keeps its key, which scope lines name."""
    check_reason(reason)
    wanted = only(changes, SITE_COLUMNS)
    row = Site.objects.select_for_update().select_related("institution").get(pk=site.pk)
    check_days(wanted.get("valid_from", row.valid_from), wanted.get("valid_to", row.valid_to))
    check_site_name(row, name=wanted.get("name_zh"))
    return mend("mend_site", row, wanted, subject=subject_of(row.institution), reason=reason, actor=actor, at=at)


def check_site_name(site: Site, *, name: str | None = None) -> None:
    """Raise CannotEnter if another site of the institution bears the name."""
    others = Site.objects.filter(institution=site.institution_id, name_zh=name or site.name_zh).exclude(pk=site.pk)
    if others.exists():
        raise CannotEnter(t("A site has this name already.", "已有同名场所。"), field="name_zh")


@transaction.atomic
def enter_contact(contact: Contact, *, actor: User | None, at: datetime) -> Contact:
    """Enter whom to ask."""
    check_contact_name(contact)
    return enter("enter_contact", contact, subject=subject_of(contact.institution), actor=actor, at=at)


@transaction.atomic
def mend_contact(
    contact: Contact, changes: Mapping[str, Any], *, reason: str, actor: User | None, at: datetime
) -> Contact:
    """Change what is said of a contact."""
    wanted = only(changes, CONTACT_COLUMNS)
    row = Contact.objects.select_for_update().select_related("institution").get(pk=contact.pk)
    check_contact_name(row, name=wanted.get("name"))
    return mend("mend_contact", row, wanted, subject=subject_of(row.institution), reason=reason, actor=actor, at=at)


def check_contact_name(contact: Contact, *, name: str | None = None) -> None:
    """Raise CannotEnter if another contact of the institution bears the name."""
    same = Contact.objects.filter(institution=contact.institution_id, name=name or contact.name).exclude(pk=contact.pk)
    if same.exists():
        raise CannotEnter(t("This contact is there already.", "已有该联系人。"), field="name")


@transaction.atomic
def remove_contact(contact: Contact, *, reason: str, actor: User | None, at: datetime) -> None:
    """Take a contact out; the journal keeps what was there."""
    check_reason(reason)
    before = {column: plain(getattr(contact, column)) for column in CONTACT_COLUMNS}
    subject, gone = subject_of(contact.institution), {"removed": contact.pk}
    contact.delete()
    journal.record(
        "remove_contact", actor=actor, at=at, subject=subject, rows=[gone], reason=reason, before=before, after={}
    )
