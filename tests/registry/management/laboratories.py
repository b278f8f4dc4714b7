"""Laboratories with approvals and records, made through the verbs."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from zhunsheng.registry.institutions.actions import enter_certificates, enter_institutions
from zhunsheng.registry.institutions.models import Certificate, Institution
from zhunsheng.registry.management.actions import enter_record
from zhunsheng.registry.management.models import ManagementRecord

YEAR = 2025
AS_OF = date(2026, 4, 15)
"""Of 2025 everything is due by now; what was due by 2026-03-15 is open to the regulator."""
LONG_AGO = datetime(2024, 1, 5, 1, tzinfo=UTC)


def laboratories(
    n: int, *, region_code: str = "330106", approved: tuple[date, date] | None = (date(2024, 1, 1), date(2029, 12, 31))
) -> list[Institution]:
    made = [
        Institution(
            kind="laboratory",
            name_zh=f"检测室{region_code}-{i:03}",
            name_en=f"Lab {region_code}-{i:03}",
            region_code=region_code,
        )
        for i in range(n)
    ]
    enter_institutions(made, actor=None, at=LONG_AGO)
    if approved:
        approve(made, *approved)
    return made


def approve(institutions: Iterable[Institution], first: date, last: date, *, scheme: str = "CMA") -> None:
    certificates = [
        Certificate(
            institution=one, scheme=scheme, number=f"{scheme}{one.pk.hex[:20]}{first:%y%m}", valid_from=first,
            valid_to=last, recorded_at=LONG_AGO,
        )
        for one in institutions
    ]  # fmt: skip
    enter_certificates(certificates, actor=None, at=LONG_AGO)


def record(
    where: Institution, kind: str = "internal_audit", period: str = "2025", held_on: date = date(2025, 11, 3), at: datetime | None = None
) -> ManagementRecord:  # fmt: skip
    return enter_record(
        institution=where, kind=kind, period=period, held_on=held_on, title="内审报告", made_by="质量负责人", document=None,
        actor=None, at=at or datetime(held_on.year, held_on.month, held_on.day, 2, tzinfo=UTC),
    )  # fmt: skip
