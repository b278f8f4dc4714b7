"""Open rounds that a change of a standard touches: told to their coordinator, to nobody else, at a constant number of questions."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import AT, PERFORMED_ON, institution_of, user_with_post
from tests.faces.pages import in_chinese, queries_of, text_of
from tests.faces.scopes.conftest import Ground
from tests.faces.test_export_rows import check_same
from zhunsheng.activities.proficiency import actions as proficiency
from zhunsheng.activities.proficiency.models import Round, RoundMeasurand
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.actions import enter_posts
from zhunsheng.registry.people.models import Person, Post
from zhunsheng.registry.scopes.models import ScopeLine

Clients = Callable[[User | None], Client]
WATCHES = ("office_round_watch", "office_watch", "workspace_watch")


@pytest.fixture
def milk_round(
    ground: Ground, coordinator: User, provider: Institution, authority: Institution, mercury_file: Attachment
) -> Round:
    """Melamine in milk, by whose method three lines of the laboratory go; its standard is superseded in 150 days."""
    return proficiency.create_round(
        attachment=mercury_file, number="PT-MILK", title_zh="乳中三聚氰胺", title_en="Melamine in milk",
        performed_on=PERFORMED_ON, assigned="algorithm-a", u_assigned="", sigma="algorithm-a",
        catalogue={0: (ground.parameters[0], ground.milk)}, commissioned_by=authority, provider=provider,
        actor=coordinator, at=AT,
    )  # fmt: skip


def everywhere(user: User, *places: tuple[str, Institution]) -> None:
    """Posts beside the one that the user has."""
    who = Person.objects.get(user=user)
    posts = [Post(person=who, institution=x, kind=kind, valid_from=date(2020, 1, 1)) for kind, x in places]
    enter_posts(posts, actor=None, at=AT)


def test_the_coordinator_reads_which_rounds_change_with_which_standard(
    client_of: Clients, coordinator: User, milk_round: Round
) -> None:
    client = client_of(coordinator)
    said = text_of(client.get(reverse("office_round_watch")))
    assert "PT-MILK" in said and "GB/T 22388-2008" in said and "by GB/T 22388-2026" in said and "Melamine in" in said
    assert reverse("office_round_watch") in client.get(reverse("office_rounds")).content.decode()
    assert "标准变更" in text_of(in_chinese(client).get(reverse("office_round_watch")))


def test_the_file_holds_its_rows(client_of: Clients, coordinator: User, milk_round: Round) -> None:
    Round.objects.filter(pk=milk_round.pk).update(title_en='=HYPERLINK("http://x")')
    client = client_of(coordinator)
    check_same(client, "office_round_watch", len(read_rows(client)))


def read_rows(client: Client) -> list[str]:
    page = client.get(reverse("office_round_watch")).content.decode()
    return page.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]


def test_who_commissioned_it_or_took_part_reads_nothing_of_an_open_round(
    client_of: Clients, regulator: User, laboratory: User, milk_round: Round
) -> None:
    stranger = user_with_post(
        "stranger", "coordinator", Institution.objects.create(kind="provider", name_zh="甲", name_en="A")
    )
    for user, name in ((regulator, "office_watch"), (laboratory, "workspace_watch"), (stranger, "office_round_watch")):
        page = client_of(user).get(reverse(name))
        assert page.status_code == 200 and "PT-MILK" not in text_of(page)
    assert client_of(regulator).get(reverse("office_round_watch")).status_code == 404


def test_who_regulates_or_works_for_a_laboratory_and_coordinates_reads_it_beside(
    client_of: Clients, coordinator: User, authority: Institution, laboratory: User, milk_round: Round
) -> None:
    everywhere(coordinator, ("regulator", authority), ("technical_manager", institution_of(laboratory)))
    client = client_of(coordinator)
    for name in WATCHES:
        assert "PT-MILK" in text_of(client.get(reverse(name))), name
    Round.objects.filter(pk=milk_round.pk).update(state="released")
    for name in WATCHES:
        assert "PT-MILK" not in text_of(client.get(reverse(name))), name


def test_what_no_scope_names_with_the_method_is_not_touched(
    client_of: Clients, coordinator: User, milk_round: Round
) -> None:
    ScopeLine.objects.filter(parameter__code="melamine").update(status="cancelled")
    assert "No open round is touched" in text_of(client_of(coordinator).get(reverse("office_round_watch")))


def test_three_and_three_hundred_rounds_cost_the_same(client_of: Clients, coordinator: User, milk_round: Round) -> None:
    client, asked = client_of(coordinator), reverse("office_round_watch")
    measured = RoundMeasurand.objects.get(round=milk_round)
    few = queries_of(lambda: client.get(asked))
    kept = Round.objects.filter(pk=milk_round.pk).values().get()
    many = Round.objects.bulk_create(Round(**{**kept, "id": Round().pk, "number": f"PT-{n}"}) for n in range(300))
    RoundMeasurand.objects.bulk_create(
        RoundMeasurand(round=one, position=0, parameter=measured.parameter, matrix=measured.matrix) for one in many
    )
    assert queries_of(lambda: client.get(asked)) == few
