"""What a phone sends: records with keys made on the phone, so that the same package twice changes nothing.

A record is the same if its key and its digest are; a key with another digest is a conflict, and both are shown to a person.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from zhunsheng.activities.campaigns.inspection.rules import positions
from zhunsheng.activities.campaigns.inspection.rules.checklist import BY_CODE
from zhunsheng.activities.campaigns.inspection.rules.refusals import InspectionRefused
from zhunsheng.activities.campaigns.inspection.states import EXHIBITS, GRADES, OUTCOMES
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.signing import canonical_json

LONGEST = 4000
SHORT = 200
MOST = 500
"""Records in one package; a phone sends more in several."""


@dataclass(frozen=True, slots=True)
class Look:
    """What an officer says of one point of the checklist."""

    id: UUID
    code: str
    outcome: str
    note: str
    at: datetime

    def said(self) -> dict[str, Any]:
        return {"code": self.code, "outcome": self.outcome, "note": self.note, "at": self.at.isoformat()}


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as an officer writes it down."""

    id: UUID
    code: str
    grade: str
    facts: str
    act_on: date
    place: str
    at: datetime

    def said(self) -> dict[str, Any]:
        return {
            "code": self.code, "grade": self.grade, "facts": self.facts, "act_on": self.act_on.isoformat(),
            "place": self.place, "at": self.at.isoformat(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proof:
    """A photograph, a file, a note: what it is, where and when it was taken; `sha256` is of its bytes, `position` the phone's."""

    id: UUID
    finding: UUID | None
    kind: str
    name: str
    sha256: str
    place: str
    at: datetime
    position: str = ""

    def said(self) -> dict[str, Any]:
        """Without a position nothing is said of one: a phone without it says the same as one that cannot know it."""
        return {
            "finding": str(self.finding) if self.finding else None, "kind": self.kind, "name": self.name,
            "sha256": self.sha256, "place": self.place, "at": self.at.isoformat(),
            **({"position": self.position} if self.position else {}),
        }  # fmt: skip


def digest_of(record: Look | Found | Proof) -> str:
    """SHA-256 over the canonical JSON of what a record says, without its key."""
    return hashlib.sha256(canonical_json(record.said())).hexdigest()


@dataclass(frozen=True, slots=True)
class Package:
    looks: tuple[Look, ...]
    findings: tuple[Found, ...]


def read_package(raw: Any, *, now: datetime) -> Package:
    """A package from a phone. Raises InspectionRefused, naming what is wrong, and then takes in nothing.

    now: with the zone whose days count; in UTC the small hours of a day in China would still be the day before.
    """
    if not isinstance(raw, Mapping):
        raise _wrong("package")
    looks = tuple(_look(one, now) for one in _list(raw, "looks"))
    findings = tuple(read_found(one, now=now) for one in _list(raw, "findings"))
    check_once([*(one.id for one in looks), *(one.id for one in findings)])
    return Package(looks, findings)


def check_once(keys: Iterable[UUID]) -> None:
    """Raise InspectionRefused where a package names a key twice."""
    keys = list(keys)
    if len(set(keys)) != len(keys):
        raise _wrong("id")


def _list(raw: Mapping[str, Any], name: str) -> list[Any]:
    found = raw.get(name, [])
    if not isinstance(found, list) or len(found) > MOST:
        raise _wrong(name)
    return found


def _look(raw: Any, now: datetime) -> Look:
    given = _mapping(raw)
    return Look(
        key(given, "id"), _of(given, "code", BY_CODE), _of(given, "outcome", OUTCOMES), _text(given, "note", LONGEST),
        _moment(given, now),
    )  # fmt: skip


def read_found(raw: Any, *, now: datetime) -> Found:
    """One finding as a phone or a page writes it. Raises InspectionRefused."""
    given = _mapping(raw)
    facts = _text(given, "facts", LONGEST)
    if not facts:
        raise InspectionRefused(t("A finding states facts.", "请写明问题事实。"))
    return Found(
        key(given, "id"), _of(given, "code", BY_CODE), _of(given, "grade", GRADES), facts, _act(given, now),
        _text(given, "place", SHORT), _moment(given, now),
    )  # fmt: skip


def read_proof(raw: Any, *, now: datetime) -> Proof:
    """What is said about one file. Raises InspectionRefused."""
    given = _mapping(raw)
    sha256 = _text(given, "sha256", 64)
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise _wrong("sha256")
    return Proof(
        key(given, "id"), key(given, "finding") if given.get("finding") else None, _of(given, "kind", EXHIBITS),
        _text(given, "name", SHORT), sha256, _text(given, "place", SHORT), _moment(given, now), _position(given),
    )  # fmt: skip


def _position(given: Mapping[str, Any]) -> str:
    said = _text(given, "position", positions.LONGEST)
    if said and not positions.is_position(said):
        raise _wrong("position")
    return said


def check_content(proof: Proof, content: bytes) -> None:
    """Raise InspectionRefused where bytes are missing or are not those that were hashed when they were taken."""
    if not content or hashlib.sha256(content).hexdigest() != proof.sha256:
        raise InspectionRefused(
            t(
                "The file is not the one that was taken: its SHA-256 differs.",
                "文件与现场采集时不一致：SHA-256 不同。",
            )
        )


def _mapping(raw: Any) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise _wrong("record")
    return raw


def key(given: Mapping[str, Any], name: str) -> UUID:
    """A key that was made on the phone. Raises InspectionRefused."""
    try:
        return UUID(str(given.get(name, "")))
    except ValueError:
        raise _wrong(name) from None


def _of(given: Mapping[str, Any], name: str, allowed: Mapping[str, Any]) -> str:
    value = given.get(name)
    if not isinstance(value, str) or value not in allowed:
        raise _wrong(name)
    return value


def _text(given: Mapping[str, Any], name: str, longest: int) -> str:
    value = given.get(name, "")
    if not isinstance(value, str) or len(value) > longest or "\x00" in value:
        raise _wrong(name)
    return value.strip()


def _moment(given: Mapping[str, Any], now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(str(given.get("at", "")))
    except ValueError:
        raise _wrong("at") from None
    if at.tzinfo is None or at.year < 2000:
        raise _wrong("at")
    if (at - now).total_seconds() > 86400:
        raise InspectionRefused(t("The clock of the phone is ahead of ours.", "手机时间快于系统时间，请校准。"))
    return at


def _act(given: Mapping[str, Any], now: datetime) -> date:
    try:
        act_on = date.fromisoformat(str(given.get("act_on", "")))
    except ValueError:
        raise _wrong("act_on") from None
    if act_on > now.date() or act_on.year < 2000:
        raise InspectionRefused(
            t("The day of the act lies ahead, or before 2000.", "行为发生日期晚于今日或早于 2000 年。")
        )
    return act_on


def _wrong(name: str) -> InspectionRefused:
    return InspectionRefused(t("“{name}” of a record cannot be read.", "记录中的“{name}”无法识别。", name=name))
