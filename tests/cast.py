"""A fixed cast, made through the verbs, so that no test starts from a state that users cannot reach.

A coordinator of a provider, a regulator of an authority, quality managers of two laboratories that took part (one with an
acceptable score, one with an action signal), someone without a post, and an administrator, who sees no identities. The round
is the published one of mercury in feed (ISO 13528:2022, E.4); its other laboratories are unknown to the register.
"""

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


def institution(kind: str, zh: str, en: str) -> Institution:
    made = Institution(
        kind=kind, name_zh=zh, name_en=en, region_code="330100"
    )  # fmt: skip
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
    return institution("authority", "示例市场监督管理局", "Example Authority")


@pytest.fixture
def coordinator(provider: Institution) -> User:
    return user_with_post("coordinator", "coordinator", provider)


@pytest.fixture
def regulator(authority: Institution) -> User:
    return user_with_post("regulator", "regulator", authority)


@pytest.fixture
def laboratory(db: None) -> User:
    where = institution("laboratory", f"示例实验室 {LABORATORY}", laboratory_name(LABORATORY))
    return user_with_post("laboratory", "quality_manager", where)


@pytest.fixture
def other_laboratory(db: None) -> User:
    where = institution("laboratory", f"示例实验室 {OTHER_LABORATORY}", laboratory_name(OTHER_LABORATORY))
    return user_with_post("other_laboratory", "quality_manager", where)


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
        actor=coordinator, at=AT,
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
