"""What the sweeper begins now and then: the clocks once an hour for the whole site, e-mail when some waits."""

from datetime import timedelta

import pytest
from django.conf import LazySettings

from tests.cast import AT, institution_of
from tests.foundation.messages.post_office import post_office
from zhunsheng.faces.jobs import actions
from zhunsheng.faces.jobs.models import Job
from zhunsheng.faces.jobs.periodic import begin_what_is_due
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.messages.models import Mail, Message
from zhunsheng.registry.institutions.actions import enter_certificates
from zhunsheng.registry.institutions.models import Certificate
from zhunsheng.settings import mail

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def kinds() -> list[str]:
    return list(Job.objects.order_by("created_at").values_list("kind", flat=True))


def test_the_clocks_are_looked_at_once_an_hour(settings: LazySettings) -> None:
    for minutes in (0, 1, 30, 59):
        begin_what_is_due(at=AT + minutes * MINUTE)
    assert kinds() == ["remind"]
    Job.objects.update(state="done")
    begin_what_is_due(at=AT + HOUR)
    assert kinds() == ["remind", "remind"]


def test_a_certificate_about_to_end_becomes_an_email(settings: LazySettings, laboratory: User) -> None:
    """From the register to the mail server, through the jobs that the sweeper queues."""
    from django.utils import timezone

    now = timezone.now()
    ending = Certificate(
        institution=institution_of(laboratory), scheme="CMA", number="231100000001", valid_from=now.date() - timedelta(400),
        valid_to=now.date() + timedelta(5), recorded_at=now - timedelta(400),
    )  # fmt: skip
    enter_certificates([ending], actor=None, at=now)
    with post_office() as office:
        for name, value in mail(f"smtp://127.0.0.1:{office.port}").items():
            setattr(settings, name, value)
        settings.MAIL_IS_SENT = True
        for _ in range(2):
            begin_what_is_due(at=now)
            for job in Job.objects.filter(state="queued"):
                actions.run(str(job.pk))
    assert kinds() == ["remind", "send_mail"] and set(Job.objects.values_list("state", flat=True)) == {"done"}
    (letter,) = office.received
    assert letter["To"] == laboratory.email and "231100000001" not in letter.get_content() + str(letter["Subject"])
    assert Message.objects.get().recipient == laboratory and Mail.objects.get().state == "sent"


def test_without_a_mail_server_no_job_is_queued_for_it(laboratory: User) -> None:
    Message.objects.create(recipient=laboratory, address="/", created_at=AT, key="k")
    begin_what_is_due(at=AT)
    assert kinds() == ["remind"]
