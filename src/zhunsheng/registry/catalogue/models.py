"""Parameters, matrices, methods."""

from django.db import models

from zhunsheng.foundation.bilingual import Text


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


class Matrix(Named):
    """What it is determined in: feed, crab tissue. Its field decides which signatory may sign."""

    code = models.SlugField(max_length=64, unique=True)
    field = models.CharField(max_length=32)

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "matrices"


class Method(Named):
    """A standard method with its number and year."""

    number = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number
