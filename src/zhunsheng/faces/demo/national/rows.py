"""The rows of the made-up network, from a seed; knows no database."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from zhunsheng.faces.demo.national.words import BRANDS, BUSINESS, FAMILIES, FIELDS, PUBLIC, PUBLIC_EN, Field
from zhunsheng.registry.institutions.rules import organisation_check_character, uscc_check_character
from zhunsheng.registry.regions import Region, children, provinces
from zhunsheng.registry.scopes.rules import series_of

EDITIONS = (2012, 2014, 2016, 2018, 2020, 2022, 2024)
FIRST_DAY = date(2019, 1, 1)
AUTHORITY_CODES = {
    "11": "01", "12": "02", "13": "03", "14": "04", "15": "05", "21": "06", "22": "07", "23": "08", "31": "09", "32": "10",
    "33": "11", "34": "12", "35": "13", "36": "14", "37": "15", "41": "16", "42": "17", "43": "18", "44": "19", "45": "20",
    "46": "21", "50": "22", "51": "23", "52": "24", "53": "25", "54": "26", "61": "27", "62": "28", "63": "29", "64": "30",
    "65": "31",
}  # fmt: skip
"""Province (GB/T 2260) → the code of its approving authority in a CMA number, which is another numbering."""


@dataclass(frozen=True, slots=True)
class Lab:
    """One made-up institution."""

    pk: uuid.UUID
    number: int
    name_zh: str
    name_en: str
    uscc: str
    region: Region
    field: Field
    public: bool


@dataclass(frozen=True)
class National:
    """The whole network: `institutions` of them, about `lines` scope lines, the same for the same `seed`."""

    institutions: int
    lines: int
    seed: int
    at: datetime

    @property
    def today(self) -> date:
        return self.at.date()

    @cached_property
    def counties(self) -> list[tuple[Region, Region]]:
        """Every county with the prefecture, else the province, above it."""
        found = []
        for province in provinces(self.today):
            if province.code[:2] not in AUTHORITY_CODES:
                continue
            for prefecture in children(province.code, self.today):
                below = children(prefecture.code, self.today)
                found += [(one, prefecture) for one in below] or [(prefecture, province)]
        return found

    # The catalogue

    @cached_property
    def parameters(self) -> list[tuple[str, str, str, str]]:
        """Code, Chinese, English, CAS registry number; each once."""
        seen: dict[str, tuple[str, str, str, str]] = {}
        for family in FAMILIES.values():
            for zh, en, cas in family:
                code = "".join(c if c.isalnum() else "-" for c in en.lower().replace("'", "")).strip("-")
                seen.setdefault(code, (code, zh, en, cas))
        return list(seen.values())

    @cached_property
    def matrices(self) -> list[tuple[str, str, str, str]]:
        """Code, Chinese, English, field."""
        return [
            (f"{field.code}-{n:02d}", zh, en, field.code)
            for field in FIELDS
            for n, (zh, en) in enumerate(field.matrices, 1)
        ]

    @cached_property
    def combinations(self) -> dict[str, list[tuple[int, int, int]]]:
        """For each field the (parameter, matrix, method) that its laboratories choose from, as positions in the lists."""
        place = {name: n for n, (_, _, name, _) in enumerate(self.parameters)}
        matrix = {(f, en): n for n, (_, _, en, f) in enumerate(self.matrices)}
        found: dict[str, list[tuple[int, int, int]]] = {}
        for field in FIELDS:
            tested = [place[en] for family in field.families for _, en, _ in FAMILIES[family]]
            found[field.code] = [
                (p, matrix[field.code, en], self.method(field, p, edition))
                for _, en in field.matrices
                for p in tested
                for edition in range(len(EDITIONS))
            ]
        return found

    @cached_property
    def _methods(self) -> dict[str, int]:
        return {}

    def method(self, field: Field, parameter: int, edition: int) -> int:
        number = f"{field.prefix}.{parameter + 1}-{EDITIONS[edition]}"
        return self._methods.setdefault(number, len(self._methods))

    @cached_property
    def methods(self) -> list[str]:
        self.combinations  # noqa: B018 -- naming the methods is a part of combining
        return list(self._methods)

    # The institutions

    @cached_property
    def labs(self) -> list[Lab]:
        draw = np.random.default_rng([self.seed, 1])
        shares = np.array([field.share for field in FIELDS], dtype=float)
        fields = draw.choice(len(FIELDS), self.institutions, p=shares / shares.sum())
        where = draw.integers(len(self.counties), size=self.institutions)
        brands = draw.integers(len(BRANDS), size=(self.institutions, 3))
        kinds = draw.random(self.institutions)
        return [
            self.lab(n, FIELDS[fields[n]], self.counties[where[n]], brands[n], public=bool(kinds[n] < 0.19))
            for n in range(self.institutions)
        ]

    def lab(self, n: int, field: Field, where: tuple[Region, Region], brand: Any, *, public: bool) -> Lab:
        county, above = where
        if public:
            kind = int(brand[0]) % len(PUBLIC)
            zh, en = f"{county.name.zh}示范{PUBLIC[kind]}", f"{county.name.en} Sample {PUBLIC_EN[kind]}"
        else:
            mark = "".join(BRANDS[i] for i in brand)
            zh = f"{above.name.zh.removesuffix('市')}示范{mark}{field.zh}检测{BUSINESS[int(brand[0]) % len(BUSINESS)]}"
            en = f"{above.name.en} Sample {field.en} Testing Co., Ltd. {n + 1}"
        first8 = f"M{n:07d}"
        first17 = ("12" if public else "91") + county.code + first8 + organisation_check_character(first8)
        return Lab(
            pk=self.key("institution", n), number=n, name_zh=f"{zh}（{n + 1}）", name_en=f"{en} ({n + 1})" if public else en,
            uscc=first17 + uscc_check_character(first17), region=county, field=field, public=public,
        )  # fmt: skip

    def key(self, kind: str, n: int) -> uuid.UUID:
        """A key that rises with n, so that indexes grow at their end (RFC 9562, 5.8: version 8)."""
        tag = ("institution", "line", "instrument", "person").index(kind) + 1
        return uuid.UUID(int=tag << 112 | n << 80 | 8 << 76 | 2 << 62 | self.seed & 0xFFFF)

    def certificates(self) -> Iterator[tuple[Lab, str, date, date]]:
        """The CMA certificate of each: number, first and last day; one in ten has ended."""
        serials: dict[str, int] = {}
        for lab in self.labs:
            start = self.today - timedelta(days=10 + (lab.number * 7919) % 2100)
            if lab.number % 10 == 3:
                start = self.today - timedelta(days=2192 + lab.number % 300)
            first8 = f"{start:%y}{AUTHORITY_CODES[lab.region.code[:2]]}{lab.field.cma}11"
            serials[first8] = serials.get(first8, 0) + 1
            end = date(start.year + 6, start.month, min(start.day, 28)) - timedelta(days=1)
            yield lab, f"{first8}{serials[first8]:04d}", start, end

    # What they can do

    def scope(self) -> Iterator[tuple[Any, ...]]:
        """The scope lines: institution, positions of parameter, matrix and method, region, status, validity, when known."""
        draw = np.random.default_rng([self.seed, 2])
        wanted = self.wanted(draw.lognormal(0.0, 0.9, self.institutions))
        n = 0
        for lab in self.labs:
            choice = self.combinations[lab.field.code]
            for position in draw.permutation(len(choice))[: wanted[lab.number]]:
                yield self.line(n, lab, choice[position], float(draw.random()))
                n += 1

    def wanted(self, weights: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """How many lines each has: by weight, but none more than its field has; what that leaves over goes to the others."""
        most = np.array([len(self.combinations[lab.field.code]) for lab in self.labs])
        share = np.ones(self.institutions)
        for _ in range(20):
            share = np.minimum(
                most, np.maximum(1, weights * (self.lines - share[share >= most].sum()) / weights[share < most].sum())
            )
        return np.round(share).astype(int)

    def line(self, n: int, lab: Lab, what: tuple[int, int, int], chance: float) -> tuple[Any, ...]:
        parameter, matrix, method = what
        start = FIRST_DAY + timedelta(days=int(chance * 2300))
        status = "self_suspended" if chance < 0.01 else "cancelled" if chance > 0.995 else "active"
        end = self.today - timedelta(days=int(chance * 1000)) if 0.90 < chance < 0.93 else None
        if end is not None and end < start:
            end = start
        series = series_of(institution=lab.pk, site=None, parameter=parameter, matrix=matrix, method=method)
        return (
            self.key("line", n), series, lab.pk, lab.region.code, parameter, matrix, method, status, start, end,
        )  # fmt: skip
