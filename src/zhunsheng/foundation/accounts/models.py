"""Users."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Someone who may sign in."""

    language = models.CharField(
        max_length=2, blank=True, default="", help_text="zh, en, or empty: what the browser asks for"
    )

    def __str__(self) -> str:
        return self.get_full_name() or self.username
