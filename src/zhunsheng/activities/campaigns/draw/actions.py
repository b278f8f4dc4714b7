"""The verbs of the draw: promise it, reveal it, publish it, draw again; and what is known of officers beforehand."""

import hashlib
import random
import secrets as entropy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from zhunsheng.activities.campaigns.draw.models import (
    Competence,
    Draw,
    DrawnLaboratory,
    DrawnOfficer,
    FrozenList,
    Interest,
    OfficerNumber,
    Outcome,
)
from zhunsheng.activities.campaigns.draw.policies import policy_on
from zhunsheng.activities.campaigns.draw.queries import (
    Found,
    Inspector,
    found_within,
    inspectors_of,
    listed_in,
    stratum_of_each,
)
from zhunsheng.activities.campaigns.draw.rules.chance import secret_sha256
from zhunsheng.activities.campaigns.draw.rules.drawfile import Commitment, commit, reveal
from zhunsheng.activities.campaigns.draw.rules.frame import About, Excluded, Frame, frame, iso, words
from zhunsheng.activities.campaigns.draw.rules.plans import (
    NOT_COMPETENT,
    check_beacon_day,
    check_beacon_day_has_come,
    check_campaign,
    check_plan,
    check_reason,
)
from zhunsheng.activities.campaigns.draw.rules.tickets import policy_of
from zhunsheng.activities.campaigns.draw.states import DRAW
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.journal.append_only import AppendOnly
from zhunsheng.foundation.signing import canonical_json
from zhunsheng.foundation.statechart import move
from zhunsheng.registry.catalogue.fields import field_name
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.jurisdiction import jurisdiction_of

BATCH = 300


@dataclass(frozen=True, slots=True)
class Plan:
    """What a person decides about a draw; everything else comes from the registers as they stand on the day."""

    title: Text
    quotas: Mapping[str, int]
    """field → how many; each field is a stratum"""
    beacon: Text
    """who publishes which value, and how it is written"""
    beacon_on: date
    witness: Text
    promise: str
    """the witness's SHA-256 of its secret"""
    cap: int
    """how many laboratories an officer visits at most"""
    excluded: Mapping[UUID, Text] = field(default_factory=dict)
    officers_excluded: Mapping[UUID, Text] = field(default_factory=dict)
    no_shows: Mapping[UUID, int] = field(default_factory=dict)
    """missed rounds of proficiency testing, by laboratory"""
    campaign: Campaign | None = None
    """where it belongs to one, only those who take part in it can be drawn"""


@transaction.atomic
def commit_draw(
    *, authority: Institution, plan: Plan, actor: User | None, at: datetime, chance: random.Random | None = None
) -> Draw:
    """Freeze the list of an authority's area, and promise: hashes of the list, of the authority's secret and of the witness's.

    `chance` numbers the officers and makes the authority's secret (default: the system's source). Raises DrawRefused with what
    mends it where the draw could not be made; then nothing was done.
    """
    check_campaign(plan.campaign.state if plan.campaign else None)
    made, covers = _promise(authority, plan, None, Text("", ""), at=at, chance=chance or random.SystemRandom())
    journal.record(
        "commit_draw", actor=actor, at=at, subject=f"draw:{made.pk}", covers=covers, after=_promised(made),
    )  # fmt: skip
    return made


@transaction.atomic
def redraw(
    draw: Draw, *, plan: Plan, reason: Text, actor: User | None, at: datetime, chance: random.Random | None = None
) -> Draw:
    """Draw again, for a reason that stands in the new list; what was drawn before stays where it was.

    What was revealed and not yet published is published now: nobody puts an outcome away that he dislikes. Raises DrawRefused
    without a reason in both languages, NotAllowedNow where it was drawn again already.
    """
    check_reason(reason)
    shown = {"published_at": at} if draw.revealed_at and not draw.published_at else {}
    move(DRAW, "redraw", Draw.objects.filter(pk=draw.pk, state=draw.state), **shown)
    plan = replace(plan, campaign=draw.campaign)  # whoever could be drawn then can be drawn again, also once it is over
    made, covers = _promise(draw.authority, plan, draw, reason, at=at, chance=chance or random.SystemRandom())
    journal.record(
        "redraw", actor=actor, at=at, subject=f"draw:{made.pk}", covers=covers, reason=reason.both(),
        before={"draw": str(draw.pk), "state": draw.state}, after=_promised(made),
    )  # fmt: skip
    draw.refresh_from_db()
    return made


def _promised(draw: Draw) -> dict[str, Any]:
    return {
        "campaign": str(draw.campaign_id or ""),
        "list_sha256": draw.frozen.sha256,
        "promises": draw.frozen.promises,
        "beacon_on": iso(draw.beacon_on),
    }


def _promise(
    authority: Institution, plan: Plan, replaces: Draw | None, reason: Text, *, at: datetime, chance: random.Random
) -> tuple[Draw, list[AppendOnly]]:
    today = timezone.localdate(at)
    check_plan(plan.title, plan.beacon, plan.witness, plan.quotas)
    check_beacon_day(plan.beacon_on, today)
    inspectors = inspectors_of(authority, on=today)
    numbers = _numbered(inspectors, chance)
    made = Draw(
        id=uuid4(), authority=authority, title_zh=plan.title.zh, title_en=plan.title.en, beacon_on=plan.beacon_on,
        secret=_secret(chance), campaign=plan.campaign, replaces=replaces, reason_zh=reason.zh, reason_en=reason.en, committed_at=at,
    )  # fmt: skip
    about: About = {
        "id": str(made.pk), "title": words(made.title), "authority": words(authority.name), "on": iso(today),
        "replaces": {"id": str(replaces.pk), "reason": words(reason)} if replaces else None,
    }  # fmt: skip
    found = found_within(jurisdiction_of([authority], today), on=today, campaign=plan.campaign)
    listed = _listed(about, plan, found, inspectors, numbers, today)
    promise = commit(listed, [secret_sha256(made.secret), plan.promise])
    made.save(force_insert=True)
    return made, _kept(made, listed, promise, inspectors, numbers)


def _secret(chance: random.Random) -> str:
    return entropy.token_hex(32) if isinstance(chance, random.SystemRandom) else chance.randbytes(32).hex()


def _numbered(inspectors: Sequence[Inspector], chance: random.Random) -> dict[UUID, str]:
    """A number for each officer, in an order that tells nothing."""
    places = list(range(1, len(inspectors) + 1))
    chance.shuffle(places)
    return {one.person.pk: f"N{place:04d}" for one, place in zip(inspectors, places, strict=True)}


def _listed(
    about: About,
    plan: Plan,
    found: Sequence[Found],
    inspectors: Sequence[Inspector],
    numbers: Mapping[UUID, str],
    today: date,
) -> Frame:
    strata = stratum_of_each(found, plan.quotas)
    in_plan = [(one, strata[one.institution.pk]) for one in found if one.institution.pk in strata]
    drawable = {one.institution.pk for one, _ in in_plan} - plan.excluded.keys()
    sent = [one for one in inspectors if one.fields and one.person.pk not in plan.officers_excluded]
    return frame(
        draw=about, policy=policy_of(policy_on("draw", today)), parties=[about["authority"], words(plan.witness)],
        beacon={"source": words(plan.beacon), "on": iso(plan.beacon_on)},
        strata=[{"id": f, "name": words(field_name(f)), "field": f, "quota": n} for f, n in plan.quotas.items()],
        laboratories=[
            {
                **_named(one, stratum), "risk": one.risk, "no_shows": plan.no_shows.get(one.institution.pk, 0),
            }
            for one, stratum in in_plan if one.institution.pk in drawable
        ],
        excluded=[_excluded(one, stratum, plan) for one, stratum in in_plan if one.institution.pk in plan.excluded],
        officers=[{"id": numbers[one.person.pk], "fields": sorted(one.fields), "cap": plan.cap} for one in sent],
        excluded_officers=[
            {"id": numbers[one.person.pk], "reason": words(plan.officers_excluded.get(one.person.pk, NOT_COMPETENT))}
            for one in inspectors if one not in sent
        ],
        recusals=[
            {"laboratory": str(laboratory), "officer": numbers[one.person.pk], "reason": reason}
            for one in sent for laboratory, reasons in one.recused.items() if laboratory in drawable for reason in reasons
        ],
    )  # fmt: skip


def _excluded(one: Found, stratum: str, plan: Plan) -> Excluded:
    reason = words(plan.excluded[one.institution.pk])
    return {"id": str(one.institution.pk), "name": words(one.institution.name), "stratum": stratum, "reason": reason}


def _named(one: Found, stratum: str) -> dict[str, Any]:
    return {"id": str(one.institution.pk), "name": words(one.institution.name), "stratum": stratum}


def _kept(
    made: Draw, listed: Frame, promise: Commitment, inspectors: Sequence[Inspector], numbers: Mapping[UUID, str]
) -> list[AppendOnly]:
    content = canonical_json(dict(listed))
    frozen = FrozenList.objects.create(
        draw=made, content=content, sha256=promise["list_sha256"], promises=promise["secrets"]
    )
    bearing = [OfficerNumber(draw=made, number=numbers[one.person.pk], person=one.person) for one in inspectors]
    return [frozen, *OfficerNumber.objects.bulk_create(bearing, batch_size=BATCH)]


@transaction.atomic
def reveal_draw(draw: Draw, *, beacon: str, secret: str, actor: User | None, at: datetime) -> Draw:
    """Make the result from the beacon value, the authority's secret and the witness's, and keep it for good.

    Raises DrawRefused before the beacon's day, where the witness's secret is not the promised one or the value is written
    otherwise; NotAllowedNow where it was revealed already.
    """
    check_beacon_day_has_come(draw.beacon_on, timezone.localdate(at))
    listed = listed_in(draw)
    promise: Commitment = {"list_sha256": draw.frozen.sha256, "secrets": list(draw.frozen.promises)}
    document = reveal(listed, promise, [draw.secret, secret], beacon)
    move(DRAW, "reveal", Draw.objects.filter(pk=draw.pk), revealed_at=at)
    content = canonical_json(document)
    outcome = Outcome.objects.create(
        draw=draw, content=content, sha256=hashlib.sha256(content).hexdigest(), made_at=at, made_by=actor
    )
    drawn, sent = _write_drawn(draw, document["result"])
    journal.record(
        "reveal_draw", actor=actor, at=at, subject=f"draw:{draw.pk}", covers=[outcome, *drawn, *sent],
        after={"sha256": outcome.sha256, "beacon": beacon, "seed": document["result"]["seed"], "laboratories": len(drawn)},
    )  # fmt: skip
    draw.refresh_from_db()
    return draw


def _write_drawn(draw: Draw, result: Mapping[str, Any]) -> tuple[list[DrawnLaboratory], list[DrawnOfficer]]:
    numbers = {one.number: one for one in OfficerNumber.objects.filter(draw=draw)}
    flat = [(each["stratum"], one) for each in result["strata"] for one in each["drawn"]]
    drawn = [
        DrawnLaboratory(
            draw=draw, position=i, institution_id=UUID(one["laboratory"]), stratum=stratum, part=one["part"],
            number=one["number"],
        )
        for i, (stratum, one) in enumerate(flat, 1)
    ]  # fmt: skip
    DrawnLaboratory.objects.bulk_create(drawn, batch_size=BATCH)
    sent = [
        DrawnOfficer(laboratory=laboratory, position=i, officer=numbers[number])
        for laboratory, team in zip(drawn, result["teams"], strict=True)
        for i, number in enumerate(team["officers"], 1)
    ]
    return drawn, DrawnOfficer.objects.bulk_create(sent, batch_size=BATCH)


@transaction.atomic
def publish_draw(draw: Draw, *, actor: User | None, at: datetime) -> Draw:
    """Let everybody see list, result and file. Until then only the promise is public: a check is not announced."""
    move(DRAW, "publish", Draw.objects.filter(pk=draw.pk), published_at=at)
    journal.record("publish_draw", actor=actor, at=at, subject=f"draw:{draw.pk}", after={"sha256": draw.outcome.sha256})
    draw.refresh_from_db()
    return draw


@transaction.atomic
def enter_competences(rows: Sequence[Competence], *, actor: User | None, at: datetime) -> None:
    """Enter in which fields officers may inspect."""
    for one in rows:
        one.recorded_at = at
    Competence.objects.bulk_create(rows, batch_size=BATCH)
    journal.record_new("enter_competences", rows, actor=actor, at=at)


@transaction.atomic
def declare_interest(one: Interest, *, actor: User | None, at: datetime) -> Interest:
    """Keep a declared interest: from its first day the officer is not drawn for that laboratory."""
    one.recorded_at = at
    one.save(force_insert=True)
    journal.record_new("declare_interest", [one], actor=actor, at=at)
    return one
