"""The verbs of a bulletin: begin it, freeze its figures, write its texts, record who agreed to be named, release it or put it away."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.summary.documents import bulletin_paper
from zhunsheng.activities.campaigns.summary.models import Bulletin, Consent, Figures, Passage, Release
from zhunsheng.activities.campaigns.summary.policies import policy_on
from zhunsheng.activities.campaigns.summary.queries.bulletins import agreed, last_figures, standing_passages
from zhunsheng.activities.campaigns.summary.queries.figures import figures_of
from zhunsheng.activities.campaigns.summary.queries.naming import marks_of, places_too_small, spared_for
from zhunsheng.activities.campaigns.summary.rules.anonymity import Hit, Mark, Marks, hits
from zhunsheng.activities.campaigns.summary.rules.bulletins import (
    BulletinRefused,
    check_anonymous,
    check_consent,
    check_named,
    check_passage,
    check_reason,
    passage_sha256,
)
from zhunsheng.activities.campaigns.summary.states import BULLETIN, FOREWORD, PRACTICE
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.signing import canonical_json
from zhunsheng.foundation.statechart import move
from zhunsheng.registry.catalogue.fields import FIELDS
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.rulebook.queries import book

NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Written:
    """What a person writes into a bulletin; `institution` only where a good practice is to be named."""

    kind: str
    text: Text
    title: Text = NOTHING
    code: str = ""
    field: str = ""
    institution: Institution | None = None

    @property
    def sha256(self) -> str:
        return passage_sha256(self.kind, self.title, self.text, str(self.institution.pk) if self.institution else "")


@transaction.atomic
def draft_bulletin(campaign: Campaign, *, actor: User | None, at: datetime, reason: Text = NOTHING) -> Bulletin:
    """Begin a bulletin, with its figures as of the day. Where one was released, this is its corrigendum, and takes over its texts.

    Raises BulletinRefused for a campaign that nobody takes part in yet, beside another draft, or for a corrigendum without a reason.
    """
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    _check_beginnable(held)
    old = Bulletin.objects.filter(campaign=held, state="released").first()
    if old:
        check_reason(reason)
    said = reason if old else NOTHING
    made = Bulletin.objects.create(
        campaign=held, corrects=old, reason_zh=said.zh.strip(), reason_en=said.en.strip(), begun_at=at, begun_by=actor
    )
    figures = _freeze(made, actor=actor, at=at)
    texts = _take_over(old, made, actor=actor, at=at) if old else []
    journal.record(
        "draft_bulletin", actor=actor, at=at, subject=f"bulletin:{made.pk}", covers=[figures, *texts], reason=said.en,
        after={"campaign": str(held.pk), "corrects": str(old.pk) if old else None, "figures": figures.sha256},
    )  # fmt: skip
    return made


def _check_beginnable(campaign: Campaign) -> None:
    if campaign.enrolled_at is None:
        raise BulletinRefused(
            t("Nobody is enrolled yet: there is nothing to tell of.", "尚未登记参加机构，没有可通报的内容。")
        )  # fmt: skip
    if Bulletin.objects.filter(campaign=campaign, state="draft").exists():
        raise BulletinRefused(
            t("There is a draft already: go on with it, or put it away.", "已有通报草稿：请继续编写，或先撤回。")
        )  # fmt: skip


def _take_over(old: Bulletin, new: Bulletin, *, actor: User | None, at: datetime) -> list[Passage]:
    return Passage.objects.bulk_create(
        Passage(
            bulletin=new, key=one.key, version=1, kind=one.kind, code=one.code, field=one.field, title_zh=one.title_zh,
            title_en=one.title_en, text_zh=one.text_zh, text_en=one.text_en, institution=one.institution, sha256=one.sha256,
            written_at=at, written_by=actor,
        )
        for one in standing_passages(old)
    )  # fmt: skip


@transaction.atomic
def compute_figures(bulletin: Bulletin, *, actor: User | None, at: datetime) -> Figures:
    """Compute the figures of a draft again, as a new version; the earlier stays. Raises NotAllowedNow once it is released."""
    made = _freeze(_open(bulletin), actor=actor, at=at)
    after = {"version": made.version, "sha256": made.sha256, "n": made.n, "method": made.method}
    journal.record("compute_figures", actor=actor, at=at, subject=f"bulletin:{bulletin.pk}", covers=[made], after=after)
    return made


def _freeze(bulletin: Bulletin, *, actor: User | None, at: datetime) -> Figures:
    found = figures_of(bulletin.campaign, on=timezone.localdate(at))
    content, last = canonical_json(found), last_figures(bulletin)
    return Figures.objects.create(
        bulletin=bulletin, version=last.version + 1 if last else 1, content=content,
        sha256=hashlib.sha256(content).hexdigest(), method=f"{found['method']['name']}-{found['method']['version']}",
        n=found["total"]["enrolled"], inspected=found["total"]["inspected"], computed_at=at, computed_by=actor,
    )  # fmt: skip


def _open(bulletin: Bulletin) -> Bulletin:
    """The draft, held until the transaction ends. Raises NotAllowedNow."""
    held = Bulletin.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=bulletin.pk)
    BULLETIN.check("release", held.state)
    return held


@transaction.atomic
def keep_passage(
    bulletin: Bulletin, written: Written, *, actor: User | None, at: datetime, key: UUID | None = None
) -> Passage:
    """Write a text of a draft, or (with its key) a new version of one.

    Raises BulletinRefused for one that is not complete in both languages, that names whom it must not, or a key that is not there;
    NotAllowedNow once the bulletin is released.
    """
    held = _open(bulletin)
    check_passage(written.kind, written.title, written.text, written.code, written.field, book().classes, FIELDS)
    if written.institution and written.kind != PRACTICE:
        raise BulletinRefused(t("Only good practice is told with a name.", "只有典型经验可以具名。"))
    check_anonymous(_given_away(held.campaign, [written], timezone.localdate(at)))
    made = _add(held, key or uuid4(), _version(held, key, written.kind), written, actor=actor, at=at)
    after = {"key": str(made.key), "version": made.version, "kind": made.kind, "sha256": made.sha256}
    journal.record("keep_passage", actor=actor, at=at, subject=f"bulletin:{held.pk}", covers=[made], after=after)
    return made


def _version(bulletin: Bulletin, key: UUID | None, kind: str) -> int:
    """The number of the next version of a text. Raises BulletinRefused for a key that is not there, or a second foreword."""
    if key is None:
        if kind == FOREWORD and any(one.kind == FOREWORD for one in standing_passages(bulletin)):
            raise BulletinRefused(t("There is a foreword already.", "已有通报说明。"))
        return 1
    last = Passage.objects.filter(bulletin=bulletin, key=key, kind=kind).order_by("-version").first()
    if last is None:
        raise BulletinRefused(t("There is no such text in this bulletin.", "通报中没有这段内容。"))
    return last.version + 1


def _add(
    bulletin: Bulletin,
    key: UUID,
    version: int,
    written: Written,
    *,
    actor: User | None,
    at: datetime,
    out: bool = False,
) -> Passage:
    return Passage.objects.create(
        bulletin=bulletin, key=key, version=version, kind=written.kind, code=written.code, field=written.field,
        title_zh=written.title.zh.strip(), title_en=written.title.en.strip(), text_zh=written.text.zh, text_en=written.text.en,
        institution=written.institution, sha256=written.sha256, taken_out=out, written_at=at, written_by=actor,
    )  # fmt: skip


def written_of(one: Passage) -> Written:
    """What stands in a passage, as a person wrote it."""
    return Written(one.kind, one.text, one.title, one.code, one.field, one.institution)


@transaction.atomic
def take_out(bulletin: Bulletin, key: UUID, *, actor: User | None, at: datetime) -> Passage:
    """Take a text out of a draft; what it said stays in its versions. Raises BulletinRefused, NotAllowedNow."""
    held = _open(bulletin)
    one = next((each for each in standing_passages(held) if each.key == key), None)
    if one is None:
        raise BulletinRefused(t("There is no such text in this bulletin.", "通报中没有这段内容。"))
    made = _add(held, key, one.version + 1, written_of(one), actor=actor, at=at, out=True)
    journal.record(
        "keep_passage", actor=actor, at=at, subject=f"bulletin:{held.pk}", covers=[made],
        after={"key": str(key), "version": made.version, "taken_out": True},
    )  # fmt: skip
    return made


def _given_away(campaign: Campaign, texts: Sequence[Written], on: date) -> list[tuple[Text, Hit]]:
    """Every place where one of these texts gives somebody away."""
    alone, found = policy_on("summary", on)["alone_from"], list[tuple[Text, Hit]]()
    marks = marks_of(campaign, on=on, alone_from=alone)
    for one in texts:
        spared = spared_for(one.institution, marks, on=on) if one.institution else ()
        places = Marks(_places(campaign, one, alone, on))
        found += [(where, hit) for where, said in _parts(one) for hit in hits(said, marks, spared) + hits(said, places)]
    return found


def _places(campaign: Campaign, one: Written, alone: int, on: date) -> list[Mark]:
    """The regions that a text may not name: none where it names its institution, or speaks of no single one."""
    if one.kind == FOREWORD or one.institution:
        return []
    texts = " ".join(said for _, said in _parts(one))
    return list(places_too_small(campaign, field=one.field, texts=texts, alone_from=alone, on=on))


def _parts(one: Written) -> list[tuple[Text, str]]:
    return [
        (t("Title in Chinese", "中文标题"), one.title.zh), (t("Title in English", "英文标题"), one.title.en),
        (t("Text in Chinese", "中文正文"), one.text.zh), (t("Text in English", "英文正文"), one.text.en),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What an institution said about being named: whether it agrees, who said so, in which document, when."""

    given: bool
    by_whom: str
    position: str
    document: str
    on: date


@transaction.atomic
def record_consent(passage: Passage, said: Said, *, actor: User | None, at: datetime) -> Consent:
    """Record that an institution agrees to be named with a text as it stands, or takes that back.

    Raises BulletinRefused for a text that names nobody or no longer stands, or words without a source; NotAllowedNow.
    """
    held = _open(passage.bulletin)
    if passage.institution_id is None or passage.pk not in {one.pk for one in standing_passages(held)}:
        raise BulletinRefused(
            t("This text names nobody, or was changed meanwhile.", "该内容没有具名，或者已被修改。")
        )  # fmt: skip
    check_consent(said.by_whom, said.position, said.document, said.on, timezone.localdate(at))
    made = Consent.objects.create(
        institution_id=passage.institution_id, bulletin=held, sha256=passage.sha256, given=said.given,
        by_whom=said.by_whom.strip(), position=said.position.strip(), document=said.document.strip(), said_on=said.on,
        recorded_at=at, recorded_by=actor,
    )  # fmt: skip
    journal.record(
        "record_consent", actor=actor, at=at, subject=f"bulletin:{held.pk}", covers=[made],
        after={"given": said.given, "sha256": made.sha256},
    )  # fmt: skip
    return made


@transaction.atomic
def release_bulletin(bulletin: Bulletin, *, seen: str, actor: User, at: datetime) -> Release:
    """Let everybody read it, for ever. `seen`: SHA-256 of the paper as the person who releases it read it.

    What it corrects is then marked as replaced. Raises BulletinRefused where it changed since it was read, where a text gives somebody
    away or names somebody who did not agree; NotAllowedNow twice.
    """
    campaign = Campaign.objects.select_for_update().get(pk=bulletin.campaign_id)
    held, figures = _open(bulletin), last_figures(bulletin)
    assert figures is not None
    passages = standing_passages(held)
    consents = agreed(passages)
    check_named([(one.title, one.pk in consents) for one in passages if one.institution_id])
    check_anonymous(_given_away(campaign, [written_of(one) for one in passages], timezone.localdate(at)))
    content = canonical_json(bulletin_paper(held, figures, passages))
    if (sha256 := hashlib.sha256(content).hexdigest()) != seen:
        raise BulletinRefused(
            t("The bulletin changed since you read it. Read it again.", "您查看后通报内容有变化，请重新核对。")
        )
    number = next_number(campaign)
    if held.corrects_id:
        move(BULLETIN, "replace", Bulletin.objects.filter(pk=held.corrects_id))
    move(BULLETIN, "release", Bulletin.objects.filter(pk=held.pk), number=number, ended_at=at)
    made = Release.objects.create(
        bulletin=held, figures=figures, content=content, sha256=sha256, released_at=at, released_by=actor
    )
    journal.record(
        "release_bulletin", actor=actor, at=at, subject=f"bulletin:{held.pk}", covers=[made], reason=held.reason_en,
        before={"state": held.state}, after={"number": number, "sha256": sha256, "corrects": str(held.corrects_id or "")},
    )  # fmt: skip
    bulletin.refresh_from_db()
    return made


def next_number(campaign: Campaign) -> int:
    """The number that the next bulletin of a campaign gets."""
    last: int | None = Bulletin.objects.filter(campaign=campaign).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


@transaction.atomic
def withdraw_bulletin(bulletin: Bulletin, *, actor: User | None, at: datetime) -> None:
    """Put a draft away; nobody but the authority ever saw it. Raises NotAllowedNow."""
    move(BULLETIN, "withdraw", Bulletin.objects.filter(pk=bulletin.pk), ended_at=at)
    journal.record(
        "withdraw_bulletin", actor=actor, at=at, subject=f"bulletin:{bulletin.pk}", before={"state": "draft"}
    )
    bulletin.refresh_from_db()
