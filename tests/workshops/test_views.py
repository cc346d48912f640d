import datetime
import itertools
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from people.models import Message
from tests.factories import (
    AttachmentFactory,
    EditorFactory,
    EventFactory,
    GuestFactory,
    GuidingQuestionFactory,
    LeadFactory,
    OutputFactory,
    ParticipationFactory,
    RunFactory,
    TaskFactory,
    TeamFactory,
    TeamMembershipFactory,
    UserFactory,
    WorkshopFactory,
)
from tests.html_check import check_html
from tests.signing_in import log_in, log_in_with_second_factor
from tests.texts.uploads import HTML, PDF, office, picture, upload
from workshops.models import Attachment, Output

pytestmark = pytest.mark.django_db


def writer(output):
    return output.participation.person.user


def run_url(run):
    return reverse("workshops:run", args=[run.programme.slug, run.slug])


def edit_url(output):
    return reverse("workshops:edit", args=[output.pk])


def typed(body="<p>neu</p>", version=1, **more):
    return {"body": body, "version": version, **more}


@pytest.fixture
def output(client):
    """A draft, with its writer logged in."""
    output = OutputFactory()
    client.force_login(writer(output))
    return output


# Own run


def test_run_shows_what_belongs_to_it(client):
    run = RunFactory(running=True)
    GuidingQuestionFactory(run=run, text="Wie gelingt das?")
    workshop = WorkshopFactory(run=run, venue="Haus Steinstraße", agenda="<p>9 Uhr: Kaffee</p>")
    guest = GuestFactory(workshop=workshop)
    task = TaskFactory(workshop=workshop)
    hidden = TaskFactory(workshop=workshop, hidden=True)
    event = EventFactory(run=run)
    membership = TeamMembershipFactory(team=TeamFactory(run=run))
    mate = TeamMembershipFactory(team=membership.team)
    gone = TeamMembershipFactory(team=membership.team, has_left=True)
    foreign = TeamMembershipFactory(team=TeamFactory(run=run))
    client.force_login(membership.participation.person.user)

    response = client.get(run_url(run))

    check_html(response)
    for text in (
        "Wie gelingt das?",
        workshop.title,
        "Haus Steinstraße",
        "9 Uhr: Kaffee",
        str(guest),
        task.title,
        "noch nicht begonnen",
        event.title,
        membership.team.name,
        mate.participation.person.full_name,
    ):
        assert text in response.text
    for text in (
        hidden.title,
        gone.participation.person.full_name,
        foreign.team.name,
        foreign.participation.person.full_name,
    ):
        assert text not in response.text


@pytest.mark.parametrize(
    ("addressee", "name"), [("each", "Einzelaufgabe"), ("team", "Teamaufgabe")]
)
def test_task_says_whose_it_is(client, addressee, name):
    task = TaskFactory(workshop__run__running=True, addressee=addressee)
    membership = TeamMembershipFactory(team=TeamFactory(run=task.workshop.run))
    client.force_login(membership.participation.person.user)

    for address in (run_url(task.workshop.run), task.get_absolute_url(), reverse("home:desk")):
        assert name in client.get(address).text


def test_output_is_text_or_file_or_both(client, output):
    page = client.get(edit_url(output)).text

    assert "Text, Datei oder beides." in page
    assert "(freiwillig)" not in page


@pytest.mark.parametrize("status", ["completed", "archived", "cancelled"])
def test_ended_run_without_anything_promises_nothing(client, status):
    participation = ParticipationFactory()
    type(participation.run).objects.filter(pk=participation.run.pk).update(status=status)
    client.force_login(participation.person.user)

    response = client.get(run_url(participation.run))

    assert "Zu diesem Durchlauf steht kein Workshop im Portal." in response.text
    assert "Noch kein" not in response.text


def test_run_without_anything_says_what_will_stand_there(client):
    participation = ParticipationFactory()
    client.force_login(participation.person.user)

    response = client.get(run_url(participation.run))

    check_html(response)
    assert "Noch keine Workshops" in response.text
    assert "Noch kein Team" in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_run_query_count(client, django_assert_num_queries, count):
    run = RunFactory()
    membership = TeamMembershipFactory(team=TeamFactory(run=run))
    for workshop in WorkshopFactory.create_batch(count, run=run):
        GuestFactory.create_batch(count, workshop=workshop)
        for task in TaskFactory.create_batch(count, workshop=workshop):
            OutputFactory(task=task, participation=membership.participation)
    TeamMembershipFactory.create_batch(count, team=membership.team)
    EventFactory.create_batch(count, run=run)
    client.force_login(membership.participation.person.user)
    client.get(reverse("home:account"))  # the first request of a session also notes the session

    with django_assert_num_queries(13):
        response = client.get(run_url(run))

    assert response.text.count("Entwurf") == count * count


@pytest.mark.parametrize("count", [1, 3])
def test_run_query_count_for_a_facilitator(client, django_assert_num_queries, count):
    run = RunFactory()
    for task in TaskFactory.create_batch(count, workshop__run=run):
        OutputFactory.create_batch(count, task=task, submitted=True)
    TeamMembershipFactory.create_batch(count, team=TeamFactory(run=run))
    client.force_login(ParticipationFactory(run=run, facilitator=True).person.user)
    client.get(reverse("home:account"))  # the first request of a session also notes the session

    with django_assert_num_queries(14):
        response = client.get(run_url(run))

    assert len(re.findall(r'href="/mein-bereich/ergebnisse/\d+/"', response.text)) == count * count


def test_run_of_others_does_not_exist_unless_it_is_public(client):
    user = ParticipationFactory().person.user
    client.force_login(user)

    assert client.get(run_url(RunFactory())).status_code == 404
    assert client.get(run_url(RunFactory(public=True))).status_code == 403


def test_run_asks_to_log_in(client):
    response = client.get(run_url(RunFactory(public=True)))

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


# Task


def test_task_offers_to_begin(client):
    task = TaskFactory()
    user = ParticipationFactory(run=task.workshop.run).person.user
    client.force_login(user)

    response = client.get(task.get_absolute_url())
    check_html(response)
    assert "Ergebnis schreiben" in response.text

    response = client.post(reverse("workshops:start", args=[task.pk]))
    output = Output.objects.get()
    assert response.url == edit_url(output)
    assert writer(output) == user


def test_task_for_teams_begins_for_the_team_that_was_chosen(client):
    task = TaskFactory(for_team=True)
    participation = ParticipationFactory(run=task.workshop.run)
    teams = TeamFactory.create_batch(2, run=task.workshop.run)
    for team in teams:
        TeamMembershipFactory(team=team, participation=participation)
    client.force_login(participation.person.user)

    response = client.get(task.get_absolute_url())
    assert response.text.count('name="team"') == 2

    client.post(reverse("workshops:start", args=[task.pk]), {"team": teams[1].pk})
    assert Output.objects.get().team == teams[1]
    check_html(client.get(task.get_absolute_url()))


@pytest.mark.parametrize("team", ["x", "0", "-1", "9" * 30])
def test_start_with_a_team_that_is_none(client, team):
    task = TaskFactory(for_team=True)
    participation = ParticipationFactory(run=task.workshop.run)
    client.force_login(participation.person.user)

    response = client.post(reverse("workshops:start", args=[task.pk]), {"team": team}, follow=True)

    assert "in keinem" in response.text
    assert not Output.objects.exists()


def test_task_for_teams_says_why_it_cannot_begin(client):
    task = TaskFactory(for_team=True)
    client.force_login(ParticipationFactory(run=task.workshop.run).person.user)

    response = client.get(task.get_absolute_url())

    assert "Diese Aufgabe gibt ein Team ab." in response.text
    assert "Ergebnis schreiben" not in response.text


def test_task_of_a_run_that_is_over_says_so(client):
    task = TaskFactory(workshop__run__archived=True)
    client.force_login(ParticipationFactory(run=task.workshop.run).person.user)

    response = client.get(task.get_absolute_url())

    check_html(response)
    assert "Zu dieser Aufgabe wird nichts mehr abgegeben." in response.text


def test_task_shows_a_facilitator_what_was_handed_in(client):
    output = OutputFactory(submitted=True, task__readers="lead")
    run = output.task.workshop.run
    client.force_login(ParticipationFactory(run=run, facilitator=True).person.user)

    response = client.get(output.task.get_absolute_url())

    check_html(response)
    assert output.get_absolute_url() in response.text
    assert "nichts mehr abgegeben" not in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_task_query_count(client, django_assert_num_queries, count):
    task = TaskFactory(due_at=None)
    run = task.workshop.run
    OutputFactory.create_batch(count, task=task, submitted=True)
    output = OutputFactory(task=task, participation=ParticipationFactory(run=run))
    client.force_login(writer(output))
    client.get(reverse("home:account"))  # the first request of a session also notes the session

    with django_assert_num_queries(6):
        response = client.get(task.get_absolute_url())

    assert len(re.findall(r'href="/mein-bereich/ergebnisse/\d+/"', response.text)) == count + 1


def test_start_is_forbidden_for_a_facilitator(client):
    task = TaskFactory()
    client.force_login(ParticipationFactory(run=task.workshop.run, facilitator=True).person.user)

    assert client.post(reverse("workshops:start", args=[task.pk])).status_code == 403


# Write


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
    monkeypatch.setattr("workshops.operations.MAX_FILES", 1)
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


# Who sees what


def seen(client, user, output):
    """What the pages of the run tell this user of an output: text, files, and nothing more."""
    log_in(client, user)
    run = output.task.workshop.run
    [attachment] = output.attachments.all()
    pages = [
        client.get(url)
        for url in (
            run_url(run),
            output.task.get_absolute_url(),
            output.get_absolute_url(),
            edit_url(output),
            reverse("home:desk"),
        )
    ]
    text = any("CANARY-TEXT" in page.text for page in pages)
    file = client.get(attachment.get_absolute_url())
    is_file = file.status_code == 200 and b"CANARY-FILE" in b"".join(file.streaming_content)
    is_named = any("CANARY-NAME" in page.text for page in pages)
    assert text == is_file
    return text or is_named


# Who reads the output of a participant in a team, by readers of the task and status.
READERS = {
    ("run", "draft"): {"writer"},
    ("run", "submitted"): {
        "writer",
        "mate",
        "colleague",
        "facilitator",
        "editor",
        "lead",
        "superuser",
    },
    ("run", "accepted"): {
        "writer",
        "mate",
        "colleague",
        "facilitator",
        "editor",
        "lead",
        "superuser",
    },
    ("run", "returned"): {"writer", "facilitator", "editor", "lead", "superuser"},
    ("team", "draft"): {"writer"},
    ("team", "submitted"): {"writer", "mate", "facilitator", "editor", "lead", "superuser"},
    ("team", "accepted"): {"writer", "mate", "facilitator", "editor", "lead", "superuser"},
    ("team", "returned"): {"writer", "facilitator", "editor", "lead", "superuser"},
    ("lead", "draft"): {"writer"},
    ("lead", "submitted"): {"writer", "facilitator", "editor", "lead", "superuser"},
    ("lead", "accepted"): {"writer", "facilitator", "editor", "lead", "superuser"},
    ("lead", "returned"): {"writer", "facilitator", "editor", "lead", "superuser"},
}


@pytest.fixture
def crowd():
    """Everybody who might look at the output of one participant."""
    task = TaskFactory(workshop__run__public=True)
    run = task.workshop.run
    team = TeamFactory(run=run)
    own, mate = TeamMembershipFactory.create_batch(2, team=team)
    former = TeamMembershipFactory(team=team, has_left=True)
    output = OutputFactory(task=task, participation=own.participation, body="<p>CANARY-TEXT</p>")
    AttachmentFactory(output=output, file__data=b"CANARY-FILE", name="CANARY-NAME.txt")
    users = {
        "writer": writer(output),
        "mate": mate.participation.person.user,
        "former mate": former.participation.person.user,
        "colleague": ParticipationFactory(run=run).person.user,
        "left": ParticipationFactory(run=run, left=True).person.user,
        "invited": ParticipationFactory(
            run=run, invited=True, person__with_account=True
        ).person.user,
        "other run": ParticipationFactory(run=RunFactory(programme=run.programme)).person.user,
        "stranger": UserFactory(),
        "facilitator": ParticipationFactory(run=run, facilitator=True).person.user,
        "editor": EditorFactory(programme=run.programme),
        "lead": LeadFactory(programme=run.programme),
        "foreign lead": LeadFactory(),
        "superuser": UserFactory(superuser=True),
    }
    return output, users


def readers_of(readers, status):
    """A former member of the team is a colleague in the run as well."""
    names = READERS[readers, status]
    return names | {"former mate"} if "colleague" in names else names


@pytest.mark.slow
@pytest.mark.parametrize(("readers", "status"), READERS)
def test_output_and_its_files_are_read_by(crowd, readers, status):
    output, users = crowd
    output.task.readers = readers
    output.task.save()
    set_status(output, status)

    for door in (
        Output.objects.visible_to,
        Output.objects.readable_by,
        Attachment.objects.visible_to,
    ):
        assert {name for name, user in users.items() if door(user).exists()} == readers_of(
            readers, status
        )


@pytest.mark.slow
@pytest.mark.parametrize(("readers", "status"), [("run", "draft"), ("team", "submitted")])
def test_no_page_tells_others_of_an_output(client, crowd, readers, status):
    output, users = crowd
    output.task.readers = readers
    output.task.save()
    set_status(output, status)

    who = {name for name, user in users.items() if seen(client, user, output)}

    assert who == readers_of(readers, status)


def set_status(output, status):
    now = timezone.now()
    output.status = status
    if status != "draft":
        output.submitted_at = now
    if status in {"accepted", "returned"}:
        output.answered_at = now
    output.save(update_fields=["status", "submitted_at", "answered_at"])


def test_returned_output_is_hidden_while_it_is_written_again(client, crowd):
    output, users = crowd
    set_status(output, "returned")
    Output.objects.update(saved_at=timezone.now() + datetime.timedelta(seconds=1))

    who = {name for name, user in users.items() if Output.objects.readable_by(user).exists()}

    assert who == {"writer"}
    assert not seen(client, users["lead"], output)
    assert "Wird gerade überarbeitet" in client.get(output.get_absolute_url()).text


def test_draft_of_a_team_is_read_by_the_team(client):
    task = TaskFactory(for_team=True)
    run = task.workshop.run
    team = TeamFactory(run=run)
    own, mate = TeamMembershipFactory.create_batch(2, team=team)
    gone = TeamMembershipFactory(team=team, has_left=True)
    output = OutputFactory(
        task=task, team=team, participation=gone.participation, body="<p>CANARY-TEXT</p>"
    )
    AttachmentFactory(output=output, file__data=b"CANARY-FILE", name="CANARY-NAME.txt")
    users = {
        "own": own.participation.person.user,
        "mate": mate.participation.person.user,
        "started it and left": gone.participation.person.user,
        "other team": TeamMembershipFactory(team=TeamFactory(run=run)).participation.person.user,
        "lead": LeadFactory(programme=run.programme),
    }

    who = {name for name, user in users.items() if seen(client, user, output)}

    assert who == {"own", "mate"}


def test_every_page_asks_to_log_in_and_hides_what_is_foreign(client):
    output = OutputFactory(submitted=True)
    attachment = AttachmentFactory(output=output)
    urls = {
        name: reverse(f"workshops:{name}", args=[pk])
        for name, pk in (
            ("task", output.task.pk),
            ("start", output.task.pk),
            ("output", output.pk),
            ("edit", output.pk),
            ("unsubmit", output.pk),
            ("accept", output.pk),
            ("return", output.pk),
            ("attachment", attachment.pk),
        )
    }
    reading = {"task", "output", "edit", "attachment"}
    foreign = LeadFactory()

    for name, url in urls.items():
        method = client.get if name in reading else client.post
        assert method(url).url.startswith(reverse("account_login")), name
    log_in_with_second_factor(client, foreign)
    for name, url in urls.items():
        method = client.get if name in reading else client.post
        assert method(url).status_code == 404, name
    client.force_login(writer(output))
    for name, method in itertools.product(urls, ("get", "put", "delete")):
        is_wrong = method != "get" or name not in reading
        if is_wrong:
            assert getattr(client, method)(urls[name]).status_code == 405, (name, method)


def test_pages_are_kept_out_of_search_engines(client, output):
    assert '<meta name="robots" content="noindex">' in client.get(output.get_absolute_url()).text


def test_pages_in_english(client, output):
    for url in (run_url(output.task.workshop.run), output.get_absolute_url(), edit_url(output)):
        assert client.get(f"/en{url}").status_code == 200


def test_office_file_goes_in_and_out_unchanged(client, output):
    content = office("docx")

    client.post(edit_url(output), typed(uploads=[upload("notiz.docx", content)]))

    response = client.get(Attachment.objects.get().get_absolute_url())
    assert b"".join(response.streaming_content) == content
