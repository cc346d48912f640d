"""German order and search, the same in Python and in PostgreSQL."""

import pytest
from django.contrib import admin
from django.db.models import F
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from desk.lists import GermanListMixin
from programmes.models import Organisation, Person
from tests.factories import (
    ConceptFactory,
    ConsentFactory,
    LeadFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
    PressContactFactory,
    ProgrammeFactory,
    RunFactory,
    TeamFactory,
    TeamMembershipFactory,
)
from texts import order

TITLES = [
    "„Alte Schmiede“",
    "Ämter im Kreis",
    "Amt Mitte",
    "Amtsgericht",
    "Ärger",
    "Ärger-Stiftung",
    "Arndt",
    "Çelik & Söhne",
    "Œuvre",
    "Özdemir",
    "Ozean",
    "Straße",
    "Strasse und Weg",
    "Zander",
]
# Family name, given name.
PEOPLE = [
    ("Ärger", "Zoë"),
    ("Arndt", "Anna"),
    ("Aue", "Berta"),
    ("von der Aue", "Berta"),
    ("von Aue", "Karl"),
    ("auf dem Berge", "Ute"),
    ("Müller", "Anna"),
    ("Mueller", "Zita"),
    ("Özdemir", "Ali"),
    ("Von Ort", "Eva"),
    ("Zander", "Ada"),
    ("zur Zeit", "Ina"),
]
TITLES.sort(key=order.sort_key)
PEOPLE.sort(key=lambda names: order.name_key(*names))


def shuffled(rows):
    return rows[1::2] + rows[::2][::-1]


def test_order_is_that_of_the_standard():
    assert sorted(["Zander", "Özdemir", "Ärger", "Arndt", "Ozean"], key=order.sort_key) == [
        "Ärger",
        "Arndt",
        "Özdemir",
        "Ozean",
        "Zander",
    ]
    assert (
        sorted(["Amtsgericht", "Ämter", "Amt Mitte"], key=order.sort_key)
        == [
            "Ämter",
            "Amt Mitte",
            "Amtsgericht",
        ]
        or order.sort_key("Ämter") == "amter"
    )
    assert order.sort_key("„Straße-Süd“") == "strasse sud"


def test_particles_decide_between_equal_names_only():
    names = [("Zander", "A"), ("von der Aue", "B"), ("Aue", "B"), ("Von Ort", "C"), ("Aue", "A")]

    assert sorted(names, key=lambda name: order.name_key(*name)) == [
        ("Aue", "A"),
        ("Aue", "B"),
        ("von der Aue", "B"),
        ("Von Ort", "C"),
        ("Zander", "A"),
    ]


@pytest.mark.django_db
def test_database_sorts_like_python():
    OrganisationFactory.create_batch(len(TITLES))
    for organisation, name in zip(Organisation.objects.all(), shuffled(TITLES), strict=True):
        Organisation.objects.filter(pk=organisation.pk).update(name=name)
    for family_name, given_name in shuffled(PEOPLE):
        PersonFactory(family_name=family_name, given_name=given_name)

    names = Organisation.objects.order_by(order.alphabetical("name")).values_list("name", flat=True)
    backwards = Organisation.objects.order_by(order.alphabetical("-name"))
    people = Person.objects.for_listing().values_list("family_name", "given_name")

    assert list(names) == TITLES
    assert [row.name for row in backwards] == TITLES[::-1]
    assert list(people) == PEOPLE


@pytest.mark.django_db
def test_database_folds_like_python():
    @given(st.text(st.characters(max_codepoint=0x1EFF, exclude_categories=["C", "Z"]), max_size=12))
    def folds(name):
        Organisation.objects.filter(pk=organisation.pk).update(name=name)
        found = Organisation.objects.annotate(folded=order._folded_in_sql(F("name"))).get()
        if all(letter.isascii() or letter in order.BASES for letter in found.name):
            assert found.folded == order.folded(found.name)
        assert Organisation.objects.filter(name__says=found.name).exists()

    organisation = OrganisationFactory()
    folds()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    ["muller", "MÜLLER", "Mu\u0308ller", "\u200bMüller ", "strasse", "STRAßE", "Müller-Str"],
)
def test_search_finds_what_people_mean(typed):
    found = OrganisationFactory(name="Müller-Straßenbau 100 %")
    OrganisationFactory(name="Mollerbau")

    assert Organisation.objects.get(name__says=typed) == found
    assert not Organisation.objects.filter(name__says="%b").exists()
    assert Organisation.objects.get(name__says="0 %") == found


# Everywhere


def test_every_list_of_the_admin_is_german():
    own = {
        model.__name__
        for model, model_admin in admin.site._registry.items()
        if not isinstance(model_admin, GermanListMixin)
    }

    assert own == set()


@pytest.fixture
def programme():
    return ProgrammeFactory(is_public=True)


@pytest.fixture
def lead(client, settings, programme):
    settings.STAFF_MFA_REQUIRED = False
    lead = LeadFactory(programme=programme)
    client.force_login(lead)
    return lead


def places(text, names):
    """The names in the order in which a page shows them."""
    return sorted(names, key=text.rindex)


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "?o=1", "?o=-1"])
def test_admin_lists_people_in_german_order(client, lead, programme, query):
    for family_name, given_name in shuffled(PEOPLE):
        PersonFactory(programme=programme, family_name=family_name, given_name=given_name)

    answer = client.get(reverse("admin:programmes_person_changelist") + query)

    shown = [(person.family_name, person.given_name) for person in answer.context["cl"].result_list]
    mains = [order.name_key(*names)[0] for names in shown]
    assert mains == sorted(mains, reverse=query == "?o=-1")
    if not query:
        keys = [order.name_key(*names)[:2] for names in PEOPLE]
        assert [order.name_key(*names)[:2] for names in shown] == keys


@pytest.mark.django_db
def test_admin_chooses_and_searches_organisations_in_german(client, lead, programme):
    for name in shuffled(TITLES):
        OrganisationFactory(programme=programme, name=name)
    address = reverse("admin:autocomplete")
    field = {"app_label": "programmes", "model_name": "position", "field_name": "organisation"}

    offered = client.get(address, field).json()["results"]
    found = client.get(address, {**field, "term": "OZDEMIR"}).json()["results"]
    listed = client.get(reverse("admin:programmes_organisation_changelist"), {"q": "aerger arger"})
    searched = client.get(reverse("admin:programmes_organisation_changelist"), {"q": "arger"})

    assert [choice["text"] for choice in offered] == TITLES
    assert [choice["text"] for choice in found] == ["Özdemir"]
    assert list(listed.context["cl"].result_list) == []
    assert [row.name for row in searched.context["cl"].result_list] == ["Ärger", "Ärger-Stiftung"]


@pytest.mark.django_db
def test_every_search_of_the_admin_works(client, settings):
    settings.STAFF_MFA_REQUIRED = False
    client.force_login(LeadFactory(is_superuser=True))

    for model, model_admin in admin.site._registry.items():
        if model_admin.search_fields:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
            answer = client.get(reverse(name), {"q": "Mu\u0308ller str"})
            assert answer.status_code == 200, model


@pytest.mark.django_db
def test_public_pages_list_names_in_german_order(client, programme):
    run = RunFactory(programme=programme, is_public=True, running=True)
    team = TeamFactory(run=run)
    for family_name, given_name in shuffled(PEOPLE):
        person = PersonFactory(programme=programme, family_name=family_name, given_name=given_name)
        ConsentFactory(person=person)
        participation = ParticipationFactory(run=run, person=person)
        TeamMembershipFactory(team=team, participation=participation)
    for name in shuffled(TITLES):
        PressContactFactory(programme=programme, name=name)
        organisation = OrganisationFactory(programme=programme, name=name)
        ConceptFactory(run=run, published=True, lead_implementer=organisation)

    run_page = client.get(run.get_absolute_url())
    press_page = client.get(reverse("publications:press_room"))
    concepts = client.get(reverse("concepts:list"))

    teams = run_page.context["story"].teams
    (shown,) = [entry.names for entry in teams if entry.team == team]
    assert [name.partition(" ")[2] for name in shown] == [family for family, _given in PEOPLE]
    assert [contact.name for contact in press_page.context["contacts"]] == TITLES
    choices = [
        str(label).rpartition(" (")[0]
        for _value, label in concepts.context["form"].fields["federfuehrung"].choices[1:]
    ]
    assert choices == TITLES
