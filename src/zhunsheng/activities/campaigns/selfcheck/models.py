"""Checklists, the self-checks of institutions, their answers, what was frozen of them, and the tallies over them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from zhunsheng.activities.campaigns.plan.models import Campaign, Participant
from zhunsheng.activities.campaigns.selfcheck.rules.checklists import Item
from zhunsheng.activities.campaigns.selfcheck.states import ANSWERS, SELFCHECK, group_of
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.journal.append_only import AppendOnly
from zhunsheng.registry.institutions.models import Institution


class Checklist(AppendOnly):
    """One version of a checklist. A change is a new version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Institution, on_delete=models.PROTECT, null=True, related_name="+")
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    sha256 = models.CharField(max_length=64, help_text="of its items as canonical JSON")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-entered_at", "id"]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def name(self) -> Text:
        return Text(en=self.name_en, zh=self.name_zh)


class ChecklistItem(AppendOnly):
    """One item of a checklist."""

    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="items")
    no = models.PositiveSmallIntegerField()
    clause = models.CharField(max_length=16, blank=True)
    starred = models.BooleanField(default=False)
    item_zh = models.CharField(max_length=500)
    item_en = models.CharField(max_length=500)
    evidence_zh = models.CharField(max_length=200, blank=True)
    evidence_en = models.CharField(max_length=200, blank=True)
    register = models.JSONField(default=list, help_text="points of the register that say something about it")

    class Meta:
        ordering = ["checklist", "no"]
        constraints = [models.UniqueConstraint(fields=["checklist", "no"], name="item_once_a_checklist")]

    def __str__(self) -> str:
        return f"{self.no} {self.text}"

    @property
    def text(self) -> Text:
        return Text(en=self.item_en, zh=self.item_zh)

    @property
    def evidence(self) -> Text:
        return Text(en=self.evidence_en, zh=self.evidence_zh)

    @property
    def group(self) -> str:
        return group_of(self.clause)

    def as_item(self) -> Item:
        return Item(
            self.no, self.clause, self.starred, self.item_zh, self.item_en, self.evidence_zh, self.evidence_en,
            tuple(self.register),
        )  # fmt: skip


class Call(models.Model):
    """Of which campaign the self-check is called, by which checklist, until when; how far the opening is."""

    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, related_name="selfcheck_call")
    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    opened_on = models.DateField(help_text="the day as of which the registers were asked")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    complete = models.BooleanField(default=False, help_text="every participant has its self-check")

    def __str__(self) -> str:
        return f"{self.campaign}: {self.checklist}"


class SelfCheck(models.Model):
    """The self-check of one institution; the counts are those of its answers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="selfcheck")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="selfchecks")
    state = models.CharField(max_length=12, default=SELFCHECK.initial)
    answered = models.PositiveSmallIntegerField(default=0)
    problems = models.PositiveSmallIntegerField(default=0)
    submitted_at = models.DateTimeField(
        null=True, help_text="when the word that stands was given; none for what was given back"
    )
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True, help_text="why it was given back")
    revision = models.PositiveIntegerField(default=0, help_text="grows with every change of an answer")

    class Meta:
        indexes = [models.Index(fields=["call", "state"])]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(SELFCHECK.states)), name="selfcheck_state_is_one")
        ]

    def __str__(self) -> str:
        return f"{self.participant}: {self.state}"


class Answer(models.Model):
    """What was answered to one item; blank from the opening on, so that what is missing can be seen."""

    selfcheck = models.ForeignKey(SelfCheck, on_delete=models.PROTECT, related_name="answers")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="+", db_index=False)
    answer = models.CharField(max_length=8, blank=True)
    prefilled = models.BooleanField(default=False, help_text="said by the registers, not confirmed by anybody yet")
    remark = models.TextField(blank=True)
    correction = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["selfcheck", "item"], name="one_answer_an_item"),
            models.CheckConstraint(condition=Q(answer__in=["", *ANSWERS]), name="answer_is_one"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.answer}"


class Proof(AppendOnly):
    """A file that proves an answer; another one beside it is a new row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="proofs")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return str(self.attachment)


class WithdrawnProof(AppendOnly):
    """A file that proves nothing any more; what was submitted with it keeps it."""

    proof = models.OneToOneField(Proof, on_delete=models.PROTECT, related_name="withdrawn")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return str(self.proof)


class Frozen(AppendOnly):
    """What a self-check said when it was submitted: all an inspector, or anyone after him, is shown."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    selfcheck = models.ForeignKey(SelfCheck, on_delete=models.PROTECT, related_name="frozen")
    version = models.PositiveSmallIntegerField()
    content = models.BinaryField(help_text="canonical JSON")
    sha256 = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["selfcheck", "-version"]
        constraints = [models.UniqueConstraint(fields=["selfcheck", "version"], name="selfcheck_frozen_once_a_version")]

    def __str__(self) -> str:
        return self.sha256


class Tally(models.Model):
    """How many institutions of a prefecture and a field submitted which answer to an item: kept with every form submitted.

    `field` empty: whatever they test. An institution of several fields counts in each of them. Drafts are in no figure: until it is
    submitted, an answer is nobody's word, and a figure that an authority can watch while it is being written is watched over the
    shoulder. What was given back is taken out until it is submitted again.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="tallies")
    prefecture = models.CharField(max_length=4, help_text="the first four digits of the region code")
    field = models.CharField(max_length=32, blank=True)
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="+", db_index=False)
    fine = models.IntegerField(default=0)
    problem = models.IntegerField(default=0)
    na = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "field", "prefecture", "item"], name="tallied_once")]

    def __str__(self) -> str:
        return f"{self.prefecture} {self.item_id}: {self.fine} {self.problem} {self.na}"


class Turnout(models.Model):
    """How many institutions of a county and a field are how far: kept with every step of a form.

    `field` empty: whatever they test. An institution of several fields counts in each of them.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="turnout")
    region_code = models.CharField(max_length=6)
    field = models.CharField(max_length=32, blank=True)
    open = models.IntegerField(default=0)
    submitted = models.IntegerField(default=0)
    returned = models.IntegerField(default=0)
    frozen = models.IntegerField(default=0)
    handed_in = models.IntegerField(default=0, help_text="whose word stands: submitted and not given back since")
    without_a_problem = models.IntegerField(default=0, help_text="of these, those without one problem in any item")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "field", "region_code"], name="turned_out_once")]

    def __str__(self) -> str:
        return f"{self.region_code} {self.field}: {self.handed_in}"
