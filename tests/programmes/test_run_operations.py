"""How runs start and end, and their guiding question."""

import pytest

from programmes.models import Run
from programmes.operations import (
    archive_run,
    cancel_run,
    complete_run,
    set_guiding_question,
    start_run,
)
from tests.change_log import story
from tests.factories import GuidingQuestionFactory, InvitationFactory, LeadFactory, RunFactory
from texts.dates import ImpreciseDate

pytestmark = pytest.mark.django_db
RUN_STEPS = {"running": start_run, "completed": complete_run, "archived": archive_run}


@pytest.mark.parametrize("before", Run.Status.values)
@pytest.mark.parametrize("after", ["running", "completed", "archived", "cancelled"])
def test_run_moves_as_its_table_says(before, after):
    run = RunFactory(status=before)
    lead = LeadFactory(programme=run.programme)
    step = RUN_STEPS.get(after, cancel_run)
    allowed = {
        ("planned", "running"),
        ("planned", "cancelled"),
        ("running", "completed"),
        ("running", "cancelled"),
        ("completed", "archived"),
    }

    if (before, after) in allowed:
        assert step(run, by=lead).status == after
        assert story(run) == [step.__name__]
    else:
        with pytest.raises(Run.WrongStatus):
            step(run, by=lead)
    run.refresh_from_db()
    assert run.status == (after if (before, after) in allowed else before)


def test_cancelled_run_withdraws_what_nobody_answered():
    run = RunFactory(running=True)
    waiting = InvitationFactory(sent=True, participation__run=run)
    accepted = InvitationFactory(accepted=True, participation__run=run)
    elsewhere = InvitationFactory(sent=True)

    cancel_run(run, by=LeadFactory(programme=run.programme))

    for invitation, status in [
        (waiting, "withdrawn"),
        (accepted, "accepted"),
        (elsewhere, "sent"),
    ]:
        invitation.refresh_from_db()
        assert invitation.status == status


def test_new_wording_of_the_question_keeps_the_old_one():
    run = RunFactory()
    old = GuidingQuestionFactory(run=run, text="Alt?")
    lead = LeadFactory(programme=run.programme)

    new = set_guiding_question(
        run, "Neu?", stated_on=ImpreciseDate("2016-05"), source="Presse", by=lead
    )

    old.refresh_from_db()
    assert (old.is_current, new.is_current) == (False, True)
    assert run.questions.count() == 2


def test_same_wording_of_the_question_is_no_new_one():
    run = RunFactory()
    old = GuidingQuestionFactory(run=run, text="Alt?")

    assert set_guiding_question(run, "Alt?", by=LeadFactory(programme=run.programme)) == old
    assert run.questions.count() == 1
