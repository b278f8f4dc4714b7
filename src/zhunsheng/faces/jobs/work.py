"""What each kind of job does: fetch the actor, call the verb, pass the progress on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone

from zhunsheng.activities.proficiency import actions as proficiency
from zhunsheng.activities.proficiency import correcting
from zhunsheng.activities.proficiency.collect.actions import closing
from zhunsheng.activities.proficiency.follow.actions.opening import open_cases
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.queries import issued_evaluation
from zhunsheng.activities.proficiency.report import actions as reports
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.faces.clocks import CLOCKS
from zhunsheng.faces.clocks.who import who
from zhunsheng.faces.imports.reach import reach_now
from zhunsheng.faces.imports.registers import FILES
from zhunsheng.faces.jobs.actions import Progress, start
from zhunsheng.faces.jobs.campaigning import enrol
from zhunsheng.faces.jobs.models import Job
from zhunsheng.faces.jobs.screening import read_log, run_screen
from zhunsheng.faces.jobs.selfchecking import open_selfchecks
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.imports import actions as imports
from zhunsheng.foundation.imports.models import Import
from zhunsheng.foundation.messages import actions as messages
from zhunsheng.foundation.messages import mailing
from zhunsheng.foundation.scatter.runners import spread
from zhunsheng.foundation.signing import SigningKey
from zhunsheng.registry.institutions import actions as institutions
from zhunsheng.registry.institutions.queries.searches import to_be_searched


def evaluate_round(job: Job, progress: Progress) -> None:
    proficiency.evaluate(job.arguments["round"], actor=job.started_by, at=timezone.now(), progress=progress)


def evaluate_rounds(job: Job, progress: Progress) -> None:
    """Rounds that cannot be evaluated are told at the end; the others are done."""
    rounds = list(Round.objects.filter(pk__in=job.arguments["rounds"]))
    refused = proficiency.evaluate_all(
        rounds, actor=job.started_by, at=timezone.now(), runner=spread_as_set, progress=progress
    )
    if refused:
        raise CannotDo(some_refused(refused))


def some_refused(refused: Mapping[str, Text]) -> Text:
    """Which rounds were refused, each with its reason."""
    each = [t("{n}: {why}", "{n}：{why}", n=number, why=why) for number, why in refused.items()]
    return t(
        "{n} could not be evaluated. The others were. {each}", "有 {n} 个轮次未能评定，其余已评定。{each}", n=len(refused),
        each=Text(en=" ".join(one.en for one in each), zh="".join(one.zh for one in each)),
    )  # fmt: skip


def spread_as_set(function: Callable[[Any], Any], pieces: Sequence[Any]) -> Iterator[Any]:
    """Spread pure work as the site's settings say."""
    return spread(function, pieces, processes=settings.PROCESSES, cluster=settings.SCATTER)


def close_collection(job: Job, progress: Progress) -> None:
    """Another attempt after a crash finds the work done."""
    round_ = Round.objects.get(pk=job.arguments["round"])
    if round_.state == "running":
        closing.close(
            round_,
            with_submitted=job.arguments["with_submitted"],
            actor=job.started_by,
            at=timezone.now(),
            progress=progress,
        )


def release_round(job: Job, progress: Progress) -> None:
    key = SigningKey.load_or_make(settings.SIGNING_KEY)
    released = proficiency.release(
        job.arguments["round"], evaluation_id=job.arguments["evaluation"], actor=job.started_by, at=timezone.now(), key=key,
        progress=progress,
    )  # fmt: skip
    open_cases(
        released, actor=job.started_by, at=timezone.now()
    )  # a job that died in between opens them when it runs again


def correct_round(job: Job, progress: Progress) -> None:
    key = SigningKey.load_or_make(settings.SIGNING_KEY)
    corrected = correcting.correct(
        job.arguments["round"], evaluation_id=job.arguments["evaluation"], actor=job.started_by, at=timezone.now(), key=key,
        progress=progress,
    )  # fmt: skip
    open_cases(corrected, actor=job.started_by, at=timezone.now())


def laboratory_reports(job: Job, progress: Progress) -> None:
    """What is lacking is made; a job that died goes on where it was."""
    round_ = Round.objects.get(pk=job.arguments["round"])
    evaluation = issued_evaluation(round_)
    assert evaluation is not None  # a released round has one
    reports.make_reports(
        evaluation, language=job.arguments["language"], key=SigningKey.load_or_make(settings.SIGNING_KEY),
        actor=job.started_by, at=timezone.now(), runner=spread_as_set, progress=progress,
    )  # fmt: skip


def remind(job: Job, progress: Progress) -> None:
    messages.remind(CLOCKS.values(), who=who, at=timezone.now())


def send_mail(job: Job, progress: Progress) -> None:
    """What waits now; what is left over for the next minute or after a fault, the sweeper queues again."""
    mailing.gather(at=timezone.now())
    keys = mailing.next_mails(at=timezone.now())
    for done, key in enumerate(keys, 1):
        mailing.deliver(key, at=timezone.now())
        progress(done, len(keys))


def check_import(job: Job, progress: Progress) -> None:
    imported = Import.objects.get(pk=job.arguments["import"])
    imports.check(imported, FILES[imported.register], at=timezone.now(), progress=progress)


def apply_import(job: Job, progress: Progress) -> None:
    imported = Import.objects.get(pk=job.arguments["import"])
    imports.apply(
        imported, FILES[imported.register], reach=lambda: reach_now(imported), at=timezone.now(), progress=progress
    )
    if imported.register in COMPARED_FILES and to_be_searched():
        start("search_duplicates", subject=DUPLICATES, arguments={}, actor=job.started_by, at=timezone.now())


def search_duplicates(job: Job, progress: Progress) -> None:
    institutions.search_duplicates(actor=job.started_by, at=timezone.now())


DUPLICATES = "register:duplicates"
"""What a search for duplicates works on: one at a time for the whole register."""
COMPARED_FILES = {"institutions", "contacts"}
"""The registers whose files may bring duplicates."""

KINDS: Mapping[str, Callable[[Job, Progress], None]] = {
    "evaluate_round": evaluate_round,
    "evaluate_rounds": evaluate_rounds,
    "close_collection": close_collection,
    "release_round": release_round,
    "correct_round": correct_round,
    "laboratory_reports": laboratory_reports,
    "search_duplicates": search_duplicates,
    "check_import": check_import,
    "apply_import": apply_import,
    "read_log": read_log,
    "run_screen": run_screen,
    "enrol_participants": enrol,
    "open_selfchecks": open_selfchecks,
    "remind": remind,
    "send_mail": send_mail,
}
