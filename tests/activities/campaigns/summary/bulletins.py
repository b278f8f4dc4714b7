"""Bulletins for the tests, made through the verbs, of a campaign big enough to be told of."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.activities.campaigns.summary.summed import Run, handed_in, run, visited
from tests.cast import AT
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.summary import actions
from zhunsheng.activities.campaigns.summary.actions import Said, Written
from zhunsheng.activities.campaigns.summary.documents import bulletin_paper
from zhunsheng.activities.campaigns.summary.models import Bulletin, Passage, Release
from zhunsheng.activities.campaigns.summary.queries.bulletins import last_figures, standing_passages
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.signing import canonical_json
from zhunsheng.registry.institutions.models import Institution

LATER = AT + timedelta(days=60)
CASE = Written(
    "case", t("The balance had not been calibrated for a year.", "某机构天平超期一年仍在使用。"),
    t("A balance out of date", "天平超期使用"), code="F07",
)  # fmt: skip
FOREWORD = Written("foreword", t("The campaign has ended.", "本次整顿行动已经结束。"))
YES = Said(True, "质量负责人", "质量负责人", "同意函第 1 号", AT.date())


def practice(institution: Institution | None = None) -> Written:
    """A good practice, named where an institution is given."""
    text = t("Every instrument is checked on each first of a month.", "每月首日核查全部仪器。")
    return Written("practice", text, t("A monthly check", "按月核查"), institution=institution)


def told_of(n: int = 7, problems: int = 6) -> Run:
    """A campaign in which so many take part, all inspected, so many of them with a problem."""
    here = run(n)
    for i, place in enumerate(here.places):
        if i < 2:
            handed_in(here, place)
        visited(here, place, *(["F07"] if i < problems else []))
    return here


def drafted(campaign: Campaign, texts: Sequence[Written] = (FOREWORD, CASE), **more: Any) -> Bulletin:
    made = actions.draft_bulletin(campaign, actor=None, at=LATER, **more)
    for one in texts:
        actions.keep_passage(made, one, actor=None, at=LATER)
    return made


def seen(bulletin: Bulletin) -> str:
    """The hash of what a person reads before the release."""
    figures = last_figures(bulletin)
    assert figures is not None
    paper = bulletin_paper(bulletin, figures, standing_passages(bulletin))
    return hashlib.sha256(canonical_json(paper)).hexdigest()


def released(bulletin: Bulletin, actor: User, at: datetime = LATER) -> Release:
    return actions.release_bulletin(bulletin, seen=seen(bulletin), actor=actor, at=at)


def passage_of(bulletin: Bulletin, kind: str) -> Passage:
    return next(one for one in standing_passages(bulletin) if one.kind == kind)


def reworded(one: Written, zh: str, en: str = "A made-up case.") -> Written:
    return replace(one, text=Text(en=en, zh=zh))
