"""Writing an output: form, saving, handing in."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    AttachmentFactory,
    OutputFactory,
    TaskFactory,
    TeamFactory,
    TeamMembershipFactory,
)
from tests.html_check import check_html
from tests.texts.uploads import HTML, PDF, picture, upload
from tests.workshops.conftest import edit_url, typed, writer
from workshops.models import Attachment, Output

pytestmark = pytest.mark.django_db


def test_edit_saves_a_draft_and_says_when(client, output):
    response = client.post(edit_url(output), typed("<p>Guten Tag</p>"), follow=True)

    check_html(response)
    output.refresh_from_db()
    assert (output.body, output.version, output.status) == ("<p>Guten Tag</p>", 2, "draft")
    local = timezone.localtime(output.saved_at)
    assert f"Entwurf, gespeichert am {local.day}. " in response.text
    assert f"{local:%H:%M} Uhr" in response.text


def test_edit_submits(client, output):
    response = client.post(edit_url(output), typed(submit=""), follow=True)

    output.refresh_from_db()
    assert (output.body, output.status) == ("<p>neu</p>", "submitted")
    assert "Abgegeben." in response.text
    assert "Zurückholen" in response.text


def test_edit_makes_paragraphs_of_plain_text(client, output):
    client.post(edit_url(output), typed("Eins & zwei\n\nDrei\nvier"))

    output.refresh_from_db()
    assert output.body == "<p>Eins &amp; zwei</p>\n\n<p>Drei<br>vier</p>"


def test_edit_keeps_what_was_typed_when_nothing_is_there_to_submit(client, output):
    Output.objects.update(body="")

    response = client.post(edit_url(output), typed("", submit=""))

    check_html(response)
    assert "Noch ist nichts da, was Sie abgeben könnten" in response.text
    output.refresh_from_db()
    assert (output.status, output.version) == ("draft", 1)


def test_edit_takes_files(client, output):
    files = [upload("Notiz.pdf", PDF), upload("foto.png", picture())]

    client.post(edit_url(output), typed(uploads=files))
    response = client.get(output.get_absolute_url())

    assert set(output.attachments.values_list("name", "media_type")) == {
        ("Notiz.pdf", "application/pdf"),
        ("foto.png", "image/png"),
    }
    check_html(response)
    assert "Notiz.pdf" in response.text


def told(response):
    """The notices of the page that follows."""
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("button", ["save", "submit"])
def test_refused_file_takes_no_other_with_it(client, output, button):
    files = [upload("seite.pdf", HTML), upload("gut.pdf", PDF), upload("film.mov", b"x")]

    response = client.post(
        edit_url(output), typed("<p>Mein Text</p>", uploads=files, **{button: ""}), follow=True
    )

    check_html(response)
    output.refresh_from_db()
    assert (output.body, output.status) == ("<p>Mein Text</p>", "draft")
    assert list(output.attachments.values_list("name", flat=True)) == ["gut.pdf"]
    assert response.redirect_chain[-1][0] == edit_url(output)
    assert "&lt;p&gt;Mein Text&lt;/p&gt;" in response.text
    first, *sentences = told(response)
    assert first == "Gespeichert, aber nicht alle Dateien wurden angenommen."
    assert "„seite.pdf“ ist keine PDF-Datei" in sentences[0]
    assert "„film.mov“ hat das Format MOV" in sentences[1]
    assert sentences[2:] == (
        ["Abgegeben ist das Ergebnis noch nicht."] if button == "submit" else []
    )


@pytest.mark.parametrize("button", ["save", "submit"])
def test_files_that_find_no_room_leave_the_text_alone(client, output, monkeypatch, button):
    monkeypatch.setattr("workshops.operations.output.MAX_FILES", 1)
    files = [upload("a.pdf", PDF), upload("b.pdf", PDF)]

    response = client.post(
        edit_url(output), typed("<p>Mein Text</p>", uploads=files, **{button: ""}), follow=True
    )

    output.refresh_from_db()
    assert (output.body, output.status) == ("<p>Mein Text</p>", "draft")
    assert not output.attachments.exists()
    assert "Mehr als 30 Dateien passen nicht an ein Ergebnis." in told(response)


def test_edit_describes_and_removes_files(client, output):
    gone, kept = AttachmentFactory.create_batch(2, output=output, media_type="image/png")

    check_html(client.get(edit_url(output)))
    client.post(
        edit_url(output), typed(remove=[gone.pk], **{f"description_{kept.pk}": "Ein Flipchart"})
    )

    assert list(output.attachments.values_list("pk", "description")) == [(kept.pk, "Ein Flipchart")]


def test_edit_does_not_remove_the_file_of_others(client, output):
    foreign = AttachmentFactory()
    AttachmentFactory(output=output)

    response = client.post(edit_url(output), typed(remove=[foreign.pk]))

    assert response.status_code == 200
    assert Attachment.objects.count() == 2


def test_edit_with_stale_version_shows_both_texts(client, output):
    client.post(edit_url(output), typed("<p>Erste Fassung</p>"))

    response = client.post(edit_url(output), typed("<p>Zweite Fassung</p>"))

    assert response.status_code == 409
    check_html(response)
    assert "<p>Erste Fassung</p>" in response.text
    assert "&lt;p&gt;Zweite Fassung&lt;/p&gt;" in response.text
    assert 'name="version" value="2"' in response.text

    client.post(edit_url(output), typed("<p>Zusammen</p>", version=2))
    output.refresh_from_db()
    assert (output.body, output.version) == ("<p>Zusammen</p>", 3)


def test_edit_of_what_the_team_submitted_meanwhile_shows_both_texts(client):
    task = TaskFactory(for_team=True)
    membership = TeamMembershipFactory(team=TeamFactory(run=task.workshop.run))
    output = OutputFactory(
        task=task,
        team=membership.team,
        participation=membership.participation,
        submitted=True,
        body="<p>Abgegeben vom Team</p>",
    )
    client.force_login(writer(output))

    response = client.post(edit_url(output), typed("<p>Mein später Satz</p>"))

    assert response.status_code == 409
    check_html(response)
    assert "<p>Abgegeben vom Team</p>" in response.text
    assert "<p>Mein später Satz</p>" in response.text
    output.refresh_from_db()
    assert (output.body, output.status) == ("<p>Abgegeben vom Team</p>", "submitted")


def test_edit_of_what_is_submitted_leads_to_its_page(client):
    output = OutputFactory(submitted=True)
    client.force_login(writer(output))

    response = client.get(edit_url(output), follow=True)

    assert response.redirect_chain == [(output.get_absolute_url(), 302)]
    assert "Der Stand hat sich inzwischen geändert" in response.text


@pytest.mark.parametrize(
    "data",
    [
        {},
        typed(version=""),
        typed(version="x"),
        typed(version="0"),
        typed(version="9" * 40),
        typed("<p>" + "x" * 100_001 + "</p>"),
        typed("<ul><li>" * 10_000),
        typed(remove=["x"]),
        typed(remove=["9" * 40]),
    ],
    ids=lambda data: str(data)[:40],
)
def test_edit_refuses_bad_input(client, output, data):
    AttachmentFactory(output=output)

    response = client.post(edit_url(output), data)

    assert response.status_code == 200
    assert "Bitte prüfen Sie Ihre Angaben" in response.text
    output.refresh_from_db()
    assert output.version == 1


def test_edit_takes_ten_files_and_names_the_others(client, output):
    files = [upload(f"{number}.txt", b"Text") for number in range(12)]

    response = client.post(edit_url(output), typed(uploads=files), follow=True)

    assert output.attachments.count() == 10
    assert told(response)[1:] == [
        "Auf einmal gehen höchstens 10 Dateien. Es fehlen noch: „10.txt“, „11.txt“."
    ]


def test_edit_shows_what_was_asked_for(client):
    output = OutputFactory(returned=True, answer="Bitte <b>mehr</b>")
    client.force_login(writer(output))

    response = client.get(edit_url(output))

    check_html(response)
    assert "Bitte &lt;b&gt;mehr&lt;/b&gt;" in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_edit_query_count(client, output, django_assert_num_queries, count):
    AttachmentFactory.create_batch(count, output=output, media_type="image/png", name="bild.png")
    client.get(reverse("home:account"))  # the first request of a session also notes the session

    with django_assert_num_queries(7):
        response = client.get(edit_url(output))

    assert len(response.context["form"].description_names) == count


def test_unsubmit(client):
    output = OutputFactory(submitted=True)
    client.force_login(writer(output))

    response = client.post(reverse("workshops:unsubmit", args=[output.pk]))

    assert response.url == edit_url(output)
    output.refresh_from_db()
    assert output.status == "draft"


def test_unsubmit_after_the_due_date_says_why_not(client):
    output = OutputFactory(submitted=True, task__overdue=True)
    client.force_login(writer(output))

    assert "Zurückholen" not in client.get(output.get_absolute_url()).text
    response = client.post(reverse("workshops:unsubmit", args=[output.pk]), follow=True)

    assert "Die Frist ist vorbei" in response.text


def test_late_output_is_marked(client):
    output = OutputFactory(task__overdue=True)
    client.force_login(writer(output))

    assert "abgeben können Sie trotzdem" in client.get(edit_url(output)).text
    response = client.post(edit_url(output), typed(submit=""), follow=True)

    assert "nach der Frist" in response.text


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("status", "queries"), [("draft", 6), ("submitted", 7)])
def test_output_query_count(client, django_assert_num_queries, status, queries, count):
    output = OutputFactory(submitted=status == "submitted")
    AttachmentFactory.create_batch(count, output=output)
    client.force_login(writer(output))
    client.get(reverse("home:account"))  # the first request of a session also notes the session

    with django_assert_num_queries(queries):
        response = client.get(output.get_absolute_url())

    assert len(response.context["attachments"]) == count
