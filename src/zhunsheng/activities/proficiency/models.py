"""Rounds, their measurands, participants and evaluations.

A participant's code and its identity live in two tables: whoever may see codes only never touches `Identity`.
"""

import uuid

from django.conf import settings
from django.db import models

from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.journal.append_only import AppendOnly
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.institutions.models import Institution


class Scheme(models.Model):
    """What a provider repeats round after round, and the authority for which it does so, if any."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="schemes")
    code = models.CharField(max_length=40)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    field = models.CharField(max_length=40, blank=True, help_text="code of the field, see registry.catalogue.fields")
    commissioned_by = models.ForeignKey(
        Institution, on_delete=models.PROTECT, null=True, related_name="schemes_commissioned",
        help_text="the authority that receives identities, as announced at enrolment",
    )  # fmt: skip
    created_at = models.DateTimeField()
    ended_on = models.DateField(null=True)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["provider", "code"], name="scheme_code_once_a_provider")]

    def __str__(self) -> str:
        return self.code

    @property
    def title(self) -> Text:
        return Text(en=self.title_en, zh=self.title_zh)


class Round(models.Model):
    """One round of a proficiency-testing scheme: planned on the platform, or made of a results file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, null=True, related_name="rounds")
    number = models.CharField(max_length=40)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    provider = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="rounds_provided")
    commissioned_by = models.ForeignKey(
        Institution, on_delete=models.PROTECT, null=True, related_name="rounds_commissioned",
        help_text="the authority that receives identities, as announced at enrolment",
    )  # fmt: skip
    state = models.CharField(max_length=16, default="collected", help_text="a round made of a file begins as collected")
    performed_on = models.DateField(help_text="the day that the evidence speaks of")
    created_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    assigned = models.CharField(max_length=40, default="algorithm-a", help_text="a method's name, or a value")
    u_assigned = models.CharField(max_length=40, blank=True)
    sigma = models.CharField(max_length=40, default="algorithm-a", help_text="a method's name, or a value")
    score = models.CharField(max_length=12, default="z", help_text="the score that is judged by: z, zeta, e_n")
    judging = models.JSONField(
        default=dict, help_text="which rule set judges laboratories, see rules.judging; empty: none"
    )
    attachment = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, related_name="+",
        help_text="the results as received; none before the collection is closed",
    )  # fmt: skip
    coded = models.BooleanField(default=False, help_text="the results name laboratories by their codes")
    correcting = models.CharField(
        max_length=300, blank=True, help_text="why a released round is evaluated again; empty where it is not"
    )
    settings_stamp = models.PositiveIntegerField(default=1, help_text="goes up when results or settings change")

    class Meta:
        ordering = ["-performed_on", "number"]
        constraints = [models.UniqueConstraint(fields=["provider", "number"], name="round_number_once_a_provider")]

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> Text:
        return Text(en=self.title_en, zh=self.title_zh)


class RoundMeasurand(models.Model):
    """What is determined in a round; its parameter and matrix, where the catalogue has them, let evidence be written."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="measurands")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200, blank=True)
    item = models.CharField(max_length=100, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    step = models.CharField(max_length=20, blank=True, help_text="reporting step, like 0.01; empty: free")
    assigned = models.CharField(
        max_length=40, blank=True, help_text="as of the round, which stands where this is empty"
    )
    u_assigned = models.CharField(max_length=40, blank=True)
    sigma = models.CharField(max_length=40, blank=True)
    u_hom = models.CharField(max_length=40, blank=True, help_text="standard uncertainty from inhomogeneity")
    u_stab = models.CharField(max_length=40, blank=True, help_text="standard uncertainty from instability")
    parameter = models.ForeignKey(Parameter, on_delete=models.PROTECT, null=True, related_name="+")
    matrix = models.ForeignKey(Matrix, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["round", "position"], name="measurand_position_once_a_round")]

    def __str__(self) -> str:
        return self.name


class Participation(AppendOnly):
    """A participant of a round, known by its code only; never renamed, never exchanged."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="participations")
    code = models.CharField(max_length=16)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["round", "code"], name="code_once_a_round")]

    def __str__(self) -> str:
        return self.code


class Identity(AppendOnly):
    """Who stands behind a code: the name as it came in, and the institution where the register knows it."""

    participation = models.OneToOneField(Participation, on_delete=models.CASCADE, related_name="identity")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "identities"

    def __str__(self) -> str:
        return self.name


class Evaluation(AppendOnly):
    """One evaluation of a round: the whole document, whose laboratories are codes. A new evaluation is a new row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="evaluations")
    version = models.PositiveSmallIntegerField()
    settings_stamp = models.PositiveIntegerField(help_text="the round's, when this was computed")
    document = models.BinaryField(help_text="canonical JSON")
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["round", "version"], name="evaluation_version_once_a_round")]

    def __str__(self) -> str:
        return f"{self.round_id} v{self.version}"


class Exclusion(AppendOnly):
    """A result taken out of the statistics, or put back; the newest row that speaks of it counts. It is scored either way."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="exclusions")
    measurand = models.ForeignKey(
        RoundMeasurand, on_delete=models.PROTECT, null=True, related_name="+", help_text="none: every measurand"
    )
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="+")
    out = models.BooleanField(help_text="taken out; else put back")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.participation_id} {'out' if self.out else 'in'}"


class Report(AppendOnly):
    """A released report: the signed file, one a language."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="reports")
    language = models.CharField(max_length=4)
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evaluation", "language"], name="report_once_a_language")]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.language}"


class Correction(AppendOnly):
    """A corrigendum: a released evaluation given way to by another, with every score that changed."""

    evaluation = models.OneToOneField(Evaluation, on_delete=models.PROTECT, related_name="correction")
    replaces = models.OneToOneField(Evaluation, on_delete=models.PROTECT, related_name="replaced_by")
    number = models.PositiveSmallIntegerField(help_text="1 for the first corrigendum of a round")
    reason = models.CharField(max_length=300)
    changes = models.JSONField(help_text="see rules.corrections")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.evaluation} replaces {self.replaces}"


class Download(AppendOnly):
    """Somebody took a released report away."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="downloads")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.report} {self.by_id}"
