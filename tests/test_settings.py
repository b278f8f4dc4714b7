"""What the environment says becomes settings; what it does not say is safe."""

from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured

from zhunsheng.settings import mail, queue, rule_dates


def test_without_an_address_no_mail_is_sent_or_written_to_the_log() -> None:
    assert mail("") == {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}


@pytest.mark.parametrize(
    ("url", "port", "starttls", "implicit"),
    [
        ("smtp://pt%40x.cn:a%3Ab@mail.example.org:2525?tls=1", 2525, True, False),
        ("smtp://pt%40x.cn:a%3Ab@mail.example.org?tls=1", 587, True, False),
        ("smtp://pt%40x.cn:a%3Ab@mail.example.org", 25, False, False),
        ("smtps://pt%40x.cn:a%3Ab@mail.example.org", 465, False, True),
    ],
)
def test_an_address_of_a_mail_server(url: str, port: int, starttls: bool, implicit: bool) -> None:
    set_ = mail(url)
    assert str(set_["EMAIL_BACKEND"]).endswith("smtp.EmailBackend")
    assert (set_["EMAIL_HOST"], set_["EMAIL_PORT"]) == ("mail.example.org", port)
    assert (set_["EMAIL_HOST_USER"], set_["EMAIL_HOST_PASSWORD"]) == ("pt@x.cn", "a:b")
    assert (set_["EMAIL_USE_TLS"], set_["EMAIL_USE_SSL"]) == (starttls, implicit)


@pytest.mark.parametrize("url", ["mail.example.org", "https://mail.example.org", "smtp://"])
def test_what_is_no_mail_server_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="smtp://"):
        mail(url)


def test_days_of_rules_are_read_and_what_is_none_is_refused_at_the_start() -> None:
    assert rule_dates("") == {} and rule_dates('{"SAMR-39@2025": "2025-05-01"}') == {"SAMR-39@2025": date(2025, 5, 1)}
    for text in ("SAMR-39@2025=2025-05-01", '{"SAMR-39@2025": "May"}', '["2025-05-01"]', '{"SAMR-39@2025": null}'):
        with pytest.raises(ImproperlyConfigured, match="ZHUNSHENG_RULE_DATES"):
            rule_dates(text)


def test_a_queue_that_the_database_cannot_carry_is_refused_at_the_start() -> None:
    postgresql, sqlite = "django.db.backends.postgresql", "django.db.backends.sqlite3"
    assert queue("database", sqlite) == queue("database", postgresql) == "database"
    assert queue("procrastinate", postgresql) == "procrastinate"
    with pytest.raises(ImproperlyConfigured, match="needs PostgreSQL"):
        queue("procrastinate", sqlite)
    with pytest.raises(ImproperlyConfigured, match="one of: database, procrastinate"):
        queue("redis", postgresql)
