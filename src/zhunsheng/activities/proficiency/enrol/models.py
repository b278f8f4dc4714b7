"""Invitations and enrolments. No code stands here: who is behind one is told by the core's `Identity`."""

import uuid

from django.conf import settings
from django.db import models

from zhunsheng.activities.proficiency.enrol.states import ENROLMENT
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.plan.models import Promise
from zhunsheng.foundation.journal.append_only import AppendOnly
from zhunsheng.registry.institutions.models import Institution


class Invitation(AppendOnly):
    """A laboratory was invited to a round."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="invitations")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["round", "sent_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "institution"], name="invited_once_a_round")]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.institution_id}"


class Enrolment(models.Model):
    """A laboratory takes part in a round, and which version of the promise it accepted; where its items go."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="enrolments")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default=ENROLMENT.initial)
    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    on_behalf = models.BooleanField(default=False, help_text="entered by the provider from a registration on paper")
    contact = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["round", "accepted_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "institution"], name="enrolled_once_a_round"),
            models.CheckConstraint(condition=models.Q(state__in=list(ENROLMENT.states)), name="enrolment_state_is_one"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.institution_id}"


class Acceptance(AppendOnly):
    """A laboratory accepted a version of the promise; kept for ever, whatever it accepts afterwards and even if it withdraws."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="acceptances")
    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    on_behalf = models.BooleanField(default=False)

    class Meta:
        ordering = ["enrolment", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.promise_id}"
