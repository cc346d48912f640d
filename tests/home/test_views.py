import datetime

import pytest
from allauth.usersessions.models import UserSession
from django.urls import reverse
from django.utils import timezone
from redis import RedisError

from home.models import LegalPage
from programmes.models import Run
from programmes.operations import make_lead
from tests.factories import (
    ConceptFactory,
    EditionFactory,
    EventFactory,
    GuidingQuestionFactory,
    LeadFactory,
    OutputFactory,
    ParticipationFactory,
    PersonFactory,
    PressReleaseFactory,
    ProgrammeFactory,
    ResponsibilityFactory,
    RunFactory,
    TaskFactory,
    TeamFactory,
    TeamMembershipFactory,
    UserFactory,
    WorkshopFactory,
)
from tests.html_check import check_html
from tests.pages import read_change_form
from tests.signing_in import log_in
from texts.dates import ImpreciseDate

pytestmark = pytest.mark.django_db


@pytest.fixture
def participant():
    """A user who takes part in a running run."""
    user = UserFactory()
    programme = ProgrammeFactory()
    run = RunFactory(programme=programme, status=Run.Status.RUNNING)
    person = PersonFactory(programme=programme, user=user)
    return ParticipationFactory(run=run, person=person, status="active")


def test_start_of_an_empty_portal_says_what_will_stand_there(client):
    response = client.get("/")

    check_html(response)
    assert "Noch kein Durchlauf" in response.text
    assert "Noch keine Konzepte" in response.text


def test_start_shows_what_is_newest_and_public(client):
    run = RunFactory(is_public=True, programme__is_public=True, status="running")
    GuidingQuestionFactory(run=run, text="Wer sitzt am Tisch?")
    hidden = RunFactory(is_public=False, programme=run.programme, topic="Noch geheim")
    concept = ConceptFactory(run=run, published=True)
    draft = ConceptFactory(run=run, title="Noch ein Entwurf")
    release = PressReleaseFactory(programme=run.programme, published=True)
    edition = EditionFactory(guideline__programme=run.programme, published=True)

    response = client.get("/")

    check_html(response)
    for shown in (run.topic, "Wer sitzt am Tisch?", concept.title, release.headline):
        assert shown in response.text
    assert edition.guideline.title in response.text
    assert hidden.topic not in response.text
    assert draft.title not in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_start_query_count(client, django_assert_num_queries, count):
    run = RunFactory(is_public=True, programme__is_public=True)
    GuidingQuestionFactory(run=run)
    ConceptFactory.create_batch(count, run=run, published=True)
    PressReleaseFactory.create_batch(count, programme=run.programme, published=True)
    EditionFactory.create_batch(count, guideline__programme=run.programme, published=True)
    ProgrammeFactory.create_batch(count, public=True)

    with django_assert_num_queries(6):
        response = client.get("/")

    assert len(response.context["start"].concepts) == count


@pytest.mark.parametrize("path", ["/impressum/", "/datenschutz/", "/barrierefreiheit/"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_legal_pages_stand_in_both_languages(client, path, prefix):
    LegalPage.objects.update(is_public=True)

    response = client.get(prefix + path)

    check_html(response)
    assert response.context["page"].language == ("en" if prefix else "de")


def test_legal_page_falls_back_to_german_and_says_so(client):
    LegalPage.objects.filter(language="en").delete()
    LegalPage.objects.update(is_public=True)

    response = client.get("/en/impressum/")

    assert '<article class="reading" lang="de">' in response.text


@pytest.mark.parametrize("path", ["/impressum/", "/datenschutz/", "/barrierefreiheit/"])
def test_unchecked_legal_page_is_for_staff_only(client, path):
    public = client.get(path)
    client.force_login(UserFactory())
    participant = client.get(path)
    client.force_login(LeadFactory())
    staff = client.get(path)

    for response in (public, participant):
        check_html(response)
        assert response.status_code == 200
        assert "Diese Seite wird gerade geschrieben" in response.text
        assert '<meta name="robots" content="noindex">' in response.text
        assert response.context["page"] is None
        assert "Bitte tragen Sie" not in response.text
    check_html(staff)
    assert "Nur für die Verwaltung sichtbar" in staff.text
    assert staff.context["page"].body
    assert path not in client.get("/sitemap-portal.xml").text


def test_checked_legal_page_is_public(client):
    LegalPage.objects.filter(kind="privacy").update(is_public=True)

    response = client.get("/datenschutz/")

    assert "Stand:" in response.text
    assert "noindex" not in response.text
    assert "/datenschutz/<" in client.get("/sitemap-portal.xml").text
    assert "/impressum/<" not in client.get("/sitemap-portal.xml").text


def test_imprint_with_gaps_cannot_be_made_public(client, settings):
    settings.STAFF_MFA_REQUIRED = False
    client.force_login(UserFactory(is_staff=True, may_keep_legal_pages=True))
    page = LegalPage.objects.get(kind="imprint", language="de")
    address = reverse("admin:home_legalpage_change", args=[page.pk])
    form = {**read_change_form(client, page), "is_public": "on"}

    refused = client.post(address, form)
    page.refresh_from_db()
    assert "Im Text steht noch „Bitte tragen Sie …“." in refused.text
    assert not page.is_public

    saved = client.post(address, {**form, "body": "<p>Verein, Straße 1, Leipzig</p>"})
    assert saved.status_code == 302
    page.refresh_from_db()
    assert page.is_public


def test_legal_pages_belong_to_who_operates_the_portal(client, settings):
    settings.STAFF_MFA_REQUIRED = False
    page = LegalPage.objects.get(kind="imprint", language="de")
    address = reverse("admin:home_legalpage_change", args=[page.pk])
    keeper = UserFactory(is_staff=True, may_keep_legal_pages=True)
    answers = {}
    for name, user in (("lead", LeadFactory()), ("keeper", keeper)):
        client.force_login(user)
        start = client.get(reverse("admin:index")).text
        answers[name] = (
            client.get(address).status_code,
            "Rechtliche Seiten, die noch niemand geprüft hat" in start,
        )

    assert answers == {"lead": (403, False), "keeper": (200, True)}


def test_first_lead_keeps_the_legal_pages():
    first, second = make_lead("a@example.org"), make_lead("b@example.org")

    assert (first.may_keep_legal_pages, second.may_keep_legal_pages) == (True, False)


def test_desk_asks_for_the_log_in(client):
    response = client.get("/mein-bereich/")

    assert response.status_code == 302
    assert response["Location"] == "/konto/anmelden/?next=/mein-bereich/"


def test_desk_of_somebody_without_a_run_explains_itself(client):
    client.force_login(UserFactory())

    response = client.get("/mein-bereich/")

    check_html(response)
    assert "Nichts offen" in response.text
    assert "Verwaltung</h2>" not in response.text


def test_desk_shows_next_date_open_tasks_and_teams(client, participant):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    later = timezone.localdate() + datetime.timedelta(days=9)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    run = participant.run
    for number, day in enumerate((later, tomorrow, yesterday), start=1):
        WorkshopFactory(
            run=run,
            number=number,
            title=f"Tag {number}",
            held_on=day.isoformat(),
            status="confirmed",
        )
    workshop = run.workshops.get(number=3)
    done = TaskFactory(workshop=workshop, title="Längst abgegeben")
    OutputFactory(task=done, participation=participant, submitted=True)
    TaskFactory(workshop=workshop, title="Noch offen")
    TaskFactory(workshop=workshop, title="Noch gesperrt", is_released=False)
    team = TeamFactory(run=run)
    TeamMembershipFactory(team=team, participation=participant)
    client.force_login(participant.person.user)

    response = client.get("/mein-bereich/")

    check_html(response)
    desk = response.context["desk"]
    assert [item.title for item in desk.appointments] == ["Tag 2", "Tag 1"]
    assert [item.task.title for item in desk.tasks] == ["Noch offen"]
    assert desk.teams == [team]


@pytest.mark.parametrize("count", [1, 3])
def test_desk_query_count(client, django_assert_num_queries, participant, count):
    workshop = WorkshopFactory(run=participant.run)
    TaskFactory.create_batch(count, workshop=workshop)
    for team in TeamFactory.create_batch(count, run=participant.run):
        TeamMembershipFactory(team=team, participation=participant)
        ConceptFactory(run=participant.run, team=team)
    client.force_login(participant.person.user)
    client.get("/konto/")  # the first request of a session also notes the session

    with django_assert_num_queries(10):
        response = client.get("/mein-bereich/")

    assert len(response.context["desk"].tasks) == count


@pytest.mark.parametrize("count", [1, 3])
def test_desk_query_count_for_a_lead(client, django_assert_num_queries, count):
    lead = LeadFactory(programme=ProgrammeFactory())
    for responsibility in ResponsibilityFactory.create_batch(count, user=lead):
        OutputFactory(submitted=True, task__workshop__run__programme=responsibility.programme)
    log_in(client, lead)
    client.get("/konto/")  # the first request of a session also notes the session

    with django_assert_num_queries(7):
        response = client.get("/mein-bereich/")

    assert len(response.context["desk"].waiting) == count
    assert len(response.context["desk"].programmes) == count + 1


@pytest.mark.parametrize("count", [1, 3])
def test_desk_query_count_for_a_facilitator(client, django_assert_num_queries, count):
    facilitator = ParticipationFactory(facilitator=True, run__running=True)
    EventFactory.create_batch(count, run=facilitator.run, held_on=ImpreciseDate("2999"))
    for workshop in WorkshopFactory.create_batch(
        count, run=facilitator.run, held_on=ImpreciseDate("2999")
    ):
        OutputFactory(submitted=True, task__workshop=workshop)
    client.force_login(facilitator.person.user)
    client.get("/konto/")  # the first request of a session also notes the session

    with django_assert_num_queries(8):
        response = client.get("/mein-bereich/")

    assert len(response.context["desk"].waiting) == count
    assert len(response.context["desk"].appointments) == 2 * count


def test_account_page_leads_to_password_second_factor_and_sessions(client):
    client.force_login(UserFactory())

    response = client.get("/konto/")

    check_html(response)
    for name in ("account_change_password", "mfa_index", "usersessions_list"):
        assert f'href="{reverse(name)}"' in response.text


def test_robots_names_the_sitemap_and_keeps_out_of_the_admin(client):
    response = client.get("/robots.txt")

    assert response["Content-Type"].startswith("text/plain")
    assert "Disallow: /admin/" in response.text
    assert "Sitemap: http://testserver/sitemap.xml" in response.text


def test_sitemap_lists_the_start_page_in_both_languages(client):
    assert "/sitemap-portal.xml" in client.get("/sitemap.xml").text

    text = client.get("/sitemap-portal.xml").text

    assert "<loc>http://testserver/</loc>" in text
    assert "<loc>http://testserver/en/</loc>" in text


def test_session_activity_is_noted_now_and_then(client, django_assert_num_queries):
    client.force_login(UserFactory())
    client.get("/konto/")
    noted = UserSession.objects.get()

    with django_assert_num_queries(2):
        client.get("/konto/")

    assert UserSession.objects.get().last_seen_at == noted.last_seen_at


def test_session_activity_needs_no_cache(client, monkeypatch):
    def refuse(*args, **kwargs):
        raise RedisError

    monkeypatch.setattr("people.sessions.cache.add", refuse)
    client.force_login(UserFactory())

    assert client.get("/konto/").status_code == 200
