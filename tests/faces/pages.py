"""What tests ask of a page: its heading, its messages, how many questions it put to the database."""

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def text_of(response: Any) -> str:
    """The page's words, without markup and with single spaces."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def in_chinese(client: Client) -> Client:
    client.cookies["django_language"] = "zh-hans"
    return client


def queries_of(look: Callable[[], Any]) -> int:
    """How many questions a page puts to the database, the page itself being a success."""
    look()  # fills what is cached for good, like content types
    with CaptureQueriesContext(connection) as asked:
        assert look().status_code == 200
    return len(asked)
