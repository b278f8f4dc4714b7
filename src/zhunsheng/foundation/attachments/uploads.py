"""How much of an upload is read: no more than its address takes, whatever the sender says of its length."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

SLACK = 2**20
"""Bytes beside the file itself: the other fields of a form and what stands between them."""


class LimitedUpload(FileUploadHandler):
    """The first handler of every upload: at the limit of the request (`upload_limit`) it stops reading.

    The request then bears `upload_stopped`, so that whoever answers can say why the file is missing.
    """

    def handle_raw_input(
        self, input_data: Any, META: dict[str, str], content_length: int, boundary: str, encoding: str | None = None
    ) -> None:
        self.limit = getattr(self.request, "upload_limit", settings.UPLOAD_LIMIT) + SLACK
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > self.limit:
            self.request.upload_stopped = True  # type: ignore[union-attr]
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handlers keep the file."""
