"""Entering, correcting and ending a certificate: never overwritten, because decisions rest on what was known."""

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.registry.institutions.actions.changing import MEANWHILE, close, only, supersede
from zhunsheng.registry.institutions.actions.keeping import subject_of
from zhunsheng.registry.institutions.models import Certificate
from zhunsheng.registry.institutions.queries.families import family_of
from zhunsheng.registry.institutions.rules.certificates import lost_a_digit
from zhunsheng.registry.institutions.rules.refusals import CannotEnter, check_days, check_reason

DAY = timedelta(days=1)
CERTIFICATE_COLUMNS = ("scheme", "number", "issuer", "valid_from", "valid_to")


@transaction.atomic
def enter_certificate(certificate: Certificate, *, actor: User | None, at: datetime) -> Certificate:
    """Enter a certificate, or the next period of one whose number stands: the period before it ends the day before.

    Raises CannotEnter for a number of another institution, a period that is entered, and days the wrong way round.
    """
    check_days(certificate.valid_from, certificate.valid_to)
    before = [one for one in periods_met(certificate) if one.valid_from < certificate.valid_from]
    check_number_is_free(certificate, but=before)
    certificate.recorded_at = at
    rows = [row for one in before for row in _shortened(one, certificate.valid_from - DAY, at=at)]
    certificate.save(force_insert=True)
    after, subject = journal.columns(certificate), subject_of(certificate.institution)
    journal.record("enter_certificate", actor=actor, at=at, subject=subject, rows=[*rows, after], after=after)
    return certificate


def _shortened(one: Certificate, last: date, *, at: datetime) -> list[dict[str, Any]]:
    """Close a period and enter it anew with another last day: what the journal says of it."""
    close(one, at=at)
    new = copy(one)
    new.pk, new.valid_to, new.recorded_at, new.superseded_at = None, last, at, None
    new.save(force_insert=True)
    return [{"closed": str(one.pk)}, journal.columns(new)]


@transaction.atomic
def correct_certificate(
    certificate: Certificate, changes: Mapping[str, Any], *, reason: str, actor: User | None, at: datetime
) -> Certificate:
    """Enter a certificate anew with what was wrong put right; the old row stays as what was known until now."""
    return _supersede("correct_certificate", certificate, changes, reason=reason, actor=actor, at=at)


@transaction.atomic
def shorten_certificate(
    certificate: Certificate, valid_to: date, *, reason: str, actor: User | None, at: datetime
) -> Certificate:
    """End a certificate before its day: withdrawn, cancelled, given back. Raises CannotEnter for a later day."""
    if valid_to >= certificate.valid_to:
        raise CannotEnter(
            t("The new last day must lie before {d}.", "新的截止日期须早于 {d}。", d=certificate.valid_to.isoformat()),
            field="valid_to",
        )
    return _supersede("shorten_certificate", certificate, {"valid_to": valid_to}, reason=reason, actor=actor, at=at)


def _supersede(
    verb: str, certificate: Certificate, changes: Mapping[str, Any], *, reason: str, actor: User | None, at: datetime
) -> Certificate:
    check_reason(reason)
    wanted = only(changes, CERTIFICATE_COLUMNS)
    check_days(wanted.get("valid_from", certificate.valid_from), wanted.get("valid_to", certificate.valid_to))
    if not Certificate.objects.filter(pk=certificate.pk, superseded_at=None).exists():
        raise CannotEnter(MEANWHILE)
    wished = copy(certificate)
    for column, value in wanted.items():
        setattr(wished, column, value)
    check_number_is_free(wished, but=[certificate])
    subject = subject_of(certificate.institution)
    return supersede(verb, certificate, wanted, subject=subject, reason=reason, actor=actor, at=at)


def _of_the_number(certificate: Certificate) -> QuerySet[Certificate]:
    standing = Certificate.objects.filter(scheme=certificate.scheme, number=certificate.number, superseded_at=None)
    return standing.select_related("institution")


def periods_met(certificate: Certificate) -> list[Certificate]:
    """The periods of an institution's certificate that share a day with this one."""
    days = Q(valid_from__lte=certificate.valid_to, valid_to__gte=certificate.valid_from)
    return list(_of_the_number(certificate).filter(days, institution__in=family_of([certificate.institution])))


def check_number_is_free(certificate: Certificate, *, but: Sequence[Certificate] = ()) -> None:
    """Raise CannotEnter if another institution holds the number, another period of it shares a day with this one, or a digit was lost."""
    if fault := lost_a_digit(certificate.scheme, certificate.number):
        raise CannotEnter(fault, field="number")
    others = _of_the_number(certificate).exclude(institution__in=family_of([certificate.institution]))
    if other := others.first():
        raise CannotEnter(
            t("{n} holds this number.", "该编号已登记为{n}的证书。", n=other.institution.name), field="number"
        )
    left = {one.pk for one in but}
    if met := next((one for one in periods_met(certificate) if one.pk not in left), None):
        day = met.valid_from.isoformat()
        message = t(
            "This number has a period from {d} on already; correct that one.",
            "该编号自 {d} 起的有效期已登记，请更正该条。",
            d=day,
        )
        raise CannotEnter(message, field="valid_from")
