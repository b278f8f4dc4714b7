"""What a column really holds: SQLite takes several texts for one value, reads all of them alike, and compares them as different.

An identifier in capitals, a day without its zero, a "T" between day and time: the row reads as it was written, but no question finds it
any more. So whatever SQLite gives is held against the very text that would be written for it. PostgreSQL has one form for each value.
"""

from collections.abc import Callable, Iterator, Sequence
from math import isclose
from typing import Any

from django.db import connection
from django.db import models as m

AT_ONCE = 500
Row = tuple[Any, ...]


class Unreadable:
    """Stands where a value cannot be read as what its column holds, or is kept in another form than it is written in."""

    def __str__(self) -> str:
        return "unreadable"


UNREADABLE = Unreadable()
OF_SEVERAL_FORMS = (
    m.UUIDField, m.DateField, m.TimeField, m.DurationField, m.DecimalField, m.BooleanField, m.JSONField,
)  # fmt: skip
"""What is made into something else when it is read. Text and whole numbers are compared as they are kept."""


class Kept(m.Func):
    """A column as it is kept; the sign, which changes nothing, hides the column's type from whoever would convert it."""

    template = "+%(expressions)s"

    def __init__(self, name: str) -> None:
        super().__init__(m.F(name), output_field=m.Field())


class Columns:
    """Some columns of a table, asked for with what is really kept in those that have several forms."""

    def __init__(self, model: type[m.Model], names: Sequence[str]) -> None:
        self.names, self.width = names, len(names) + 1
        known: dict[str, m.Field[Any, Any]] = {field.attname: field for field in model._meta.concrete_fields}
        fields = [(place, known[name]) for place, name in enumerate(names, start=1)]
        sqlite = connection.vendor == "sqlite"
        self.forms = [(place, field, same(field)) for place, field in fields if sqlite and has_several_forms(field)]
        self.bytes = [place for place, field in fields if sqlite and isinstance(field, m.BinaryField)]

    def of(self, rows: m.QuerySet[Any]) -> list[tuple[Any, Row]]:
        """Key and values of these rows. Raises ValueError or TypeError if one of them cannot be read."""
        kept = [Kept(self.names[place - 1]) for place, _, _ in self.forms]
        return [(row[0], self._checked(row)) for row in rows.values_list("pk", *self.names, *kept)]

    def _checked(self, row: Row) -> Row:
        wrong = list(self._wrong(row))
        if not wrong:
            return row[1 : self.width]
        return tuple(UNREADABLE if place in wrong else row[place] for place in range(1, self.width))

    def _wrong(self, row: Row) -> Iterator[int]:
        for number, (place, field, are_same) in enumerate(self.forms, start=self.width):
            if not are_same(row[number], field.get_db_prep_save(row[place], connection)):
                yield place
        for place in self.bytes:
            if isinstance(row[place], str):  # the same bytes as text, which equal no bytes
                yield place
        for place in range(1, self.width):
            if not is_text(row[place]):
                yield place


def is_text(value: Any) -> bool:
    """False for a text that was bytes of no UTF-8, see `reading.lossless`; anything else is none."""
    if not isinstance(value, str) or value.isascii():
        return True
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def has_several_forms(field: m.Field[Any, Any]) -> bool:
    """Can two different contents of such a column be read as the same value?"""
    while isinstance(field, m.ForeignKey):
        field = field.target_field
    return isinstance(field, OF_SEVERAL_FORMS) or hasattr(field, "from_db_value")


def same(field: m.Field[Any, Any]) -> Callable[[Any, Any], bool]:
    """How what is kept is compared with what would be written."""
    return _same_number if isinstance(field, m.DecimalField) else _equal


def _equal(kept: Any, written: Any) -> bool:
    return bool(kept == written)


def _same_number(kept: Any, written: Any) -> bool:
    """SQLite keeps a decimal as a binary number of some 16 digits, made from the text that was written."""
    if kept is None or written is None:
        return kept is written
    return isinstance(kept, int | float) and isclose(kept, float(written), rel_tol=4e-16)


def keys_of(model: type[m.Model]) -> Iterator[tuple[str, bool]]:
    """Every key of a table in order, and whether it is kept as it would be written."""
    field = model._meta.pk
    convert = connection.vendor == "sqlite" and has_several_forms(field)
    kept = Kept(field.attname) if convert else m.F("pk")
    for one in model._base_manager.order_by("pk").values_list(kept, flat=True).iterator(chunk_size=AT_ONCE):
        key = as_key(field, one) if convert else one
        yield str(one if key is None else key), not convert or one == field.get_db_prep_save(key, connection)


def as_key(field: m.Field[Any, Any], text: Any) -> Any:
    """A key as the table has it, from its text; None for a text that cannot be one."""
    try:
        return field.to_python(text)
    except Exception:  # whatever a field makes of nonsense
        return None
