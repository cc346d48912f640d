"""Accepting and returning an output, and its files."""

import pytest
from django.urls import reverse

from people.models import Message
from tests.factories import (
    AttachmentFactory,
    EditorFactory,
    LeadFactory,
    OutputFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.html_check import check_html
from tests.signing_in import log_in, log_in_with_second_factor
from tests.workshops.conftest import writer
from workshops.models import Output

pytestmark = pytest.mark.django_db


# Answer


@pytest.fixture
def facilitator(client):
    """The page of a submitted output, with a facilitator logged in."""
    output = OutputFactory(submitted=True)
    client.force_login(
        ParticipationFactory(run=output.task.workshop.run, facilitator=True).person.user
    )
    return output


def test_facilitator_accepts(client, facilitator):
    check_html(client.get(facilitator.get_absolute_url()))

    response = client.post(
        reverse("workshops:accept", args=[facilitator.pk]),
        {"answer": "Danke!", "version": 1},
        follow=True,
    )

    assert "Das Ergebnis ist angenommen." in response.text
    assert "Danke!" in response.text


def test_facilitator_returns_with_an_answer(client, facilitator):
    url = reverse("workshops:return", args=[facilitator.pk])

    response = client.post(url, {"answer": " ", "version": 1})
    check_html(response)
    assert "Bitte schreiben Sie, was überarbeitet werden soll." in response.text

    client.post(url, {"answer": "Bitte die Kosten.", "version": 1})
    facilitator.refresh_from_db()
    assert facilitator.status == "returned"
    assert Message.objects.get().recipient == writer(facilitator).email


def test_second_answer_is_refused_and_stays_on_the_page(client, facilitator):
    client.post(reverse("workshops:accept", args=[facilitator.pk]), {"answer": "", "version": 1})

    response = client.post(
        reverse("workshops:return", args=[facilitator.pk]),
        {"answer": "Doch nicht.", "version": 1},
    )

    check_html(response)
    assert "Der Stand hat sich inzwischen geändert" in response.text
    assert "Doch nicht." in response.text


@pytest.mark.parametrize("name", ["accept", "return"])
def test_answer_to_what_was_handed_in_anew_shows_it_first(client, facilitator, name):
    url = reverse(f"workshops:{name}", args=[facilitator.pk])
    Output.objects.filter(pk=facilitator.pk).update(version=2, body="<p>Inzwischen anders</p>")

    response = client.post(url, {"answer": "Alles gut.", "version": 1})

    assert response.status_code == 409
    check_html(response)
    for text in ("inzwischen neu abgegeben", "Inzwischen anders", "Alles gut."):
        assert text in response.text
    assert 'name="version" value="2"' in response.text
    facilitator.refresh_from_db()
    assert facilitator.status == "submitted"

    client.post(url, {"answer": "Alles gut.", "version": 2})
    facilitator.refresh_from_db()
    assert facilitator.status == f"{name}ed"


@pytest.mark.parametrize("version", [None, "", "x", "0", "9" * 40])
def test_answer_needs_to_know_what_was_read(client, facilitator, version):
    data = {"answer": ""} if version is None else {"answer": "", "version": version}

    response = client.post(reverse("workshops:accept", args=[facilitator.pk]), data)

    assert response.status_code == 200
    facilitator.refresh_from_db()
    assert facilitator.status == "submitted"


def test_lead_answers_on_the_pages_of_the_run(client):
    output = OutputFactory(submitted=True)
    log_in_with_second_factor(client, LeadFactory(programme=output.task.workshop.run.programme))

    assert "Zur Überarbeitung zurückgeben" in client.get(output.get_absolute_url()).text


@pytest.mark.parametrize("count", [1, 3])
def test_output_query_count_for_a_facilitator(
    client, facilitator, django_assert_num_queries, count
):
    AttachmentFactory.create_batch(count, output=facilitator)
    client.get(reverse("home:account"))  # the first request of a session also notes the session

    with django_assert_num_queries(7):
        response = client.get(facilitator.get_absolute_url())

    assert len(response.context["attachments"]) == count


@pytest.mark.parametrize("name", ["accept", "return"])
def test_answering_is_forbidden_for_others(client, name):
    output = OutputFactory(submitted=True)
    run = output.task.workshop.run
    for user in (
        writer(output),
        ParticipationFactory(run=run).person.user,
        EditorFactory(programme=run.programme),
        UserFactory(superuser=True),
    ):
        log_in(client, user)
        url = reverse(f"workshops:{name}", args=[output.pk])
        assert client.post(url, {"answer": "x"}).status_code == 403
    output.refresh_from_db()
    assert output.status == "submitted"


# Files


def test_attachment_is_a_download(client, output):
    attachment = AttachmentFactory(output=output, name="Fotos für Ina.txt")

    response = client.get(attachment.get_absolute_url())

    assert b"".join(response.streaming_content) == b"Notizen vom Workshop"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''Fotos%20f%C3%BCr%20Ina.txt"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"


def test_attachment_whose_file_is_gone_does_not_exist(client, output):
    attachment = AttachmentFactory(output=output)
    attachment.file.storage.delete(attachment.file.name)

    assert client.get(attachment.get_absolute_url()).status_code == 404
