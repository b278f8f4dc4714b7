"""People, posts, authorisations."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from zhunsheng.foundation.calendar.validity import Known
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.states import Post as PostWord


class Person(models.Model):
    """Someone who works for an institution, with or without an account."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    identity_hash = models.CharField(
        max_length=64, null=True, unique=True, help_text="keyed hash of the identity number, which itself is never kept"
    )
    identity_masked = models.CharField(max_length=18, blank=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="person")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A person holds a post in an institution from a day to a day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="posts")
    kind = models.CharField(max_length=24, choices=[(word.value, word.name.title()) for word in PostWord])
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["institution", "kind"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="post_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.kind}"


class Qualification(Known):
    """What a person has shown outside any institution: a degree, a title, a certificate."""

    class Kind(models.TextChoices):
        DEGREE = "degree"
        TITLE = "title"
        CERTIFICATE = "certificate"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="qualifications")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=200, help_text="as it is written on the document")
    number = models.CharField(max_length=64, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="qualification_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Authorisation(Known):
    """A signatory may sign reports of a field, from a day to a day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="authorisations")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="authorisations")
    field = models.CharField(max_length=32, help_text="a field of the catalogue")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["institution", "field"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="authorisation_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.field}"
