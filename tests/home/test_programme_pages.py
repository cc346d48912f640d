import itertools
import re

import pytest
from django.urls import reverse

from home.course import draw_course
from programmes.models import Run
from tests.factories import (
    ConceptFactory,
    ConsentFactory,
    EditionFactory,
    EventFactory,
    FundingNoticeFactory,
    GuestFactory,
    GuidelineFactory,
    GuidingQuestionFactory,
    LeadFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
    PositionFactory,
    PressReleaseFactory,
    ProgrammeFactory,
    RunFactory,
    SectorFactory,
    StatedFigureFactory,
    TeamFactory,
    TeamMembershipFactory,
    UserFactory,
    WorkshopFactory,
)
from tests.html_check import check_html
from tests.signing_in import log_in_with_second_factor
from texts.dates import ImpreciseDate

pytestmark = pytest.mark.django_db

LISTS = ("programmes:list", "programmes:run_list")


@pytest.fixture
def run():
    return RunFactory(public=True)


def member_of(run, *, has_consent, **kwargs):
    member = ParticipationFactory(run=run, **kwargs)
    if has_consent:
        ConsentFactory(person=member.person)
    return member


@pytest.mark.parametrize("name", LISTS)
def test_empty_list_offers_the_next_step(client, name):
    response = client.get(reverse(name))

    check_html(response)
    assert response.status_code == 200
    assert 'class="empty"' in response.text
    assert 'class="kern-btn kern-btn--secondary" href="/' in response.text


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("page", ["abc", "-1", "0", "99999999999999999999", "2.5"])
def test_list_answers_odd_page_numbers(client, name, page):
    RunFactory(public=True)

    response = client.get(reverse(name), {"page": page})

    assert response.status_code == 200


def test_programme_list_shows_public_programmes_only(client):
    public = ProgrammeFactory(public=True)
    hidden = ProgrammeFactory()

    response = client.get(reverse("programmes:list"))

    check_html(response)
    assert public.title in response.text
    assert hidden.title not in response.text


def test_programme_shows_what_the_public_should_know(client):
    programme = ProgrammeFactory(
        public=True, initiative="V FAKTOR", period=ImpreciseDate("2014/2016"), city="Leipzig"
    )
    programme.carrier = OrganisationFactory(programme=programme, legal_name="Träger GmbH")
    programme.save()
    notice = FundingNoticeFactory(programme=programme)
    figure = StatedFigureFactory(programme=programme, value="3", unit="Jahre")
    run = RunFactory(programme=programme, is_public=True)
    hidden_run = RunFactory(programme=programme)
    hidden_guideline = GuidelineFactory(programme=programme)

    response = client.get(programme.get_absolute_url())

    check_html(response)
    shown = ("V FAKTOR", "2014 bis 2016", "Träger GmbH", notice.text, figure.source, run.topic)
    assert [text for text in shown if text not in response.text] == []
    assert hidden_run.topic not in response.text
    assert hidden_guideline.title not in response.text


def test_hidden_programme_is_not_found(client):
    programme = ProgrammeFactory()

    response = client.get(programme.get_absolute_url())

    assert response.status_code == 404
    assert programme.title not in response.text
    assert response["Cache-Control"] == "private, no-store"


def test_lead_sees_the_hidden_programme_with_a_badge(client):
    programme = ProgrammeFactory()
    log_in_with_second_factor(client, LeadFactory(programme=programme))

    response = client.get(programme.get_absolute_url())

    assert response.status_code == 200
    assert "nicht öffentlich" in response.text
    assert response["Cache-Control"] == "private, no-store"


def test_run_list_hides_what_is_not_public(client, run):
    hidden = RunFactory(programme=run.programme)
    in_hidden_programme = RunFactory(is_public=True)

    response = client.get(reverse("programmes:run_list"))

    check_html(response)
    assert run.topic in response.text
    assert hidden.topic not in response.text
    assert in_hidden_programme.topic not in response.text


@pytest.mark.parametrize("is_public", [True, False])
def test_run_of_a_hidden_programme_is_not_found(client, is_public):
    run = RunFactory(is_public=is_public)

    assert client.get(run.get_absolute_url()).status_code == 404


def test_run_slug_of_another_programme_is_not_found(client, run):
    other = ProgrammeFactory(public=True)

    response = client.get(reverse("home:run", args=[other.slug, run.slug]))

    assert response.status_code == 404


def test_empty_run_says_what_will_stand_there(client, run):
    response = client.get(run.get_absolute_url())

    check_html(response)
    for title in ("Noch keine Leitfrage", "Noch keine Termine", "Noch keine Angaben zur Gruppe"):
        assert title in response.text


@pytest.mark.parametrize("status", ["completed", "archived", "cancelled"])
def test_empty_run_that_ended_promises_nothing(client, run, status):
    Run.objects.filter(pk=run.pk).update(status=status)

    main = client.get(run.get_absolute_url()).text.partition("<main")[2].partition("</main>")[0]

    assert "festgehalten" in main
    assert not re.search(r"[Nn]och kein|sobald", main)


def test_run_shows_the_question_with_its_history(client, run):
    GuidingQuestionFactory(
        run=run, text="Welche Wege?", source="Mitteilung", stated_on=ImpreciseDate("2016-05-02")
    )
    GuidingQuestionFactory(
        run=run,
        text="Welche Pfade?",
        source="Webseite",
        stated_on=ImpreciseDate("2015-10"),
        is_current=False,
    )

    response = client.get(run.get_absolute_url())

    check_html(response)
    assert '<p class="question">Welche Wege?</p>' in response.text
    assert "Quelle: Mitteilung, 2. Mai 2016" in response.text
    assert "Frühere Fassung der Leitfrage" in response.text
    assert "Quelle: Webseite, Oktober 2015" in response.text


def test_run_puts_workshops_and_events_in_the_order_of_time(client, run):
    WorkshopFactory(run=run, number=1, title="Erster", held_on=ImpreciseDate("2015-10-09"))
    WorkshopFactory(run=run, number=2, title="Zweiter", held_on=None)
    WorkshopFactory(run=run, number=3, title="Dritter", held_on=ImpreciseDate("2015-12-04"))
    EventFactory(run=run, title="Treffen", held_on=ImpreciseDate("2015-11-20"), is_public=True)
    EventFactory(run=run, title="Abschluss", held_on=None, is_public=True)

    response = client.get(run.get_absolute_url())

    check_html(response)
    titles = ("Erster", "Zweiter", "Treffen", "Dritter", "Abschluss")
    places = [response.text.index(f">{title}</span></h3>") for title in titles]
    assert places == sorted(places)
    assert "Datum noch offen" in response.text


def test_run_hides_what_is_only_for_the_group(client, run):
    workshop = WorkshopFactory(run=run, is_public=False)
    event = EventFactory(run=run, is_public=False)
    draft = ConceptFactory(run=run)
    withdrawn = ConceptFactory(run=run, withdrawn=True)
    embargoed = PressReleaseFactory(run=run, programme=run.programme, embargoed=True)
    hidden = (workshop.title, event.title, draft.title, withdrawn.title, embargoed.headline)

    response = client.get(run.get_absolute_url())

    assert [text for text in hidden if text in response.text] == []


def test_lead_sees_what_is_only_for_the_group_marked(client, run):
    workshop = WorkshopFactory(run=run, is_public=False)
    log_in_with_second_factor(client, LeadFactory(programme=run.programme))

    response = client.get(run.get_absolute_url())

    check_html(response)
    assert workshop.title in response.text
    assert "nur für die Gruppe sichtbar" in response.text


def test_run_shows_its_public_concepts_and_releases(client, run):
    concept = ConceptFactory(run=run, published=True)
    release = PressReleaseFactory(run=run, programme=run.programme, published=True)

    response = client.get(run.get_absolute_url())

    check_html(response)
    assert concept.get_absolute_url() in response.text
    assert release.get_absolute_url() in response.text


def test_run_shows_no_rows_of_another_run(client, run):
    other = RunFactory(public=True, programme=run.programme)
    foreign = (
        WorkshopFactory(run=other).title,
        EventFactory(run=other, is_public=True).title,
        ConceptFactory(run=other, published=True).title,
        PressReleaseFactory(run=other, programme=run.programme, published=True).headline,
    )

    there = client.get(other.get_absolute_url()).text
    here = client.get(run.get_absolute_url()).text

    assert [text for text in foreign if text not in there] == []
    assert [text for text in foreign if text in here] == []


def test_run_names_only_persons_who_agreed(client, run):
    named = member_of(run, has_consent=True)
    position = PositionFactory(person=named.person, title="Amtsleitung")
    named.position = position
    named.save()
    silent = member_of(run, has_consent=False)
    took_it_back = member_of(run, has_consent=False)
    ConsentFactory(person=took_it_back.person, withdrawn=True)
    invited = ParticipationFactory(run=run, invited=True)
    ConsentFactory(person=invited.person)
    team = TeamFactory(run=run)
    for member in (named, silent, took_it_back):
        TeamMembershipFactory(team=team, participation=member)

    response = client.get(run.get_absolute_url())

    check_html(response)
    assert response.text.count(str(named.person)) == 2
    assert "Amtsleitung" in response.text
    assert "3 Mitglieder" in response.text
    for member in (silent, took_it_back, invited):
        assert member.person.family_name not in response.text


def test_consent_in_another_programme_names_nobody(client, run):
    member = member_of(run, has_consent=False)
    elsewhere = PersonFactory(family_name=member.person.family_name)
    ConsentFactory(person=elsewhere)

    response = client.get(run.get_absolute_url())

    assert member.person.family_name not in response.text


def test_run_names_guests_only_with_consent(client, run):
    workshop = WorkshopFactory(run=run)
    named = GuestFactory(workshop=workshop, person=PersonFactory(programme=run.programme))
    ConsentFactory(person=named.person)
    silent = GuestFactory(workshop=workshop, person=PersonFactory(programme=run.programme))
    alone = GuestFactory(
        workshop=workshop, organisation=None, person=PersonFactory(programme=run.programme)
    )

    response = client.get(run.get_absolute_url())

    check_html(response)
    assert str(named.person) in response.text
    assert silent.organisation.name in response.text
    assert "ein Gast" in response.text
    for guest in (silent, alone):
        assert guest.person.family_name not in response.text


def test_run_counts_sectors_in_words_and_figures(client, run):
    economy = SectorFactory(programme=run.programme, name="Wirtschaft", position=1)
    culture = SectorFactory(programme=run.programme, name="Kultur", position=2)
    for sector in (economy, economy, culture):
        member_of(run, has_consent=False, sector=sector)
    member_of(run, has_consent=False, sector=None)
    member_of(run, has_consent=False, sector=culture, facilitator=True)

    response = client.get(run.get_absolute_url())

    bars = response.context["bars"]
    assert [(bar.label, bar.value, bar.share) for bar in bars] == [
        ("Wirtschaft", 2, 100),
        ("Kultur", 1, 50),
        ("ohne Angabe", 1, 50),
    ]
    assert "Bereiche der 4 Personen" in response.text


def test_run_shows_the_stated_figure_beside_the_count(client, run):
    member_of(run, has_consent=False)
    StatedFigureFactory(
        programme=run.programme, run=run, label="Teilnehmende", value="20", source="Mitteilung"
    )

    response = client.get(run.get_absolute_url())

    assert '<span class="figure-fact">20</span>' in response.text
    assert "Quelle: Mitteilung" in response.text
    assert "Bereich der 1 Person" in response.text


def test_english_page_marks_german_texts(client, run):
    GuidingQuestionFactory(run=run, text="Welche Wege?")

    response = client.get(f"/en{run.get_absolute_url()}")

    check_html(response)
    assert '<html lang="en"' in response.text
    assert '<p class="question" lang="de">Welche Wege?</p>' in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_programme_list_query_count(client, django_assert_num_queries, count):
    ProgrammeFactory.create_batch(count, public=True)

    with django_assert_num_queries(2):
        client.get(reverse("programmes:list"))


@pytest.mark.parametrize("count", [1, 3])
def test_run_list_query_count(client, django_assert_num_queries, count):
    for run in RunFactory.create_batch(count, public=True):
        GuidingQuestionFactory(run=run)

    with django_assert_num_queries(3):
        client.get(reverse("programmes:run_list"))


@pytest.mark.parametrize("count", [1, 3])
def test_programme_query_count(client, django_assert_num_queries, count):
    programme = ProgrammeFactory(public=True)
    FundingNoticeFactory.create_batch(count, programme=programme)
    StatedFigureFactory.create_batch(count, programme=programme)
    for run in RunFactory.create_batch(count, programme=programme, is_public=True):
        GuidingQuestionFactory(run=run)
    for guideline in GuidelineFactory.create_batch(count, programme=programme):
        EditionFactory(guideline=guideline, published=True)

    with django_assert_num_queries(6):
        response = client.get(programme.get_absolute_url())

    assert len(response.context["guidelines"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_run_query_count(client, django_assert_num_queries, run, count):
    GuidingQuestionFactory(run=run)
    for _ in range(count):
        GuestFactory(workshop=WorkshopFactory(run=run, held_on=ImpreciseDate("2015")))
        EventFactory(run=run, is_public=True)
        member = member_of(run, has_consent=True)
        TeamMembershipFactory(team=TeamFactory(run=run), participation=member)
        StatedFigureFactory(programme=run.programme, run=run)
        ConceptFactory(run=run, published=True)
        PressReleaseFactory(run=run, programme=run.programme, published=True)

    # One for each kind of thing in the story.
    with django_assert_num_queries(12):
        client.get(run.get_absolute_url())


def test_pages_for_visitors_set_no_cookie(client, run):
    for url in (
        reverse("programmes:list"),
        reverse("programmes:run_list"),
        run.get_absolute_url(),
        run.programme.get_absolute_url(),
    ):
        response = client.get(url)

        assert response.status_code == 200
        assert not response.cookies
        assert not response.has_header("Cache-Control")


def test_sitemap_lists_public_programmes_and_runs_only(client, run):
    hidden = RunFactory(programme=run.programme)
    hidden_programme = ProgrammeFactory()

    programmes = client.get("/sitemap-programme.xml").text
    runs = client.get("/sitemap-durchlaeufe.xml").text

    assert f"{run.programme.get_absolute_url()}<" in programmes
    assert hidden_programme.slug not in programmes
    assert f"{run.get_absolute_url()}<" in runs
    assert f"/en{run.get_absolute_url()}<" in runs
    assert hidden.slug not in runs


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("section", ["programme", "durchlaeufe"])
def test_sitemap_query_count(client, django_assert_num_queries, section, count):
    RunFactory.create_batch(count, public=True)

    with django_assert_num_queries(2):
        response = client.get(f"/sitemap-{section}.xml")

    # German and English
    assert response.text.count("<loc>") == 2 * count


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_public_pages_only_read(client, run, method):
    response = getattr(client, method)(run.get_absolute_url())

    assert response.status_code == 405


# The drawing of the course


def course_of(*dates):
    return draw_course(
        [
            WorkshopFactory.build(
                run=None, number=number, held_on=ImpreciseDate(text) if text else None
            )
            for number, text in enumerate(dates, start=1)
        ]
    )


def test_course_needs_two_dated_workshops():
    assert course_of("2015-10-09") is None
    assert course_of("2015-10-09", None) is None
    assert course_of() is None


def test_course_of_many_workshops_is_not_drawn():
    assert course_of(*["2015-10-09"] * 40) is None


def test_course_puts_first_and_last_day_of_the_months_at_its_ends():
    course = course_of("2015-10-01", "2016-03-31")

    assert [stop.x for stop in course.stops] == [16, 344]
    assert [tick.day.isoformat() for tick in course.ticks][:2] == ["2015-10-01", "2015-11-01"]
    assert len(course.ticks) == 6


def test_course_shows_the_span_of_unknown_days():
    course = course_of("2015-10-09", "2016-01/2016-04", "2016-01/2016-04")

    assert [(stop.number, stop.is_exact) for stop in course.stops] == [
        (1, True),
        (2, False),
        (3, False),
    ]
    assert len(course.spans) == 1
    span = course.spans[0]
    assert all(span.x < stop.x < span.x + span.width for stop in course.stops[1:])


def test_course_moves_near_workshops_apart():
    course = course_of("2015-10-01", "2015-10-02", "2015-10-03", "2016-09-30", "2016-09-30")

    places = [stop.x for stop in course.stops]
    assert all(after - before >= 28 for before, after in itertools.pairwise(places))
    assert min(places) >= 16
    assert max(places) <= 344


def test_course_of_years_labels_every_few_months():
    course = course_of("2014-01", "2018-12")

    assert len(course.ticks) == 60
    assert sum(tick.has_label for tick in course.ticks) == 8


def test_run_page_draws_the_course(client, run):
    WorkshopFactory(run=run, number=1, held_on=ImpreciseDate("2015-10-09"), held=True)
    WorkshopFactory(run=run, number=2, held_on=ImpreciseDate("2016-01/2016-04"))

    response = client.get(run.get_absolute_url())

    check_html(response)
    assert "Zeitlinie: 2 Workshops von Oktober 2015 bis April 2016." in response.text
    assert 'cx="' in response.text
    assert response.text.count("course__stop--done") == 1
    assert response.text.count("timeline__item--done") == 1
    assert "," not in response.text.split('cx="')[1].split('"')[0]


def test_cancelled_run_stays_readable(client):
    run = RunFactory(public=True, cancelled=True)

    response = client.get(run.get_absolute_url())

    assert "abgesagt" in response.text


def test_user_without_part_sees_no_more_than_the_public(client, run):
    hidden = RunFactory(programme=run.programme)
    client.force_login(UserFactory())

    response = client.get(hidden.get_absolute_url())

    assert response.status_code == 404
