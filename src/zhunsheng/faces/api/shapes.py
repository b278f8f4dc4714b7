"""The shapes of what is asked and answered, shared by the endpoints; fields are named one by one, so that none slips in."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from zhunsheng.faces.lists import EARLIEST, LATEST
from zhunsheng.foundation.bilingual import Text

Words = Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")]
Code = Annotated[str, Field(pattern=r"^[0-9]{6}$", description="GB/T 2260, six digits")]
Slug = Annotated[str, Field(max_length=64, pattern=r"^[-a-zA-Z0-9_]+$")]
Day = Annotated[date, Field(ge=EARLIEST, le=LATEST, description=f"a day from {EARLIEST} to {LATEST}")]
Limit = Annotated[int, Field(ge=1, le=100)]
Cursor = Annotated[
    str, Field(max_length=600, pattern=r"^[-A-Za-z0-9_=.:~,]*$", description="`next` of the page before")
]


class Names(Schema):
    """A name in both languages."""

    zh: str
    en: str

    @classmethod
    def of(cls, text: Text) -> "Names":
        return cls(zh=text.zh, en=text.en)


class RegionShape(Schema):
    code: str
    name: Names
    level: str
    parent: str
    valid_from: date
    valid_to: date | None
    successors: list[str]
    latitude: float
    longitude: float


class InstitutionShape(Schema):
    """What the public knows of an institution."""

    id: UUID
    kind: str
    level: str
    uscc: str | None
    name: Names
    region_code: str
    region: Names
    address: str


class CertificateShape(Schema):
    scheme: str
    number: str
    valid_from: date
    valid_to: date
    holds: bool


class SiteShape(Schema):
    name: Names
    address: str
    region_code: str


class InstitutionDetail(InstitutionShape):
    """An institution with its sites and certificates as they stand on a day."""

    on: date
    known_on: date
    former_names: list[str]
    sites: list[SiteShape]
    certificates: list[CertificateShape]


class NamedShape(Schema):
    code: str
    name: Names


class ParameterShape(NamedShape):
    cas: str


class MatrixShape(NamedShape):
    field: str


class MethodShape(Schema):
    number: str
    name: Names
    standard: str | None


class WorkingDays(Schema):
    """A period of working days; years without a list of holidays are counted by weekdays alone, and named."""

    start: date
    start_is_worked: bool
    count: int
    end: date
    years_without_calendar: list[int]


class StandardShape(Schema):
    """A standard with the state it had on a day, as known on a day."""

    number: str
    title: Names
    state: str | None
    valid_from: date | None
    replaced_by: str | None


class ScopeLineShape(Schema):
    series: UUID
    institution: UUID
    institution_name: Names
    parameter: NamedShape
    matrix: NamedShape
    method: str
    region_code: str
    low: str
    high: str
    unit: str
    uncertainty: str
    limits: str
    status: str
    valid_from: date
    valid_to: date | None


class Page(Schema):
    """One page; `next` asks for the one after and is empty at the end."""

    next: str


class InstitutionPage(Page):
    items: list[InstitutionShape]


class ScopePage(Page):
    on: date
    known_on: date
    items: list[ScopeLineShape]


class EvidenceShape(Schema):
    id: UUID
    kind: str
    institution: UUID
    parameter: str
    matrix: str
    occurred_on: date
    recorded_at: datetime
    source_sha256: str
    payload: dict[str, Any]


class EvidencePage(Page):
    items: list[EvidenceShape]


class InstrumentShape(Schema):
    serial: str
    in_date: bool
    valid_to: date | None


class CapabilityShape(Schema):
    """The gates of a capability on a day, and the evidence that the asker may see."""

    institution: UUID
    parameter: NamedShape
    matrix: NamedShape
    on: date
    known_on: date
    certificates: list[CertificateShape]
    scope: list[ScopeLineShape]
    instruments: list[InstrumentShape]
    signatories: int
    evidence: list[EvidenceShape]


class DecisionShape(Schema):
    """An answer, with the whole trace of its rules."""

    id: UUID
    institution: UUID
    parameter: str
    matrix: str
    on: date
    known_on: date
    asked_at: datetime
    answer: str
    policy: str
    sha256: str
    recomputes: bool
    verdict: dict[str, Any]


class SubstanceMethodShape(Schema):
    standing: str
    standard: str
    title: Names
    checked: bool


class SubstanceShape(Schema):
    """A substance of the lists of non-food substances; `has_method` is false where the list names none."""

    number: int
    name: Names
    cas: list[str]
    foods: list[Names]
    has_method: bool
    methods: list[SubstanceMethodShape]


class NearShape(Schema):
    """A laboratory that can test it; signals and suspension only as far as the asker may see the evidence."""

    institution: UUID
    name: Names
    km: float
    exact: bool
    region_code: str
    scope: list[ScopeLineShape]
    signals: list[str]
    suspended: bool


class NearPage(Schema):
    """The nearest, and how many there are within the distance."""

    on: date
    known_on: date
    found: int
    items: list[NearShape]
