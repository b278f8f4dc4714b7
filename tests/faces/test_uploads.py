"""Uploads that are too large are refused before they are read; nothing of them is kept anywhere."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client, override_settings
from django.urls import reverse

from tests.faces.pages import in_chinese, text_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.models import Draft
from zhunsheng.foundation.imports.models import Import

pytestmark = pytest.mark.django_db
MB = 2**20
SMALL = override_settings(PUBLIC_UPLOAD_LIMIT=3 * MB, UPLOAD_LIMIT=4 * MB, IMPORT_UPLOAD_LIMIT=5 * MB)


@pytest.fixture(autouse=True)
def small() -> Iterator[None]:
    with SMALL:
        yield


@pytest.fixture
def spooled() -> Iterator[list[int]]:
    """Bytes that reach a temporary file."""
    seen: list[int] = []
    real = TemporaryFileUploadHandler.receive_data_chunk

    def spy(self: TemporaryFileUploadHandler, raw: bytes, start: int) -> None:
        seen.append(len(raw))
        real(self, raw, start)

    with patch.object(TemporaryFileUploadHandler, "receive_data_chunk", spy):
        yield seen


def file_of(size: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("f.xlsx", b" " * size)


@pytest.mark.parametrize(
    "address", ["/check/", "/accounts/login/", "/imports/scopes/send/", "/nowhere/", "/calendar/import/"]
)
def test_whoever_has_not_signed_in_sends_nothing_large_anywhere(address: str, spooled: list[int]) -> None:
    anyone = Client(enforce_csrf_checks=True)
    answer = anyone.post(address, {"file": file_of(5 * MB)})
    assert answer.status_code == 413 and "files of up to 3 MB" in text_of(answer)
    assert "不超过 3 MB" in text_of(in_chinese(Client()).post(address, {"file": file_of(5 * MB)}))
    assert spooled == []


def test_a_register_takes_more_than_other_pages(
    client_of: Callable[[User | None], Client], regulator: User, spooled: list[int]
) -> None:
    client = client_of(regulator)
    send = reverse("import_send", args=["institutions"])
    assert client.post(reverse("calendar_import"), {"file": file_of(int(5.5 * MB))}).status_code == 413
    assert spooled == [] and client.post(send, {"file": file_of(7 * MB), "mode": "all"}).status_code == 413
    assert "larger than 5 MB" in text_of(client.post(send, {"file": file_of(5 * MB + 1), "mode": "all"}))
    assert client.post(send, {"file": file_of(5 * MB - 1), "mode": "all"}).status_code == 302
    assert Import.objects.count() == Draft.objects.count() == 1


def test_reading_stops_at_the_limit_where_the_length_was_not_announced(spooled: list[int]) -> None:
    body = io.BytesIO()
    body.write(b'--x\r\nContent-Disposition: form-data; name="file"; filename="f.pdf"\r\n\r\n')
    body.write(b" " * 40 * MB)
    body.write(b"\r\n--x--\r\n")
    length = body.tell()
    body.seek(0)
    with patch("zhunsheng.faces.uploads.announced", return_value=0):
        answer = Client().generic(
            "POST", "/check/", body.read(), content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(length)
        )
    assert answer.status_code == 413 and sum(spooled) <= 4 * MB


def test_a_length_that_is_no_number_is_none() -> None:
    assert Client().generic("POST", "/check/", b"", CONTENT_LENGTH="-1").status_code < 500


@pytest.mark.parametrize("form", ["csv", "xlsx", "pdf"])
@pytest.mark.parametrize("key", ["-" * 36, "0" * 36, "00000000-0000-0000-0000-000000000000"])
def test_an_error_file_of_no_import_is_not_there(
    key: str, form: str, client_of: Callable[[User | None], Client], regulator: User
) -> None:
    assert client_of(regulator).get(f"/imports/{key}/errors.{form}").status_code == 404
