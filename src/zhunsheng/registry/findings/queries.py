"""The findings, each with what a person found when looking: a constant number of queries, whatever the size of the registers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.equipment.queries import SharedSerial, shared_serials
from zhunsheng.registry.findings.models import Settlement
from zhunsheng.registry.findings.rules import digest_of
from zhunsheng.registry.findings.states import Kind, State
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.double_posts import DoublePost, in_two_institutions_on
from zhunsheng.registry.people.models import Post

Row = TypeVar("Row", DoublePost, SharedSerial)


@dataclass(frozen=True, slots=True)
class Finding(Generic[Row]):
    """Something to look at, with its facts and what was decided about it."""

    kind: Kind
    pair: str
    digest: str
    facts: dict[str, Any]
    heads: tuple[UUID, UUID]
    """the two institutions, as they stand"""
    people: frozenset[object]
    """keys and identity hashes of the people whom it is about"""
    row: Row
    settled: Settlement | None
    """the settlement that holds: of these very facts, and not reopened"""
    last: Settlement | None
    """what was decided last about this pair, perhaps on other facts, perhaps reopened since"""

    @property
    def state(self) -> State:
        return State.SETTLED if self.settled else State.OPEN

    @property
    def changed(self) -> bool:
        """Open again because a fact is another one than when it was settled."""
        return bool(self.last and not self.settled and not self.last.reopened_at)


def double_posts(first: date, last: date, *, within: QuerySet[Institution]) -> list[Finding[DoublePost]]:
    """People with posts in two institutions at once, one of these at least; three queries.

    The facts are of the posts alone, not of the period asked about: it is the same finding on every day on which both are held.
    """
    decided = decisions(Kind.PEOPLE, within)
    return [_of_person(row, decided) for row in in_two_institutions_on(first, last, within=within)]


def serials(on: date, *, within: QuerySet[Institution]) -> list[Finding[SharedSerial]]:
    """Serial numbers that two institutions have, one of these at least; three queries. What they are used for is no fact of it."""
    decided = decisions(Kind.SERIALS, within)
    return [_of_serial(row, decided) for row in shared_serials(on, within=within)]


def in_state(found: Iterable[Finding[Row]], state: str) -> list[Finding[Row]]:
    """Those that are open, or settled; all for any other word."""
    return [one for one in found if state not in tuple(State) or one.state == state]


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was decided: by digest what holds, by pair what came last."""

    holding: dict[str, Settlement]
    last: dict[str, Settlement]

    def about(self, pair: str, digest: str) -> tuple[Settlement | None, Settlement | None]:
        return self.holding.get(digest), self.last.get(pair)


def decisions(kind: Kind, within: QuerySet[Institution]) -> Decisions:
    """What was decided about findings of which one institution is among these."""
    keys = within.order_by().values("pk")
    rows = Settlement.objects.filter(Q(one__in=keys) | Q(other__in=keys), kind=kind).order_by("settled_at", "pk")
    names = ("settled_by__person", "reopened_by__person", "settled_for", "reopened_for")
    found = list(rows.select_related(*names))
    return Decisions({row.digest: row for row in found if not row.reopened_at}, {row.pair: row for row in found})


def _of_person(row: DoublePost, decided: Decisions) -> Finding[DoublePost]:
    one, other = sorted((row.one, row.other), key=lambda post: post.pk)
    person = row.person
    facts = {"person": person.identity_hash or str(person.pk), "posts": [_post(one), _post(other)]}
    pair = f"{one.pk} {other.pk}"
    about = frozenset({one.person_id, other.person_id, person.identity_hash} - {None})
    heads = (_head(one), _head(other))
    digest = digest_of(Kind.PEOPLE, facts)
    return Finding(Kind.PEOPLE, pair, digest, facts, heads, about, row, *decided.about(pair, digest))


def _post(post: Post) -> dict[str, Any]:
    last = post.valid_to.isoformat() if post.valid_to else None
    return {
        "post": post.pk, "entry": str(post.person_id), "name": post.person.name, "institution": str(_head(post)),
        "kind": post.kind, "from": post.valid_from.isoformat(), "to": last,
    }  # fmt: skip


def _of_serial(row: SharedSerial, decided: Decisions) -> Finding[SharedSerial]:
    one, other = sorted((row.one, row.other), key=lambda each: each.pk)
    facts = {"number": row.serial_key, "instruments": [_instrument(one), _instrument(other)]}
    pair = f"{one.pk} {other.pk}"
    digest, heads = digest_of(Kind.SERIALS, facts), (_head(one), _head(other))
    return Finding(Kind.SERIALS, pair, digest, facts, heads, frozenset(), row, *decided.about(pair, digest))


def _instrument(one: Instrument) -> dict[str, Any]:
    return {
        "instrument": str(one.pk), "institution": str(_head(one)), "serial": one.serial, "manufacturer": one.manufacturer,
        "model": one.model, "name_zh": one.name_zh, "name_en": one.name_en,
        "retired_on": one.retired_on.isoformat() if one.retired_on else None,
    }  # fmt: skip


def _head(thing: Post | Instrument) -> UUID:
    return thing.institution.merged_into_id or thing.institution_id


def standing_settlements(digests: Sequence[str]) -> QuerySet[Settlement]:
    """The settlements of these facts that nobody has reopened."""
    return Settlement.objects.filter(digest__in=digests, reopened_at=None)
