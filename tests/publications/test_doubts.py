"""What an approval asks about, who confirms it, and where that is told."""

import datetime

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from lxml import html

from concepts.models import Concept
from people.models import AuditEntry
from programmes.models import FundingNotice
from publications.doubts import doubts_about
from publications.models import Boilerplate, PressRelease, Quote
from publications.operations import (
    DoubtsOpen,
    approve_publication,
    submit_publication,
)
from tests.factories import ConceptFactory, EditorFactory, LeadFactory, RunFactory, UserFactory
from tests.pages import press, read_button, save
from tests.publications.sample import make_guideline, make_programme, make_release
from tests.signing_in import log_in_with_second_factor
from texts.dates import ImpreciseDate

pytestmark = pytest.mark.django_db

ALONE = (
    "Dieselbe Person hat den Text zur Freigabe gegeben und gibt ihn frei: Niemand sonst hat ihn "
    "geprüft."
)
EXPIRED = "Am Tag des Textes gilt kein Förderhinweis: Wer fördert, steht nicht darin."


@pytest.fixture
def sample():
    return make_programme()


def make_edition(sample, text=""):
    edition = make_guideline(sample)
    if text:
        edition.guideline.summary = text
        edition.guideline.save()
    return edition


def make_text(sample, kind, text=""):
    if kind == "edition":
        return make_edition(sample, text)
    return make_release(sample, **({"lead": text} if text else {}))


def submit(item, by=None):
    return submit_publication(item, by=by)


def approve(item, **options):
    return approve_publication(item, **{"by": None, **options})


def sentences(item, by=None):
    return [doubt.sentence for doubt in doubts_about(item, by=by)]


KINDS = pytest.mark.parametrize("kind", ["release", "edition"])


@KINDS
def test_a_text_without_doubts_is_approved_without_a_reason(sample, kind):
    item = submit(make_text(sample, kind), by=UserFactory())

    approved = approve(item, by=UserFactory())

    assert (approved.approval_doubts, approved.approval_reason) == ([], "")


@KINDS
def test_a_count_of_nothing_is_a_doubt(sample, kind):
    Concept.objects.all().update(run=RunFactory(programme=sample.programme))
    item = make_text(sample, kind, "Es sind {anzahl:konzepte.wort} Konzepte.")

    assert sentences(item)[:1] == ["„anzahl:konzepte“ zählt 0: Davon gibt es noch nichts."]


@KINDS
def test_a_count_that_leaves_rows_out_is_a_doubt(sample, kind):
    ConceptFactory(run=sample.run, title="In Arbeit")
    item = make_text(sample, kind, "Es sind {anzahl:konzepte} Konzepte.")

    assert sentences(item) == [
        "„anzahl:konzepte“ zählt 2. Nicht mitgezählt, weil noch nicht freigegeben: In Arbeit."
    ]


def test_a_count_that_no_text_names_is_no_doubt(sample):
    ConceptFactory(run=sample.run, title="In Arbeit")

    assert sentences(make_release(sample, headline="Ergebnisse")) == []


@KINDS
@pytest.mark.parametrize(
    ("period", "found"), [("2014/2016", []), ("2017", [EXPIRED]), ("2014", [EXPIRED])]
)
def test_no_funding_notice_in_force_is_a_doubt(sample, kind, period, found):
    FundingNotice.objects.update(period=ImpreciseDate(period))
    item = make_text(sample, kind)
    item.dated_on = datetime.date(2016, 5, 2) if kind == "release" else ImpreciseDate("2016-06")

    assert sentences(item) == found


@KINDS
def test_a_programme_without_a_funding_notice_is_a_doubt(sample, kind):
    FundingNotice.objects.all().delete()

    assert sentences(make_text(sample, kind)) == [
        "Zum Programm ist kein Förderhinweis gespeichert: Der Text nennt keinen."
    ]


@KINDS
@pytest.mark.parametrize("confirmed", [True, False])
@pytest.mark.parametrize("reason", ["", " ", "Die Förderung ist beantragt."])
def test_doubts_are_confirmed_with_a_reason(sample, kind, confirmed, reason):
    FundingNotice.objects.all().delete()
    lead = LeadFactory(programme=sample.programme)
    item = submit(make_text(sample, kind), by=lead)
    keys = [doubt.key for doubt in doubts_about(item, by=lead)]
    told = sentences(item, lead)

    if confirmed and reason.strip():
        approve(item, by=lead, confirmed=keys, reason=reason)
    else:
        with pytest.raises(DoubtsOpen) as refusal:
            approve(item, by=lead, confirmed=keys[: 2 if confirmed else 1], reason=reason)
        assert ALONE in str(refusal.value)

    item.refresh_from_db()
    entry = AuditEntry.objects.of(item._meta.label_lower, item.pk).filter(action="approve").last()
    if confirmed and reason.strip():
        assert (item.approval_doubts, item.approval_reason) == (told, reason)
        assert entry.details == {"doubts": told, "reason": reason}
    else:
        assert (item.status, item.approval_doubts, entry) == (item.Status.IN_APPROVAL, [], None)


def test_a_doubt_that_says_something_else_now_is_not_confirmed(sample):
    ConceptFactory(run=sample.run, title="In Arbeit")
    item = submit(make_release(sample, lead="Es sind {anzahl:konzepte} Konzepte."))
    seen = [doubt.key for doubt in doubts_about(item, by=None)]
    ConceptFactory(run=sample.run, title="Neu")

    with pytest.raises(DoubtsOpen):
        approve(item, confirmed=seen, reason="Zwei genügen.")


@KINDS
@pytest.mark.parametrize(
    ("role", "is_own", "may_alone", "found"),
    [
        (LeadFactory, True, True, True),
        (LeadFactory, True, False, False),
        (LeadFactory, False, False, True),
        (EditorFactory, True, True, False),
        (EditorFactory, False, False, True),
    ],
)
def test_who_may_approve_alone(sample, kind, role, is_own, may_alone, found):
    sample.programme.lead_approves_alone = may_alone
    sample.programme.save()
    user = role(programme=sample.programme)
    item = submit(make_text(sample, kind), by=user if is_own else UserFactory())

    assert user.has_perm(f"publications.approve_{item._meta.model_name}", item) is found


# In the admin


def told_by(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


@KINDS
def test_the_lead_confirms_doubts_on_the_page_of_the_approval(client, sample, kind):
    lead = LeadFactory(programme=sample.programme)
    item = submit(make_text(sample, kind), by=lead)
    log_in_with_second_factor(client, lead)

    asked = client.get(read_button(client, item, "approve"))
    unconfirmed = press(client, item, "approve", reason="Es eilt.")
    press(client, item, "approve", confirmed="alone", reason="Es eilt.")

    assert ALONE in asked.text
    assert "Bitte bestätigen Sie jedes Bedenken" in unconfirmed.text
    assert "Es eilt.</textarea>" in unconfirmed.text
    item.refresh_from_db()
    assert (item.status, item.approval_reason) == (item.Status.APPROVED, "Es eilt.")
    change = reverse(f"admin:publications_{item._meta.model_name}_change", args=[item.pk])
    assert ALONE in client.get(change).text
    page = item if kind == "release" else item.guideline
    assert ALONE in client.get(page.get_absolute_url()).text
    assert "Es eilt." in client.get(page.get_absolute_url()).text


def test_the_public_does_not_read_the_doubts(client, sample):
    release = submit(make_release(sample))
    PressRelease.objects.filter(pk=release.pk).update(
        status="published",
        published_at="2016-05-02T10:00Z",
        approval_doubts=[ALONE],
        approval_reason="Es eilt.",
    )
    sample.programme.is_public = True
    sample.programme.save()

    response = client.get(release.get_absolute_url())

    assert response.status_code == 200
    assert ALONE not in response.text


@KINDS
def test_who_may_not_approve_alone_reads_why(client, sample, kind):
    sample.programme.lead_approves_alone = False
    sample.programme.save()
    lead = LeadFactory(programme=sample.programme)
    item = submit(make_text(sample, kind), by=lead)
    log_in_with_second_factor(client, lead)

    told = told_by(press(client, item, "approve", confirmed="alone", reason="Es eilt."))

    item.refresh_from_db()
    assert item.status == item.Status.IN_APPROVAL
    assert told == [
        "Sie haben den Text selbst zur Freigabe gegeben. Freigeben muss ihn jemand anders."
    ]


def test_saving_tells_the_doubts(client, sample):
    FundingNotice.objects.all().delete()
    ConceptFactory(run=sample.run, title="In Arbeit")
    edition = make_edition(sample, "Es sind {anzahl:konzepte} Konzepte.")
    log_in_with_second_factor(client, LeadFactory(programme=sample.programme))

    response = save(client, edition, dated_on="2016")

    assert response.status_code == 302
    assert told_by(response)[:2] == [
        "Vor der Freigabe zu prüfen: „anzahl:konzepte“ zählt 2. Nicht mitgezählt, weil noch "
        "nicht freigegeben: In Arbeit.",
        "Vor der Freigabe zu prüfen: Zum Programm ist kein Förderhinweis gespeichert: Der Text "
        "nennt keinen.",
    ]


@KINDS
def test_german_words_in_an_english_text_are_a_doubt(sample, kind):
    item = make_text(sample, kind, "It is about {durchlauf.thema} in {programm.titel}.")
    owner = item if kind == "release" else item.guideline
    owner.language = "en"
    owner.save()

    (told,) = [doubt for doubt in doubts_about(item, by=None) if "translation" in doubt.key]

    assert told.sentence.startswith(
        "Der Text ist auf Englisch, aber das steht in einer anderen Sprache darin: "
    )
    parts = told.sentence.partition("darin: ")[2].split("; ")
    assert {"Zuwanderung als Potenzial nutzen", "Expedition Job"} <= {*parts}
    assert "„Am Ende zählt, was weitergeht“, so die Projektleitung." in parts
    assert "Gefördert vom Bund im Rahmen der Stadtpolitik." in parts
    # Names need no translation.
    assert "Mitarbeiter für Verantwortung" not in parts


def test_a_text_whose_parts_are_all_translated_raises_no_doubt(sample):
    Quote.objects.update(language="en")
    Boilerplate.objects.update(language="en")
    FundingNotice.objects.update(language="en")
    release = make_release(sample, language="en", headline="Results", subline="", lead="Hello.")
    release.blocks.exclude(kind="quote").delete()
    Boilerplate.objects.update(language="en")

    assert sentences(release) == []


def test_german_words_on_an_english_page_are_marked(client, sample):
    release = make_release(sample, language="en", lead="It was about {durchlauf.thema} in 2016.")
    log_in_with_second_factor(client, LeadFactory(programme=sample.programme))
    found = html.fromstring(client.get(f"/en{release.get_absolute_url()}").text)
    (article,) = found.xpath("//article[contains(@class, 'release') and header]")

    assert article.get("lang") is None
    marked = [part.text_content() for part in article.xpath(".//*[@lang='de']")]
    assert "Zuwanderung als Potenzial nutzen" in marked
    assert "„Am Ende zählt, was weitergeht“, so die Projektleitung." in marked
    assert "Expedition Job" in marked
    assert "Gefördert vom Bund im Rahmen der Stadtpolitik." in marked
    lead = article.xpath(".//p[@class='release__lead']/span[@lang='de']")
    assert [part.text for part in lead] == ["Zuwanderung als Potenzial nutzen"]


def test_nothing_of_a_german_text_is_marked(client, sample):
    release = make_release(sample)
    client.force_login(LeadFactory(programme=sample.programme))

    assert 'lang="de"' not in client.get(release.get_absolute_url()).text.partition("<article")[2]
