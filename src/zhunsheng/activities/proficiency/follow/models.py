"""Cases of unsatisfactory results, retests, and appeals. A laboratory stands here by its code alone."""

import uuid

from django.conf import settings
from django.db import models

from zhunsheng.activities.proficiency.follow.states import APPEAL, CASE
from zhunsheng.activities.proficiency.models import Evaluation, Participation, Round, RoundMeasurand
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.journal.append_only import AppendOnly


def _person(*, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=null, related_name="+")


class Terms(models.Model):
    """How many working days a round gives for an answer and for an appeal; without a row, the usual ones."""

    round = models.OneToOneField(Round, on_delete=models.CASCADE, primary_key=True, related_name="terms")
    answer_days = models.PositiveSmallIntegerField()
    appeal_days = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return str(self.round_id)


class Case(models.Model):
    """What becomes of the unsatisfactory results of one laboratory in one round."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="cases")
    participation = models.OneToOneField(Participation, on_delete=models.PROTECT, related_name="case")
    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.PROTECT, related_name="+", help_text="whose rows count now"
    )
    state = models.CharField(max_length=12, default=CASE.initial)
    opened_on = models.DateField()
    due_on = models.DateField(help_text="the last day for the answer")
    warnings = models.JSONField(default=list, help_text="what a reader of the day must be told, in both languages")
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["round", "state", "due_on"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=list(CASE.states)), name="case_state_is_one")
        ]

    def __str__(self) -> str:
        return f"{self.participation_id}: {self.state}"


class CaseRow(AppendOnly):
    """A measurand at fault, as an evaluation found it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="rows")
    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="+")
    measurand = models.ForeignKey(RoundMeasurand, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(max_length=60, blank=True)
    score_kind = models.CharField(max_length=12, blank=True)
    score = models.FloatField(null=True)
    signal = models.CharField(max_length=12, blank=True, help_text="empty: no score could be given")

    class Meta:
        ordering = ["case", "evaluation", "measurand__position"]
        constraints = [
            models.UniqueConstraint(fields=["case", "evaluation", "measurand"], name="case_row_once_an_evaluation")
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.measurand_id}"


class Answer(AppendOnly):
    """What the laboratory found and did."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveSmallIntegerField()
    cause_class = models.CharField(max_length=16)
    cause = models.TextField()
    correction = models.TextField()
    corrective_action = models.TextField()
    like_cases = models.TextField()
    sha256 = models.CharField(max_length=64)
    by = _person()
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="case_answer_number_once")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.number}"


class AnswerFile(AppendOnly):
    """A file that proves it."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="files")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.attachment)


class Review(AppendOnly):
    """What the provider said of an answer."""

    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="review")
    accepted = models.BooleanField()
    reason = models.TextField()
    due_on = models.DateField(null=True, help_text="the new day of an answer that was given back")
    by = _person()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.accepted)


class Retest(AppendOnly):
    """A retest of the measurands at fault, and whether it was passed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="retests")
    number = models.PositiveSmallIntegerField()
    performed_on = models.DateField()
    passed = models.BooleanField()
    note = models.CharField(max_length=300, blank=True, help_text="of which item, under whose eyes")
    by = _person()
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="retest_number_once")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.number}"


class RetestRow(AppendOnly):
    """One measurand of a retest with its z score."""

    retest = models.ForeignKey(Retest, on_delete=models.PROTECT, related_name="rows")
    measurand = models.ForeignKey(RoundMeasurand, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(max_length=60)
    assigned_value = models.FloatField()
    sigma_pt = models.FloatField()
    score = models.FloatField()
    signal = models.CharField(max_length=12)

    class Meta:
        ordering = ["retest", "measurand__position"]
        constraints = [models.UniqueConstraint(fields=["retest", "measurand"], name="retest_row_once")]

    def __str__(self) -> str:
        return f"{self.retest_id}: {self.measurand_id}"


class Closing(AppendOnly):
    """Why a case was closed: confirmed by the authority, closed by the coordinator, or settled by a corrigendum."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="closings")
    verb = models.CharField(max_length=12, help_text="confirm, close or resolve")
    reason = models.TextField()
    by = _person(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.verb}"


class Appeal(models.Model):
    """A laboratory holds a result, or all of its results, to be wrong."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="appeals")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="appeals")
    number = models.PositiveSmallIntegerField()
    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.PROTECT, related_name="+", help_text="what it is against"
    )
    measurand = models.ForeignKey(
        RoundMeasurand, on_delete=models.PROTECT, null=True, related_name="+", help_text="none: every measurand"
    )
    state = models.CharField(max_length=12, default=APPEAL.initial)
    grounds = models.TextField(help_text="may tell who appeals: read by the coordinator alone")
    sha256 = models.CharField(max_length=64)
    until = models.DateTimeField(help_text="the last instant at which it was in time")
    by = _person()
    at = models.DateTimeField()

    class Meta:
        ordering = ["round", "number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="appeal_number_once_a_round"),
            models.CheckConstraint(condition=models.Q(state__in=list(APPEAL.states)), name="appeal_state_is_one"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.number}"


class AppealFile(AppendOnly):
    """A file that supports it."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="files")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.attachment)


class AppealDecision(AppendOnly):
    """How an appeal was decided, with the reasons that the laboratory reads."""

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="decision")
    upheld = models.BooleanField()
    reason = models.TextField()
    by = _person()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.upheld)
