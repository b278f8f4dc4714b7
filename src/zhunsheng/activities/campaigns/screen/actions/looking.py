"""Looking through logs: read a file, run the rules over all. The only verbs with frames, so not loaded with the others."""

import hashlib
import io
from collections.abc import Callable
from datetime import date, datetime

import polars as pl
from django.db import transaction
from django.utils import timezone

from zhunsheng.activities.campaigns.screen.guarded import read_guarded
from zhunsheng.activities.campaigns.screen.models import Evidence, LogFile, Screen, Suspicion
from zhunsheng.activities.campaigns.screen.queries.registers import Places, Suspended, places_within, registers_of
from zhunsheng.activities.campaigns.screen.queries.suspicions import asked_before, institutions_by_key, read_logs
from zhunsheng.activities.campaigns.screen.rules.catalogue import BY_KEY
from zhunsheng.activities.campaigns.screen.rules.columns import LOGS, MOMENTS
from zhunsheng.activities.campaigns.screen.rules.parsing import Parsed, parse, with_all
from zhunsheng.activities.campaigns.screen.rules.reading import read_log as texts_of
from zhunsheng.activities.campaigns.screen.rules.registers import not_recognised, with_keys
from zhunsheng.activities.campaigns.screen.rules.screening import Question, not_asked_before, questions, screen
from zhunsheng.activities.campaigns.screen.states import LOG, SCREEN
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import discard, keep_draft
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.spreadsheets import BadFile
from zhunsheng.foundation.statechart import move
from zhunsheng.registry.people.jurisdiction import Jurisdiction
from zhunsheng.registry.rulebook.queries import pack, rules_on

Progress = Callable[[int, int], None]
BATCH = 500
BAD_ROWS_KEPT = 100_000
"""Of a file in which more rows are bad, the column is wrong and not the rows."""


def read_log(log: LogFile, *, reach: Jurisdiction, at: datetime) -> None:
    """Read a file, count its rows, keep it and the rows that could not be read; or refuse it with what mends it. Done once."""
    if log.state != "received" or log.draft is None:
        return
    places = places_within(reach, on=local_day(at))
    try:
        texts = read_guarded(bytes(log.draft.content), log.name, LOGS[log.kind])
    except BadFile as refusal:
        _refuse(log, refusal, at)
    else:
        _accept(log, texts, parse(texts, LOGS[log.kind], places.institutions, log=0, until=local_day(at)), at)


@transaction.atomic
def _refuse(log: LogFile, refusal: BadFile, at: datetime) -> None:
    faults = [[one.text.en, one.text.zh] for one in refusal.faults[:50]]
    move(LOG, "refuse", LogFile.objects.filter(pk=log.pk), faults=faults, draft=None)
    if log.draft is not None:
        discard(log.draft)
    journal.record(
        "refuse_log", actor=log.received_by, at=at, subject=f"screen:{log.screen_id}", after={"name": log.name}
    )


@transaction.atomic
def _accept(log: LogFile, texts: pl.DataFrame, parsed: Parsed, at: datetime) -> None:
    bad = parsed.faults.get_column("row").n_unique()
    kept = _kept(log, at)
    move(
        LOG, "read", LogFile.objects.filter(pk=log.pk), attachment=kept, draft=None, rows=parsed.rows, bad=bad,
        bad_rows=_as_sent(with_all(texts, LOGS[log.kind]), parsed.faults) if bad else None,
    )  # fmt: skip
    journal.record(
        "read_log", actor=log.received_by, at=at, subject=f"screen:{log.screen_id}",
        after={"name": log.name, "rows": parsed.rows, "bad": bad, "attachment": str(kept.pk)},
    )  # fmt: skip


def _kept(log: LogFile, at: datetime) -> Attachment:
    """The file for ever; if the authority sent the same to another screen, that one."""
    same = LogFile.objects.filter(
        sha256=log.sha256, screen__authority=log.screen.authority_id, attachment__isnull=False
    )
    earlier = same.select_related("attachment").first()
    if earlier is not None and earlier.attachment is not None and log.draft is not None:
        discard(log.draft)
        return earlier.attachment
    assert log.draft is not None
    return keep_draft(log.draft, at=at)


def _as_sent(texts: pl.DataFrame, faults: pl.DataFrame) -> bytes:
    """Rows that could not be read: number, columns and faults (separated by spaces), and the cells in the order of the log."""
    named = faults.group_by("row").agg(pl.col("column").str.join(" "), pl.col("fault").str.join(" ")).sort("row")
    buffer = io.BytesIO()
    named.head(BAD_ROWS_KEPT).join(texts, on="row", how="left", maintain_order="left").write_parquet(buffer)
    return buffer.getvalue()


def run(
    found: Screen, *, reach: Jurisdiction, actor: User | None, at: datetime, suspended: Suspended = (),
    progress: Progress = lambda done, total: None,
) -> None:  # fmt: skip
    """Look through the logs of a running screen and write down all it comes to at once: a run that dies has done nothing.

    reach: the area of the authority on the day; suspended: items suspended after failed proficiency testing. Done once.
    """
    if found.state != "running":
        return
    files = list(read_logs(found).select_related("attachment"))
    steps = len(files) + len(BY_KEY) + 2
    logs, places = _typed(files, reach, at, lambda done: progress(done, steps))
    first, last = _period(logs, local_day(at))
    registers = registers_of(places, first=first, last=last, known_on=local_day(at), suspended=suspended)
    joined = with_keys(logs, registers)
    progress(len(files) + 1, steps)
    hits = screen(
        joined, registers, lambda day: rules_on(day).id, done=lambda done, _: progress(len(files) + 1 + done, steps)
    )
    before = _numbered(asked_before(found.authority, first=first, last=last), places)
    fresh = not_asked_before(hits, before)
    told = {
        "rows": sum(frame.height for frame in logs.values()), "repeated": hits.height - fresh.height,
        "notes": not_recognised(joined, registers), "first_on": first, "last_on": last,
    }  # fmt: skip
    _finish(found, fresh, places, told, actor, at)


def _typed(
    files: list[LogFile], reach: Jurisdiction, at: datetime, done: Callable[[int], None]
) -> tuple[dict[str, pl.DataFrame], Places]:
    """The logs of one kind put together and typed; hits number a file by its place in the list.

    What was kept was read within bounds when it came, and is read here without another process.
    """
    texts = []
    for number, file in enumerate(files):
        assert file.attachment is not None
        texts.append(texts_of(bytes(file.attachment.content), file.name, LOGS[file.kind]))
        done(number + 1)
    codes = (
        pl.concat([one.select(pl.col("uscc").str.strip_chars()) for one in texts])
        .get_column("uscc")
        .drop_nulls()
        .unique()
    )
    places = places_within(reach, on=local_day(at), codes=codes.to_list())
    typed: dict[str, list[pl.DataFrame]] = {kind: [_nothing(kind, places)] for kind in LOGS}
    for number, file in enumerate(files):
        typed[file.kind].append(
            parse(texts[number], LOGS[file.kind], places.institutions, log=number, until=local_day(at)).good
        )
    return {kind: pl.concat(frames) for kind, frames in typed.items()}, places


def local_day(at: datetime) -> date:
    return timezone.localtime(at).date()


def _nothing(kind: str, places: Places) -> pl.DataFrame:
    none = pl.DataFrame(schema={"row": pl.Int64, **dict.fromkeys(LOGS[kind].keys, pl.String)})
    return parse(none, LOGS[kind], places.institutions, log=0, until=date.max).good


def _period(logs: dict[str, pl.DataFrame], today: date) -> tuple[date, date]:
    """The first and the last day that the logs name."""
    days = [
        frame.select(pl.col(one).dt.date().alias("day")).get_column("day")
        for frame in logs.values()
        for one in sorted(MOMENTS & set(frame.columns))
    ]
    every = pl.concat(days).drop_nulls()
    first, last = every.min(), every.max()
    return (first, last) if isinstance(first, date) and isinstance(last, date) else (today, today)


def _numbered(asked: list[tuple[str, str]], places: Places) -> list[tuple[int, str]]:
    return [(places.numbers[key], print_) for key, print_ in asked if key in places.numbers]


@transaction.atomic
def _finish(
    found: Screen, hits: pl.DataFrame, places: Places, told: dict[str, object], actor: User | None, at: datetime
) -> None:
    evidence = _evidence(found, hits, places)
    made = _suspicions(found, list(questions(hits)), places)
    counts: dict[str, list[int]] = {}
    for one in made:
        rows, n = counts.get(one.rule, [0, 0])
        counts[one.rule] = [rows + one.rows, n + 1]
    move(SCREEN, "finish", Screen.objects.filter(pk=found.pk), finished_at=at, counts=counts, **told)
    evidence.save(force_insert=True)
    Suspicion.objects.bulk_create(made, batch_size=BATCH)
    journal.record(
        "finish_screen", actor=actor, at=at, subject=f"screen:{found.pk}", covers=[evidence],
        rows=({"suspicion": str(one.pk), "rule": one.rule, "institution": str(one.institution_id)} for one in made),
        after={"counts": counts, "evidence_sha256": evidence.sha256},
    )  # fmt: skip


def _evidence(found: Screen, hits: pl.DataFrame, places: Places) -> Evidence:
    keys = pl.DataFrame(
        {"inst": list(places.numbers.values()), "institution": list(places.numbers)},
        schema={"inst": pl.Int32, "institution": pl.String},
    )
    buffer = io.BytesIO()
    hits.join(keys, on="inst", how="left", maintain_order="left").drop("inst").write_parquet(buffer)
    content = buffer.getvalue()
    return Evidence(screen=found, content=content, sha256=hashlib.sha256(content).hexdigest(), rows=hits.height)


def _suspicions(found: Screen, asked: list[Question], places: Places) -> list[Suspicion]:
    keys = {number: key for key, number in places.numbers.items()}
    institutions = institutions_by_key({keys[one.inst] for one in asked})
    packs = {id_: pack(id_).sha256 for id_ in {one.pack for one in asked}}
    return [
        Suspicion(
            screen=found, number=number, institution=institutions[keys[one.inst]], rule=one.rule, code=BY_KEY[one.rule].code,
            about=list(one.about), first=one.first, rows=one.rows, opened_on=one.opened_on, ended_on=one.ended_on,
            pack=one.pack, pack_sha256=packs[one.pack],
        )
        for number, one in enumerate(asked, 1)
    ]  # fmt: skip
