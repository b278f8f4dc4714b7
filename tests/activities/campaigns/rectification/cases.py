"""A finding that was decided about, and its rectification at each stage; made through the verbs."""

from datetime import datetime
from typing import Any

from tests.activities.campaigns.inspection.visits import (
    authority_here,
    begun,
    decided,
    found,
    laboratory_here,
    officers,
    ready_to_decide,
    sent,
    signed,
)
from tests.cast import AT, user_with_post
from zhunsheng.activities.campaigns.inspection import actions as inspection
from zhunsheng.activities.campaigns.inspection.models import Disposition
from zhunsheng.activities.campaigns.inspection.rules.packages import Package
from zhunsheng.activities.campaigns.rectification import actions
from zhunsheng.activities.campaigns.rectification.models import Judgement, Rectification, Submission
from zhunsheng.activities.campaigns.rectification.rules.reports import Report
from zhunsheng.foundation.accounts.models import User

REPORT = Report("校准计划未覆盖该天平", "停用并送检", "将全部天平纳入年度校准计划", "核查其余 12 台，另有 1 台同样过期")
FILES = {"certificate.pdf": b"%PDF made-up certificate"}


class Case:
    """An authority with two regulators, a laboratory with a quality manager, and one finding decided about."""

    def __init__(self, **decision: Any) -> None:
        self.authority, self.where = authority_here(), laboratory_here()
        self.regulator = user_with_post("decider", "regulator", self.authority)
        self.other = user_with_post("verifier", "regulator", self.authority)
        self.manager = user_with_post("manager", "quality_manager", self.where)
        visit = ready_to_decide(self.authority, self.where, officers(self.authority))
        self.disposition: Disposition = decided(visit, self.regulator, **decision)

    def opened(self, effect_check: str = "re_inspection") -> Rectification:
        return actions.open_rectifications(self.disposition, effect_check=effect_check, actor=self.regulator, at=AT)[0]

    def submitted(self, one: Rectification | None = None) -> Submission:
        return actions.submit(one or self.opened(), REPORT, FILES, actor=self.manager, at=AT)

    def accepted(self, **given: Any) -> Rectification:
        made = self.submitted()
        judged(made, self.regulator, **given)
        made.rectification.refresh_from_db()
        return made.rectification


def accepted_many(n: int) -> list[Rectification]:
    """So many findings of one visit, put right and accepted: opened by the verbs; the reports, alike, are written as rows."""
    authority, where = authority_here(), laboratory_here()
    regulator = user_with_post("decider", "regulator", authority)
    manager = user_with_post("manager", "quality_manager", where)
    team = officers(authority)
    visit = begun(sent(authority, where, team), team)
    noted = tuple(found(f"f{i}", grade="observation", code=("F07", "F10", "F22")[i % 3]) for i in range(n))
    inspection.sync(visit, Package((), noted), officer=team[0], actor=None, at=AT)
    opened = actions.open_rectifications(
        decided(signed(visit, team), regulator), effect_check="blind_sample", actor=regulator, at=AT
    )
    said = [
        Submission(
            rectification=one, number=1, cause="一", correction="二", corrective_action="三", like_cases="四",
            sha256=f"{i:064x}", submitted_by=manager, submitted_at=AT,
        )
        for i, one in enumerate(opened)
    ]  # fmt: skip
    reports = Submission.objects.bulk_create(said)
    Judgement.objects.bulk_create(
        Judgement(submission=one, outcome="accepted", reason="属实", judged_by=regulator, judged_at=AT)
        for one in reports
    )
    Rectification.objects.update(state="accepted")
    return opened


def judged(
    submission: Submission, by: User, *, outcome: str = "accepted", at: datetime = AT, **given: Any
) -> Judgement:
    return actions.judge(submission, outcome=outcome, reason="证书齐全，计划已更新", actor=by, at=at, **given)
