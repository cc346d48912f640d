import datetime
import itertools
import threading

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import F
from django.utils import timezone

from people.models import AuditEntry, Message
from programmes.models import Run
from tests.factories import (
    AttachmentFactory,
    OutputFactory,
    ParticipationFactory,
    RunFactory,
    TaskFactory,
    TeamFactory,
    TeamMembershipFactory,
    UserFactory,
    WorkshopFactory,
)
from texts.uploads import QUOTA_BYTES, CheckedFile
from workshops import operations
from workshops.models import Attachment, Output, Task, Workshop
from workshops.operations import (
    AnswerMissing,
    DateMissing,
    DueDatePassed,
    NothingToSubmit,
    NotInTeam,
    NotTakingPart,
    QuotaExceeded,
    ResultsMissing,
    TaskClosed,
    TooManyFiles,
    accept_output,
    add_attachment,
    cancel_workshop,
    confirm_workshop,
    document_workshop,
    hold_workshop,
    remove_attachment,
    return_output,
    save_and_submit_output,
    save_output,
    start_output,
    submit_output,
    unsubmit_output,
)
from workshops.operations.output import MAX_FILES

pytestmark = pytest.mark.django_db

STEPS = {
    "confirmed": confirm_workshop,
    "held": hold_workshop,
    "documented": document_workshop,
    "cancelled": cancel_workshop,
}


def checked(name="foto.jpg", content=b"Bild", media_type="image/jpeg"):
    return CheckedFile(name, media_type, ContentFile(content), len(content), "0" * 64)


def writer(output):
    return output.participation.person.user


def log(obj):
    kind = obj._meta.label_lower
    return list(AuditEntry.objects.of(kind, obj.pk).values_list("action", flat=True))


# Workshops


@pytest.mark.parametrize(
    ("before", "after"),
    list(itertools.product(Workshop.Status.values, STEPS)),
)
def test_workshop_moves_only_along_its_table(before, after):
    workshop = WorkshopFactory(status=before, results="<p>Drei Ideen.</p>")
    step = STEPS[after]

    if Workshop.Status(after) in Workshop.NEXT[Workshop.Status(before)]:
        step(workshop, by=UserFactory())
    else:
        with pytest.raises(Workshop.WrongStatus):
            step(workshop, by=UserFactory())
        after = before

    workshop.refresh_from_db()
    assert workshop.status == after
    verb = step.__name__.removesuffix("_workshop")
    assert log(workshop) == ([verb] if after != before else [])


def test_confirm_workshop_needs_a_date():
    workshop = WorkshopFactory(held_on=None)

    with pytest.raises(DateMissing):
        confirm_workshop(workshop, by=UserFactory())

    workshop.refresh_from_db()
    assert (workshop.status, log(workshop)) == ("planned", [])


def test_document_workshop_needs_results():
    workshop = WorkshopFactory(held=True)

    with pytest.raises(ResultsMissing):
        document_workshop(workshop, by=UserFactory())

    workshop.refresh_from_db()
    assert (workshop.status, log(workshop)) == ("held", [])


# Start


def test_start_output_gives_each_participant_one_draft():
    task = TaskFactory()
    participation = ParticipationFactory(run=task.workshop.run)

    first = start_output(task, by=participation.person.user)
    second = start_output(task, by=participation.person.user)

    assert first == second
    assert (first.status, first.team, first.participation) == ("draft", None, participation)
    assert log(first) == ["begin"]


def test_start_output_gives_a_team_one_draft():
    task = TaskFactory(for_team=True)
    team = TeamFactory(run=task.workshop.run)
    one, two = TeamMembershipFactory.create_batch(2, team=team)

    first = start_output(task, by=one.participation.person.user)
    second = start_output(task, by=two.participation.person.user)

    assert first == second
    assert first.team == team


def test_start_output_asks_for_the_team_of_somebody_in_two():
    task = TaskFactory(for_team=True)
    participation = ParticipationFactory(run=task.workshop.run)
    teams = [
        TeamMembershipFactory(
            team=TeamFactory(run=task.workshop.run), participation=participation
        ).team
        for _ in range(2)
    ]
    user = participation.person.user

    with pytest.raises(NotInTeam):
        start_output(task, by=user)

    assert start_output(task, by=user, team=teams[1]).team == teams[1]


def test_start_output_refuses_the_team_of_others():
    task = TaskFactory(for_team=True)
    membership = TeamMembershipFactory(team=TeamFactory(run=task.workshop.run))
    foreign = TeamFactory(run=task.workshop.run)

    with pytest.raises(NotInTeam):
        start_output(task, by=membership.participation.person.user, team=foreign)


def test_start_output_refuses_who_has_left_the_team():
    task = TaskFactory(for_team=True)
    membership = TeamMembershipFactory(team=TeamFactory(run=task.workshop.run), has_left=True)

    with pytest.raises(NotInTeam):
        start_output(task, by=membership.participation.person.user)


@pytest.mark.parametrize("trait", ["invited", "completed", "left", "declined", "facilitator"])
def test_start_output_refuses_who_does_not_hand_in(trait):
    task = TaskFactory()
    participation = ParticipationFactory(
        run=task.workshop.run, person__with_account=True, **{trait: True}
    )

    with pytest.raises(NotTakingPart):
        start_output(task, by=participation.person.user)


def test_start_output_refuses_somebody_of_another_run():
    task = TaskFactory()

    with pytest.raises(NotTakingPart):
        start_output(task, by=ParticipationFactory().person.user)


@pytest.mark.parametrize(
    "closed",
    [
        {"hidden": True},
        {"workshop__cancelled": True},
        {"workshop__run__archived": True},
        {"workshop__run__cancelled": True},
    ],
    ids=str,
)
def test_start_output_refuses_closed_task(closed):
    task = TaskFactory(**closed)
    participation = ParticipationFactory(run=task.workshop.run)

    with pytest.raises(TaskClosed):
        start_output(task, by=participation.person.user)


# Save


@pytest.mark.parametrize("status", Output.Status.values)
def test_save_output_keeps_only_what_is_being_written(status):
    output = OutputFactory(**{status: True} if status != "draft" else {})
    before = output.body

    if status in {"draft", "returned"}:
        save_output(output, body="<p>neu</p>", version=1, by=writer(output))
        expected = ("<p>neu</p>", 2)
    else:
        with pytest.raises(Output.WrongStatus):
            save_output(output, body="<p>neu</p>", version=1, by=writer(output))
        expected = (before, 1)

    output.refresh_from_db()
    assert (output.body, output.version, output.status) == (*expected, status)


def test_save_output_cleans_the_text():
    output = OutputFactory()

    save_output(output, body="<p>Ja</p><script>alert(1)</script>", version=1, by=writer(output))

    output.refresh_from_db()
    assert output.body == "<p>Ja</p>"


def test_save_output_refuses_stale_version():
    output = OutputFactory()
    save_output(output, body="<p>eins</p>", version=1, by=writer(output))

    with pytest.raises(Output.StaleVersion):
        save_output(output, body="<p>zwei</p>", version=1, by=writer(output))

    output.refresh_from_db()
    assert (output.body, output.version) == ("<p>eins</p>", 2)


def test_save_output_refuses_others():
    output = OutputFactory()
    other = ParticipationFactory(run=output.task.workshop.run)

    with pytest.raises(NotTakingPart):
        save_output(output, body="<p>fremd</p>", version=1, by=other.person.user)


def test_save_output_refuses_when_the_run_is_over():
    output = OutputFactory()
    Run.objects.filter(pk=output.task.workshop.run_id).update(status="archived")

    with pytest.raises(TaskClosed):
        save_output(output, body="<p>neu</p>", version=1, by=writer(output))


def test_save_output_keeps_text_and_files_or_nothing(django_capture_on_commit_callbacks):
    output = OutputFactory()
    AttachmentFactory.create_batch(MAX_FILES - 1, output=output)
    stored = set(default_storage.listdir("attachments")[1])

    with pytest.raises(TooManyFiles):
        save_output(
            output,
            body="<p>neu</p>",
            version=1,
            files=[checked(), checked()],
            by=writer(output),
        )

    output.refresh_from_db()
    assert output.version == 1
    assert set(default_storage.listdir("attachments")[1]) == stored


def test_save_output_removes_and_describes_files(django_capture_on_commit_callbacks):
    output = OutputFactory()
    gone, kept = AttachmentFactory.create_batch(2, output=output)
    foreign = AttachmentFactory()

    with django_capture_on_commit_callbacks(execute=True):
        save_output(
            output,
            body=output.body,
            version=1,
            remove=[gone],
            descriptions={kept.pk: "Ein Flipchart", foreign.pk: "fremd"},
            by=writer(output),
        )

    foreign.refresh_from_db()
    assert list(output.attachments.values_list("pk", "description")) == [(kept.pk, "Ein Flipchart")]
    assert not default_storage.exists(gone.file.name)
    assert default_storage.exists(kept.file.name)
    assert foreign.description == ""


def test_remove_attachment_refuses_the_file_of_another_output():
    output = OutputFactory()
    foreign = AttachmentFactory()

    with pytest.raises(Attachment.DoesNotExist):
        save_output(output, body="", version=1, remove=[foreign], by=writer(output))

    assert Attachment.objects.filter(pk=foreign.pk).exists()


@pytest.mark.parametrize("status", Output.Status.values)
def test_attachments_change_only_while_it_is_written(status):
    output = OutputFactory(**{status: True} if status != "draft" else {})
    attachment = AttachmentFactory(output=output)

    if status in {"draft", "returned"}:
        added = add_attachment(output, file=checked(), by=writer(output))
        remove_attachment(attachment, by=writer(output))
        assert list(output.attachments.all()) == [added]
    else:
        with pytest.raises(Output.WrongStatus):
            add_attachment(output, file=checked(), by=writer(output))
        with pytest.raises(Output.WrongStatus):
            remove_attachment(attachment, by=writer(output))
        assert list(output.attachments.all()) == [attachment]


def test_add_attachment_stores_under_a_name_that_tells_nothing():
    output = OutputFactory()

    attachment = add_attachment(output, file=checked("gehalt-mueller.jpg"), by=writer(output))

    assert attachment.name == "gehalt-mueller.jpg"
    assert "mueller" not in attachment.file.name
    assert attachment.file.read() == b"Bild"


def test_add_attachment_refuses_over_the_quota():
    output = OutputFactory()
    AttachmentFactory(
        output__participation=output.participation,
        output__task__workshop__run=output.task.workshop.run,
        size=QUOTA_BYTES - 3,
    )

    with pytest.raises(QuotaExceeded):
        add_attachment(output, file=checked(), by=writer(output))

    assert not output.attachments.exists()


# Submit, take back


def test_submit_output_twice_is_refused():
    output = OutputFactory()
    submit_output(output, by=writer(output))

    with pytest.raises(Output.WrongStatus):
        submit_output(output, by=writer(output))

    output.refresh_from_db()
    assert (output.status, output.is_late, output.submitted_at is not None) == (
        "submitted",
        False,
        True,
    )
    assert log(output) == ["hand_in"]


def test_submit_output_without_text_and_file_is_refused():
    output = OutputFactory(body="")

    with pytest.raises(NothingToSubmit):
        submit_output(output, by=writer(output))


def test_submit_output_with_only_a_file():
    output = OutputFactory(body="")
    AttachmentFactory(output=output)

    assert submit_output(output, by=writer(output)).status == "submitted"


def test_submit_output_marks_late_and_never_refuses():
    output = OutputFactory(task__overdue=True)

    assert submit_output(output, by=writer(output)).is_late is True


def test_submit_output_again_after_return_is_not_late():
    output = OutputFactory(returned=True, task__overdue=True)

    assert submit_output(output, by=writer(output)).is_late is False


def test_save_and_submit_output_saves_nothing_when_refused():
    output = OutputFactory(body="<p>alt</p>")

    with pytest.raises(NothingToSubmit):
        save_and_submit_output(output, body="", version=1, by=writer(output))

    output.refresh_from_db()
    assert (output.body, output.status, output.version) == ("<p>alt</p>", "draft", 1)


def test_unsubmit_output_until_due():
    output = OutputFactory(submitted=True)

    output = unsubmit_output(output, by=writer(output))

    assert (output.status, output.submitted_at) == ("draft", None)


def test_unsubmit_output_after_due_is_refused():
    output = OutputFactory(submitted=True, task__overdue=True)

    with pytest.raises(DueDatePassed):
        unsubmit_output(output, by=writer(output))


def test_team_members_write_the_same_output():
    task = TaskFactory(for_team=True)
    team = TeamFactory(run=task.workshop.run)
    one, two = TeamMembershipFactory.create_batch(2, team=team)
    output = start_output(task, by=one.participation.person.user)

    save_output(output, body="<p>eins</p>", version=1, by=one.participation.person.user)
    output = save_and_submit_output(
        output, body="<p>zwei</p>", version=2, by=two.participation.person.user
    )

    assert (output.body, output.status) == ("<p>zwei</p>", "submitted")


def test_who_left_the_team_writes_no_more():
    task = TaskFactory(for_team=True)
    membership = TeamMembershipFactory(team=TeamFactory(run=task.workshop.run))
    user = membership.participation.person.user
    output = start_output(task, by=user)
    membership.has_left = True
    membership.save()

    with pytest.raises(NotInTeam):
        save_output(output, body="<p>neu</p>", version=1, by=user)
    assert not Output.objects.visible_to(user).exists()


# Answer


@pytest.mark.parametrize("answer", ["", "Danke!"])
def test_accept_output_keeps_the_answer(answer):
    output = OutputFactory(submitted=True)

    output = accept_output(output, by=UserFactory(), version=1, answer=answer)

    assert (output.status, output.answer) == ("accepted", answer)
    assert not Message.objects.exists()


def test_return_output_without_answer_is_refused():
    output = OutputFactory(submitted=True)

    with pytest.raises(AnswerMissing):
        return_output(output, by=UserFactory(), version=1, answer=" \n")


def test_return_output_mails_the_answer():
    output = OutputFactory(submitted=True)

    return_output(
        output, by=UserFactory(), version=1, answer="Bitte die Kosten ergänzen, <5 Sätze>."
    )

    message = Message.objects.get()
    assert message.recipient == writer(output).email
    assert message.subject == f"Zur Überarbeitung: {output.task.title}"
    assert "Bitte die Kosten ergänzen, <5 Sätze>." in message.body
    assert f"http://localhost:8000/mein-bereich/ergebnisse/{output.pk}/bearbeiten/" in message.body
    assert message.scope == output.task.workshop.run.programme.slug


def test_return_output_mails_each_member_in_their_language():
    task = TaskFactory(for_team=True)
    team = TeamFactory(run=task.workshop.run)
    one, two, gone = TeamMembershipFactory.create_batch(3, team=team)
    gone.has_left = True
    gone.save()
    two.participation.person.user.language = "en"
    two.participation.person.user.save()
    output = OutputFactory(task=task, team=team, participation=one.participation, submitted=True)

    return_output(output, by=UserFactory(), version=1, answer="Bitte ergänzen.")

    rows = Message.objects.order_by("pk").values_list("recipient", "language")
    assert list(rows) == [
        (one.participation.person.user.email, "de"),
        (two.participation.person.user.email, "en"),
    ]
    assert "/en/mein-bereich/" in Message.objects.get(language="en").body


MOVES = {
    "submitted": submit_output,
    "draft": unsubmit_output,
    "accepted": lambda output, *, by: accept_output(output, by=by, version=output.version),
    "returned": lambda output, *, by: return_output(
        output, by=by, version=output.version, answer="Bitte ergänzen."
    ),
}


@pytest.mark.parametrize(
    ("before", "after"),
    list(itertools.product(Output.Status.values, MOVES)),
)
def test_output_moves_only_along_its_table(before, after):
    output = OutputFactory(**{before: True} if before != "draft" else {})

    if Output.Status(after) in Output.NEXT[Output.Status(before)]:
        MOVES[after](output, by=writer(output))
    else:
        with pytest.raises(Output.WrongStatus):
            MOVES[after](output, by=writer(output))
        after = before

    output.refresh_from_db()
    assert output.status == after


@pytest.mark.parametrize("answer", [MOVES["accepted"], MOVES["returned"]])
def test_answer_is_refused_when_the_run_is_over(answer):
    output = OutputFactory(submitted=True)
    Run.objects.filter(pk=output.task.workshop.run_id).update(status="cancelled")

    with pytest.raises(TaskClosed):
        answer(output, by=UserFactory())


@pytest.mark.parametrize("answer", [MOVES["accepted"], MOVES["returned"]])
def test_answer_to_what_was_handed_in_anew_is_refused(answer):
    output = OutputFactory(submitted=True)
    read = Output.objects.get(pk=output.pk)
    unsubmit_output(output, by=writer(output))
    save_and_submit_output(output, by=writer(output), body="<p>Anders</p>", version=1)

    with pytest.raises(Output.StaleVersion):
        answer(read, by=UserFactory())

    output.refresh_from_db()
    assert (output.status, output.answer) == ("submitted", "")
    assert not Message.objects.exists()


# Races


def run_together(work, count=8):
    """Run `work(number)` in threads that start at the same moment; return what each returned."""
    barrier = threading.Barrier(count)
    results = []

    def one(number):
        try:
            barrier.wait()
            results.append(work(number))
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def save_in_turns(output, number, rounds=10):
    """Load, add a word, save; after a refusal load again. Return the accepted words."""
    accepted = []
    for turn in range(rounds):
        word = f"w{number}x{turn}"
        while word not in accepted:
            current = Output.objects.get(pk=output.pk)
            body = f"{current.body.removesuffix('</p>') or '<p>'} {word}</p>"
            try:
                save_output(output, body=body, version=current.version, by=writer(output))
            except Output.StaleVersion:
                continue
            accepted.append(word)
    return accepted


@pytest.mark.django_db(transaction=True)
def test_save_output_loses_no_accepted_text():
    output = OutputFactory(body="<p>Anfang</p>")

    accepted = run_together(lambda number: save_in_turns(output, number))

    output.refresh_from_db()
    words = set(itertools.chain(*accepted))
    assert len(words) == 80
    assert set(output.body.removesuffix("</p>").split()[1:]) == words
    assert output.version == 81


@pytest.mark.django_db(transaction=True)
def test_save_output_loses_text_without_the_version(monkeypatch):
    """The control: without the comparison of the version the race above is there."""
    output = OutputFactory(body="<p>Anfang</p>")

    def save_anyway(output, *, body, version, by):
        Output.objects.filter(pk=output.pk).update(body=body, version=F("version") + 1)
        return output

    monkeypatch.setattr(operations.output, "_save_text", save_anyway)

    accepted = run_together(lambda number: save_in_turns(output, number))

    output.refresh_from_db()
    words = set(itertools.chain(*accepted))
    assert set(output.body.removesuffix("</p>").split()[1:]) < words


@pytest.mark.django_db(transaction=True)
def test_start_output_at_once_makes_one_row():
    task = TaskFactory(for_team=True)
    team = TeamFactory(run=task.workshop.run)
    users = [
        membership.participation.person.user
        for membership in TeamMembershipFactory.create_batch(8, team=team)
    ]

    started = run_together(lambda number: start_output(task, by=users[number]).pk)

    assert len(started) == 8
    assert len(set(started)) == 1


@pytest.mark.django_db(transaction=True)
def test_answers_at_once_are_given_once():
    output = OutputFactory(submitted=True)
    user = UserFactory()

    def answer(number):
        try:
            MOVES["accepted" if number % 2 else "returned"](output, by=user)
        except Output.WrongStatus:
            return False
        return True

    assert sorted(run_together(answer)) == [False] * 7 + [True]
    assert len(log(output)) == 1


# What waits for somebody


def test_open_for_lists_what_is_not_handed_in():
    run = RunFactory()
    workshop = WorkshopFactory(run=run)
    participation = ParticipationFactory(run=run)
    user = participation.person.user
    team = TeamMembershipFactory(team=TeamFactory(run=run), participation=participation).team
    now = timezone.now()
    tasks = {
        "new": TaskFactory(workshop=workshop, due_at=now + datetime.timedelta(days=3)),
        "draft": TaskFactory(workshop=workshop, due_at=now + datetime.timedelta(days=1)),
        "returned": TaskFactory(workshop=workshop, due_at=now - datetime.timedelta(days=1)),
        "submitted": TaskFactory(workshop=workshop),
        "accepted": TaskFactory(workshop=workshop),
        "hidden": TaskFactory(workshop=workshop, hidden=True),
        "cancelled": TaskFactory(workshop=WorkshopFactory(run=run, cancelled=True)),
        "team": TaskFactory(workshop=workshop, for_team=True, due_at=None),
        "team done": TaskFactory(workshop=workshop, for_team=True),
    }
    for status in ("draft", "returned", "submitted", "accepted"):
        traits = {status: True} if status != "draft" else {}
        OutputFactory(task=tasks[status], participation=participation, **traits)
    OutputFactory(task=tasks["new"], submitted=True)
    OutputFactory(
        task=tasks["team done"],
        team=team,
        participation=ParticipationFactory(run=run),
        submitted=True,
    )
    TaskFactory()

    found = list(Task.objects.open_for(user))

    assert found == [tasks[name] for name in ("returned", "draft", "new", "team")]


@pytest.mark.parametrize("trait", ["completed", "left", "facilitator"])
def test_open_for_has_nothing_for_who_does_not_hand_in(trait):
    task = TaskFactory()
    participation = ParticipationFactory(run=task.workshop.run, **{trait: True})

    assert not Task.objects.open_for(participation.person.user).exists()


def test_waiting_for_lists_what_a_facilitator_has_to_answer():
    output = OutputFactory(submitted=True)
    run = output.task.workshop.run
    OutputFactory(task=output.task)
    OutputFactory(task=output.task, accepted=True)
    OutputFactory(submitted=True)
    facilitator = ParticipationFactory(run=run, facilitator=True).person.user

    assert list(Output.objects.waiting_for(facilitator)) == [output]
    assert not Output.objects.waiting_for(writer(output)).exists()
