"""Entering, correcting and ending a certificate: never overwritten, because decisions rest on what was known."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.registry.institutions.actions.changing import enter, only, supersede
from zhunsheng.registry.institutions.actions.keeping import subject_of
from zhunsheng.registry.institutions.models import Certificate
from zhunsheng.registry.institutions.rules.refusals import CannotEnter, check_days, check_reason

CERTIFICATE_COLUMNS = ("scheme", "number", "issuer", "valid_from", "valid_to")


@transaction.atomic
def enter_certificate(certificate: Certificate, *, actor: User | None, at: datetime) -> Certificate:
    """Enter a certificate. Raises CannotEnter for a number that is in the register, or days the wrong way round."""
    check_days(certificate.valid_from, certificate.valid_to)
    check_number_is_free(certificate.scheme, certificate.number)
    certificate.recorded_at = at
    return enter("enter_certificate", certificate, subject=subject_of(certificate.institution), actor=actor, at=at)


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
    scheme, number = wanted.get("scheme", certificate.scheme), wanted.get("number", certificate.number)
    check_number_is_free(scheme, number, but=certificate)
    subject = subject_of(certificate.institution)
    return supersede(verb, certificate, wanted, subject=subject, reason=reason, actor=actor, at=at)


def check_number_is_free(scheme: str, number: str, *, but: Certificate | None = None) -> None:
    """Raise CannotEnter if a certificate that stands bears the number."""
    standing = Certificate.objects.filter(scheme=scheme, number=number, superseded_at=None)
    other = standing.select_related("institution").first()
    if other and other != but:
        raise CannotEnter(
            t("{n} holds this number.", "该编号已登记为{n}的证书。", n=other.institution.name), field="number"
        )
