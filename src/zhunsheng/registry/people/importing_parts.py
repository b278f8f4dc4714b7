"""What a row of a file says of a person beside the name: a post, an authorisation, a qualification.

The same is refused as on the pages: a post held twice, an authorisation without a post, any post of somebody who signs in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.imports.comparing import replace, update
from zhunsheng.foundation.imports.register import Checked, Context, Given, Operation
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Authorisation, Person, Post


@dataclass(frozen=True, slots=True)
class Span:
    """A post or a field from a day to a day, as the plain values of a file, which are ordered like the days they stand for."""

    what: str | None
    first: str
    last: str | None
    row: Any = None

    def covers(self, day: str) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def meets(self, other: Span) -> bool:
        return self.covers(other.first) or other.covers(self.first)


def _days(checked: Checked, row: Given, needed: str, first: str, last: str) -> bool:
    """Is the thing given, with a first day that does not lie after the last?"""
    if not row[needed]:
        return False
    if not row[first]:
        checked.fault(first, t("is needed.", "须填写。"))
        return False
    if row[last] and row.text(last) < row.text(first):
        checked.fault(last, t("lies before the first day.", "早于起始日期。"))
        return False
    return True


def post(
    checked: Checked, row: Given, person: str, found: Person | None, institution: Institution, context: Context
) -> None:
    if not _days(checked, row, "post", "post_from", "post_to"):
        return
    held = _held(person, found, institution, context)
    asked = Span(row["post"], row.text("post_from"), row["post_to"])
    begun = next((one for one in held if (one.what, one.first) == (asked.what, asked.first)), None)
    if begun is not None and asked.last in (None, begun.last):
        return
    if found is not None and found.user_id is not None:
        checked.fault("post", HAS_ACCOUNT)
    elif any(one is not begun and one.what == asked.what and one.meets(asked) for one in held):
        checked.fault("post_from", t("This post is held on some of these days already.", "该任职在部分日期内已登记。"))
    elif begun is not None and begun.row is not None:
        update(checked, begun.row, {"valid_to": row["post_to"]}, shown={"valid_to": "post_to"})
        _stays_without_account(checked, found)
    else:
        values = {"kind": asked.what, "valid_from": asked.first, "valid_to": asked.last}
        values |= {"person_id": person, "institution_id": str(institution.pk)}
        checked.operations.append(Operation("insert", "people.Post", values=values))
        _stays_without_account(checked, found)
        context.kept.setdefault("posts", {}).setdefault((person, institution.pk), []).append(asked)


HAS_ACCOUNT: Text = t(
    "This person has an account: an administrator gives and ends posts.", "该人员有账户，岗位由管理员授予或终止。"
)


def _stays_without_account(checked: Checked, found: Person | None) -> None:
    """Posts of users are their rights: whoever gets an account after the file was checked gets no post from it.

    The name is written as it is, so that writing compares what the person was when the file was checked.
    """
    if found is not None:
        before = {"name": found.name, "user_id": None}
        checked.operations.append(
            Operation("update", "people.Person", values={"name": found.name}, pk=str(found.pk), before=before)
        )


def _held(person: str, found: Person | None, institution: Institution, context: Context) -> list[Span]:
    """The posts in an institution, registered and of the rows above."""
    known: list[Post] = getattr(found, "held", []) if found else []
    return [
        *(
            Span(one.kind, str(one.valid_from), str(one.valid_to) if one.valid_to else None, one)
            for one in known
            if (one.institution.merged_into_id or one.institution_id) == institution.pk
        ),
        *context.kept.get("posts", {}).get((person, institution.pk), ()),
    ]


def authorisation(
    checked: Checked, row: Given, person: str, found: Person | None, institution: Institution, context: Context
) -> None:
    if not _days(checked, row, "field", "authorised_from", "authorised_to"):
        return
    recorded = {"recorded_at": context.at.isoformat()}
    known: list[Authorisation] = getattr(found, "authorised", []) if found else []
    standing = [
        Span(one.field, str(one.valid_from), str(one.valid_to) if one.valid_to else None, one)
        for one in known
        if institution.pk in (one.institution_id, one.institution.merged_into_id)
    ]
    asked = Span(row["field"], row.text("authorised_from"), row["authorised_to"])
    above: list[Span] = context.kept.setdefault("authorised", {}).setdefault((person, institution.pk), [])
    same = [one for one in (*standing, *above) if one.what == asked.what]
    if held := next((one.row for one in same if one.row and one.first == asked.first), None):
        replace(checked, held, {"valid_to": asked.last}, recorded=recorded, shown={"valid_to": "authorised_to"})
        return
    if not any(one.covers(asked.first) for one in _held(person, found, institution, context)):
        checked.fault("authorised_from", NO_POST)
    if any(one.meets(asked) for one in same):
        checked.fault(
            "field",
            t(
                "The person is authorised for this field on some of these days already.",
                "该人员在部分日期内已获该领域授权。",
            ),
        )
    values = {
        **recorded, "person_id": person, "institution_id": str(institution.pk), "field": asked.what,
        "valid_from": asked.first, "valid_to": asked.last,
    }  # fmt: skip
    checked.operations.append(Operation("insert", "people.Authorisation", values=values))
    above.append(asked)


NO_POST: Text = t(
    "The person holds no post in the institution on the first day.", "该人员在授权起始日期未在本机构任职。"
)


def qualification(checked: Checked, row: Given, person: str, found: Person | None, context: Context) -> None:
    if not _days(checked, row, "qualification", "qualified_from", "qualified_to"):
        return
    wanted = {
        "kind": row["qualification_kind"] or "certificate",
        "number": row["qualification_number"],
        "valid_to": row["qualified_to"],
    }
    recorded = {"recorded_at": context.at.isoformat()}
    held = next(
        (one for one in (getattr(found, "qualified", []) if found else [])
         if one.name == row["qualification"] and one.valid_from.isoformat() == row["qualified_from"]),
        None,
    )  # fmt: skip
    if held is not None:
        replace(
            checked,
            held,
            wanted,
            recorded=recorded,
            shown={"valid_to": "qualified_to", "number": "qualification_number"},
        )
        return
    values = {
        **{k: v for k, v in wanted.items() if v},
        **recorded,
        "person_id": person,
        "name": row["qualification"],
        "valid_from": row["qualified_from"],
    }
    checked.operations.append(Operation("insert", "people.Qualification", values=values))
