"""The verbs of the screen, on registers and logs of a made-up network."""

import io
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.activities.campaigns.screen.entered import enter
from tests.activities.campaigns.screen.logs import Written, csv_of, honest
from tests.activities.campaigns.screen.measuring import hits_of
from tests.activities.campaigns.screen.network import FIRST, Network, network, registers
from tests.activities.campaigns.screen.plants import planted
from tests.activities.campaigns.screen.small import report_log
from tests.cast import AT, institution_of
from zhunsheng.activities.campaigns.screen import actions
from zhunsheng.activities.campaigns.screen.actions import looking
from zhunsheng.activities.campaigns.screen.models import Evidence, LogFile, Screen, Statement, Suspicion
from zhunsheng.activities.campaigns.screen.queries.registers import places_within, registers_of
from zhunsheng.activities.campaigns.screen.queries.suspicions import bad_rows, rows_behind
from zhunsheng.activities.campaigns.screen.rules.columns import LOGS
from zhunsheng.activities.campaigns.screen.rules.registers import SHAPES
from zhunsheng.activities.campaigns.screen.rules.settling import ScreenRefused
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.models import Attachment, Draft
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.people.jurisdiction import Jurisdiction, jurisdiction_of

pytestmark = pytest.mark.django_db
TITLE = t("March", "三月")


@pytest.fixture
def reach(regulator: User) -> Jurisdiction:
    return jurisdiction_of([institution_of(regulator)], AT.date())


def opened(regulator: User) -> Screen:
    return actions.open_screen(authority=institution_of(regulator), title=TITLE, actor=regulator, at=AT)


def send(screen: Screen, kind: str, content: bytes, reach: Jurisdiction, actor: User, name: str = "") -> LogFile:
    log = actions.receive_log(screen, kind=kind, name=name or f"{kind}.csv", content=content, actor=actor, at=AT)
    looking.read_log(log, reach=reach, at=AT)
    log.refresh_from_db()
    return log


def screened(written: Written, reach: Jurisdiction, actor: User, *, suspended: Any = ()) -> Screen:
    screen = opened(actor)
    for kind in LOGS:
        assert send(screen, kind, csv_of(written, kind), reach, actor).state == "read"
    return run(screen, reach, actor, suspended=suspended)


def run(screen: Screen, reach: Jurisdiction, actor: User, *, suspended: Any = ()) -> Screen:
    actions.begin(screen, actor=actor, at=AT)
    screen.refresh_from_db()
    looking.run(screen, reach=reach, actor=actor, at=AT, suspended=suspended)
    screen.refresh_from_db()
    return screen


def small(rule: str, seed: int = 3) -> tuple[Network, Written, set[str]]:
    return planted(rule, seed)


def test_the_frames_fetched_are_those_that_the_network_says(reach: Jurisdiction) -> None:
    net, _, _ = small("withdrawn_standard")
    net.laboratories = net.laboratories[:4]
    made = enter(net)
    places = places_within(reach, on=AT.date())
    fetched = registers_of(places, first=FIRST, last=FIRST + timedelta(days=700), known_on=AT.date())
    expected = registers(net)
    number = {places.numbers[one.pk.hex]: lab.number for one, lab in zip(made, net.laboratories, strict=True)}
    for name in ("institutions", "instruments", "calibrations", "people", "authorisations", "certificates"):
        theirs = getattr(fetched, name).with_columns(pl.col("inst").replace(number))
        assert theirs.sort(*SHAPES[name]).equals(getattr(expected, name).sort(*SHAPES[name])), name
    assert fetched.scope.height == expected.scope.height
    assert fetched.standards.select("standard", "first", "replacement").equals(
        expected.standards.select("standard", "first", "replacement")
    )


def test_a_screen_asks_what_the_rules_find(reach: Jurisdiction, regulator: User) -> None:
    net, written, words = small("uncalibrated")
    made = enter(net)
    screen = screened(written, reach, regulator)
    pure = hits_of(net, written)
    assert screen.state == "done"
    assert {rule: hits for rule, (hits, _) in screen.counts.items()} == dict(
        pure.unique(["inst", "print"]).group_by("rule").len().iter_rows()
    )
    suspicion = Suspicion.objects.get(rule="uncalibrated")
    assert (suspicion.code, suspicion.state) == ("F07", "open")
    assert suspicion.institution in made
    behind = rows_behind(suspicion)
    assert behind.height == suspicion.rows
    assert words & {text for row in behind.get_column("values") for text in row}


def test_an_honest_network_is_asked_nothing(reach: Jurisdiction, regulator: User) -> None:
    net = network(5, laboratories=3)
    written = honest(net, 5, days=4)
    enter(net)
    screen = screened(written, reach, regulator)
    assert (screen.counts, Suspicion.objects.count(), Evidence.objects.get().rows) == ({}, 0, 0)


def test_the_article_is_that_of_the_day_of_the_act(reach: Jurisdiction, regulator: User) -> None:
    """An act before and one after the revision of March 2025 are two questions, each under its own pack of rules."""
    net = network(5, laboratories=2)
    written = honest(net, 5, days=2)
    enter(net)
    early, late = written.reports[0], written.reports[1]
    early |= {
        "received_at": "",
        "tested_from": "2024-05-06 09:00",
        "tested_to": "2024-05-06 12:00",
        "issued_at": "2024-05-06 11:00",
    }
    late |= {"issued_at": late["tested_from"]}
    screened(written, reach, regulator)
    two = Suspicion.objects.filter(rule="issued_before_end").order_by("opened_on")
    assert len({one.pack_sha256 for one in two}) == 2
    assert "SAMR-39@2021" in two[0].pack
    assert "SAMR-39@2025" in two[1].pack


def test_the_same_file_is_taken_once(reach: Jurisdiction, regulator: User) -> None:
    net = network(5, laboratories=1)
    content = csv_of(honest(net, 5, days=1), "people")
    enter(net)
    screen = opened(regulator)
    send(screen, "people", content, reach, regulator)
    with pytest.raises(ScreenRefused, match="people"):
        send(screen, "people", content, reach, regulator, name="again.csv")
    assert LogFile.objects.count() == 1
    other = send(opened(regulator), "people", content, reach, regulator)
    assert other.state == "read"
    assert (Attachment.objects.count(), Draft.objects.count()) == (1, 0)


def test_bad_rows_are_named_and_the_others_used(reach: Jurisdiction, regulator: User) -> None:
    net = network(5, laboratories=1)
    written = honest(net, 5, days=1)
    enter(net)
    written.people[0]["arrived_at"] = "soon"
    written.people[1]["uscc"] = "91330100000000000X"
    log = send(opened(regulator), "people", csv_of(written, "people"), reach, regulator)
    assert (log.state, log.rows, log.bad) == ("read", len(written.people), 2)
    assert [row[:3] for row in bad_rows(log, LOGS["people"])] == [
        [2, "arrived_at", "moment"],
        [3, "uscc", "institution"],
    ]


def test_files_with_different_columns_are_looked_through_together(reach: Jurisdiction, regulator: User) -> None:
    net = network(5, laboratories=1)
    written = honest(net, 5, days=1)
    enter(net)
    screen = opened(regulator)
    send(screen, "reports", csv_of(written, "reports"), reach, regulator)
    send(screen, "reports", report_log(net.laboratories[0].uscc), reach, regulator, name="short.csv")
    assert run(screen, reach, regulator).rows == len(written.reports) + 2


def test_a_file_that_is_none_is_refused_with_the_mend(reach: Jurisdiction, regulator: User) -> None:
    screen = opened(regulator)
    log = send(screen, "people", b"a,b\n1,2\n", reach, regulator)
    assert log.state == "refused"
    assert "表头缺少" in log.faults[0][1]
    assert (Attachment.objects.count(), Draft.objects.count()) == (0, 0)
    with pytest.raises(ScreenRefused):
        actions.begin(screen, actor=regulator, at=AT)


def test_what_was_asked_is_not_asked_again(reach: Jurisdiction, regulator: User) -> None:
    net, written, _ = small("issued_before_end")
    enter(net)
    first = screened(written, reach, regulator)
    asked = Suspicion.objects.count()
    again = screened(written, reach, regulator)
    assert asked == Suspicion.objects.count() > 0
    assert again.repeated == Evidence.objects.get(screen=first).rows


def test_suspended_items_come_from_the_face(reach: Jurisdiction, regulator: User) -> None:
    from zhunsheng.registry.catalogue.models import Matrix, Parameter

    net = network(5, laboratories=1)
    written = honest(net, 5, days=1)
    where = enter(net)[0]
    row = written.reports[0]
    item = (Parameter.objects.get(name_zh=row["parameter"]).pk, Matrix.objects.get(name_zh=row["matrix"]).pk)
    since = AT.date() - timedelta(days=200)
    screened(written, reach, regulator, suspended=[(where.pk, *item, since, None, "PT-7")])
    one = Suspicion.objects.get(rule="suspended_item")
    assert (one.code, one.about[2]) == ("F20", "PT-7")


def test_settling_needs_words_and_happens_once(reach: Jurisdiction, regulator: User) -> None:
    net, written, _ = small("issued_before_end")
    enter(net)
    screened(written, reach, regulator)
    one, other = Suspicion.objects.order_by("number")[:2]
    with pytest.raises(ScreenRefused):
        actions.explain(one, reason=" ok ", actor=regulator, at=AT)
    actions.ask(one, question="Why was it issued before?", actor=regulator, at=AT)
    actions.answer(one, text="The clock was wrong, see the record.", actor=None, at=AT)
    actions.explain(one, reason="The record shows the right time.", actor=regulator, at=AT)
    assert (one.state, one.settled_at) == ("explained", AT)
    with pytest.raises(NotAllowedNow):
        actions.take_up(one, reason="after all we go there", actor=regulator, at=AT)
    actions.take_up(other, reason="to be looked into on the spot", actor=regulator, at=AT)
    assert other.state == "taken_up"
    assert list(Statement.objects.filter(suspicion=one).values_list("verb", flat=True)) == ["ask", "answer", "explain"]
    verbs = ["ask_about", "answer_suspicion", "explain_suspicion", "take_up_suspicion"]
    assert [Entry.objects.filter(verb=verb).count() for verb in verbs] == [1, 1, 1, 1]


def test_the_registers_are_asked_the_same_number_of_questions_at_any_size(reach: Jurisdiction) -> None:
    asked = []
    for start, size in ((0, 3), (3, 30)):
        net = network(7, laboratories=start + size)
        net.laboratories = net.laboratories[start:]
        counted = CaptureQueriesContext(connection)
        enter(net, with_catalogue=start == 0)
        with counted:
            registers_of(places_within(reach, on=AT.date()), first=AT.date(), last=AT.date(), known_on=AT.date())
        asked.append(len(counted))
    assert asked[0] == asked[1]


def test_the_evidence_is_what_its_hash_says(reach: Jurisdiction, regulator: User) -> None:
    import hashlib

    net, written, _ = small("impossible_mean")
    enter(net)
    screened(written, reach, regulator)
    evidence = Evidence.objects.get()
    assert hashlib.sha256(bytes(evidence.content)).hexdigest() == evidence.sha256
    frame = pl.read_parquet(io.BytesIO(bytes(evidence.content)))
    assert frame.height == evidence.rows == sum(one.rows for one in Suspicion.objects.all())
