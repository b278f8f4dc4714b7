"""An authority with inspectors, a laboratory, and a visit at each of its stages; made through the verbs."""

import hashlib
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from tests.cast import AT, institution, user_with_post
from zhunsheng.activities.campaigns.inspection import actions
from zhunsheng.activities.campaigns.inspection.models import Disposition, Finding, Inspection
from zhunsheng.activities.campaigns.inspection.rules.packages import Found, Look, Package, Proof
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Person

NAMES = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
TODAY = AT.date()
PHOTO = b"\x89PNG made-up photograph"


def key(name: str) -> UUID:
    """A key as a phone makes one, the same in every run."""
    return uuid5(NAMES, name)


def officers(authority: Institution, n: int = 2, *, prefix: str = "officer") -> list[Person]:
    return [user_with_post(f"{prefix}{i}", "inspector", authority).person for i in range(1, n + 1)]


def authority_here() -> Institution:
    return institution("authority", "示例检查部门", "Example Inspecting Authority", level="prefecture")


def laboratory_here(n: int = 1) -> Institution:
    return institution("laboratory", f"受检机构{n}", f"Inspected Laboratory {n}")


def sent(authority: Institution, where: Institution, team: list[Person], *, at: datetime = AT) -> Inspection:
    task = actions.Task(where, team)
    last = at.date() + timedelta(days=4)
    return actions.plan_inspections([task], authority=authority, on=at.date(), until=last, actor=None, at=at)[0]


def begun(inspection: Inspection, team: list[Person], *, at: datetime = AT) -> Inspection:
    for one in team:
        actions.declare_recusal(inspection, officer=one, free=True, detail="", actor=one.user, at=at)
    return inspection


def found(name: str = "f1", **changes: Any) -> Found:
    one = Found(key(name), "F07", "minor", "校准过期仍在使用", TODAY - timedelta(days=10), "仪器室", AT)
    return replace(one, **changes)


def look(name: str = "l1", **changes: Any) -> Look:
    return replace(Look(key(name), "F07", "finding", "见照片", AT), **changes)


def proof(name: str = "p1", content: bytes = PHOTO, **changes: Any) -> Proof:
    sha256 = hashlib.sha256(content).hexdigest()
    return replace(Proof(key(name), key("f1"), "photo", "plate.png", sha256, "仪器室", AT), **changes)


def recorded(inspection: Inspection, officer: Person, *, at: datetime = AT) -> None:
    """One finding with a photograph, one point looked at."""
    actions.sync(inspection, Package((look(),), (found(),)), officer=officer, actor=officer.user, at=at)
    actions.keep_exhibit(inspection, proof(), PHOTO, officer=officer, actor=officer.user, at=at)


def signed(inspection: Inspection, team: list[Person], *, at: datetime = AT) -> Inspection:
    sha256 = actions.close_record(inspection, actor=team[0].user, at=at).sha256
    for one in team:
        actions.sign_as_officer(inspection, officer=one, sha256=sha256, actor=one.user, at=at)
    actions.sign_for_institution(
        inspection, manner="paper", name="质量负责人", statement="", sha256=sha256, actor=team[0].user, at=at
    )
    return inspection


def ready_to_decide(authority: Institution, where: Institution, team: list[Person]) -> Inspection:
    inspection = begun(sent(authority, where, team), team)
    recorded(inspection, team[0])
    return signed(inspection, team)


def decided(inspection: Inspection, by: User, *, kind: str = "order", due_on: date | None = None) -> Disposition:
    decision = actions.Decision(kind, "责令改正的理由", due_on or TODAY + timedelta(days=30))
    findings = list(Finding.objects.filter(inspection=inspection, state="recorded"))
    return actions.dispose(inspection, findings, decision, actor=by, at=AT, deliver=lambda made: None)
