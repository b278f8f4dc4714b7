"""A fixed cast, made through the verbs, so that no test starts from a state that users cannot reach.

A coordinator of a provider, a regulator of an authority, quality managers of two laboratories that took part (one with an
acceptable score, one with an action signal), someone without a post, and an administrator, who sees no identities. The round
is the published one of mercury in feed (ISO 13528:2022, E.4); its other laboratories are unknown to the register.
"""

import random
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings

from zhunsheng.activities.proficiency import actions as proficiency
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.faces.demo.load import rounds
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import keep
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.signing import SigningKey
from zhunsheng.registry.catalogue.actions import enter_matrices, enter_parameters
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.institutions.actions import enter_institutions
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.actions import enter_people, enter_posts
from zhunsheng.registry.people.models import Person, Post

AT = datetime(2026, 4, 15, 1, 30, tzinfo=UTC)
"""The moment at which everybody acts."""
PERFORMED_ON = date(2026, 3, 2)
LABORATORY, OTHER_LABORATORY = "L08", "L04"
"""Published codes of the two registered laboratories: z = 0.00 and z = −4.70."""


def laboratory_name(published: str) -> str:
    return f"Example Laboratory {published}"


HANGZHOU, XIHU, BINJIANG = "330100", "330106", "330108"
"""The prefecture of most of the cast; the districts of the laboratory and of the other laboratory."""


def institution(kind: str, zh: str, en: str, *, region_code: str = HANGZHOU, level: str = "") -> Institution:
    made = Institution(kind=kind, name_zh=zh, name_en=en, region_code=region_code, level=level)
    enter_institutions([made], actor=None, at=AT)
    return made


def user_with_post(username: str, kind: str, where: Institution) -> User:
    user = User.objects.create_user(username=username, email=f"{username}@example.invalid", password="long-enough-42")
    person = Person(name=username.title(), user=user)
    enter_people([person], actor=None, at=AT)
    enter_posts([Post(person=person, institution=where, kind=kind, valid_from=date(2020, 1, 1))], actor=None, at=AT)
    return user


def institution_of(user: User) -> Institution:
    """Where a member of the cast holds the one post."""
    return Institution.objects.get(posts__person__user=user)


@pytest.fixture
def provider(db: None) -> Institution:
    return institution("provider", "示例能力验证提供者", "Example Proficiency Testing Provider")


@pytest.fixture
def authority(db: None) -> Institution:
    return institution("authority", "示例市场监督管理局", "Example Authority", level="prefecture")


@pytest.fixture
def coordinator(provider: Institution) -> User:
    return user_with_post("coordinator", "coordinator", provider)


@pytest.fixture
def regulator(authority: Institution) -> User:
    return user_with_post("regulator", "regulator", authority)


@pytest.fixture
def laboratory(db: None) -> User:
    where = institution("laboratory", f"示例实验室 {LABORATORY}", laboratory_name(LABORATORY), region_code=XIHU)
    return user_with_post("laboratory", "quality_manager", where)


@pytest.fixture
def other_laboratory(db: None) -> User:
    name = laboratory_name(OTHER_LABORATORY)
    where = institution("laboratory", f"示例实验室 {OTHER_LABORATORY}", name, region_code=BINJIANG)
    return user_with_post("other_laboratory", "quality_manager", where)


def regulating(username: str, zh: str, en: str, *, level: str, region_code: str) -> User:
    """A regulator of an authority that reaches as far as its level and region say."""
    return user_with_post(username, "regulator", institution("authority", zh, en, level=level, region_code=region_code))


@pytest.fixture
def national(db: None) -> User:
    return regulating("national", "示例国家局", "Example National Authority", level="national", region_code="110000")


@pytest.fixture
def province(db: None) -> User:
    return regulating("province", "示例省局", "Example Province", level="provincial", region_code="330000")


@pytest.fixture
def other_province(db: None) -> User:
    return regulating("other_province", "示例邻省局", "Example Neighbour", level="provincial", region_code="320000")


@pytest.fixture
def county(db: None) -> User:
    return regulating("county", "示例区局", "Example District", level="county", region_code=XIHU)


@pytest.fixture
def institution_admin(laboratory: User) -> User:
    """Administers the laboratory."""
    return user_with_post("institution_admin", "institution_admin", institution_of(laboratory))


@pytest.fixture
def integrity_officer(authority: Institution) -> User:
    return user_with_post("integrity_officer", "integrity_officer", authority)


@pytest.fixture
def client_enterprise(db: None) -> User:
    return user_with_post("client", "client", institution("laboratory", "示例委托方", "Example Client"))


@pytest.fixture
def outsider(db: None) -> User:
    return User.objects.create_user(username="outsider", password="long-enough-42")


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_superuser(username="administrator", password="long-enough-42")


@pytest.fixture
def mercury(db: None) -> Parameter:
    made = Parameter(code="mercury", name_zh="总汞", name_en="Total mercury", cas="7439-97-6")
    enter_parameters([made], actor=None, at=AT)
    return made


@pytest.fixture
def feed(db: None) -> Matrix:
    made = Matrix(code="feed", name_zh="饲料", name_en="Feed", field="feed")
    enter_matrices([made], actor=None, at=AT)
    return made


@pytest.fixture
def mercury_file(coordinator: User) -> Attachment:
    """The published results as the file that the coordinator uploads."""
    published = rounds()["mercury"]
    lines = ["laboratory,result,uncertainty,k,unit"]
    lines += [",".join([laboratory_name(code), *given, published["unit"]]) for code, *given in published["rows"]]
    return keep(name="mercury.csv", content=("\n".join(lines) + "\n").encode(), actor=coordinator, at=AT)


@pytest.fixture
def signing_key(tmp_path: Path) -> SigningKey:
    return SigningKey.load_or_make(settings.SIGNING_KEY)


@pytest.fixture
def mercury_round(
    coordinator: User,
    provider: Institution,
    authority: Institution,
    laboratory: User,
    other_laboratory: User,
    mercury: Parameter,
    feed: Matrix,
    mercury_file: Attachment,
) -> Round:
    """Results collected, nothing evaluated; the authority commissioned it and will receive identities."""
    published = rounds()["mercury"]
    return proficiency.create_round(
        attachment=mercury_file, number="IMEP-111", title_zh="饲料中总汞", title_en="Total mercury in feed",
        performed_on=PERFORMED_ON, assigned=published["assigned"], u_assigned=published["u_assigned"],
        sigma=published["sigma"], catalogue={0: (mercury, feed)}, commissioned_by=authority, provider=provider,
        draw=random.Random(111), actor=coordinator, at=AT,
    )  # fmt: skip


@pytest.fixture
def evaluated_round(mercury_round: Round, coordinator: User) -> Round:
    proficiency.evaluate(mercury_round.pk, actor=coordinator, at=AT)
    mercury_round.refresh_from_db()
    return mercury_round


@pytest.fixture
def released_round(evaluated_round: Round, coordinator: User, signing_key: SigningKey) -> Round:
    proficiency.release(
        evaluated_round.pk,
        evaluation_id=evaluated_round.evaluations.get().pk,
        actor=coordinator,
        at=AT,
        key=signing_key,
    )
    evaluated_round.refresh_from_db()
    return evaluated_round
