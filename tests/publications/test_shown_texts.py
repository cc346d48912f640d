"""What people read has its tokens filled in, wherever it stands."""

import re
from html import unescape

import pytest
from django.core import mail
from django.urls import reverse

from documents.kinds import get_kind
from documents.markup import document_html
from documents.models import RenderJob
from people.models import AuditEntry
from publications.models import Boilerplate, Chapter, PressRelease, Quote
from publications.operations import (
    TokensLeft,
    approve_publication,
    correct_press_release,
    create_edition,
    print_publication,
    publish_publication,
    submit_publication,
    withdraw_publication,
)
from publications.tokens import TOKEN
from tests.factories import LeadFactory, PressReleaseFactory, RunFactory
from tests.publications.sample import make_guideline, make_programme, make_release
from tests.signing_in import log_in_with_second_factor

pytestmark = pytest.mark.django_db

# What is typed stands in forms as it is typed, and the panel tells what may be typed.
TYPED = re.compile(
    r"<(textarea|code|script|style)\b.*?</\1>|<input\b[^>]*>|"
    r'<div class="(?:help|description)\b.*?</div>|<td class="[^"]*\bhelp\b.*?</td>',
    re.DOTALL,
)
LINK = re.compile(r'(?:href|<loc>|hreflang="[^"]*" href)[="]*([^"<>#?]+)')
BRACE = re.compile(r"\{[^\W\d_]")
HEADLINE = "{programm.kurztitel} und {durchlauf.thema}: {angabe:teilnehmende} im Gespräch"
READ = "MfV und Zuwanderung als Potenzial nutzen: 20 Führungskräfte im Gespräch"


@pytest.fixture
def sample():
    sample = make_programme()
    sample.programme.is_public = True
    sample.programme.save()
    sample.run.is_public = True
    sample.run.save()
    return sample


def publish(release):
    submit_publication(release, by=None)
    return publish_publication(approve_publication(release, by=None), by=None)


@pytest.fixture
def house(sample):
    """Releases in every state and a guideline whose every text names facts."""
    house = {}
    for name in ("published", "corrected", "withdrawn", "draft"):
        house[name] = make_release(
            sample, headline=HEADLINE, lead=f"Vorspann: {HEADLINE}", slug=name
        )
    for name in ("published", "corrected", "withdrawn"):
        publish(house[name])
    house["correction"] = correct_press_release(house["corrected"], note="Falsch.", by=None)
    withdraw_publication(house["withdrawn"], note="Zu früh.", by=None)
    house["lost"] = make_release(sample, headline="{angabe:gibtesnicht} fehlt", slug="fehlt")
    edition = make_guideline(sample)
    guideline = edition.guideline
    guideline.title, guideline.subtitle = "{programm.kurztitel} gründen", "In {durchlauf.ort}"
    guideline.save()
    Chapter.objects.filter(key="weg").update(title="Der Weg zu {programm.kurztitel}")
    submit_publication(edition, by=None)
    publish_publication(approve_publication(edition, by=None), by=None)
    house["edition"] = create_edition(guideline, by=None)
    return house


def crawl(client, start, limit=400, within="/"):
    """The text of each page that links lead to, by path."""
    found, waiting = {}, list(start)
    while waiting and len(found) < limit:
        path = waiting.pop(0)
        if path in found:
            continue
        response = client.get(path)
        if response.status_code != 200 or "pdf" in response["Content-Type"]:
            found[path] = ""
            continue
        text = b"".join(response).decode()
        found[path] = text
        waiting += [
            re.sub(r"^https?://[^/]+", "", link)
            for link in LINK.findall(text)
            if re.sub(r"^https?://[^/]+", "", link).startswith(within)
            and not re.search(r"/static/|\.css|abmelden|/logout|//", re.sub(r"^https?:", "", link))
        ]
    return found


def raw(pages):
    """The braces that people read, by page."""
    read = {path: TYPED.sub("", unescape(text)) for path, text in pages.items()}
    return {
        path: text[match.start() - 60 : match.end() + 60]
        for path, text in read.items()
        if (match := BRACE.search(text))
    }


def test_no_page_of_the_public_shows_a_token(client, house):
    withdrawn = house["withdrawn"].get_absolute_url()
    pages = crawl(client, ["/", "/presse/atom/", "/sitemap.xml", "/en/", withdrawn])

    texts = [path for path, text in pages.items() if READ in unescape(text)]
    assert {"/", "/presse/", "/presse/atom/", "/en/", withdrawn} <= {*texts}
    assert raw(pages) == {}


@pytest.mark.slow
def test_no_page_of_the_staff_shows_a_token(client, house):
    lead = LeadFactory(programme=house["draft"].programme)
    log_in_with_second_factor(client, lead)
    submit_publication(house["draft"], by=None)
    print_publication(house["correction"], by=lead)
    pages = crawl(
        client, ["/presse/", "/leitfaden/", house["draft"].get_absolute_url()], within="/presse/"
    )
    pages |= crawl(client, ["/leitfaden/"], within="/leitfaden/")
    pages |= crawl(client, ["/admin/", "/admin/publications/"], within="/admin/publications/")
    pages |= crawl(client, ["/admin/people/auditentry/"], within="/admin/people/auditentry/")

    assert len(pages) > 40
    assert "[angabe:gibtesnicht] fehlt" in pages["/presse/"]
    # There, a sentence names to the staff what is to be mended.
    refused = pages.pop(house["lost"].get_absolute_url())
    assert "ist nichts gespeichert: {angabe:gibtesnicht}." in refused
    assert list(raw(pages).items()) == []


def test_no_print_and_no_mail_shows_a_token(house):
    print_publication(house["correction"], by=None)
    print_publication(house["draft"], by=None)
    print_publication(house["edition"], by=None)
    jobs = list(RenderJob.objects.all())

    html = {
        job.pk: document_html(get_kind(job.kind), job.content, language=job.language)
        for job in jobs
    }

    assert len(jobs) > 5
    assert raw(html) == {}
    assert [job.title for job in jobs if BRACE.search(job.title)] == []
    assert f"„{READ}“" in next(
        job.content["correction"] for job in jobs if job.content.get("correction")
    )
    assert [
        message for message in mail.outbox if BRACE.search(message.subject + message.body)
    ] == []
    labels = AuditEntry.objects.values_list("object_label", flat=True)
    assert [label for label in labels if BRACE.search(label)] == []


@pytest.mark.parametrize("name", ["published", "corrected", "withdrawn", "draft", "correction"])
def test_a_headline_is_read_with_its_facts(house, name):
    release = PressRelease.objects.get(pk=house[name].pk)

    assert release.shown_headline == str(release) == READ
    assert release.shown_lead == f"Vorspann: {READ}"


def test_what_was_approved_stays_when_the_facts_change(house, sample):
    sample.run.topic = "Anders"
    sample.run.save()

    def read(name):
        return PressRelease.objects.get(pk=house[name].pk).shown_headline

    assert read("published") == READ
    assert "Anders" in read("draft")


def test_a_heading_of_a_boilerplate_is_read_with_its_facts(house):
    labels = {str(standing) for standing in Boilerplate.objects.all()}

    assert "Zum Modellprojekt „Mitarbeiter für Verantwortung“" in labels


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_nothing_for_what_they_have(client, django_assert_num_queries, count):
    run = RunFactory(public=True)
    for number in range(count):
        PressReleaseFactory(
            programme=run.programme,
            run=run,
            published=True,
            slug=f"nummer-{number}",
            headline="{programm.titel} beginnt",
        )

    with django_assert_num_queries(1):
        response = client.get(reverse("publications:press_feed"))

    assert response.text.count(f"<title>{run.programme.title} beginnt</title>") == count


@pytest.mark.parametrize("kind", ["release", "edition"])
def test_braces_where_nothing_is_filled_in_are_not_approved(sample, kind):
    Quote.objects.update(text="Das sagt {programm.titel}.")
    if kind == "release":
        item, approve = submit_publication(make_release(sample), by=None), approve_publication
    else:
        item, approve = submit_publication(make_guideline(sample), by=None), approve_publication

    with pytest.raises(TokensLeft) as refusal:
        approve(item, by=None)

    assert refusal.value.names == ["{programm.titel}"]
    assert TOKEN.search(str(refusal.value))
