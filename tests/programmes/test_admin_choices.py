"""Choices of the admin: namesakes are told apart, runs are not mixed, ended runs take no more."""

import pytest
from django.contrib import admin
from django.forms import ModelChoiceField
from django.urls import reverse

from concepts.models import Concept
from programmes.models import Participation, Run, Team, TeamMembership
from programmes.models.belonging import described, path_to_run
from tests.factories import (
    ConceptFactory,
    EventFactory,
    GuestFactory,
    OutputFactory,
    ParticipationFactory,
    PersonFactory,
    ProgrammeFactory,
    ResponsibilityFactory,
    RunFactory,
    SectorFactory,
    TaskFactory,
    TeamFactory,
    TeamMembershipFactory,
    WorkshopFactory,
)
from tests.pages import save
from workshops.models import Event, Task, Workshop

pytestmark = pytest.mark.django_db

ENDED = [Run.Status.COMPLETED, Run.Status.ARCHIVED, Run.Status.CANCELLED]


def furnish(run, person):
    """A run with one of everything, all of it named as in every other run."""
    workshop = WorkshopFactory(run=run, number=1, title="Auftakt")
    task = TaskFactory(workshop=workshop, title="Erwartungen")
    EventFactory(run=run, title="Treffen")
    GuestFactory(workshop=workshop)
    team = TeamFactory(run=run, name="Team A")
    participation = ParticipationFactory(run=run, person=person)
    TeamMembershipFactory(team=team, participation=participation)
    ConceptFactory(run=run, team=team, title="Ein Konzept")
    OutputFactory(task=task, participation=participation, submitted=True)
    return team


@pytest.fixture
def runs(programme):
    person = PersonFactory(programme=programme, with_account=True)
    runs = [
        RunFactory(programme=programme, number=number, topic="Zusammenhalt", running=True)
        for number in (1, 2)
    ]
    for run in runs:
        furnish(run, person)
    return runs


def address(model, name, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def choices_of_the_admin():
    """Every choice that is made by typing, of every form and every inline."""
    for model, model_admin in admin.site._registry.items():
        for owner in (model_admin, *(inline(model, admin.site) for inline in model_admin.inlines)):
            for name in owner.get_autocomplete_fields(None):
                yield owner.model, name


def offered(client, model, name, **more):
    query = {
        "app_label": model._meta.app_label,
        "model_name": model._meta.model_name,
        "field_name": name,
        "term": "",
    }
    response = client.get(reverse("admin:autocomplete"), query | more)
    assert response.status_code == 200, (model, name)
    return [row["text"] for row in response.json()["results"]]


def test_label_carries_what_a_row_belongs_to(runs):
    task = Task.objects.get(workshop__run=runs[1])

    assert described(task) == "Erwartungen – 1. Auftakt – 2. Durchlauf: Zusammenhalt"
    assert described(runs[0]) == "1. Durchlauf: Zusammenhalt"


def test_label_of_an_ended_run_says_so(programme):
    run = RunFactory(programme=programme, number=3, topic="Schule", archived=True)

    assert described(run) == "3. Durchlauf: Schule (archiviert)"


def test_namesakes_of_two_runs_are_told_apart_in_every_choice(client, lead, runs):
    several = set()
    for model, name in choices_of_the_admin():
        texts = offered(client, model, name)

        assert len(texts) == len(set(texts)), (model, name, texts)
        if len(texts) > 1:
            several.add(model._meta.get_field(name).related_model)
    assert several >= {Run, Team, Workshop, Concept, Participation}


def test_every_choice_stays_in_the_run_at_hand(client, lead, runs):
    limited = set()
    for model, name in choices_of_the_admin():
        target = model._meta.get_field(name).related_model
        texts = offered(client, model, name, run=runs[1].pk)

        if target is not Run and path_to_run(target):
            assert texts, (model, name)
            assert all("2. Durchlauf" in text for text in texts), (model, name, texts)
            limited.add(target)
    assert limited >= {Team, Workshop, Concept, Participation}


def test_choice_in_the_run_of_others_offers_nothing(client, lead, runs):
    assert offered(client, Event, "team", run=RunFactory().pk) == []
    assert offered(client, Event, "team", run="nichts") == offered(client, Event, "team")


def test_every_open_choice_of_a_row_stays_in_its_run(rf, client, lead, runs):
    """Selects without a search hold only rows of the run; those with one ask for them."""
    seen = 0
    for model, model_admin in admin.site._registry.items():
        if model is Run or path_to_run(model) is None:
            continue
        for row in model._default_manager.filter(**{path_to_run(model): runs[1].pk}):
            request = rf.get("/")
            request.user = lead
            forms = [model_admin.get_form(request, row, change=True)]
            for formset, _inline in model_admin.get_formsets_with_inlines(request, row):
                forms.append(formset.form)
            for form in forms:
                seen += sum(_check(field, runs[1]) for field in form.base_fields.values())
    assert seen >= 3


def _check(field, run):
    if not isinstance(field, ModelChoiceField) or field.queryset.model is Run:
        return False
    path = path_to_run(field.queryset.model)
    if path is None:
        return False
    widget = getattr(field.widget, "widget", field.widget)
    if hasattr(widget, "get_url"):
        assert widget.get_url().endswith(f"?run={run.pk}")
    else:
        assert set(field.queryset.values_list(path, flat=True)) == {run.pk}
    row = field.queryset.first()
    assert field.label_from_instance(row) == described(row)
    return True


def test_namesakes_of_two_programmes_are_told_apart(client, lead, runs):
    other = ProgrammeFactory(short_title="Zweites")
    ResponsibilityFactory(programme=other, user=lead)
    person = PersonFactory(programme=other, with_account=True)
    furnish(RunFactory(programme=other, number=1, topic="Zusammenhalt", running=True), person)
    SectorFactory(programme=other, name="Kultur")
    SectorFactory(programme=runs[0].programme, name="Kultur")

    for model, name in choices_of_the_admin():
        texts = offered(client, model, name)
        assert len(texts) == len(set(texts)), (model, name, texts)

    assert "1. Durchlauf: Zusammenhalt – Zweites" in offered(client, Event, "run")
    text = client.get(address(Participation, "changelist")).text
    assert "Kultur – Zweites" in text
    assert "Kultur – Zweites" in offered(client, Participation, "sector")


def test_who_has_one_programme_reads_its_name_nowhere(client, lead, runs):
    assert offered(client, Event, "run") == [
        "2. Durchlauf: Zusammenhalt",
        "1. Durchlauf: Zusammenhalt",
    ]


def test_filter_beside_a_list_tells_runs_apart(client, lead, runs):
    text = client.get(address(Task, "changelist")).text

    assert "1. Durchlauf: Zusammenhalt" in text
    assert "2. Durchlauf: Zusammenhalt" in text


def test_page_of_a_row_says_where_one_is(client, lead, runs):
    task = Task.objects.get(workshop__run=runs[1])

    text = client.get(address(Task, "change", task.pk)).text

    assert "Erwartungen – 1. Auftakt – 2. Durchlauf: Zusammenhalt" in text


def new_rows(run):
    """What the add pages of a run take: model and form."""
    workshop, team = run.workshops.get(), run.teams.get()
    sector = run.participations.get().sector
    person = PersonFactory(programme=run.programme)
    no_guests = {"guests-TOTAL_FORMS": 0, "guests-INITIAL_FORMS": 0}
    no_tasks = {"tasks-TOTAL_FORMS": 0, "tasks-INITIAL_FORMS": 0}
    no_members = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    no_blocks = {"blocks-TOTAL_FORMS": 0, "blocks-INITIAL_FORMS": 0}
    run = {"run": run.pk}
    yield Workshop, {**run, "number": 9, "title": "Neu", **no_guests, **no_tasks}
    yield Event, {**run, "kind": "meeting", "title": "Neu", "team": team.pk}
    task = {"title": "Neu", "addressee": "each", "readers": "run", "position": 1}
    yield Task, {"workshop": workshop.pk, **task}
    yield Team, {**run, "name": "Neu", "position": 3, **no_members}
    new = {"role": "participant", "person": person.pk, "sector": sector.pk}
    yield Participation, {**run, **new}
    yield Concept, {**run, "title": "Neu", "slug": "neu", **no_blocks}


def test_open_run_takes_new_things(client, lead, runs):
    for model, form in new_rows(runs[0]):
        before = model._default_manager.count()

        response = client.post(address(model, "add"), form)

        assert response.status_code == 302, (model, response.context["errors"])
        assert model._default_manager.count() == before + 1


@pytest.mark.parametrize("status", ENDED)
def test_ended_run_refuses_new_things_with_a_sentence(client, lead, runs, status):
    Run.objects.filter(pk=runs[0].pk).update(status=status)
    sentences = ("kommt nichts Neues mehr hinzu", "wird niemand mehr aufgenommen")
    for model, form in new_rows(runs[0]):
        before = model._default_manager.count()

        response = client.post(address(model, "add"), form)

        assert response.status_code == 200, model
        assert any(sentence in response.text for sentence in sentences), model
        assert model._default_manager.count() == before


@pytest.mark.parametrize("status", ENDED)
def test_ended_runs_are_not_offered_for_new_things(client, lead, runs, status):
    Run.objects.filter(pk=runs[0].pk).update(status=status)

    for model in (Workshop, Event, Team, Concept, Participation):
        assert offered(client, model, "run") == ["2. Durchlauf: Zusammenhalt"], model
    assert offered(client, Task, "workshop") == ["1. Auftakt – 2. Durchlauf: Zusammenhalt"]
    assert offered(client, Event, "team") == ["Team A – 2. Durchlauf: Zusammenhalt"]
    # Where something ended is corrected, its own run is at hand.
    ended = offered(client, Event, "team", run=runs[0].pk)
    assert [text.partition(" – ")[0] for text in ended] == ["Team A"]


def test_ended_run_takes_no_member_but_says_who_was_there(client, lead, runs):
    team, workshop = runs[0].teams.get(), runs[0].workshops.get()
    Run.objects.filter(pk=runs[0].pk).update(status=Run.Status.COMPLETED)

    page = client.get(address(Team, "change", team.pk))
    workshops_page = client.get(address(Workshop, "change", workshop.pk))

    adds = {
        formset.opts.model._meta.model_name: formset.has_add_permission
        for response in (page, workshops_page)
        for formset in response.context["inline_admin_formsets"]
    }
    assert adds == {"teammembership": False, "guest": True, "task": False}
    assert "Hier kommt nichts Neues mehr hinzu" in page.text


def test_nothing_moves_into_an_ended_run(client, lead, runs):
    event = Event.objects.get(run=runs[1])
    Run.objects.filter(pk=runs[0].pk).update(status=Run.Status.ARCHIVED)

    response = save(client, event, run=runs[0].pk)

    assert "kommt nichts Neues mehr hinzu" in response.text
    event.refresh_from_db()
    assert event.run == runs[1]


def test_what_is_there_is_still_corrected(client, lead, runs):
    event = Event.objects.get(run=runs[1])
    Run.objects.filter(pk=runs[1].pk).update(status=Run.Status.ARCHIVED)

    response = save(client, event, title="Treffen bei uns")

    assert response.status_code == 302
    event.refresh_from_db()
    assert event.title == "Treffen bei uns"


def test_team_takes_no_member_of_another_run(client, lead, runs):
    team, other = runs[0].teams.get(), ParticipationFactory(run=runs[1])
    added = {"memberships-TOTAL_FORMS": 2, "memberships-1-participation": other.pk}

    response = save(client, team, **added)

    assert "gehört zu einem anderen Durchlauf" in response.text
    assert not TeamMembership.objects.filter(participation=other).exists()
