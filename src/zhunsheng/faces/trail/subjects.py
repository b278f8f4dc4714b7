"""Things as the subjects of acts: "kind:key", as the journal writes it."""

from typing import Any

from django.db.models import CharField, Func, QuerySet, UUIDField, Value
from django.db.models.functions import Cast, Concat


class _Hyphened(Func):
    """A key as a subject has it: SQLite keeps a UUID without its hyphens."""

    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(
            compiler, connection, **context,
            template="(substr(%(expressions)s,1,8)||'-'||substr(%(expressions)s,9,4)||'-'||substr(%(expressions)s,13,4)"
            "||'-'||substr(%(expressions)s,17,4)||'-'||substr(%(expressions)s,21))",
        )  # fmt: skip

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, template="(%(expressions)s)::text", **context)


def keys(things: QuerySet[Any]) -> QuerySet[Any]:
    """Their keys as texts, as subjects and JSON have them."""
    return things.order_by().annotate(key_=_key(things)).values("key_")


def subjects(kind: str, things: QuerySet[Any]) -> QuerySet[Any]:
    """The things as subjects of acts."""
    named = things.order_by().annotate(subject_=Concat(Value(f"{kind}:"), _key(things), output_field=CharField()))
    return named.values("subject_")


def _key(things: QuerySet[Any]) -> Any:
    return _Hyphened("pk") if isinstance(things.model._meta.pk, UUIDField) else Cast("pk", CharField())
