"""What the sweeper begins now and then: the clocks once an hour for the whole site, e-mail when some waits."""

from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import AT, XIHU, institution_of
from tests.foundation.imports.sent import send, workbook_of
from tests.foundation.messages.post_office import post_office
from zhunsheng.faces.jobs import actions
from zhunsheng.faces.jobs.models import Job
from zhunsheng.faces.jobs.periodic import begin_what_is_due
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.imports import actions as imports
from zhunsheng.foundation.messages.models import Mail, Message
from zhunsheng.registry.institutions import actions as institutions
from zhunsheng.registry.institutions.actions import enter_certificates
from zhunsheng.registry.institutions.importing import Institutions
from zhunsheng.registry.institutions.models import Certificate, Institution, PossibleDuplicate
from zhunsheng.registry.institutions.queries.searches import last_search, to_be_searched
from zhunsheng.settings import mail

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def kinds() -> list[str]:
    """But for the search for duplicates, which follows from what the cast has entered."""
    return list(Job.objects.exclude(kind="search_duplicates").order_by("created_at").values_list("kind", flat=True))


def test_the_clocks_are_looked_at_once_an_hour(settings: LazySettings) -> None:
    for minutes in (0, 1, 30, 59):
        begin_what_is_due(at=AT + minutes * MINUTE)
    assert kinds() == ["remind"]
    Job.objects.update(state="done")
    begin_what_is_due(at=AT + HOUR)
    assert kinds() == ["remind", "remind"]


def test_a_certificate_about_to_end_becomes_an_email(settings: LazySettings, laboratory: User) -> None:
    """From the register to the mail server, through the jobs that the sweeper queues."""
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
    assert Message.objects.get(kind="certificate").recipient == laboratory and Mail.objects.get().state == "sent"


def test_without_a_mail_server_no_job_is_queued_for_it(laboratory: User) -> None:
    Message.objects.create(recipient=laboratory, address="/", created_at=AT, key="k")
    begin_what_is_due(at=AT)
    assert kinds() == ["remind"]


def search_jobs() -> int:
    return Job.objects.filter(kind="search_duplicates").count()


def at_hour(hour: int, *, days: int = 0) -> datetime:
    return timezone.localtime(AT).replace(hour=hour, minute=0) + timedelta(days)


def look(at: datetime) -> None:
    """The sweeper looks, a worker does what it queued."""
    begin_what_is_due(at=at)
    for job in Job.objects.filter(kind="search_duplicates", state="queued"):
        institutions.search_duplicates(actor=None, at=at)
        Job.objects.filter(pk=job.pk).update(state="done")


def two_alike() -> None:
    alike = [
        Institution(kind="laboratory", name_zh=name, name_en=name, region_code=XIHU) for name in ("甲 中心", "甲中心")
    ]
    institutions.enter_institutions(alike, actor=None, at=at_hour(0, days=-1))


def test_duplicates_are_searched_each_night_if_anything_was_changed() -> None:
    two_alike()
    for hour in (1, 2, 4):
        look(at_hour(hour))
    assert search_jobs() == 1 and PossibleDuplicate.objects.count() == 1 and last_search() == at_hour(1)
    look(at_hour(1, days=1))
    assert search_jobs() == 1, "nothing was changed"
    one = Institution.objects.first()
    assert one is not None
    institutions.mend_institution(one, {"address": "x"}, reason="why", actor=None, at=at_hour(9, days=1))
    look(at_hour(10, days=1))
    assert search_jobs() == 1, "by day it waits for the night"
    look(at_hour(1, days=2))
    assert search_jobs() == 2


def test_a_missed_night_is_made_good_by_day() -> None:
    look(at_hour(1))
    two_alike()
    look(at_hour(20))
    assert search_jobs() == 0
    look(at_hour(22, days=1))
    assert search_jobs() == 1


def test_whether_to_search_is_two_questions() -> None:
    two_alike()
    institutions.search_duplicates(actor=None, at=AT)
    with CaptureQueriesContext(connection) as asked:
        to_be_searched()
    assert len(asked) == 2


def test_a_file_of_institutions_is_searched_when_it_has_gone_in(regulator: User) -> None:
    Institution.objects.create(kind="laboratory", name_zh="杭州华测检测有限公司", name_en="H", region_code=XIHU)
    content = workbook_of([["机构名称", "行政区划代码"], ["杭州市华测检测有限责任公司", XIHU]])
    imported = send(Institutions(), content, reach={"areas": [XIHU]})
    assert imported.new == 1
    imported.started_by = regulator
    imported.save()
    imports.begin_applying(imported, Institutions(), reach=imported.reach, actor=regulator, at=AT)
    actions.start("apply_import", subject="i", arguments={"import": str(imported.pk)}, actor=regulator, at=AT)
    for kind in ("apply_import", "search_duplicates"):
        actions.run(str(Job.objects.get(kind=kind, state="queued").pk))
    assert set(Job.objects.values_list("state", flat=True)) == {"done"} and PossibleDuplicate.objects.count() == 1
