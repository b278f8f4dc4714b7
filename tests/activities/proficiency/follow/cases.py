"""What the tests of this room share: an answer, a retest, the case of a laboratory, a second coordinator."""

from datetime import date, datetime, timedelta

from tests.cast import AT, institution_of, user_with_post
from zhunsheng.activities.proficiency import actions, correcting
from zhunsheng.activities.proficiency.follow.actions.answering import accept, answer
from zhunsheng.activities.proficiency.follow.actions.opening import open_cases
from zhunsheng.activities.proficiency.follow.actions.retesting import ask_retest, record_retest
from zhunsheng.activities.proficiency.follow.models import Case, Retest
from zhunsheng.activities.proficiency.follow.queries import rows_of
from zhunsheng.activities.proficiency.follow.rules.answers import Said
from zhunsheng.activities.proficiency.follow.rules.retests import Written
from zhunsheng.activities.proficiency.models import Participation, Round
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.signing import SigningKey

SAID = Said(
    "calibration",
    "工作曲线最低点配制错误",
    "重新配制并复测留样",
    "标准溶液配制实行双人复核",
    "核查同期 12 份报告，均未受影响",
)
FILES = {"curve.pdf": b"%PDF made-up"}
RETESTED_ON = date(2026, 5, 20)
LATER = AT + timedelta(days=60)


def participation_of(round_: Round, user: User) -> Participation:
    """Under which code a member of the cast took part."""
    return Participation.objects.get(round=round_, identity__institution=institution_of(user))


def case_of(round_: Round, user: User) -> Case:
    """The case of a member of the cast; opened if nobody has."""
    open_cases(round_, actor=None, at=AT)
    return Case.objects.get(participation=participation_of(round_, user))


def second_coordinator(round_: Round) -> User:
    """A coordinator of the provider who neither evaluated nor released."""
    return user_with_post("second_coordinator", "coordinator", round_.provider)


def retested(
    case: Case, *, result: str = "0.050", by: User, at: datetime = LATER, performed_on: date = RETESTED_ON
) -> Retest:
    """Every measurand at fault once more, against 0.050 with σ 0.005."""
    written = {row.measurand_id: Written(result, "0.050", "0.005") for row in rows_of(case)}
    return record_retest(case, written, performed_on=performed_on, note="盲样", actor=by, at=at)


def answered_and_asked(case: Case, *, laboratory: User, coordinator: User, at: datetime = AT) -> None:
    """Up to the retest."""
    answer(case, SAID, FILES, actor=laboratory, at=at)
    accept(case, reason="原因清楚，措施有效", actor=coordinator, at=at)
    ask_retest(case, reason="以盲样补测", actor=coordinator, at=at)


def corrected(round_: Round, *, sigma: str, by: User, key: SigningKey, at: datetime) -> None:
    """Another σ_pt by a corrigendum."""
    round_.refresh_from_db()
    if not round_.correcting:
        correcting.begin_correction(round_, reason="sigma was mistyped", actor=by, at=at)
    actions.change_settings(
        round_, assigned=round_.assigned, u_assigned=round_.u_assigned, sigma=sigma, actor=by, at=at
    )
    made = actions.evaluate(round_.pk, actor=by, at=at)
    correcting.correct(round_.pk, evaluation_id=made.pk, actor=by, at=at, key=key)
    round_.refresh_from_db()
