"""Every address as every role: who gets a page, and that a wrong role gets the answer of a thing that is not there.

The table is written by hand and never derived from `access.py`: it says what was promised. An address without a row fails.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from tests.cast import institution, institution_of, user_with_post
from tests.faces.promises import (
    GONE,
    LABORATORIES,
    LOGIN,
    NO_TOKEN,
    ROLES,
    areas,
    post_only,
    promised,
    shows_register,
    verbs,
)
from zhunsheng.activities.proficiency.models import Identity, Round
from zhunsheng.activities.proficiency.queries import own_code
from zhunsheng.faces.api.tokens import make_token
from zhunsheng.faces.jobs.models import Job
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.accounts.token_rules import SCOPES
from zhunsheng.foundation.attachments.models import Draft
from zhunsheng.foundation.journal.models import Entry


def our_names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLPattern):
            assert one.name, one
            yield one.name
        elif str(one.pattern) != "accounts/":  # allauth's own pages are about the visitor alone
            yield from our_names(one.url_patterns)


def test_every_address_has_a_row() -> None:
    assert set(our_names(get_resolver().url_patterns)) == set(promised()) | post_only()


@pytest.fixture
def people(
    released_round: Round, coordinator: User, regulator: User, laboratory: User, other_laboratory: User,
    outsider: User, administrator: User, national: User, province: User, other_province: User, county: User,
    institution_admin: User, integrity_officer: User, client_enterprise: User,
) -> dict[str, User | None]:  # fmt: skip
    other_provider = institution("provider", "另一能力验证提供者", "Another Provider")
    new = institution("laboratory", "未参加的实验室", "Untested Laboratory")
    return {
        "anyone": None, "outsider": outsider, "administrator": administrator, "laboratory": laboratory,
        "other_laboratory": other_laboratory, "untested": user_with_post("untested", "analyst", new), "regulator": regulator,
        "stranger": user_with_post("stranger", "coordinator", other_provider), "coordinator": coordinator,
        "national": national, "province": province, "other_province": other_province, "county": county,
        "institution_admin": institution_admin, "integrity_officer": integrity_officer, "client": client_enterprise,
        "statistician": user_with_post("statistician", "statistician", institution_of(coordinator)),
    }  # fmt: skip


@pytest.fixture
def things(people: dict[str, User | None]) -> dict[str, str]:
    made: dict[str, str] = {}
    for area in areas():
        if make := getattr(area, "things", None):
            made |= make(people)
    return made


Clients = Callable[[User | None], Client]


@pytest.fixture
def client_of(client_of: Clients) -> Clients:
    """Signed in for the pages and with a token of every scope for the API, which does not look at cookies."""
    tokens: dict[User, str] = {}

    def both(user: User | None) -> Client:
        client = client_of(user)
        if user is not None:
            if user not in tokens:
                tokens[user] = token_of(user)
            client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {tokens[user]}"
        return client

    return both


def token_of(user: User) -> str:
    return make_token(name="test", scopes=list(SCOPES), lifetime=timedelta(days=1), actor=user, at=timezone.now())[1]


@pytest.fixture(autouse=True)
def as_many_questions_as_one_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhunsheng.faces.api.throttles.ByToken.allow_request", lambda *_: True)
    monkeypatch.setattr("zhunsheng.faces.api.throttles.ByAddress.allow_request", lambda *_: True)


def address_of(name: str, arguments: tuple[str, ...], things: dict[str, str]) -> str:
    said = [things.get(one, one) for one in arguments]
    return reverse(name, args=[one for one in said if one[:1] != "?"]) + "".join(one for one in said if one[:1] == "?")


@dataclass(frozen=True)
class Visit:
    """What somebody was answered somewhere."""

    role: str
    name: str
    address: str
    expected: int
    client: Client
    response: Any
    content: bytes

    def __str__(self) -> str:
        return f"{self.address} as {self.role}"


def visits(people: dict[str, User | None], things: dict[str, str], client_of: Clients) -> Iterator[Visit]:
    clients = {role: client_of(people[role]) for role in ROLES}
    for name, rows in promised().items():
        for arguments, expected in rows:
            address = address_of(name, arguments, things)
            for role, client in clients.items():
                response = client.get(address)
                yield Visit(role, name, address, expected[role], client, response, body(response))


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_every_role_gets_what_was_promised_and_no_more(
    people: dict[str, User | None], things: dict[str, str], client_of: Clients
) -> None:
    """One walk, because there are thousands of pages, and of every answer three questions: is it the status that was promised;
    does it tell a thing of others from no thing; does it name a participant to whoever was not announced?
    """
    secrets = {role: Secret.kept_from(role, people[role]) for role in set(ROLES) - {"coordinator", "regulator"}}
    wrong, leaked, compared = [], [], set()
    for visit in visits(people, things, client_of):
        if visit.response.status_code != visit.expected:
            wrong.append(f"{visit}: {visit.response.status_code}, promised {visit.expected}")
        if visit.expected == GONE:
            compared.add(compare_with_nothing(visit))
        if (secret := secrets.get(visit.role)) and secret.names_in(visit):
            leaked.append(str(visit))
    assert (wrong, leaked) == ([], [])
    assert {"number", "uuid"} <= compared


def compare_with_nothing(visit: Visit) -> str | None:
    """Demand the same status, headers and page, but for the address itself and one-time tokens, where there is nothing; return
    by what kind of key things are told apart there.
    """
    nowhere = KEY.sub(lambda key: str(uuid.UUID(int=7)) if "-" in key[0] else NO_NUMBER, visit.address)
    if nowhere == visit.address:
        return None
    none = visit.client.get(nowhere)
    assert answer(visit.response, visit.content, visit.address) == answer(none, body(none), nowhere), str(visit)
    return "number" if NO_NUMBER in nowhere else "uuid"


KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)[0-9]+(?=/)")
NO_NUMBER = "987654321"


def answer(response: Any, content: bytes, address: str) -> tuple[int, list[tuple[str, str]], str]:
    """All of an answer that somebody could compare; the length follows from the address, which the page repeats."""
    headers = sorted((name, value) for name, value in response.headers.items() if name not in LIVELY)
    return response.status_code, headers, plain(content, address)


LIVELY = {"Content-Length"}


def plain(page: bytes, address: str) -> str:
    text = page.decode().replace(address, "ADDRESS")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)


@dataclass(frozen=True)
class Secret:
    """Names of participants that a role must not meet; in registers, which name institutions, those that are in none."""

    named: frozenset[str]
    unregistered: frozenset[str]
    registers: frozenset[str]
    """Names of the addresses of registers."""

    @classmethod
    def kept_from(cls, role: str, user: User | None) -> "Secret":
        own = institution_of(user) if user and role in LABORATORIES else None
        secret = Identity.objects.exclude(institution=own) if own else Identity.objects.all()
        named = frozenset(one.name for one in secret)
        unregistered = frozenset(one.name for one in secret if one.institution_id is None)
        assert len(secret) >= 20 and len(unregistered) >= 19  # there is something that could leak
        return cls(named, unregistered, frozenset(shows_register()))

    def names_in(self, visit: Visit) -> list[str]:
        """Read page, file and headers."""
        told = text_of(visit.content, visit.response.headers.get("Content-Type", "")) + str(visit.response.headers)
        return [one for one in (self.unregistered if visit.name in self.registers else self.named) if one in told]


def text_of(content: bytes, kind: str) -> str:
    if kind.startswith("application/pdf"):
        return pdf_text(content)
    if "spreadsheet" in kind:
        from zhunsheng.foundation.spreadsheets import read_table

        table = read_table(content, filename="scores.xlsx")
        return " ".join(text for row in table.rows for text in row.texts)
    return content.decode(errors="replace")


def pdf_text(content: bytes) -> str:
    """Visible text, attached data and metadata."""
    import io
    import subprocess

    import pikepdf

    shown = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True).stdout.decode()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        attached = [file.get_file().read_bytes().decode(errors="replace") for file in pdf.attachments.values()]
        return " ".join([shown, *attached, str(pdf.docinfo), *pdf.attachments])


def test_the_coordinator_sees_names_and_a_laboratory_its_own_code_only(
    people: dict[str, User | None], released_round: Round, client_of: Clients, laboratory: User
) -> None:
    name = institution_of(laboratory).name_en
    code = own_code(released_round, institution_of(laboratory))
    office = client_of(people["coordinator"]).get(reverse("office_round", args=[released_round.pk])).content.decode()
    own = client_of(laboratory).get(reverse("workspace_round", args=[released_round.pk])).content.decode()
    assert name in office and code and code in office and code in own


def test_the_order_of_codes_does_not_tell_the_order_of_the_file(released_round: Round) -> None:
    by_file = list(Identity.objects.order_by("pk").values_list("participation__code", flat=True))
    assert sorted(by_file) != by_file


def test_a_verb_is_not_there_for_whom_it_was_not_promised(
    people: dict[str, User | None], things: dict[str, str], client_of: Clients
) -> None:
    """All verbs in one test: making the cast takes longer than any of them."""
    clients = {role: client_of(people[role]) for role in ROLES}
    before, wrong = written(), []
    for name, arguments, data, may in verbs():
        address = reverse(name, args=[things.get(one, one) for one in arguments])
        closed = NO_TOKEN if address.startswith("/api/") else LOGIN
        kind: dict[str, Any] = {"content_type": "application/json"} if isinstance(data, str) else {}
        for role in set(ROLES) - set(may):
            got = clients[role].post(address, data, **kind).status_code
            if got != (closed if role == "anyone" else GONE) or written() != before:
                wrong.append(f"{address} as {role}: {got}, or something was written")
                before = written()
    assert wrong == []


def written() -> tuple[int, int, int]:
    """What any verb would leave behind."""
    return Entry.objects.count(), Job.objects.count(), Draft.objects.count()
