"""Recording on site: what was looked at, what was found, what proves it; the same record twice is there once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from zhunsheng.activities.campaigns.inspection.models import Exhibit, Finding, Inspection, Look
from zhunsheng.activities.campaigns.inspection.rules.articles import candidates, highest_cap
from zhunsheng.activities.campaigns.inspection.rules.packages import (
    Found,
    Package,
    Proof,
    check_content,
    digest_of,
)
from zhunsheng.activities.campaigns.inspection.rules.packages import Look as LookSaid
from zhunsheng.activities.campaigns.inspection.rules.refusals import InspectionRefused
from zhunsheng.activities.campaigns.inspection.states import FINDING, INSPECTION
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import keep
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.statechart import move
from zhunsheng.registry.people.models import Person
from zhunsheng.registry.rulebook.queries import rules_on
from zhunsheng.registry.rulebook.rules.packs import RulePack

BATCH = 200


@dataclass
class Taken:
    """What became of each record: kept now, known before, in conflict with what is kept (which is told), or too late."""

    kept: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    conflicts: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)

    def sort(self, pk: UUID, digest: str, kept: Look | Finding | Exhibit | None, inspection: Inspection) -> bool:
        """Note where a record belongs; True if it is new and to be written."""
        if kept is None:
            if inspection.state != "open":
                self.late.append(str(pk))
                return False
            self.kept.append(str(pk))
            return True
        if kept.inspection_id != inspection.pk:
            self.conflicts[str(pk)] = None  # another visit's: nothing of it is told
        elif kept.digest == digest:
            self.known.append(str(pk))
        else:
            self.conflicts[str(pk)] = said_by(kept)
        return False


def said_by(kept: Look | Finding | Exhibit) -> dict[str, Any]:
    """What we have under a key, as a phone wrote it: both versions are shown to a person."""
    if isinstance(kept, Look):
        return LookSaid(kept.pk, kept.code, kept.outcome, kept.note, kept.seen_at).said()
    if isinstance(kept, Finding):
        return Found(kept.pk, kept.code, kept.grade, kept.facts, kept.act_on, kept.place, kept.found_at).said()
    return Proof(
        kept.pk, kept.finding_id, kept.kind, kept.name, kept.sha256, kept.place, kept.taken_at, kept.position
    ).said()  # fmt: skip


@transaction.atomic
def sync(inspection: Inspection, package: Package, *, officer: Person, actor: User | None, at: datetime) -> Taken:
    """Take in what a phone sends. The same package again changes nothing and writes no act.

    A key that is kept with another digest is a conflict: ours stays, and is told. What comes after the record was closed is late.
    """
    locked = Inspection.objects.select_for_update().get(pk=inspection.pk)
    taken = Taken()
    looks = [_look(one, locked, officer, at) for one in _new(taken, package.looks, Look, locked)]
    findings = _findings(_new(taken, package.findings, Finding, locked), locked, officer, at)
    if not looks and not findings:
        return taken
    Look.objects.bulk_create(looks, batch_size=BATCH)
    Finding.objects.bulk_create(findings, batch_size=BATCH)
    journal.record(
        "sync_package", actor=actor, at=at, subject=f"inspection:{locked.pk}", covers=looks,
        rows=[journal.columns(one) for one in findings], after={"looks": len(looks), "findings": len(findings)},
    )  # fmt: skip
    return taken


def _new(taken: Taken, said: Sequence[Any], kind: Any, inspection: Inspection) -> list[Any]:
    """The records that are not there yet, in one question; each noted in `taken`."""
    there: Mapping[UUID, Any] = kind.objects.in_bulk([one.id for one in said]) if said else {}
    return [one for one in said if taken.sort(one.id, digest_of(one), there.get(one.id), inspection)]


def _look(one: LookSaid, inspection: Inspection, officer: Person, at: datetime) -> Look:
    return Look(
        id=one.id, inspection=inspection, officer=officer, code=one.code, outcome=one.outcome, note=one.note, seen_at=one.at,
        digest=digest_of(one), recorded_at=at,
    )  # fmt: skip


def _findings(
    found: Iterable[Found], inspection: Inspection, officer: Person, at: datetime, *, suspicion: UUID | None = None
) -> list[Finding]:
    """Rows with the pack of the day of each act; the rulebook is asked once a day."""
    packs: dict[date, RulePack] = {}
    return [
        _finding(one, inspection, officer, at, packs.setdefault(one.act_on, rules_on(one.act_on)), suspicion)
        for one in found
    ]


def _finding(
    one: Found, inspection: Inspection, officer: Person, at: datetime, pack: RulePack, suspicion: UUID | None
) -> Finding:
    articles = [] if one.grade == "good_practice" else candidates(pack, one.code)
    return Finding(
        id=one.id, inspection=inspection, code=one.code, grade=one.grade, facts=one.facts, act_on=one.act_on, place=one.place,
        pack=pack.id, pack_sha256=pack.sha256, articles=articles, fine_cap_cny=highest_cap(articles), suspicion=suspicion,
        found_at=one.at, found_by=officer, digest=digest_of(one), recorded_at=at,
    )  # fmt: skip


@transaction.atomic
def record_finding(
    inspection: Inspection, found: Found, *, officer: Person, actor: User | None, at: datetime, suspicion: UUID | None = None
) -> Finding:  # fmt: skip
    """Record one finding, also from a suspicion that a screen had (`suspicion`, given by faces); the same again changes nothing.

    Raises NotAllowedNow outside the visit, InspectionRefused where the key has another finding.
    """
    locked = Inspection.objects.select_for_update().get(pk=inspection.pk)
    there = Finding.objects.filter(pk=found.id).first()
    if there is not None:
        if there.inspection_id == locked.pk and there.digest == digest_of(found):
            return there
        raise InspectionRefused(t("Another finding has this key.", "该编号已有其他问题记录。"))
    INSPECTION.check("close", locked.state)
    made = _findings([found], locked, officer, at, suspicion=suspicion)[0]
    made.save(force_insert=True)
    journal.record(
        "record_finding", actor=actor, at=at, subject=f"finding:{made.pk}", rows=[journal.columns(made)],
        after={"code": made.code, "act_on": made.act_on.isoformat(), "pack_sha256": made.pack_sha256},
    )  # fmt: skip
    return made


@transaction.atomic
def withdraw_finding(finding: Finding, *, reason: str, actor: User | None, at: datetime) -> None:
    """Withdraw a finding before the record is closed; it stays, with the reason. Raises InspectionRefused without one."""
    if not reason.strip():
        raise InspectionRefused(t("Say why the finding is withdrawn.", "请写明撤回理由。"))
    open_one = Finding.objects.filter(pk=finding.pk, inspection__state="open").values("pk")
    move(FINDING, "withdraw", Finding.objects.filter(pk__in=open_one), withdrawn_why=reason)
    journal.record("withdraw_finding", actor=actor, at=at, subject=f"finding:{finding.pk}", reason=reason)
    finding.refresh_from_db()


@transaction.atomic
def keep_exhibit(
    inspection: Inspection, proof: Proof, content: bytes, *, officer: Person, actor: User | None, at: datetime
) -> Taken:
    """Keep a file that proves something; the same file under the same key again changes nothing.

    Raises InspectionRefused where the bytes are not those that were hashed when taken, or the finding is not of this visit.
    """
    locked = Inspection.objects.select_for_update().get(pk=inspection.pk)
    taken, digest = Taken(), digest_of(proof)
    if not taken.sort(proof.id, digest, Exhibit.objects.filter(pk=proof.id).first(), locked):
        return taken
    check_content(proof, content)
    if proof.finding and not locked.findings.filter(pk=proof.finding).exists():
        raise InspectionRefused(t("The finding that it proves has not arrived.", "对应的问题记录尚未上传。"))
    attachment = keep(name=proof.name, content=content, actor=actor, at=at)
    made = Exhibit.objects.create(
        id=proof.id, inspection=locked, finding_id=proof.finding, attachment=attachment, kind=proof.kind, name=proof.name,
        sha256=proof.sha256, place=proof.place, position=proof.position, taken_at=proof.at, taken_by=officer, digest=digest, recorded_at=at,
    )  # fmt: skip
    journal.record(
        "keep_exhibit",
        actor=actor,
        at=at,
        subject=f"inspection:{locked.pk}",
        covers=[made],
        after={"sha256": made.sha256},
    )
    return taken
