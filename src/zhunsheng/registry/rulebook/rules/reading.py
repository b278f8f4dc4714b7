"""From data files to versions: every field named, nothing guessed. Raises BadRulebook with the file at fault."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from zhunsheng.foundation.bilingual import Text
from zhunsheng.registry.rulebook.rules.parts import (
    Article,
    Basis,
    Consequence,
    FindingClass,
    Measure,
    Regulation,
    Version,
)
from zhunsheng.registry.rulebook.rules.references import Numbering
from zhunsheng.registry.rulebook.states import Bound, Certainty, Kind, Unit

Data = Mapping[str, Any]
VERSION_FIELDS = {
    "regulation", "label", "published_on", "valid_from", "replaces", "replaces_outside", "coverage", "numbered_as",
    "date_certainty", "date_note", "certainty", "source", "articles", "consequences", "findings", "measures",
}  # fmt: skip
CONSEQUENCES = {one.name for one in fields(Consequence)}


class BadRulebook(Exception):
    """A data file, or a date that an installation set, cannot be what it says."""


def text(pair: Data) -> Text:
    return Text(en=pair["en"], zh=pair["zh"])


def regulation(row: Data) -> Regulation:
    return Regulation(row["id"], text(row["number"]), text(row["name"]), text(row["issuer"]))


def finding_class(row: Data) -> FindingClass:
    return FindingClass(
        row["code"],
        Kind(row["kind"]),
        text(row["name"]),
        text(row["evidence"]),
        row["since"],
        row.get("to_expert", False),
    )


def version(key: str, raw: Data, regulations: Mapping[str, Regulation], set_dates: Mapping[str, date]) -> Version:
    """One data file, named `<id>.<edition>`, with the date that this installation set, if it set one."""
    id_, _, edition = key.rpartition(".")
    try:
        return _version(id_, int(edition), raw, regulations[raw["regulation"]], set_dates.get(id_))
    except (KeyError, ValueError, TypeError) as fault:
        raise BadRulebook(f"{key}: {type(fault).__name__} {fault}") from fault


def _version(id_: str, edition: int, raw: Data, of: Regulation, set_date: date | None) -> Version:
    if strange := raw.keys() - VERSION_FIELDS:
        raise ValueError(f"unknown fields {sorted(strange)}")
    numbering: Numbering = raw.get("numbered_as", "article")
    consequences = {name: consequence(row) for name, row in raw.get("consequences", {}).items()}
    return Version(
        id=id_, edition=edition, regulation=of, label=text(raw["label"]), published_on=raw.get("published_on"),
        valid_from=set_date or raw["valid_from"], valid_to=None, replaces=tuple(raw["replaces"]),
        replaces_outside=text(raw["replaces_outside"]) if "replaces_outside" in raw else None, coverage=raw["coverage"],
        date_certainty=Certainty.SETTING if set_date else Certainty(raw["date_certainty"]),
        date_note=text(raw["date_note"]) if "date_note" in raw else None, certainty=Certainty(raw["certainty"]),
        source=text(raw["source"]), articles=articles(raw, numbering),
        findings={
            code: basis(row, id_, of, consequences, numbering) for code, row in raw.get("findings", {}).items()
        },
        measures={name: measure(name, row, id_, of, numbering) for name, row in raw.get("measures", {}).items()}, raw=raw,
    )  # fmt: skip


def basis(row: Data, id_: str, of: Regulation, consequences: Mapping[str, Consequence], numbering: Numbering) -> Basis:
    if strange := row.keys() - {"articles", "consequence", "only_if"}:
        raise ValueError(f"unknown fields {sorted(strange)}")
    follows = consequences[row["consequence"]] if "consequence" in row else None
    only_if = text(row["only_if"]) if "only_if" in row else None
    return Basis(id_, of, tuple(row["articles"]), follows, numbering, only_if)


def articles(raw: Data, numbering: Numbering) -> tuple[Article, ...]:
    rows: Sequence[Data] = raw.get("articles", ())
    return tuple(
        Article(row["no"], row["topic"], text(row), Certainty(row.get("certainty", raw["certainty"])), numbering)
        for row in rows
    )


def consequence(row: Data) -> Consequence:
    if strange := row.keys() - CONSEQUENCES:
        raise ValueError(f"unknown consequences {sorted(strange)}")
    return Consequence(**{**row, "under": tuple(row.get("under", ()))})


def measure(key: str, row: Data, id_: str, of: Regulation, numbering: Numbering) -> Measure:
    return Measure(
        key, text(row), row["value"], Unit(row["unit"]), Bound(row["bound"]), row["article"], id_, of, numbering
    )
