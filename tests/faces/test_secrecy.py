"""Every address as every role: who gets a page, and that a wrong role gets the answer of a thing that is not there.

The table is written by hand and never derived from `access.py`: it says what was promised. An address without a row fails.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.cast import AT, institution, institution_of, user_with_post
from zhunsheng.activities.proficiency.models import Identity, Round
from zhunsheng.activities.proficiency.queries import own_code
from zhunsheng.decisions.eligibility.actions import decide
from zhunsheng.faces.jobs.models import Job
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import stage
from zhunsheng.foundation.attachments.models import Attachment, Draft
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.people.queries import visitor

ROLES = (
    "anyone",
    "outsider",
    "administrator",
    "laboratory",
    "other_laboratory",
    "untested",
    "regulator",
    "stranger",
    "coordinator",
)
"""`untested` works for a laboratory that took no part, `stranger` coordinates for another provider."""

LOGIN, OK, GONE, MOVED = 302, 200, 404, 302
EVERYONE = dict.fromkeys(ROLES, OK)
SIGNED_IN = {**EVERYONE, "anyone": LOGIN}


def only(*roles: str, status: int = OK) -> dict[str, int]:
    return {**dict.fromkeys(ROLES, GONE), "anyone": LOGIN, **dict.fromkeys(roles, status)}


PROVIDERS = ("stranger", "coordinator")
LABORATORIES = ("laboratory", "other_laboratory", "untested")

GET: dict[str, list[tuple[tuple[str, ...], dict[str, int]]]] = {
    "front": [((), EVERYONE)],
    "check": [((), EVERYONE)],
    "home": [((), SIGNED_IN)],
    "job": [(("job",), only("coordinator"))],
    "office_rounds": [((), only(*PROVIDERS))],
    "office_round_new": [((), only(*PROVIDERS))],
    "office_round_preview": [(("draft",), only("coordinator"))],
    "office_round": [(("round",), only("coordinator"))],
    "office_round_release": [(("round",), only("coordinator", status=MOVED))],
    "office_round_settings": [(("round",), only("coordinator", status=MOVED))],
    "office_round_file": [
        (("round", "evaluation.json"), only("coordinator")),
        (("round", "scores.xlsx"), only("coordinator")),
        (("round", "report-zh.pdf"), only("coordinator")),
    ],
    "office_eligibility": [((), only("regulator"))],
    "office_suggestions": [((), only("regulator"))],
    "office_decision": [(("decision",), only("regulator"))],
    "office_commissioned": [((), only("regulator"))],
    "office_commissioned_round": [(("round",), only("regulator"))],
    "office_commissioned_file": [(("round", "report-zh.pdf"), only("regulator"))],
    "workspace_rounds": [((), only(*LABORATORIES))],
    "workspace_round": [(("round",), only("laboratory", "other_laboratory"))],
    "workspace_round_file": [(("round", "report-en.pdf"), only("laboratory", "other_laboratory"))],
    "workspace_capability": [((), only(*LABORATORIES))],
}
POST_ONLY = {"set_language", "office_round_evaluate", "office_round_discard"}
"""Addresses that answer to POST alone; the verbs behind them are tried below."""


def our_names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLPattern):
            assert one.name, one
            yield one.name
        elif str(one.pattern) != "accounts/":  # allauth's own pages are about the visitor alone
            yield from our_names(one.url_patterns)


def test_every_address_has_a_row() -> None:
    assert set(our_names(get_resolver().url_patterns)) == set(GET) | POST_ONLY


@pytest.fixture
def people(
    released_round: Round, coordinator: User, regulator: User, laboratory: User, other_laboratory: User,
    outsider: User, administrator: User,
) -> dict[str, User | None]:  # fmt: skip
    other_provider = institution("provider", "另一能力验证提供者", "Another Provider")
    new = institution("laboratory", "未参加的实验室", "Untested Laboratory")
    return {
        "anyone": None, "outsider": outsider, "administrator": administrator, "laboratory": laboratory,
        "other_laboratory": other_laboratory, "untested": user_with_post("untested", "analyst", new), "regulator": regulator,
        "stranger": user_with_post("stranger", "coordinator", other_provider), "coordinator": coordinator,
    }  # fmt: skip


@pytest.fixture
def things(
    released_round: Round, people: dict[str, User | None], coordinator: User, regulator: User, laboratory: User
) -> dict[str, str]:
    decision = decide(
        institution=institution_of(laboratory), parameter=Parameter.objects.get(), matrix=Matrix.objects.get(), on=AT.date(),
        visitor=visitor(regulator, on=AT.date()), at=AT,
    )  # fmt: skip
    job = Job.objects.create(
        kind="release_round", subject=f"round:{released_round.pk}", state="done", started_by=coordinator, created_at=AT
    )
    kept = Attachment.objects.get()
    draft = stage(name=kept.name, content=bytes(kept.content), actor=coordinator, at=AT)
    return {
        "round": str(released_round.pk), "draft": str(draft.pk), "job": str(job.pk),
        "decision": str(decision.pk),
    }  # fmt: skip


Clients = Callable[[User | None], Client]


def addresses(things: dict[str, str]) -> Iterator[tuple[str, dict[str, int]]]:
    for name, rows in GET.items():
        for arguments, expected in rows:
            yield reverse(name, args=[things.get(one, one) for one in arguments]), expected


def test_who_gets_what(people: dict[str, User | None], things: dict[str, str], client_of: Clients) -> None:
    wrong = []
    for address, expected in addresses(things):
        for role in ROLES:
            got = client_of(people[role]).get(address).status_code
            if got != expected[role]:
                wrong.append(f"{address} as {role}: {got}, promised {expected[role]}")
    assert wrong == []


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_wrong_role_cannot_tell_a_thing_from_no_thing(
    people: dict[str, User | None], things: dict[str, str], client_of: Clients
) -> None:
    """The same status and the same page, but for the address itself and one-time tokens."""
    for address, expected in addresses(things):
        nowhere = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", str(uuid.UUID(int=7)), address)
        for role in ROLES:
            if expected[role] == GONE and nowhere != address:
                real, none = (client_of(people[role]).get(one) for one in (address, nowhere))
                assert (real.status_code, plain(body(real), address)) == (none.status_code, plain(body(none), nowhere))


def plain(page: bytes, address: str) -> str:
    text = page.decode().replace(address, "ADDRESS")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)


def test_names_reach_only_those_who_were_announced(
    people: dict[str, User | None], things: dict[str, str], released_round: Round, client_of: Clients
) -> None:
    """Read every page, file and header that a laboratory or the public can get: no other participant's name is in it."""
    for role in ("anyone", "outsider", "administrator", "laboratory", "untested", "stranger"):
        own = institution_of(user) if (user := people[role]) and role in LABORATORIES else None
        names = Identity.objects.exclude(institution=own) if own else Identity.objects.all()
        secret = [one.name for one in names]
        assert len(secret) >= 20  # there is something that could leak
        for address, _ in addresses(things):
            response = client_of(people[role]).get(address)
            found = text_of(body(response), response.headers.get("Content-Type", "")) + str(response.headers)
            assert [name for name in secret if name in found] == [], f"{address} as {role}"


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


POSTS: list[tuple[str, tuple[str, ...], dict[str, str]]] = [
    ("office_round_evaluate", ("round",), {}),
    ("office_round_release", ("round",), {"number": "IMEP-111"}),
    ("office_round_settings", ("round",), {"assigned": "median", "u_assigned": "", "sigma": "niqr"}),
    ("office_round_preview", ("draft",), {"number": "X"}),
    ("office_round_discard", ("draft",), {}),
]


@pytest.mark.parametrize(("name", "arguments", "data"), POSTS)
def test_verbs_of_a_round_are_its_coordinators(
    people: dict[str, User | None], things: dict[str, str], client_of: Clients,
    name: str, arguments: tuple[str, ...], data: dict[str, str],
) -> None:  # fmt: skip
    address = reverse(name, args=[things[one] for one in arguments])
    before = Round.objects.values_list("state", "settings_stamp").get()
    for role in set(ROLES) - {"coordinator"}:
        assert client_of(people[role]).post(address, data).status_code == (LOGIN if role == "anyone" else GONE), role
    assert Round.objects.values_list("state", "settings_stamp").get() == before
    assert Job.objects.count() == 1
    assert Draft.objects.count() == 1
