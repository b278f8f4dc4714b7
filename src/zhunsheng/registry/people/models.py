"""People, posts, authorisations."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from zhunsheng.foundation.calendar.validity import Known
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.states import Post as PostWord


class Person(models.Model):
    """Someone who works for an institution, with or without an account: that institution's own entry.

    Who works for two has two entries with one identity hash, so that neither reads or rewrites what the other entered, nor
    learns from an answer that there is another; authorities find the pair (`double_posts`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    identity_hash = models.CharField(
        max_length=64,
        null=True,
        db_index=True,
        help_text="keyed hash of the identity number, which itself is never kept",
    )
    identity_masked = models.CharField(max_length=18, blank=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="person")

    class Meta:
        ordering = ["name"]
        indexes = [
            models.Index(fields=["name"]),
            # For the posts behind a request (`queries.Visitor.posts`): nearly nobody signs in, and a database that counts the
            # values of `user` then believes that asking by it finds every row, in spite of the unique index.
            models.Index(fields=["user"], condition=models.Q(user__isnull=False), name="person_who_signs_in"),
        ]

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


class Invitation(models.Model):
    """Somebody is asked to take a post; the post begins to exist when the invitation is taken up, by an account new or old."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="invitations")
    kind = models.CharField(max_length=24, help_text="a word of states.Post")
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    mailed = models.BooleanField(help_text="the link went to that address and was shown to nobody")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="invited_post_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(taken_at=None) | Q(withdrawn_at=None), name="taken_up_or_withdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.kind}"


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
