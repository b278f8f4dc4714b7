"""Write the made-up network into an empty database, in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import connection, models, transaction

from zhunsheng.capability.evidence import actions as evidence
from zhunsheng.faces.demo.national.rows import EDITIONS, Lab, National
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.registry.catalogue.actions import enter_matrices, enter_methods, enter_parameters
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.equipment.rules import serial_key
from zhunsheng.registry.institutions.models import Certificate, Institution
from zhunsheng.registry.people.models import Authorisation, Person, Post
from zhunsheng.registry.scopes.models import ScopeLine

Row = Sequence[Any]
Progress = Callable[[str, int], None]
CHUNK = 20_000
KNOWN_BEFORE = timedelta(days=1)


class NotEmpty(Exception):
    """The register holds institutions already."""


def load(network: National, *, progress: Progress = lambda what, n: None) -> dict[str, int]:
    """Write everything; return how many rows of each kind. Raises NotEmpty when there are institutions already."""
    if Institution.objects.exists():
        raise NotEmpty
    return dict(Writer(network, progress).everything())


class Writer:
    """Writes table after table, each in a transaction of its own with its journal row."""

    def __init__(self, network: National, progress: Progress) -> None:
        self.network, self.progress = network, progress
        self.at = network.at - KNOWN_BEFORE

    def everything(self) -> Iterator[tuple[str, int]]:
        self.catalogue()
        for what, model, columns, rows in (
            ("institutions", Institution, INSTITUTION, map(institution, self.network.labs)),
            ("certificates", Certificate, CERTIFICATE, self.certificates()),
            ("people", Person, PERSON, self.people()),
            ("posts", Post, POST, self.posts()),
            ("authorisations", Authorisation, AUTHORISATION, self.authorisations()),
            ("instruments", Instrument, INSTRUMENT, self.instruments()),
            ("calibrations", Calibration, CALIBRATION, self.calibrations()),
            ("scope lines", ScopeLine, SCOPE_LINE, self.scope_lines()),
            ("instruments of scope lines", ScopeLine.instruments.through, USES, self.uses()),
        ):
            yield what, self.write(what, model, columns, rows)
        yield "evidence", self.results()
        self.analyse()

    def catalogue(self) -> None:
        enter_parameters(
            [Parameter(code=c, name_zh=z, name_en=e, cas=n) for c, z, e, n in self.network.parameters],
            actor=None, at=self.at,
        )  # fmt: skip
        enter_matrices(
            [Matrix(code=c, name_zh=z, name_en=e, field=f) for c, z, e, f in self.network.matrices],
            actor=None, at=self.at,
        )  # fmt: skip
        enter_methods(
            [Method(number=n, name_zh=f"示范方法 {n}", name_en=f"Sample method {n}") for n in self.network.methods],
            actor=None, at=self.at,
        )  # fmt: skip
        self.parameter = keys(Parameter, "code", [one[0] for one in self.network.parameters])
        self.matrix = keys(Matrix, "code", [one[0] for one in self.network.matrices])
        self.method = keys(Method, "number", self.network.methods)

    @transaction.atomic
    def write(self, what: str, model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> int:
        """Write rows in chunks and one journal row for all; return how many there were."""
        written, rows = 0, iter(rows)
        insert = copy_in if connection.vendor == "postgresql" else insert_many
        while chunk := list(islice(rows, CHUNK)):
            insert(model, columns, chunk)
            written += len(chunk)
            self.progress(what, written)
        journal.record(
            "load_made_up_network", actor=None, at=self.at, subject=model._meta.label_lower,
            after={"rows": written, "seed": self.network.seed, "institutions": self.network.institutions},
        )  # fmt: skip
        return written

    def certificates(self) -> Iterator[Row]:
        for lab, number, start, end in self.network.certificates():
            yield lab.pk, "CMA", number, "", start, end, self.at

    def people(self) -> Iterator[Row]:
        for lab in self.network.labs:
            for n, role in enumerate(("质量负责人", "授权签字人")):
                yield self.network.key("person", 2 * lab.number + n), f"示范{role} {lab.number + 1}", ""

    def posts(self) -> Iterator[Row]:
        start = self.network.today - timedelta(days=900)
        for lab in self.network.labs:
            for n, kind in enumerate(("quality_manager", "signatory")):
                yield self.network.key("person", 2 * lab.number + n), lab.pk, kind, start

    def authorisations(self) -> Iterator[Row]:
        start = self.network.today - timedelta(days=900)
        for lab in self.network.labs:
            yield self.network.key("person", 2 * lab.number + 1), lab.pk, lab.field.code, start, self.at

    def instruments(self) -> Iterator[Row]:
        for lab in self.network.labs:
            serial = f"SF-{lab.number:06d}"
            yield (
                self.network.key("instrument", lab.number), lab.pk, serial, serial_key(serial), f"ZC-{lab.number:06d}",
                f"ZC{lab.number:06d}", "", "", "示范分析仪", "Sample analyser",
            )  # fmt: skip

    def calibrations(self) -> Iterator[Row]:
        for lab in self.network.labs:
            start = self.network.today - timedelta(days=(lab.number * 37) % 400)
            yield (
                self.network.key("instrument", lab.number), "calibration", f"JZ{lab.number:08d}", "", "", start,
                start + timedelta(days=364), self.at,
            )  # fmt: skip

    def scope_lines(self) -> Iterator[Row]:
        for key, series, lab, region, parameter, matrix, method, status, start, end in self.network.scope():
            yield (
                key, series, lab, region, self.parameter[parameter], self.matrix[matrix], self.method[method],
                "", "", "", "", "", status, start, end, self.at,
            )  # fmt: skip

    def uses(self) -> Iterator[Row]:
        """Every line of the first hundredth of the institutions names its instrument; a full link table would double the size."""
        some = {lab.pk: self.network.key("instrument", lab.number) for lab in self.network.labs[::100]}
        for key, _, lab, *_ in self.network.scope():
            if lab in some:
                yield key, some[lab]

    @transaction.atomic
    def results(self) -> int:
        """Results in rounds for one line of every fifth institution, three rounds each, through the ledger's own verb."""
        seen: set[Any] = set()
        shown: list[evidence.Shown] = []
        fifth = {lab.pk for lab in self.network.labs[::5]}
        for _, _, lab, _, parameter, matrix, *_ in self.network.scope():
            if lab in fifth and lab not in seen:
                seen.add(lab)
                shown += [self.result(lab, self.parameter[parameter], self.matrix[matrix], n) for n in range(3)]
        lines = evidence.lines(shown, at=self.at, source_sha256="0" * 64)
        entry = journal.record(
            "load_made_up_network", actor=None, at=self.at, subject="evidence.evidence", covers=lines,
            after={"rows": len(lines)},
        )  # fmt: skip
        return evidence.record(lines, entry=entry)

    def result(self, lab: Any, parameter: int, matrix: int, n: int) -> evidence.Shown:
        score = round(((lab.int >> 80) * 2654435761 + n * 40503) % 1000 / 1000 * 5 - 2.5, 2)
        score = score + 2 if n == 0 and (lab.int >> 80) % 40 == 0 else score
        signal = "action" if abs(score) >= 3 else "warning" if abs(score) > 2 else "acceptable"
        payload = {
            "round": f"SF-{EDITIONS[-3 + n]}", "result": f"{10 + score:.2f}", "unit": "mg/kg", "score_kind": "z", "score": score,
            "zeta": None, "e_n": None, "signal": signal, "assigned_value": 10.0, "u_assigned": 0.1, "sigma_pt": 1.0, "n": 100,
            "method": "made up", "engine": "made up",
        }  # fmt: skip
        return evidence.Shown(
            institution_id=lab, parameter_id=parameter, matrix_id=matrix, kind="proficiency_result", version=1,
            payload=payload, occurred_on=self.network.today - timedelta(days=900 - 280 * n), source=f"sample:{n}",
        )  # fmt: skip

    def analyse(self) -> None:
        """Let the database count its rows, so that it plans as it would after a night."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


INSTITUTION = (
    "id", "kind", "uscc", "uscc_reason", "name_zh", "name_en", "former_names", "level", "legal_kind", "legal_representative",
    "region_code", "address", "latitude", "longitude",
)  # fmt: skip
CERTIFICATE = ("institution_id", "scheme", "number", "issuer", "valid_from", "valid_to", "recorded_at")
PERSON = ("id", "name", "identity_masked")
POST = ("person_id", "institution_id", "kind", "valid_from")
AUTHORISATION = ("person_id", "institution_id", "field", "valid_from", "recorded_at")
INSTRUMENT = (
    "id", "institution_id", "serial", "serial_key", "inventory_number", "inventory_key", "manufacturer", "model", "name_zh", "name_en",
)  # fmt: skip
CALIBRATION = (
    "instrument_id", "kind", "certificate", "performed_by", "uncertainty", "valid_from", "valid_to", "recorded_at",
)  # fmt: skip
SCOPE_LINE = (
    "id", "series", "institution_id", "region_code", "parameter_id", "matrix_id", "method_id", "low", "high", "unit",
    "uncertainty", "limits", "status", "valid_from", "valid_to", "recorded_at",
)  # fmt: skip
USES = ("scopeline_id", "instrument_id")


def institution(lab: Lab) -> Row:
    """The columns of one institution."""
    level = "provincial" if lab.public and lab.number % 7 == 0 else "county" if lab.public else ""
    kind = "public_institution" if lab.public else "company"
    address = f"{lab.region.name.zh}示范路 {lab.number % 900 + 1} 号"
    return (
        lab.pk, "laboratory", lab.uscc, "", lab.name_zh, lab.name_en, "", level, kind, "", lab.region.code, address,
        lab.region.latitude, lab.region.longitude,
    )  # fmt: skip


def keys(model: type[models.Model], field: str, names: Sequence[str]) -> list[int]:
    """The keys of rows named by a unique field, in the order of the names."""
    by_name = dict(model._default_manager.values_list(field, "pk"))
    return [by_name[name] for name in names]


def insert_many(model: type[models.Model], columns: Sequence[str], rows: list[Row]) -> None:
    """Rows into a table of SQLite: `bulk_create` would take a hundred times as long for a million."""
    by_column = {field.column: field for field in model._meta.concrete_fields}
    fields = [by_column[name] for name in columns]
    prepared = [
        tuple(field.get_db_prep_value(value, connection) for field, value in zip(fields, row, strict=True))
        for row in rows
    ]
    names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks})', prepared)  # noqa: S608 -- our names


def copy_in(model: type[models.Model], columns: Sequence[str], rows: list[Row]) -> None:
    """Rows into a table of PostgreSQL by COPY."""
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)
