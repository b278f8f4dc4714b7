"""Load the demonstration into an empty database, once."""

import json
import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from zhunsheng.activities.proficiency import actions as proficiency
from zhunsheng.activities.proficiency.follow.actions.opening import open_cases
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.faces.demo import SIGN_INS, registers
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import keep
from zhunsheng.foundation.signing import SigningKey
from zhunsheng.registry.catalogue.actions import (
    enter_matrices,
    enter_methods,
    enter_parameters,
    enter_standard_states,
    enter_standards,
)
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter, Standard, StandardState
from zhunsheng.registry.equipment.actions import enter_calibrations, enter_instruments
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.institutions.actions import enter_certificates, enter_institutions
from zhunsheng.registry.institutions.models import Certificate, Institution
from zhunsheng.registry.institutions.rules import organisation_check_character, uscc_check_character
from zhunsheng.registry.institutions.rules.certificates import AUTHORITIES
from zhunsheng.registry.people.actions import enter_authorisations, enter_people, enter_posts
from zhunsheng.registry.people.models import Authorisation, Person, Post
from zhunsheng.registry.scopes.actions import enter_scope_lines
from zhunsheng.registry.scopes.models import ScopeLine

SHARING = {"L06", "L12"}
"""The two laboratories that name one instrument in their scopes."""
LEFT_TO_RELEASE = "RM-PO-1"

REGIONS = ["110000", "330100", "350200", "440300", "510100", "610100"]
PROVINCE = "610000"
TESTING_MILK = ("510100", "610100")
"""Where the laboratories are that can test melamine in milk."""
REPLACED = "GB 5009.123-2014"
"""The edition before that of the third method."""
PARAMETERS = [
    ("mercury", "总汞", "Total mercury", "7439-97-6"), ("potassium", "钾", "Potassium", "7440-09-7"),
    ("chromium", "铬", "Chromium", "7440-47-3"), ("dietary-fibre", "总膳食纤维", "Total dietary fibre", ""),
    ("melamine", "三聚氰胺", "Melamine", "108-78-1"),
]  # fmt: skip
MATRICES = [
    ("feed", "饲料", "Feed", "feed"), ("crab-tissue", "蟹肉组织", "Crab tissue", "food"), ("apricot", "杏", "Apricot", "food"),
    ("milk", "乳及乳制品", "Milk and milk products", "food"),
]  # fmt: skip
METHODS = [
    ("GB/T 13081-2022", "饲料中汞的测定", "Determination of mercury in feed"),
    ("GB 5009.91-2017", "食品中钾、钠的测定", "Determination of potassium and sodium in foods"),
    ("GB 5009.123-2023", "食品中铬的测定", "Determination of chromium in foods"),
    ("GB 5009.88-2023", "食品中膳食纤维的测定", "Determination of dietary fibre in foods"),
    ("GB/T 22388-2008", "原料乳与乳制品中三聚氰胺检测方法", "Determination of melamine in raw milk and dairy products"),
]  # fmt: skip


def rounds() -> dict[str, dict[str, Any]]:
    """The published rounds."""
    found: dict[str, dict[str, Any]] = json.loads(
        (files(__package__) / "published_rounds.json").read_text(encoding="utf-8")
    )
    return found


def load(*, at: datetime, key: SigningKey) -> None:
    """Load everything, evaluate the rounds, release all but one: that is the coordinator's first task."""
    with transaction.atomic():
        Loader(at=at).everything()
    for round_ in Round.objects.order_by("performed_on"):
        evaluation = proficiency.evaluate(round_.pk, actor=coordinator(), at=at)
        if round_.number != LEFT_TO_RELEASE:
            proficiency.release(round_.pk, evaluation_id=evaluation.pk, actor=coordinator(), at=at, key=key)
            open_cases(round_, actor=coordinator(), at=at)


def coordinator() -> User:
    return User.objects.get(username="coordinator")


class Loader:
    """Builds the made-up network around the published results, on one day."""

    def __init__(self, *, at: datetime) -> None:
        self.at, self.day = at, at.date()
        self.random = random.Random(20260415)  # noqa: S311 -- made-up codes, the same on every machine
        self.institutions: dict[str, Institution] = {}

    def everything(self) -> None:
        self.users()
        self.catalogue()
        self.network()
        self.posts()
        self.capabilities()
        self.run_rounds()
        registers.plant(self)

    def ago(self, days: int) -> date:
        return self.day - timedelta(days=days)

    def before(self, days: int) -> datetime:
        return self.at - timedelta(days=days)

    def users(self) -> None:
        password = make_password(settings.DEMO_PASSWORD)
        User.objects.bulk_create(
            User(
                username=name, email=f"{name}@demo.invalid", password=password,
                is_superuser=name == "administrator", is_staff=name == "administrator",
            )
            for name, _ in SIGN_INS
        )  # fmt: skip
        self.user = {u.username: u for u in User.objects.all()}

    def catalogue(self) -> None:
        enter_parameters(
            [Parameter(code=c, name_zh=z, name_en=e, cas=n) for c, z, e, n in PARAMETERS], actor=None, at=self.at
        )
        enter_matrices(
            [Matrix(code=c, name_zh=z, name_en=e, field=f) for c, z, e, f in MATRICES], actor=None, at=self.at
        )
        enter_methods([Method(number=n, name_zh=z, name_en=e) for n, z, e in METHODS], actor=None, at=self.at)
        self.parameter = {p.code: p for p in Parameter.objects.all()}
        self.matrix = {m.code: m for m in Matrix.objects.all()}
        self.method = list(Method.objects.order_by("pk"))
        self.standards()

    def standards(self) -> None:
        """An edition for each method, and the one that one of them replaced; the days are made up and the source says so."""
        source = "演示数据，日期为虚构 Demonstration, days made up"
        made = [Standard(number=n, name_zh=z, name_en=e) for n, z, e in METHODS]
        older = Standard(number=REPLACED, name_zh=made[2].name_zh, name_en=made[2].name_en)
        enter_standards([*made, older], actor=None, at=self.at)
        current = [
            StandardState(standard=one, state="current", valid_from=self.ago(1500), source=source) for one in made
        ]
        was = StandardState(standard=older, state="current", valid_from=self.ago(4000), source=source)
        is_now = StandardState(
            standard=older, state="superseded", valid_from=self.ago(1500), replacement=made[2], source=source
        )
        enter_standard_states([*current, was, is_now], actor=None, at=self.at)

    def institution(self, key: str, kind: str, zh: str, en: str) -> Institution:
        n = len(self.institutions)
        code = REGIONS[n % len(REGIONS)]
        first8 = f"MA{n:06d}"
        first17 = "12" + code + first8 + organisation_check_character(first8)
        made = Institution(
            kind=kind, uscc=first17 + uscc_check_character(first17), name_zh=zh, name_en=en,
            region_code=code,
        )  # fmt: skip
        self.institutions[key] = made
        return made

    def network(self) -> None:
        self.institution("authority", "authority", "示范市场监督管理局", "Demonstration Authority").level = "national"
        self.institution("provider", "provider", "示范能力验证中心", "Demonstration Proficiency Testing Centre")
        for name in dict.fromkeys(row[0] for r in rounds().values() for row in r["rows"]):
            self.institution(name, "laboratory", f"示范实验室 {name}", f"Demonstration Laboratory {name}")
        self.institution("new", "laboratory", "示范实验室 新建", "Demonstration Laboratory New")
        province = self.institution(
            "province", "authority", "示范省级市场监督管理局", "Demonstration Provincial Authority"
        )
        province.level, province.region_code = "provincial", PROVINCE
        enter_institutions(list(self.institutions.values()), actor=None, at=self.at)
        enter_certificates(
            [
                Certificate(
                    institution=one, scheme="CMA", number=f"23{approving(one)}0011{n:04d}", valid_from=self.ago(700),
                    valid_to=self.ago(-1490) if one.name_en[-3:] != "L05" else self.ago(30), recorded_at=self.before(700),
                )
                for n, one in enumerate(self.laboratories(), 1)
            ],
            actor=None, at=self.at,
        )  # fmt: skip

    def laboratories(self) -> list[Institution]:
        return [one for one in self.institutions.values() if one.kind == "laboratory"]

    def posts(self) -> None:
        held = [
            ("coordinator", "provider", "coordinator"), ("regulator", "authority", "regulator"),
            ("province", "province", "regulator"),
            ("laboratory", "L08", "quality_manager"), ("laboratory-technical", "L08", "technical_manager"),
            ("laboratory-admin", "L08", "institution_admin"), ("client", "L08", "client"),
            ("laboratory-no", "L04", "quality_manager"),
            ("laboratory-unknown", "new", "quality_manager"),
        ]  # fmt: skip
        people = [Person(name=f"演示用户 {name}", user=self.user[name]) for name, _, _ in held]
        signing = [Person(name=f"授权签字人 {one.name_en.split()[-1]}") for one in self.laboratories()]
        enter_people(people + signing, actor=None, at=self.at)
        posts = [
            Post(person=person, institution=self.institutions[where], kind=kind, valid_from=self.ago(700))
            for person, (_, where, kind) in zip(people, held, strict=True)
        ]
        posts += [
            Post(person=person, institution=one, kind="signatory", valid_from=self.ago(700))
            for person, one in zip(signing, self.laboratories(), strict=True)
        ]
        enter_posts(posts, actor=None, at=self.at)
        enter_authorisations(
            [
                Authorisation(
                    person=person, institution=one, field=field, valid_from=self.ago(700), recorded_at=self.before(700)
                )
                for person, one in zip(signing, self.laboratories(), strict=True)
                for field in ("feed", "food")
            ],
            actor=None,
            at=self.at,
        )

    def capabilities(self) -> None:
        """Each laboratory is approved for what it was tested in; the new one for mercury in feed, untested."""
        items: dict[str, set[tuple[str, str]]] = {"new": {("mercury", "feed")}}
        for r in rounds().values():
            for row in r["rows"]:
                items.setdefault(row[0], set()).add((r["parameter"], r["matrix"]))
        for name in items:
            if self.institutions[name].region_code in TESTING_MILK:
                items[name].add(("melamine", "milk"))
        method = dict(zip((p[0] for p in PARAMETERS), self.method, strict=True))
        instruments = [
            Instrument(
                institution=self.institutions[name],
                serial="ZS-2020-0412" if name in SHARING else f"ZS-{n:04d}",
                manufacturer="示范仪器厂" if name in SHARING else "",
                name_zh="原子光谱仪",
                name_en="Atomic spectrometer",
            )
            for n, name in enumerate(items, 1)
        ]
        enter_instruments(instruments, actor=None, at=self.at)
        late = {"L09"}  # whose calibration has run out
        enter_calibrations(
            [
                Calibration(
                    instrument=one, certificate=f"CAL-{name}-{one.serial[-4:]}", valid_from=self.ago(300),
                    valid_to=self.ago(20) if name in late else self.ago(-65), recorded_at=self.before(300),
                )
                for name, one in zip(items, instruments, strict=True)
            ],
            actor=None, at=self.at,
        )  # fmt: skip
        lines = [
            ScopeLine(
                institution=self.institutions[name], parameter=self.parameter[p], matrix=self.matrix[m], method=method[p],
                valid_from=self.ago(700), recorded_at=self.before(700),
            )
            for name, wanted in items.items()
            for p, m in sorted(wanted)
        ]  # fmt: skip
        instrument_of = {one.institution_id: [one] for one in instruments}
        enter_scope_lines(
            lines, instruments={line.pk: instrument_of[line.institution_id] for line in lines}, actor=None, at=self.at
        )

    def run_rounds(self) -> None:
        for r in rounds().values():
            attachment = keep(
                name=f"{r['number']}.csv", content=self.results_file(r), actor=self.user["coordinator"], at=self.at
            )
            proficiency.create_round(
                attachment=attachment, number=r["number"], title_zh=r["title"]["zh"], title_en=r["title"]["en"],
                performed_on=self.ago(r["days_ago"]), assigned=r["assigned"], u_assigned=r["u_assigned"], sigma=r["sigma"],
                catalogue={0: (self.parameter[r["parameter"]], self.matrix[r["matrix"]])},
                commissioned_by=self.institutions["authority"] if r["parameter"] == "mercury" else None,
                provider=self.institutions["provider"], actor=self.user["coordinator"], at=self.at, draw=self.random,
            )  # fmt: skip

    def results_file(self, r: dict[str, Any]) -> bytes:
        """The round's results as the file that a coordinator would upload."""
        full = any(len(row) == 4 for row in r["rows"])
        header: Sequence[str] = ["laboratory", "result", *(["uncertainty", "k"] if full else []), "unit"]
        lines = [",".join([self.institutions[row[0]].name_en, *row[1:], r["unit"]]) for row in r["rows"]]
        return ("\n".join([",".join(header), *lines]) + "\n").encode()


def approving(institution: Institution) -> str:
    """The code of the authority of its province in the numbers of CMA certificates."""
    return next(code for code, (province, _) in AUTHORITIES.items() if province == institution.region_code[:2])
