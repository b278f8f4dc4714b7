"""What anyone may open: the front door, checking a report, signing in, and pages for when something is wrong."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import get_template
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from tests.faces.pages import in_chinese, text_of
from zhunsheng.activities.proficiency.models import Report, Round
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.signing import SigningKey, qr_claim, qr_png

CHECK = reverse("check")


@pytest.fixture
def anyone(client_of: Callable[[User | None], Client]) -> Client:
    return client_of(None)


def handed_in(client: Client, content: bytes, name: str = "report.pdf") -> str:
    page = client.post(CHECK, {"file": SimpleUploadedFile(name, content)})
    assert page.status_code == 200
    return text_of(page)


@pytest.fixture
def report(released_round: Round) -> bytes:
    return bytes(Report.objects.get(language="both", evaluation__round=released_round).pdf)


def test_the_front_door_in_both_languages(anyone: Client) -> None:
    assert "let the data speak" in text_of(anyone.get("/"))
    assert "以技术执法，凭数据说话" in text_of(in_chinese(anyone).get("/"))


def test_a_genuine_report_is_valid_and_shows_what_was_signed(anyone: Client, report: bytes) -> None:
    said = handed_in(anyone, report)
    assert "✓ Valid" in said and "Assigned value 0.044" in said and "Laboratories 21" in said


def test_one_changed_byte_is_altered(anyone: Client, report: bytes) -> None:
    changed = bytearray(report)
    changed[len(changed) // 2] ^= 1
    assert "✕ Altered" in handed_in(anyone, bytes(changed))


def test_a_report_of_another_key_cannot_be_told(anyone: Client, report: bytes, tmp_path: Any) -> None:
    SigningKey.load_or_make(tmp_path / "other.pem")
    with override_settings(SIGNING_KEY=tmp_path / "other.pem"):
        assert "? Cannot tell" in handed_in(anyone, report)
    with override_settings(SIGNING_KEY=tmp_path / "none.pem"):
        assert "? Cannot tell" in handed_in(anyone, report)


def test_a_report_of_the_key_before_is_valid_when_its_public_half_is_trusted(
    anyone: Client, report: bytes, signing_key: SigningKey, tmp_path: Path
) -> None:
    SigningKey.load_or_make(tmp_path / "new.pem")
    trusted = tmp_path / "trusted-keys"
    trusted.mkdir()
    with override_settings(SIGNING_KEY=tmp_path / "new.pem", TRUSTED_KEYS=trusted):
        assert "? Cannot tell" in handed_in(anyone, report)
        (trusted / "2025.pub.pem").write_bytes(signing_key.public.pem())
        (trusted / "broken.pem").write_text("not a key")
        assert "✓ Valid" in handed_in(anyone, report)


def test_an_unknown_key_is_told_in_words_of_the_web(anyone: Client, report: bytes, tmp_path: Path) -> None:
    SigningKey.load_or_make(tmp_path / "other.pem")
    with override_settings(SIGNING_KEY=tmp_path / "other.pem"):
        said = handed_in(anyone, report)
        assert "signed with a key that this site does not know" in said
        assert "--trust" not in said and "trusted keys" not in said
        said = handed_in(in_chinese(anyone), report)
        assert "该内容由本站所不知的密钥签名" in said and "--trust" not in said


def test_the_answer_needs_no_database(report: bytes) -> None:
    """By signature, not by look-up: the page does not touch a table of reports."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        assert "✓ Valid" in handed_in(Client(), report)
    assert [q["sql"] for q in asked] == []


def test_a_picture_of_the_code_and_its_text(anyone: Client, signing_key: SigningKey) -> None:
    claim = qr_claim({"title": "Mercury in feed"}, bytes(32), signing_key)
    assert "✓ Valid" in handed_in(anyone, qr_png(claim), "code.png")
    page = anyone.post(CHECK, {"text": f"  {claim}\n"})
    assert "✓ Valid" in text_of(page) and "Mercury in feed" in text_of(page)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"%PDF-1.7\nnothing", "x.pdf", "Cannot tell"),
        (b"hello", "x.png", "The image cannot be read."),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "x.png", "The image cannot be read."),
        (b"", "x.pdf", "The submitted file is empty."),
    ],
)
def test_rubbish_gets_an_answer(anyone: Client, signing_key: SigningKey, content: bytes, name: str, said: str) -> None:
    assert said in handed_in(anyone, content, name)


@pytest.mark.parametrize("text", ["ZS1:", "ZS1:%%%%", "hello", "ZS1:" + "A" * 7000, "\u0000", "９" * 100])
def test_rubbish_as_text_gets_an_answer(anyone: Client, signing_key: SigningKey, text: str) -> None:
    assert anyone.post(CHECK, {"text": text}).status_code == 200


def test_nothing_handed_in_is_said(anyone: Client) -> None:
    assert "Choose a file or paste the text of the code." in text_of(anyone.post(CHECK, {}))
    assert "请选择文件，或粘贴二维码文本。" in text_of(in_chinese(anyone).post(CHECK, {}))


def test_a_file_over_the_limit_is_refused(anyone: Client) -> None:
    with override_settings(PUBLIC_UPLOAD_LIMIT=2**20):
        assert "larger than 1 MB" in handed_in(anyone, b"%PDF-" + bytes(2**20))


def test_signing_in_and_out(anyone: Client, coordinator: User) -> None:
    address = reverse("account_login")
    assert "User name or e-mail" in text_of(anyone.get(address))
    wrong = anyone.post(address, {"login": "coordinator", "password": "wrong"})
    assert "Please mend what is marked." in text_of(wrong)
    home = anyone.post(address, {"login": "coordinator", "password": "long-enough-42"}, follow=True)
    assert "Proficiency-testing coordinator" in text_of(home)
    assert anyone.post(reverse("account_logout"), follow=True).redirect_chain[-1][0] == "/"


def test_only_the_demonstration_shows_who_may_sign_in(anyone: Client) -> None:
    address = reverse("account_login")
    assert "demonstration" not in text_of(anyone.get(address))
    with override_settings(DEMO=True, DEMO_PASSWORD="plumb"):
        said = text_of(anyone.get(address))
        assert "Who may sign in to this demonstration" in said and "plumb" in said and "regulator" in said


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_reset_password",
        "account_change_password",
        "account_logout",
        "mfa_index",
        "mfa_activate_totp",
    ],
)
def test_the_pages_of_accounts_wear_the_frame_in_both_languages(
    client_of: Callable[[User | None], Client], outsider: User, anyone: Client, name: str
) -> None:
    client = anyone if name in {"account_login", "account_reset_password"} else client_of(outsider)
    with override_settings(MAIL_IS_SENT=True):
        english = client.get(reverse(name), follow=True).content.decode()
        chinese = in_chinese(client).get(reverse(name), follow=True).content.decode()
    assert '<html lang="en">' in english and 'class="site-header"' in english and "&lt;header" not in english
    assert '<html lang="zh-Hans">' in chinese and "统计方法依据" in chinese


def test_a_site_without_mail_offers_no_reset_of_passwords(anyone: Client, outsider: User) -> None:
    pages = [reverse(name) for name in ("account_reset_password", "account_reset_password_done", "account_email")]
    assert [anyone.get(page).status_code for page in pages] == [404, 404, 404]
    assert anyone.post(pages[0], {"email": outsider.email}).status_code == 404
    assert "Forgotten" not in text_of(anyone.get(reverse("account_login"))) and mail.outbox == []


def test_a_site_with_mail_sends_the_link_to_the_account_alone(anyone: Client, outsider: User) -> None:
    User.objects.filter(pk=outsider.pk).update(email="outsider@example.org")
    with override_settings(MAIL_IS_SENT=True):
        assert "Forgotten your password?" in text_of(anyone.get(reverse("account_login")))
        assert "忘记密码？" in text_of(in_chinese(anyone).get(reverse("account_login")))
        anyone.post(reverse("account_reset_password"), {"email": "outsider@example.org"})
    (sent,) = mail.outbox
    assert sent.to == ["outsider@example.org"] and "/accounts/password/reset/key/" in sent.body


@pytest.mark.parametrize(("proxies", "seen"), [(0, "10.0.0.1"), (1, "203.0.113.7")])
def test_attempts_are_counted_by_the_address_that_the_proxy_saw(rf: RequestFactory, proxies: int, seen: str) -> None:
    """What the visitor wrote into the header himself stands before it and is not believed."""
    request = rf.get("/", headers={"X-Forwarded-For": "198.51.100.99, 203.0.113.7"}, REMOTE_ADDR="10.0.0.1")
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=proxies):
        assert get_adapter().get_client_ip(request) == seen


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_pages_for_what_is_wrong_need_nothing_and_speak_both_languages(name: str) -> None:
    page = get_template(name).render()  # without a request, and this test has no database
    assert 'lang="en"' in page and 'lang="zh-Hans"' in page and "返回首页" in page


def test_an_unknown_address_is_said_in_both_languages(anyone: Client) -> None:
    page = anyone.get("/nowhere/")
    assert page.status_code == 404
    assert "There is no such page" in text_of(page) and "没有找到该页面" in text_of(page)


def test_someone_without_a_post_is_told_what_to_do(client_of: Callable[[User | None], Client], outsider: User) -> None:
    assert "You hold no post today" in text_of(client_of(outsider).get(reverse("home")))


def test_every_page_forbids_what_is_inline(anyone: Client) -> None:
    policy = anyone.get("/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy
    assert settings.X_FRAME_OPTIONS == "DENY"
