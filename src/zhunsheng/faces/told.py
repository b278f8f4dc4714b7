"""What people are told at once, beside the clocks: a question about records was asked, or answered."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from zhunsheng.activities.campaigns.screen.models import Suspicion
from zhunsheng.activities.proficiency.enrol.access import ENROLS
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.plan.rules.planning import check_zone
from zhunsheng.faces.clocks.who import HoldersAt, who
from zhunsheng.faces.days import told_in
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.messages.actions import tell
from zhunsheng.foundation.messages.rules import Notice
from zhunsheng.registry.institutions.queries import head_of
from zhunsheng.registry.people.states import Post


@dataclass(frozen=True, slots=True)
class Matter:
    """What messages may be about that no clock reminds of; `basis` says why one gets them."""

    name: Text
    basis: Text


TOLD: Mapping[str, Matter] = {
    "suspicion": Matter(
        t("Questions about records", "数据疑点问询"),
        t(
            "An authority that screened records asks, and a laboratory answers.",
            "监管部门筛查数据后询问，检验检测机构答复。",
        ),
    ),
    "invited": Matter(
        t("Invitations to proficiency testing", "能力验证邀请"),
        t("A provider invites laboratories to a round.", "能力验证提供者邀请实验室参加轮次。"),
    ),
    "results_due": Matter(
        t("Results of proficiency testing", "能力验证结果上报"),
        t("A provider reminds of results that are due.", "能力验证提供者提醒上报结果。"),
    ),
}
"""Kind of a message → what it is about."""


def asked(suspicion: Suspicion, *, at: datetime) -> int:
    """Tell the laboratory that a question waits for its answer; nothing of what is suspected, which stands behind the link."""
    holders = (Post.QUALITY_MANAGER, Post.TECHNICAL_MANAGER, Post.INSTITUTION_ADMIN)
    notice = Notice(
        HoldersAt(head_of(suspicion.institution).pk, holders), f"suspicion|{suspicion.pk}|ask|{at.isoformat()}", "suspicion",
        t("A question about your records", "主管部门就数据疑点向您单位询问"),
        t("{a} asks. Look at the rows and answer.", "{a}提出询问，请查看相关数据行并答复。", a=suspicion.screen.authority.name),
        reverse("workspace_suspicion", args=[suspicion.pk]), f"suspicion:{suspicion.pk}",
    )  # fmt: skip
    return tell([notice], who=who, at=at)


def answered(suspicion: Suspicion, *, at: datetime) -> int:
    """Tell the authority that asked that there is an answer."""
    notice = Notice(
        HoldersAt(suspicion.screen.authority_id, (Post.REGULATOR,)), f"suspicion|{suspicion.pk}|answer|{at.isoformat()}",
        "suspicion", t("A question about records was answered", "数据疑点已答复"),
        t("{x} answered; settle it or ask again.", "{x}已答复，请处理或再次询问。", x=head_of(suspicion.institution).name),
        reverse("office_suspicion", args=[suspicion.pk]), f"suspicion:{suspicion.pk}",
    )  # fmt: skip
    return tell([notice], who=who, at=at)


def invited(round_: Round, institutions: Collection[UUID], *, at: datetime) -> int:
    """Tell laboratories that they are invited to a round and until when they may enrol; each once, however often it is invited."""
    plan = round_.plan
    return tell(
        [
            Notice(
                HoldersAt(institution, ENROLS), f"round_invited|{round_.pk}|{institution}", "invited",
                t("Invitation to a round: {n}", "能力验证邀请：{n}", n=round_.number),
                t("{p} invites you to “{x}”; enrolment until {d}.", "{p}邀请贵单位参加“{x}”，报名截止 {d}。",
                  p=round_.provider.name, x=round_.title, d=told_in(plan.enrol_until, plan.zone)),
                reverse("workspace_enrol", args=[round_.pk]), f"round:{round_.pk}",
                plan.enrol_until.astimezone(check_zone(plan.zone)).date(),
            )
            for institution in institutions
        ],
        who=who, at=at,
    )  # fmt: skip
