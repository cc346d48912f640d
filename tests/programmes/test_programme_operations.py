"""What happens to programmes and to those who answer for them."""

import pytest

from people.models import Message, User
from programmes.models import ConsentPurpose, Programme, Responsibility, Sector
from programmes.operations import LastLead, create_programme, end_responsibility, entrust_programme
from tests.change_log import story
from tests.factories import (
    EditorFactory,
    LeadFactory,
    OrganisationFactory,
    PersonFactory,
    ProgrammeFactory,
    ResponsibilityFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def test_new_programme_has_a_lead_and_all_that_work_needs():
    founder = UserFactory(staff=True, may_found_programmes=True)

    programme = create_programme(Programme(slug="neu", title="Neu"), by=founder)

    assert Programme.objects.led_by(founder).get() == programme
    assert Sector.objects.filter(programme__slug="neu").count() == 5
    assert ConsentPurpose.objects.get(programme__slug="neu").key == ConsentPurpose.PUBLIC_NAME
    assert founder.has_perm("programmes.change_programme", programme)
    assert story(programme) == ["create_programme"]


def test_new_programme_speaks_its_language():
    founder = UserFactory(staff=True)

    create_programme(Programme(slug="neu", title="Neu", language="de"), by=founder)

    assert list(
        Sector.objects.filter(programme__slug="neu").order_by("position").values_list("name")
    ) == [
        ("Wirtschaft",),
        ("Verwaltung",),
        ("Kommunalpolitik",),
        ("Soziales",),
        ("Kultur",),
    ]


def test_new_editor_gets_an_account_and_a_mail():
    programme = ProgrammeFactory()
    lead = LeadFactory(programme=programme)

    entrust_programme(programme, "Neu@Example.org", Responsibility.Role.EDITOR, by=lead)

    editor = User.objects.get(email="neu@example.org")
    assert editor.is_staff
    assert editor.has_usable_password() is False
    assert editor.has_perm("programmes.view_programme", programme)
    assert Message.objects.get().recipient == "neu@example.org"


def test_known_account_keeps_its_password_when_it_is_entrusted():
    programme = ProgrammeFactory()
    user = UserFactory()
    before = user.password

    entrust_programme(
        programme, user.email, Responsibility.Role.LEAD, by=LeadFactory(programme=programme)
    )

    user.refresh_from_db()
    assert (user.password, user.is_staff) == (before, True)
    assert Programme.objects.led_by(user).get() == programme


def test_programme_keeps_a_lead():
    programme = ProgrammeFactory()
    lead = LeadFactory(programme=programme)
    EditorFactory(programme=programme)
    responsibility = programme.responsibilities.get(user=lead)

    with pytest.raises(LastLead):
        end_responsibility(responsibility, by=lead)
    with pytest.raises(LastLead):
        entrust_programme(programme, lead.email, Responsibility.Role.EDITOR, by=lead)
    responsibility.refresh_from_db()
    assert responsibility.role == Responsibility.Role.LEAD


def test_who_answers_for_nothing_more_leaves_the_admin():
    programme = ProgrammeFactory()
    lead = LeadFactory(programme=programme)
    editor = EditorFactory(programme=programme)

    end_responsibility(programme.responsibilities.get(user=editor), by=lead)

    editor.refresh_from_db()
    assert editor.is_staff is False


def test_who_answers_for_another_programme_stays_in_the_admin():
    programme = ProgrammeFactory()
    editor = EditorFactory(programme=programme)
    ResponsibilityFactory(user=editor)

    end_responsibility(
        programme.responsibilities.get(user=editor), by=LeadFactory(programme=programme)
    )

    editor.refresh_from_db()
    assert editor.is_staff is True


@pytest.mark.django_db
def test_a_new_slug_orphans_nobody():
    programme = create_programme(
        Programme(slug="alt", title="Alt", language="de"), by=UserFactory()
    )
    person = PersonFactory(programme=programme)
    organisation = OrganisationFactory(programme=programme)

    Programme.objects.filter(pk=programme.pk).update(slug="neu")

    found = Programme.objects.get(slug="neu")
    assert list(found.persons.all()) == [person]
    assert list(found.organisations.all()) == [organisation]
    assert found.sectors.count() == 5
    assert found.consent_purposes.count() == 1
