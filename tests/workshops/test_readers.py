"""Who sees which output."""

import datetime
import itertools

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    AttachmentFactory,
    EditorFactory,
    LeadFactory,
    OutputFactory,
    ParticipationFactory,
    RunFactory,
    TaskFactory,
    TeamFactory,
    TeamMembershipFactory,
    UserFactory,
)
from tests.signing_in import log_in, log_in_with_second_factor
from tests.texts.uploads import office, upload
from tests.workshops.conftest import edit_url, run_url, typed, writer
from workshops.models import Attachment, Output

pytestmark = pytest.mark.django_db


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
