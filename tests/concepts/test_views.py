import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from concepts.models import Concept
from programmes.models import Person
from programmes.operations import withdraw_consent
from tests.factories import (
    BuildingBlockFactory,
    ConceptFactory,
    ConsentFactory,
    LeadFactory,
    OrganisationFactory,
    ParticipationFactory,
    ProgrammeFactory,
    RunFactory,
    TeamFactory,
    TeamMembershipFactory,
    UserFactory,
)
from tests.html_check import check_html
from tests.signing_in import log_in, log_in_with_second_factor

pytestmark = pytest.mark.django_db

UNPUBLISHED = ("signing", "submitted", "in_review", "returned", "approved")


@pytest.fixture
def run():
    return RunFactory(public=True)


@pytest.fixture
def author(run):
    """Somebody who agreed to be named, as a published concept keeps it."""
    consent = ConsentFactory(person__programme=run.programme)
    return {
        "person": consent.person.key,
        "name": "Alex Muster",
        "function": "Leitung",
        "organisation": "Musteramt",
    }


def member_of(team):
    participation = ParticipationFactory(run=team.run)
    TeamMembershipFactory(team=team, participation=participation)
    return participation.person.user


def listed(response):
    return [concept.title for concept in response.context["page"]]


def test_empty_list_offers_the_next_step(client):
    response = client.get(reverse("concepts:list"))

    check_html(response)
    assert response.status_code == 200
    assert "Noch kein Konzept veröffentlicht" in response.text
    assert f'href="{reverse("programmes:run_list")}"' in response.text


def test_list_shows_published_concepts_only(client, run):
    published = ConceptFactory(run=run, published=True)
    ConceptFactory(run=run, withdrawn=True)
    ConceptFactory(run=run)
    for status in UNPUBLISHED:
        ConceptFactory(run=run, **{status: True})
    in_hidden_run = ConceptFactory(published=True)
    in_hidden_run.run.is_public = False
    in_hidden_run.run.save()
    in_hidden_programme = ConceptFactory(published=True)
    in_hidden_programme.run.programme.is_public = False
    in_hidden_programme.run.programme.save()

    response = client.get(reverse("concepts:list"))

    check_html(response)
    assert listed(response) == [published.title]


def test_list_narrows_by_run_and_lead_implementer(client, run):
    house = OrganisationFactory(programme=run.programme, key="haus", name="Haus")
    club = OrganisationFactory(programme=run.programme, key="verein", name="Verein")
    other_run = RunFactory(programme=run.programme, is_public=True)
    wanted = ConceptFactory(run=run, published=True, lead_implementer=house)
    ConceptFactory(run=run, published=True, lead_implementer=club)
    ConceptFactory(run=run, published=True, lead_implementer=None)
    ConceptFactory(run=other_run, published=True, lead_implementer=house)
    filters = {
        "durchlauf": f"{run.programme.slug}/{run.slug}",
        "federfuehrung": f"{run.programme.slug}/haus",
    }

    response = client.get(reverse("concepts:list"), filters)

    check_html(response)
    assert listed(response) == [wanted.title]
    assert "1 Konzept" in response.text
    form = response.context["form"]
    # Each choice counts what it would leave beside the other filter.
    assert [label for _value, label in form.fields["durchlauf"].choices] == [
        "alle",
        f"{run.topic} (1)",
        f"{other_run.topic} (1)",
    ]
    assert [label for _value, label in form.fields["federfuehrung"].choices] == [
        "alle",
        "Haus (1)",
        "Verein (1)",
    ]


def test_list_says_when_both_filters_leave_nothing(client, run):
    house = OrganisationFactory(programme=run.programme, key="haus")
    other_run = RunFactory(programme=run.programme, is_public=True)
    ConceptFactory(run=run, published=True, lead_implementer=None)
    ConceptFactory(run=other_run, published=True, lead_implementer=house)
    filters = {
        "durchlauf": f"{run.programme.slug}/{run.slug}",
        "federfuehrung": f"{run.programme.slug}/haus",
    }

    response = client.get(reverse("concepts:list"), filters)

    check_html(response)
    assert listed(response) == []
    assert "Kein Konzept passt zu beiden Filtern" in response.text


@pytest.mark.parametrize(
    "value", ["gibt-es-nicht", "a/b", "/", "a/b/c", "1", "' OR 1=1", "x" * 5000]
)
def test_unknown_filter_shows_all_and_says_so(client, run, value):
    concept = ConceptFactory(run=run, published=True)

    response = client.get(
        reverse("concepts:list"), {"durchlauf": value, "federfuehrung": value, "seite": value}
    )

    check_html(response)
    assert response.status_code == 200
    assert listed(response) == [concept.title]
    assert "Diesen Durchlauf gibt es hier nicht." in response.text
    assert "Diese Organisation führt hier kein Konzept." in response.text


def test_filters_do_not_name_what_is_hidden(client, run):
    ConceptFactory(run=run, published=True, lead_implementer=None)
    draft = ConceptFactory(run=run)
    hidden_run = RunFactory(programme=run.programme)
    ConceptFactory(run=hidden_run)

    response = client.get(reverse("concepts:list"))

    assert draft.lead_implementer.name not in response.text
    assert hidden_run.topic not in response.text


@pytest.mark.parametrize("page", ["abc", "-1", "99999999999999999999"])
def test_list_answers_odd_page_numbers(client, run, page):
    ConceptFactory(run=run, published=True)

    response = client.get(reverse("concepts:list"), {"page": page})

    assert response.status_code == 200


def test_list_keeps_the_filter_from_page_to_page(client, run):
    ConceptFactory.create_batch(25, run=run, published=True)
    value = f"{run.programme.slug}/{run.slug}"

    response = client.get(reverse("concepts:list"), {"durchlauf": value, "page": 2})

    check_html(response)
    assert len(listed(response)) == 1
    assert "25 Konzepte" in response.text
    assert f"?durchlauf={value.replace('/', '%2F')}&amp;page=1" in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(client, django_assert_num_queries, run, count):
    ConceptFactory.create_batch(count, run=run, published=True)

    with django_assert_num_queries(2):
        response = client.get(reverse("concepts:list"))

    assert len(listed(response)) == count


def test_concept_shows_everything_about_it(client, run, author):
    concept = ConceptFactory(
        run=run,
        published=True,
        outlook="<p>Der Ausblick.</p>",
        is_working_title=True,
        authors=[author],
    )
    block = BuildingBlockFactory(concept=concept, duration="4 Tage")
    shown = (
        concept.summary,
        "Das Problem.",
        "Der Ansatz.",
        "Vier Tage.",
        "Der Ausblick.",
        "Handwerksbetriebe",
        "Kinder und Jugendliche",
        concept.lead_implementer.name,
        "Alex Muster",
        "Leitung, Musteramt",
        block.title,
        "4 Tage",
        "ohne Trainerinnen und Trainer",
        "Arbeitstitel",
        run.topic,
    )

    response = client.get(concept.get_absolute_url())

    check_html(response)
    assert [text for text in shown if text not in response.text] == []


def test_concept_names_the_team_as_on_the_day(client, run, author):
    team = TeamFactory(run=run)
    user = member_of(team)
    concept = ConceptFactory(run=run, team=team, published=True, authors=[author])

    response = client.get(concept.get_absolute_url())

    assert "Alex Muster" in response.text
    assert user.persons.get().family_name not in response.text


@pytest.mark.parametrize("end", ["withdrawn", "erased", "of another programme"])
def test_concept_names_nobody_whose_consent_ended(client, run, author, end):
    stays = ConsentFactory(person__programme=run.programme).person
    authors = [author, {"person": stays.key, "name": "Kim Beispiel"}]
    concept = ConceptFactory(run=run, published=True, authors=authors)
    person = Person.objects.get(key=author["person"])
    if end == "withdrawn":
        withdraw_consent(person, person.consents.get().purpose, by=None)
    elif end == "erased":
        person.consents.all().delete()
        person.delete()
    else:
        Person.objects.filter(pk=person.pk).update(programme=ProgrammeFactory())

    response = client.get(concept.get_absolute_url())

    assert "Alex Muster" not in response.text
    assert response.context["authors"] == [authors[1]]
    assert response.context["citation"].startswith(f"Kim Beispiel: „{concept.title}“.")


def test_concept_says_how_to_cite_it(client, run, author):
    concept = ConceptFactory(run=run, published=True, authors=[author])
    address = concept.get_absolute_url()

    today = date_format(timezone.localdate(), "j. F Y")

    german = client.get(address)
    english = client.get(f"/en{address}")

    expected = (
        f"Alex Muster: „{concept.title}“. Konzept aus „{run.programme.title}“, "
        f"{concept.published_at.year}. http://localhost:8000{address} (abgerufen am {today})"
    )
    assert german.context["citation"] == expected
    assert expected in german.text
    # The address is one and the same, whatever the language of the page.
    assert f"http://localhost:8000{address} " in english.context["citation"]
    assert english.context["address"] == f"http://localhost:8000{address}"


def test_concept_cleans_texts_that_came_in_by_another_door(client, run):
    concept = ConceptFactory(run=run, published=True)
    bad = "<p>gut</p><script>alert(1)</script><p onclick='x()'>auch</p>"
    Concept.objects.filter(pk=concept.pk).update(problem=bad, title="<b>fett</b>")

    response = client.get(concept.get_absolute_url())

    check_html(response)
    assert "alert(1)" not in response.text
    assert "&lt;b&gt;fett&lt;/b&gt;" in response.text


@pytest.mark.parametrize("status", ["drafting", *UNPUBLISHED])
def test_unpublished_concept_is_not_found_for_others(client, run, status):
    concept = ConceptFactory(run=run, **({} if status == "drafting" else {status: True}))
    outsider = UserFactory()

    anonymous_answer = client.get(concept.get_absolute_url())
    client.force_login(outsider)
    outsider_answer = client.get(concept.get_absolute_url())

    assert anonymous_answer.status_code == outsider_answer.status_code == 404
    assert concept.title not in anonymous_answer.text + outsider_answer.text
    assert anonymous_answer["Cache-Control"] == "private, no-store"


def test_member_of_another_team_sees_no_draft(client, run):
    concept = ConceptFactory(run=run)
    client.force_login(member_of(TeamFactory(run=run)))

    assert client.get(concept.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("status", ["drafting", *UNPUBLISHED])
def test_team_and_lead_see_the_unpublished_concept(client, run, status):
    concept = ConceptFactory(run=run, **({} if status == "drafting" else {status: True}))

    for user in (member_of(concept.team), LeadFactory(programme=run.programme)):
        log_in(client, user)
        response = client.get(concept.get_absolute_url())

        check_html(response)
        assert response.status_code == 200
        assert concept.get_status_display() in response.text
        assert "Noch nicht öffentlich" in response.text
        assert '<meta name="robots" content="noindex">' in response.text
        assert response["Cache-Control"] == "private, no-store"


def test_withdrawn_concept_says_why_and_nothing_else(client, run):
    concept = ConceptFactory(run=run, withdrawn=True)
    block = BuildingBlockFactory(concept=concept)
    hidden = ("Das Problem.", concept.summary, block.title, concept.lead_implementer.name)

    response = client.get(concept.get_absolute_url())

    check_html(response)
    assert response.status_code == 200
    assert "Der Träger hat das Angebot eingestellt." in response.text
    assert [text for text in hidden if text in response.text] == []


@pytest.mark.parametrize("path", ["{p}/{r}/gibt-es-nicht", "{p}/x/{c}", "x/{r}/{c}"])
def test_wrong_address_is_not_found(client, run, path):
    concept = ConceptFactory(run=run, published=True)
    ProgrammeFactory(public=True, slug="x")

    address = path.format(p=run.programme.slug, r=run.slug, c=concept.slug)

    assert client.get(f"/konzepte/{address}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_concept_query_count(client, django_assert_num_queries, run, author, count):
    concept = ConceptFactory(run=run, published=True, authors=[author] * count)
    BuildingBlockFactory.create_batch(count, concept=concept)

    with django_assert_num_queries(3):
        client.get(concept.get_absolute_url())


def test_pages_for_visitors_set_no_cookie(client, run):
    concept = ConceptFactory(run=run, published=True)

    for url in (reverse("concepts:list"), concept.get_absolute_url(), reverse("concepts:feed")):
        response = client.get(url)

        assert response.status_code == 200
        assert not response.cookies
        assert not response.has_header("Cache-Control")


# Feed and sitemap


def test_feed_shows_published_concepts_only(client, run):
    published = ConceptFactory(run=run, published=True)
    draft = ConceptFactory(run=run)
    withdrawn = ConceptFactory(run=run, withdrawn=True)

    response = client.get(reverse("concepts:feed"))

    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert f"<title>{published.title}</title>" in response.text
    assert f"http://localhost:8000{published.get_absolute_url()}" in response.text
    assert draft.title not in response.text
    assert withdrawn.title not in response.text


def test_feed_shows_staff_no_more_than_the_public(client, run):
    ConceptFactory(run=run, published=True)
    draft = ConceptFactory(run=run)
    log_in_with_second_factor(client, LeadFactory(programme=run.programme))

    assert draft.title not in client.get(reverse("concepts:feed")).text


def test_feed_answers_not_modified_until_something_changes(client, run):
    ConceptFactory(run=run, published=True)
    first = client.get(reverse("concepts:feed"))

    again = client.get(reverse("concepts:feed"), headers={"if-none-match": first["ETag"]})
    Concept.objects.update(status="withdrawn", withdrawal_reason="Grund")
    after = client.get(reverse("concepts:feed"), headers={"if-none-match": first["ETag"]})

    assert again.status_code == 304
    assert after.status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_feed_query_count(client, django_assert_num_queries, run, count):
    ConceptFactory.create_batch(count, run=run, published=True)

    with django_assert_num_queries(1):
        client.get(reverse("concepts:feed"))


@pytest.mark.parametrize("count", [1, 3])
def test_sitemap_query_count(client, django_assert_num_queries, run, count):
    ConceptFactory.create_batch(count, run=run, published=True)

    with django_assert_num_queries(2):
        response = client.get("/sitemap-konzepte.xml")

    # German and English
    assert response.text.count("<loc>") == 2 * count


def test_sitemap_lists_published_concepts_only(client, run):
    published = ConceptFactory(run=run, published=True)
    draft = ConceptFactory(run=run)
    withdrawn = ConceptFactory(run=run, withdrawn=True)

    response = client.get("/sitemap-konzepte.xml")

    assert f"{published.get_absolute_url()}<" in response.text
    assert draft.slug not in response.text
    assert withdrawn.slug not in response.text
