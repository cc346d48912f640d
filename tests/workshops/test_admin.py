import pytest
from django.urls import reverse

from people.models import Message
from tests.factories import (
    AttachmentFactory,
    EditorFactory,
    EventFactory,
    GuestFactory,
    LeadFactory,
    OutputFactory,
    ParticipationFactory,
    RunFactory,
    TaskFactory,
    TeamFactory,
    UserFactory,
    WorkshopFactory,
)
from tests.pages import press, read_button
from tests.signing_in import log_in_with_second_factor
from workshops.models import Event, Output, Task, Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    return RunFactory()


@pytest.fixture
def lead(client, run):
    """A lead of the run's programme, logged in."""
    user = LeadFactory(programme=run.programme)
    log_in_with_second_factor(client, user)
    return user


def url(model, page, *args):
    return reverse(f"admin:workshops_{model}_{page}", args=args)


def act(client, model, obj, name, **data):
    return press(client, obj, name, follow=True, **data)


@pytest.mark.parametrize(
    ("model", "factory"),
    [
        ("workshop", WorkshopFactory),
        ("event", EventFactory),
        ("task", TaskFactory),
        ("output", lambda **parents: OutputFactory(submitted=True, **parents)),
    ],
)
def test_admin_shows_only_rows_of_own_programmes(client, lead, run, model, factory):
    if model in {"workshop", "event"}:
        own = factory(run=run)
    elif model == "task":
        own = factory(workshop__run=run)
    else:
        own = factory(task__workshop__run=run)
    foreign = factory()

    response = client.get(url(model, "changelist"))

    assert url(model, "change", own.pk) in response.text
    assert url(model, "change", foreign.pk) not in response.text
    assert client.get(url(model, "change", own.pk)).status_code == 200
    assert client.get(url(model, "change", foreign.pk)).status_code == 404
    assert client.get(url(model, "history", own.pk)).status_code == 200


def test_workshop_moves_by_its_buttons(client, lead, run):
    workshop = WorkshopFactory(run=run, results="<p>Drei Ideen.</p>")

    for name, status in (("confirm", "confirmed"), ("hold", "held"), ("document", "documented")):
        assert (
            url("workshop", "action", workshop.pk, name)
            in client.get(url("workshop", "change", workshop.pk)).text
        )
        act(client, "workshop", workshop, name)
        workshop.refresh_from_db()
        assert workshop.status == status


def test_workshop_says_why_it_cannot_be_confirmed(client, lead, run):
    workshop = WorkshopFactory(run=run, held_on=None)

    assert "Es fehlt noch ein Datum." in client.get(url("workshop", "change", workshop.pk)).text
    assert "Es fehlt noch ein Datum." in act(client, "workshop", workshop, "confirm").text

    workshop.refresh_from_db()
    assert workshop.status == "planned"


def test_workshop_is_cancelled_only_after_a_question(client, lead, run):
    workshop = WorkshopFactory(run=run)

    response = client.get(read_button(client, workshop, "cancel"))
    assert "lässt sich nicht zurücknehmen" in response.text
    workshop.refresh_from_db()
    assert workshop.status == "planned"

    act(client, "workshop", workshop, "cancel")
    workshop.refresh_from_db()
    assert workshop.status == "cancelled"


def test_workshop_is_set_up_with_guest_and_task(client, lead, run):
    guest = GuestFactory(workshop__run=run).organisation
    form = {
        "run": run.pk,
        "number": 7,
        "title": "Neuer Tag",
        "held_on": "3.12.2026",
        "begins_at": "09:00",
        "ends_at": "17:00",
        "venue": "Leipzig",
        "moderation": "",
        "goal": "<p>Ziel</p>",
        "agenda": "",
        "results": "",
        "is_public": "on",
        "guests-TOTAL_FORMS": 1,
        "guests-INITIAL_FORMS": 0,
        "guests-0-organisation": guest.pk,
        "guests-0-position": 0,
        "tasks-TOTAL_FORMS": 1,
        "tasks-INITIAL_FORMS": 0,
        "tasks-0-title": "Erste Aufgabe",
        "tasks-0-addressee": "team",
        "tasks-0-due_at_0": "04.12.2026",
        "tasks-0-due_at_1": "18:00",
        "tasks-0-is_released": "on",
    }

    response = client.post(url("workshop", "add"), form)

    assert response.status_code == 302
    workshop = Workshop.objects.get(title="Neuer Tag")
    assert (workshop.run, workshop.status) == (run, "planned")
    assert [row.organisation for row in workshop.guests.all()] == [guest]
    assert Task.objects.get(workshop=workshop).title == "Erste Aufgabe"


def test_event_refuses_team_of_another_run(client, lead, run):
    team = TeamFactory(run=RunFactory(programme=run.programme))

    response = client.post(
        url("event", "add"),
        {"run": run.pk, "kind": "meeting", "title": "Treffen", "team": team.pk},
    )

    assert "gehört zu einem anderen Durchlauf" in response.text
    assert not Event.objects.exists()


def test_task_keeps_its_addressee_once_somebody_writes(client, lead, run):
    task = TaskFactory(workshop__run=run)
    page = url("task", "change", task.pk)
    assert 'name="addressee"' in client.get(page).text

    OutputFactory(task=task)

    assert 'name="addressee"' not in client.get(page).text


def test_output_is_read_with_its_files(client, lead, run):
    output = OutputFactory(
        task__workshop__run=run, submitted=True, body="<p>Guten <strong>Tag</strong></p>"
    )
    attachment = AttachmentFactory(output=output, name="a<b>.txt", description="Ein Flipchart")

    response = client.get(url("output", "change", output.pk))

    assert "<p>Guten <strong>Tag</strong></p>" in response.text
    assert f'<a href="{attachment.get_absolute_url()}">a&lt;b&gt;.txt</a>' in response.text
    assert "Ein Flipchart" in response.text
    assert 'name="body"' not in response.text


def test_draft_does_not_exist_in_the_admin(client, lead, run):
    draft = OutputFactory(task__workshop__run=run, body="<p>CANARY-TEXT</p>")
    submitted = OutputFactory(task=draft.task, submitted=True)

    response = client.get(url("output", "changelist"))

    assert url("output", "change", submitted.pk) in response.text
    assert url("output", "change", draft.pk) not in response.text
    assert client.get(url("output", "change", draft.pk)).status_code == 404
    assert client.post(url("output", "action", draft.pk, "accept")).status_code == 404
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_lead_does_not_read_what_is_written_again(client, lead, run):
    output = OutputFactory(task__workshop__run=run, returned=True, body="<p>CANARY-TEXT</p>")
    AttachmentFactory(output=output, name="CANARY-NAME.txt")
    Output.objects.update(body="<p>CANARY-TEXT</p>")
    page = url("output", "change", output.pk)
    output.answered_at = output.saved_at
    output.save(update_fields=["answered_at"])
    assert "CANARY-TEXT" in client.get(page).text

    output.save(update_fields=["saved_at"])

    assert "CANARY" not in client.get(page).text


def test_lead_accepts(client, lead, run):
    output = OutputFactory(task__workshop__run=run, submitted=True)

    response = act(client, "output", output, "accept")

    assert "Das Ergebnis ist angenommen." in response.text
    output.refresh_from_db()
    assert output.status == "accepted"


@pytest.mark.parametrize("name", ["accept", "give_back"])
def test_lead_answers_what_stood_on_the_page(client, lead, run, name):
    output = OutputFactory(task__workshop__run=run, submitted=True)
    button = read_button(client, output, name)
    Output.objects.filter(pk=output.pk).update(body="<p>Neu abgegeben</p>")

    for address in (button, button.partition("?")[0], f"{button}x"):
        response = client.post(address, {"answer": "Gelesen."})
        assert response.status_code == 409
        assert "hat jemand etwas geändert" in response.text

    output.refresh_from_db()
    assert output.status == "submitted"


def test_lead_returns_only_with_an_answer(client, lead, run):
    output = OutputFactory(task__workshop__run=run, submitted=True)

    response = act(client, "output", output, "give_back", answer=" ")
    assert "Bitte schreiben Sie, was überarbeitet werden soll." in response.text
    assert not Message.objects.exists()

    act(client, "output", output, "give_back", answer="Bitte die Kosten.")
    output.refresh_from_db()
    assert (output.status, output.answer) == ("returned", "Bitte die Kosten.")
    assert Message.objects.count() == 1


@pytest.mark.parametrize("who", ["editor", "superuser"])
@pytest.mark.parametrize("name", ["accept", "give_back"])
def test_others_of_staff_read_and_do_not_answer(client, run, who, name):
    user = (
        EditorFactory(programme=run.programme) if who == "editor" else UserFactory(superuser=True)
    )
    log_in_with_second_factor(client, user)
    output = OutputFactory(task__workshop__run=run, submitted=True)

    page = client.get(url("output", "change", output.pk))

    assert url("output", "action", output.pk, name) not in page.text
    response = client.post(url("output", "action", output.pk, name), {"answer": "x"})
    assert response.status_code == 403
    output.refresh_from_db()
    assert output.status == "submitted"


def test_outputs_are_neither_added_nor_deleted(client, lead, run):
    output = OutputFactory(task__workshop__run=run, submitted=True)

    assert client.get(url("output", "add")).status_code == 403
    assert client.post(url("output", "delete", output.pk), {"post": "yes"}).status_code == 403
    assert Output.objects.filter(pk=output.pk).exists()


def test_start_page_names_what_waits(client, lead, run):
    output = OutputFactory(task__workshop__run=run, submitted=True)
    OutputFactory(submitted=True)

    response = client.get(reverse("admin:index"))

    assert "Ergebnisse ohne Antwort" in response.text
    assert url("output", "change", output.pk) in response.text


def test_run_page_lists_its_workshops(client, lead, run):
    workshop = WorkshopFactory(run=run)

    response = client.get(reverse("admin:programmes_run_change", args=[run.pk]))

    assert workshop.title in response.text
    assert url("workshop", "change", workshop.pk) in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_output_list_query_count(client, lead, run, django_assert_num_queries, count):
    task = TaskFactory(workshop__run=run)
    OutputFactory.create_batch(count, task=task, submitted=True)
    client.get(reverse("admin:index"))

    with django_assert_num_queries(14):
        response = client.get(url("output", "changelist"))

    assert response.text.count("field-status") == count


@pytest.mark.parametrize("term", ["Familienname", "a" * 300, "%27"])
def test_search_bears_any_words(client, lead, run, term):
    OutputFactory(task__workshop__run=run, submitted=True)

    for model in ("workshop", "event", "task", "output"):
        assert client.get(url(model, "changelist"), {"q": term}).status_code == 200


def test_filters_offer_only_own_runs(client, lead, run):
    foreign = ParticipationFactory().run
    OutputFactory(task__workshop__run=run, submitted=True)
    OutputFactory(task__workshop__run=foreign, submitted=True)

    for model in ("workshop", "event", "task", "output"):
        assert foreign.topic not in client.get(url(model, "changelist")).text
