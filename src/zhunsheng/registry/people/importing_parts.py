"""What a row of a file says of a person beside the name: a post, an authorisation, a qualification.

The same is refused as on the pages: a post held twice, an authorisation without a post, any post of somebody who signs in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace as replaced
from typing import Any
from uuid import UUID

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.imports.comparing import replace, update
from zhunsheng.foundation.imports.register import Checked, Context, Given, Operation
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Authorisation, Person, Post

Whose = tuple[str, UUID]
"""A person, by key, in an institution."""


@dataclass(frozen=True, slots=True)
class Span:
    """A post or a field from a day to a day, as the plain values of a file, which are ordered like the days they stand for."""

    what: str | None
    first: str
    last: str | None
    row: Any = None
    line: int = 0
    """The row of the file that says so; 0 for what is registered."""

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
    asked = Span(row["post"], row.text("post_from"), row["post_to"], line=row.row)
    begun = next((one for one in held if (one.what, one.first) == (asked.what, asked.first)), None)
    if begun is not None and asked.last in (None, begun.last):
        return
    met = next((one for one in held if one is not begun and one.what == asked.what and one.meets(asked)), None)
    if found is not None and found.user_id is not None:
        checked.fault("post", HAS_ACCOUNT)
    elif met is not None or (begun is not None and begun.line):
        checked.fault("post_from", _overlap(met or begun or asked, row.row, HELD_ALREADY))
    elif begun is not None:
        update(checked, begun.row, {"valid_to": row["post_to"]}, shown={"valid_to": "post_to"})
        _stays_without_account(checked, found)
        _keep(context, "posts", (person, institution.pk), replaced(asked, row=begun.row))
    else:
        values = {"kind": asked.what, "valid_from": asked.first, "valid_to": asked.last}
        values |= {"person_id": person, "institution_id": str(institution.pk)}
        checked.operations.append(Operation("insert", "people.Post", values=values))
        _stays_without_account(checked, found)
        _keep(context, "posts", (person, institution.pk), asked)


def _keep(context: Context, what: str, whose: Whose, span: Span) -> None:
    context.kept.setdefault(what, {}).setdefault(whose, []).append(span)


def _above(context: Context, what: str, whose: Whose) -> list[Span]:
    """What the rows above say."""
    spans: list[Span] = context.kept.get(what, {}).get(whose, [])
    return spans


def forget_spans(context: Context, whose: Whose, line: int) -> None:
    """A row that failed says nothing to those below it."""
    for what in ("posts", "authorised"):
        if spans := _above(context, what, whose):
            context.kept[what][whose] = [one for one in spans if one.line != line]


def _overlap(met: Span, line: int, otherwise: Text) -> Text:
    if not met.line:
        return otherwise
    return t(
        "Rows {a} and {b} give overlapping periods of one thing. Give the earlier one a last day, or delete one of the two.",
        "第 {a} 行和第 {b} 行的有效期重叠。请为较早的一行填写截止日期，或删除其中一行。",
        a=met.line, b=line,
    )  # fmt: skip


HELD_ALREADY: Text = t("This post is held on some of these days already.", "该任职在部分日期内已登记。")
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
    above = _above(context, "posts", (person, institution.pk))
    known: list[Post] = getattr(found, "held", []) if found else []
    here = [one for one in known if (one.institution.merged_into_id or one.institution_id) == institution.pk]
    return [*_but(here, above, "kind"), *above]


def _but(registered: Sequence[Any], above: Sequence[Span], what: str) -> list[Span]:
    """What is registered, but for that of which a row above says otherwise."""
    changed = {one.row.pk for one in above if one.row is not None}
    return [
        Span(getattr(one, what), str(one.valid_from), str(one.valid_to) if one.valid_to else None, one)
        for one in registered
        if one.pk not in changed
    ]


def authorisation(
    checked: Checked, row: Given, person: str, found: Person | None, institution: Institution, context: Context
) -> None:
    if not _days(checked, row, "field", "authorised_from", "authorised_to"):
        return
    recorded = {"recorded_at": context.at.isoformat()}
    known: list[Authorisation] = getattr(found, "authorised", []) if found else []
    here = [one for one in known if institution.pk in (one.institution_id, one.institution.merged_into_id)]
    asked = Span(row["field"], row.text("authorised_from"), row["authorised_to"], line=row.row)
    whose, above = (person, institution.pk), _above(context, "authorised", (person, institution.pk))
    same = [one for one in (*_but(here, above, "field"), *above) if one.what == asked.what]
    begun = next((one for one in same if one.first == asked.first), None)
    if begun is not None and begun.line and asked.last in (None, begun.last):
        return
    ends = replaced(asked, last=asked.last or begun.last, row=begun.row) if begun else asked
    if met := next((one for one in same if one.meets(ends) and (one is not begun or one.line)), None):
        checked.fault("field", _overlap(met, row.row, AUTHORISED_ALREADY))
    if begun is not None and not begun.line:
        replace(checked, begun.row, {"valid_to": asked.last}, recorded=recorded, shown={"valid_to": "authorised_to"})
    else:
        if not any(one.covers(asked.first) for one in _held(person, found, institution, context)):
            checked.fault("authorised_from", NO_POST)
        values = {
            **recorded, "person_id": person, "institution_id": str(institution.pk), "field": asked.what,
            "valid_from": asked.first, "valid_to": asked.last,
        }  # fmt: skip
        checked.operations.append(Operation("insert", "people.Authorisation", values=values))
    _keep(context, "authorised", whose, ends)


AUTHORISED_ALREADY: Text = t(
    "The person is authorised for this field on some of these days already.", "该人员在部分日期内已获该领域授权。"
)
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
