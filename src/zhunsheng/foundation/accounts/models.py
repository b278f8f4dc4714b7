"""Users and the tokens with which their programs ask."""

import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q


class User(AbstractUser):
    """Someone who may sign in."""

    language = models.CharField(
        max_length=2, blank=True, default="", help_text="zh, en, or empty: what the browser asks for"
    )

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class ApiToken(models.Model):
    """A secret with which a program acts as its user, for a while and for some things only. The secret itself is not kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=60, help_text="what uses it, in its owner's words")
    beginning = models.CharField(max_length=16, help_text="the first letters, to tell one from another")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(help_text="words of token_rules.SCOPES")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="token_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return f"{self.beginning}… ({self.name})"
