"""Who a row of a file is: by identity number, else by name and institution; somebody of the register, or of a row above."""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.imports.register import Checked, Context, Given
from zhunsheng.foundation.imports.rules.names import name_key
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Authorisation, Person, Post, Qualification
from zhunsheng.registry.people.rules import identity_faults, identity_hash, masked

_VEILED = re.compile(r"[0-9]{0,4}\*{4,}([0-9Xx]{4})?")
TYPE_AGAIN: Text = t(
    "is veiled, as error files show it, and nobody registered here has this name and these last four characters. Type the whole number"
    " again, or leave the cell empty to enter the person without it.",
    "为错误文件中的遮蔽形式，且本机构没有姓名和末四位相符的已登记人员。请重新填写完整号码；也可留空，先不登记身份证号。",
)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a row says of the identity number: its keyed hash and masked form, or the last characters of a veiled one."""

    hash: str | None = None
    masked: str = ""
    last: str | None = None


def identity_of(row: Given, checked: Checked, on: date) -> Identity:
    """The number is hashed here and kept nowhere; a fault, which does not repeat it, where it is unsound."""
    number = row["identity"]
    if not number:
        return Identity()
    if veil := _VEILED.fullmatch(number):
        return Identity(last=(veil[1] or "").upper())
    if faults := identity_faults(number, on):
        checked.fault("identity", faults[0])
        return Identity()
    return Identity(identity_hash(number, settings.IDENTITY_KEY), masked(number))


@dataclass
class There:
    """The people that a chunk may be about, by the institution of which each holds or held a post."""

    by_hash: Mapping[tuple[str, UUID], Person]
    by_name: Mapping[tuple[str, UUID], list[Person]]


def look_up(rows: Sequence[Given], hashes: Iterable[str], families: Mapping[UUID, Sequence[UUID]]) -> There:
    """Those who bear one of the numbers or names, seven questions: nobody finds another institution's entry."""
    wanted = {name_key(row.text("name")) for row in rows}
    here = {key for keys in families.values() for key in keys}
    named = Post.objects.filter(institution__in=here).values_list("person", "person__name")
    keys = {pk for pk, name in named.iterator(chunk_size=5000) if name_key(name) in wanted}
    by_name: dict[tuple[str, UUID], list[Person]] = defaultdict(list)
    for one in _known().filter(pk__in=keys):
        for where in places(one.held):
            by_name[name_key(one.name), where].append(one)
    with_number = _known().filter(identity_hash__in=list(hashes))
    by_hash = {(one.identity_hash or "", where): one for one in with_number for where in places(one.held)}
    return There(by_hash, by_name)


def _known() -> Any:
    standing = Authorisation.objects.filter(superseded_at=None).select_related("institution")
    return Person.objects.order_by("pk").prefetch_related(
        Prefetch("authorisations", standing, to_attr="authorised"),
        Prefetch("qualifications", Qualification.objects.filter(superseded_at=None), to_attr="qualified"),
        Prefetch("posts", Post.objects.select_related("institution"), to_attr="held"),
    )


def places(held: Iterable[Post]) -> set[UUID]:
    return {post.institution.merged_into_id or post.institution_id for post in held}


def works_elsewhere(person: Any, institution: Institution, on: date) -> bool:
    """Has who held a post here gone to another institution, or is it a login with posts elsewhere? Then nobody here changes the entry."""
    now = places(post for post in person.held if post.valid_to is None or post.valid_to >= on)
    return bool(now - {institution.pk}) and (institution.pk not in now or person.user_id is not None)


def registered(
    checked: Checked, row: Given, identity: Identity, institution: Institution, there: There
) -> Person | None:
    """The entry that the row means; a fault where it may mean several, or where number and name do not belong together."""
    if identity.hash and (found := there.by_hash.get((identity.hash, institution.pk))):
        if name_key(found.name) != name_key(row.text("name")):
            checked.fault("name", OTHER_NAME)
        return found
    named = [
        one
        for one in there.by_name.get((name_key(row.text("name")), institution.pk), [])
        if not (identity.hash and one.identity_hash)
        and (identity.last is None or (identity.last and one.identity_masked.endswith(identity.last)))
    ]
    if len(named) > 1:
        checked.fault("name", _several(len(named), identity))
    return named[0] if named else None


OTHER_NAME: Text = t(
    "is not the name under which this identity number is registered.", "与该身份证号已登记的姓名不符。"
)


def _several(n: int, identity: Identity) -> Text:
    if identity.hash:
        return t(
            "{n} people of this name work there, none with an identity number. Mend the name of one on its page so that they differ, then"
            " send the row again.",
            "该机构有 {n} 名同名人员，均未登记身份证号。请先在人员页面更正其中一人的姓名以示区别，再提交本行。",
            n=n,
        )
    return t(
        "{n} people of this name work there; give the identity number.",
        "该机构有 {n} 名同名人员，请填写身份证号。",
        n=n,
    )


@dataclass(frozen=True, slots=True)
class Made:
    """Somebody whom a row above enters."""

    pk: str
    identity: Identity
    name: str
    row: int


def made_above(
    checked: Checked, row: Given, identity: Identity, institution: Institution, context: Context
) -> Made | None:
    """Whom of those entered above the row means; who was given without number and then with one is not entered twice."""
    name = name_key(row.text("name"))
    made: list[Made] = context.kept.get("made", {}).get(institution.pk, [])
    if identity.hash and (same := [one for one in made if one.identity.hash == identity.hash]):
        if same[0].name != name:
            checked.fault(
                "name",
                t(
                    "differs from row {n}, which has this identity number.",
                    "与第 {n} 行同一身份证号的姓名不符。",
                    n=same[0].row,
                ),
            )
        return same[0]
    named = [one for one in made if one.name == name]
    if identity.last is not None:
        named = [one for one in named if identity.last and one.identity.masked.endswith(identity.last)]
    if identity.hash:
        if without := next((one for one in named if not one.identity.hash), None):
            checked.fault("identity", _number_later(without.row, row.row))
        return None
    if len(named) > 1:
        checked.fault("name", _rows_of_one_name([one.row for one in named]))
    return named[0] if named else None


def _number_later(first: int, second: int) -> Text:
    return t(
        "Rows {a} and {b} name one person, the first without the identity number. Give the number in row {a}, too.",
        "第 {a} 行和第 {b} 行为同名人员，前者未填身份证号。请在第 {a} 行也填写身份证号。",
        a=first, b=second,
    )  # fmt: skip


def _rows_of_one_name(rows: Sequence[int]) -> Text:
    said = [str(one) for one in rows[:5]]
    return t(
        "Rows {rows} enter people of this name; give the identity number.", "第 {rows} 行登记了同名人员，请填写身份证号。",
        rows=Text(en=", ".join(said), zh="、".join(said)),
    )  # fmt: skip


def keep_made(context: Context, institution: Institution, made: Made) -> None:
    context.kept.setdefault("made", {}).setdefault(institution.pk, []).append(made)


def new_key() -> str:
    return str(uuid.uuid4())
