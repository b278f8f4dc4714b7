"""Parameters with their other names, matrices, standards and their states, methods."""

from django.db import models

from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.journal.append_only import AppendOnly
from zhunsheng.registry.catalogue.states import StandardState as StateWord


class Named(models.Model):
    """Something with a name in both languages."""

    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.name)

    @property
    def name(self) -> Text:
        return Text(en=self.name_en, zh=self.name_zh)


class Parameter(Named):
    """A quantity that laboratories determine: mercury, dietary fibre."""

    code = models.SlugField(max_length=64, unique=True)
    cas = models.CharField("CAS registry number", max_length=12, blank=True)

    class Meta:
        ordering = ["code"]


class ParameterName(models.Model):
    """Another name under which a parameter is looked for."""

    parameter = models.ForeignKey(Parameter, on_delete=models.CASCADE, related_name="names")
    language = models.CharField(max_length=2, choices=[("zh", "zh"), ("en", "en")])
    name = models.CharField(max_length=200, db_index=True)

    class Meta:
        ordering = ["language", "name"]
        constraints = [models.UniqueConstraint(fields=["parameter", "language", "name"], name="parameter_name_once")]

    def __str__(self) -> str:
        return self.name


class Matrix(Named):
    """What it is determined in: feed, crab tissue. Its field decides which signatory may sign."""

    code = models.SlugField(max_length=64, unique=True)
    field = models.CharField(max_length=32)
    within = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "matrices"


class Standard(Named):
    """One edition of a standard: GB 5009.17-2021. The next edition is another row."""

    number = models.CharField(max_length=64, unique=True)
    replaces = models.ManyToManyField("self", symmetrical=False, related_name="replaced_by", blank=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class StandardState(AppendOnly):
    """From a day on, an edition is upcoming, current, superseded or withdrawn; as known since `recorded_at`, from a source.

    A row that was wrong is superseded by another one, never changed: both questions, "as of" and "as known on", stay answerable.
    """

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="states")
    state = models.CharField(max_length=12, choices=[(one.value, one.name) for one in StateWord])
    valid_from = models.DateField()
    replacement = models.ForeignKey(Standard, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=300, help_text="the announcement or catalogue that says so")
    recorded_at = models.DateTimeField()
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="superseded_by")

    class Meta:
        ordering = ["standard", "-valid_from", "-id"]
        indexes = [models.Index(fields=["standard", "valid_from"])]

    def __str__(self) -> str:
        return f"{self.standard}: {self.state} {self.valid_from.isoformat()}"


class Method(Named):
    """A method as scopes name it: a standard, or a part of one."""

    number = models.CharField(max_length=64, unique=True)
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, null=True, related_name="methods")

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number
