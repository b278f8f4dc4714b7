"""What a bulletin says, as plain data: this is what a person reads before the release, and what is released."""

from collections.abc import Sequence
from typing import Any

from zhunsheng.activities.campaigns.inspection.documents import finding_name, words
from zhunsheng.activities.campaigns.summary.models import Bulletin, Figures, Passage
from zhunsheng.activities.campaigns.summary.queries.bulletins import content_of
from zhunsheng.activities.campaigns.summary.rules.publishing import published
from zhunsheng.foundation.bilingual import Text, t

Paper = dict[str, Any]


def bulletin_paper(bulletin: Bulletin, figures: Figures, passages: Sequence[Passage], *, whole: bool = False) -> Paper:
    """The bulletin as everybody may read it (`whole`: as the authority does); the same draft gives the same data at any time."""
    campaign, old = bulletin.campaign, bulletin.corrects
    return {
        "title": words(_title(campaign.title, old is not None)), "issuer": words(campaign.authority.name),
        "campaign": {"id": str(campaign.pk), "title": words(campaign.title)},
        "days": [campaign.opens_on.isoformat(), campaign.closes_on.isoformat()],
        "corrects": {"number": old.number, "reason": words(bulletin.reason)} if old else None,
        "figures": published(content_of(figures), whole=whole), "figures_sha256": figures.sha256,
        "passages": [_passage(one) for one in passages],
    }  # fmt: skip


def _title(campaign: Text, corrigendum: bool) -> Text:
    if corrigendum:
        return t("Corrigendum to the bulletin on “{c}”", "关于“{c}”情况通报的更正", c=campaign)
    return t("Bulletin on “{c}”", "关于“{c}”情况的通报", c=campaign)


def _passage(one: Passage) -> dict[str, Any]:
    return {
        "kind": one.kind, "title": words(one.title), "text": words(one.text),
        "class": {"code": one.code, "name": words(finding_name(one.code))} if one.code else None,
        "institution": words(one.institution.name) if one.institution else None,
    }  # fmt: skip
