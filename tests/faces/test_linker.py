"""What the public sees of rounds holds no rows by code: an outsider who links the codes of two rounds by their results does no better
there than by guessing. The same outsider, given the scores that only participants and the provider get, links more than ten times as many:
so he can find things. Methods and decimals, which tell even more, he does not look at.
"""

import itertools
import random
import uuid
from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from tests.cast import AT, institution
from tests.faces.linker import Rows, linked, rows_in
from tests.faces.test_secrecy import body, text_of
from zhunsheng.activities.proficiency import actions
from zhunsheng.activities.proficiency.documents import measurands_of
from zhunsheng.activities.proficiency.models import Evaluation, Identity, Participation, Report, Round
from zhunsheng.activities.proficiency.queries import document
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import keep
from zhunsheng.foundation.signing import SigningKey
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.institutions.models import Institution

LABORATORIES, MEASURANDS, ROUNDS, REGISTERED = 30, 20, 3, 6
CHANCE = 1 / LABORATORIES


@pytest.fixture
def rounds(
    provider: Institution, coordinator: User, mercury: Parameter, feed: Matrix, signing_key: SigningKey
) -> list[Round]:
    """Released rounds of one provider with the same laboratories: what is lasting in each as large as what is random, 0.6 σ_pt."""
    draw = np.random.default_rng(11)
    lasting = draw.normal(0, 0.06, (LABORATORIES, MEASURANDS))
    for n in range(REGISTERED):
        institution("laboratory", f"链接实验室 {n}", f"Linked Laboratory {n:02d}")
    made = []
    for number in range(ROUNDS):
        x = 1 + lasting + draw.normal(0, 0.06, lasting.shape)
        lines = [
            f"Linked Laboratory {lab:02d},m{m},{x[lab, m]:.3f},mg/kg"
            for lab in range(LABORATORIES)
            for m in range(MEASURANDS)
        ]
        content = "\n".join(["laboratory,measurand,result,unit", *lines]).encode()
        one = actions.create_round(
            attachment=keep(name="r.csv", content=content, actor=coordinator, at=AT), number=f"LINK-{number}", title_zh="链接",
            title_en="Link", performed_on=date(2026, 1 + number, 2), assigned="median", u_assigned="", sigma="0.1",
            catalogue={0: (mercury, feed)}, commissioned_by=None, provider=provider, actor=coordinator, at=AT,
            draw=random.Random(number),
        )  # fmt: skip
        found = actions.evaluate(one.pk, actor=coordinator, at=AT)
        actions.release(one.pk, evaluation_id=found.pk, actor=coordinator, at=AT, key=signing_key)
        one.refresh_from_db()
        made.append(one)
    return made


def codes_by_name(round_: Round) -> dict[str, str]:
    return dict(Identity.objects.filter(participation__round=round_).values_list("name", "participation__code"))


def score(texts: dict[uuid.UUID, list[str]], rounds: list[Round]) -> float:
    """The mean share of codes linked over every pair of rounds."""
    shares = []
    for first, second in itertools.combinations(rounds, 2):
        a, b = codes_by_name(first), codes_by_name(second)
        seen = [rows_in(texts[one.pk], codes.values()) for one, codes in ((first, a), (second, b))]
        shares.append(linked(seen[0], seen[1], {a[name]: b[name] for name in a}))
    return float(np.mean(shares))


def leaves(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every address with its name and the kinds of key that it takes."""
    for one in patterns:
        if isinstance(one, URLPattern):
            kinds = getattr(one.pattern, "converters", {})
            yield str(one.name), [type(kind).__name__ for kind in kinds.values()]
        elif str(one.pattern) != "accounts/":
            yield from leaves(one.url_patterns)


def keys_of(kind: str, round_: Round) -> list[object]:
    """What may stand in an address and speak of a round."""
    if kind == "UUIDConverter":
        issued = Evaluation.objects.filter(round=round_).values_list("pk", flat=True)
        parts = Participation.objects.filter(round=round_).values_list("pk", flat=True)[:1]
        return [
            round_.pk,
            *issued,
            *parts,
            *Institution.objects.filter(kind="laboratory").values_list("pk", flat=True)[:2],
        ]
    if kind == "IntConverter":
        return [
            Parameter.objects.get(code="mercury").pk,
            Matrix.objects.get(code="feed").pk,
            *Report.objects.values_list("pk", flat=True)[:1],
        ]
    return [
        "report-zh.pdf",
        "scores.xlsx",
        "evaluation.json",
        "zh",
        "xlsx",
        Participation.objects.filter(round=round_)[0].code,
    ]


def public_texts(round_: Round) -> list[str]:
    """Everything that somebody who has not signed in is given anywhere, asked with every key that belongs to the round."""
    client, found = Client(), []
    for name, kinds in leaves(get_resolver().url_patterns):
        for said in itertools.product(*(keys_of(kind, round_) for kind in kinds)) if len(kinds) < 3 else ():
            try:
                address = reverse(name, args=said)
            except NoReverseMatch:  # a file's name where a word is wanted
                continue
            answer = client.get(address)
            if answer.status_code == 200:
                found.append(text_of(body(answer), answer.headers.get("Content-Type", "")) + str(answer.headers))
    return found


def test_the_public_does_not_link_codes_and_whoever_has_the_rows_does(
    rounds: list[Round], monkeypatch: pytest.MonkeyPatch
) -> None:
    for throttle in ("ByToken", "ByAddress"):
        monkeypatch.setattr(f"zhunsheng.faces.api.throttles.{throttle}.allow_request", lambda *_: True)
    public = {one.pk: public_texts(one) for one in rounds}
    assert all(len(texts) >= 15 for texts in public.values())  # there is much that could leak
    for one in rounds:
        held = rows_in(public[one.pk], codes_by_name(one).values())
        assert not held, f"public rows by code: {sorted(held)[:5]}"
    assert score(public, rounds) <= 2 * CHANCE

    leaky = {one.pk: [as_table(scores_of(one))] for one in rounds}
    found = score(leaky, rounds)
    assert found > 10 * CHANCE, found


def scores_of(round_: Round) -> dict[str, list[float]]:
    """z of every measurand by code, as participants and the provider get them."""
    found: dict[str, list[float]] = {}
    evaluation = round_.evaluations.get()
    for measurand in measurands_of(document(evaluation)):
        for one in measurand["scores"]:
            found.setdefault(one["laboratory"], []).append(one["z"])
    return found


def as_table(rows: dict[str, list[float]]) -> str:
    """A page that should not be: a row for each code."""
    lines = [
        f"<tr><th>{code}</th>" + "".join(f"<td>{z:.2f}</td>" for z in row) + "</tr>"
        for code, row in sorted(rows.items())
    ]
    return "<table>" + "\n".join(lines) + "</table>"


def test_the_outsider_links_rows_by_code_and_guesses_from_histograms() -> None:
    """The tool alone, on sixty made-up laboratories with ten measurands: what he finds is what he was given."""
    draw, labs = np.random.default_rng(3), 60
    lasting = draw.normal(0, 0.6, (labs, 10))
    tables: list[Rows] = []
    histograms: list[Rows] = []
    codes: list[list[str]] = []
    for n in range(2):
        z = lasting + draw.normal(0, 0.6, lasting.shape)
        drawn = [f"{'AB'[n]}{one:03d}" for one in draw.permutation(labs)]
        codes.append(drawn)
        tables.append(rows_in([as_table({code: list(row) for code, row in zip(drawn, z, strict=True)})], drawn))
        bars = "".join(
            f"<tr><td>{low}</td><td>{int(((z >= low) & (z < low + 1)).sum())}</td></tr>" for low in range(-4, 4)
        )
        histograms.append(rows_in([f"<table>{bars}</table>"], drawn))
    pairs = dict(zip(codes[0], codes[1], strict=True))
    assert linked(tables[0], tables[1], pairs) > 10 / labs
    assert linked(histograms[0], histograms[1], pairs) <= 2 / labs
