"""A finding that was decided about, and its rectification at each stage; made through the verbs."""

from datetime import datetime
from typing import Any

from tests.activities.campaigns.inspection.visits import (
    authority_here,
    decided,
    laboratory_here,
    officers,
    ready_to_decide,
)
from tests.cast import AT, user_with_post
from zhunsheng.activities.campaigns.inspection.models import Disposition
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
        inspection = ready_to_decide(self.authority, self.where, officers(self.authority))
        self.disposition: Disposition = decided(inspection, self.regulator, **decision)

    def opened(self, effect_check: str = "re_inspection") -> Rectification:
        return actions.open_rectifications(self.disposition, effect_check=effect_check, actor=self.regulator, at=AT)[0]

    def submitted(self, one: Rectification | None = None) -> Submission:
        return actions.submit(one or self.opened(), REPORT, FILES, actor=self.manager, at=AT)

    def accepted(self, **given: Any) -> Rectification:
        made = self.submitted()
        judged(made, self.regulator, **given)
        made.rectification.refresh_from_db()
        return made.rectification


def judged(
    submission: Submission, by: User, *, outcome: str = "accepted", at: datetime = AT, **given: Any
) -> Judgement:
    return actions.judge(submission, outcome=outcome, reason="证书齐全，计划已更新", actor=by, at=at, **given)
