"""Messages, the e-mails that point to them, what each person wants by e-mail, and when the clocks were looked at last."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.messages.states import MAIL


class Mail(models.Model):
    """One e-mail to one person, about all that was new for the person at a moment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mails")
    state = models.CharField(max_length=8, default=MAIL.initial)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(help_text="not before this moment")
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, help_text="when a worker last took it up to hand it over")
    sent_at = models.DateTimeField(null=True)
    fault_en = models.TextField(blank=True)
    fault_zh = models.TextField(blank=True)

    class Meta:
        ordering = ["-made_at"]
        indexes = [
            models.Index(fields=["state", "next_at"]),
            models.Index(fields=["claimed_at"]),
            models.Index(fields=["-made_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def fault(self) -> Text:
        return Text(en=self.fault_en, zh=self.fault_zh)


class Message(models.Model):
    """Something that one person is told, for the post held at a place. Nothing of what it says goes into e-mail."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="messages")
    place = models.UUIDField(
        null=True,
        help_text="where the recipient held the post that it was told to: read as long as a post is held there",
    )
    kind = models.CharField(max_length=40, help_text="a clock, or another kind of news")
    subject_en = models.CharField(max_length=200)
    subject_zh = models.CharField(max_length=200)
    body_en = models.TextField(blank=True)
    body_zh = models.TextField(blank=True)
    address = models.CharField(max_length=300, help_text="path on this site")
    about = models.CharField(max_length=120, help_text="kind:id")
    due_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=255, unique=True, help_text="the same thing is told once")
    mail = models.ForeignKey(Mail, on_delete=models.SET_NULL, null=True, related_name="messages")

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["recipient", "-created_at"]),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="unread"),
            models.Index(fields=["created_at"], condition=Q(mail=None), name="without_mail"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(address__startswith="/") & ~Q(address__startswith="//") & ~Q(address__startswith="/\\"),
                name="address_on_this_site",
            )
        ]

    def __str__(self) -> str:
        return self.subject_en

    @property
    def subject(self) -> Text:
        return Text(en=self.subject_en, zh=self.subject_zh)

    @property
    def body(self) -> Text:
        return Text(en=self.body_en, zh=self.body_zh)


class Preference(models.Model):
    """Whether a person wants e-mail about a kind of message; without a row: yes."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="message_preferences")
    kind = models.CharField(max_length=40)
    by_mail = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.by_mail}"


class LastRun(models.Model):
    """When something that is done now and then was begun last, by whichever worker of the site."""

    what = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.what} {self.at.isoformat()}"
