"""The pages behind the log-in under axe: desk, run, task, output, account; empty, full, refused."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import signing
from django.db.models import F
from django.test import Client
from django.urls import reverse

from documents.models import RenderJob
from people.kept import SALT
from tests.factories import (
    PASSWORD,
    AttachmentFactory,
    ConceptFactory,
    EditionFactory,
    EventFactory,
    GuestFactory,
    GuidingQuestionFactory,
    LeadFactory,
    OutputFactory,
    ParticipationFactory,
    PressReleaseFactory,
    RenderJobFactory,
    RunFactory,
    TaskFactory,
    TeamFactory,
    TeamMembershipFactory,
    UserFactory,
    WorkshopFactory,
)
from tests.journeys.reading import submit
from tests.signing_in import log_in_with_second_factor
from workshops.models import Output

# What one sees after signing in.
SIGNED_IN = (
    "home:desk",
    "home:account",
    "people:kept",
    "people:second_factor",
    "programmes:consents",
    "workshops:run",
    "workshops:task",
    "workshops:output",
    "workshops:edit",
    "publications:press_release_print",
    "publications:edition_print",
    "account_logout",
    "account_change_password",
    "account_set_password",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "usersessions_list",
)
# Between the first and the second step of the log-in.
ON_THE_WAY = ("account_confirm_login_code", "mfa_authenticate")

LONG = "Donaudampfschifffahrtsgesellschaftskapitänspatent"
BODY = "<h3>Beobachtung</h3><p>Ein <strong>Absatz</strong>.</p><ul><li>Punkt</li></ul>"

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def run():
    """A running run with all that its page can show."""
    run = RunFactory(running=True, public=True, topic=f"Thema {LONG}", city="Leipzig")
    GuidingQuestionFactory(run=run)
    held = WorkshopFactory(run=run, documented=True, results=BODY, agenda=BODY, goal=BODY)
    ahead = WorkshopFactory(run=run, confirmed=True, held_on="2040-05", venue=LONG)
    GuestFactory(workshop=ahead, contribution="Ein Vortrag")
    WorkshopFactory(run=run, cancelled=True)
    EventFactory(run=run, held_on="2040-06-01", begins_at="18:00")
    for title, traits in (
        ("Offen", {}),
        (LONG, {"overdue": True}),
        ("Fürs Team", {"for_team": True}),
        ("Noch verborgen", {"hidden": True}),
    ):
        TaskFactory(workshop=held, title=title, **traits)
    return run


@pytest.fixture
def member(run):
    """Somebody in a team of that run."""
    member = ParticipationFactory(run=run)
    team = TeamFactory(run=run, name=f"Team {LONG}", purpose="Wozu es da ist.")
    TeamMembershipFactory(team=team, participation=member)
    TeamMembershipFactory(team=team)
    ConceptFactory(run=run, team=team)
    return member


def output_of(member, **traits):
    workshop = member.run.workshops.first()
    task = TaskFactory(workshop=workshop, readers="run")
    output = OutputFactory(task=task, participation=member, body=BODY, **traits)
    AttachmentFactory(output=output, name=f"{LONG}.txt")
    return output


def test_empty_pages_of_a_participant(reader):
    reader.sign_in(UserFactory())
    reader.look_at(reverse("home:desk"))
    bare = ParticipationFactory(run__running=True)
    task = TaskFactory(workshop__run=bare.run, instructions="", due_at=None, for_team=True)
    reader.sign_in(bare.person.user)
    reader.look_at(reverse("home:desk"))
    reader.look_at(reverse("workshops:run", args=[bare.run.programme.slug, bare.run.slug]))
    reader.look_at(task.get_absolute_url())

    reader.assert_good()


def test_full_pages_of_a_participant(reader, run, member):
    states = ({}, {"submitted": True}, {"returned": True}, {"accepted": True})
    draft, submitted, returned, accepted = (output_of(member, **traits) for traits in states)
    task = TaskFactory(workshop=run.workshops.first(), readers="run", instructions=BODY)
    OutputFactory(task=task, submitted=True)
    reader.sign_in(member.person.user)
    place = reverse("workshops:run", args=[run.programme.slug, run.slug])

    reader.look_at(reverse("home:desk"))
    reader.look_at(place)
    reader.look_at(f"/en{place}")
    reader.look_at(task.get_absolute_url())
    for output in (draft, submitted, returned, accepted):
        reader.look_at(output.task.get_absolute_url())
        reader.look_at(output.get_absolute_url())
    for output in (draft, returned):
        reader.look_at(reverse("workshops:edit", args=[output.pk]), act=wait_for_editor)

    reader.assert_good()


def test_full_pages_of_who_accompanies(reader, run, member):
    facilitator = ParticipationFactory(run=run, facilitator=True)
    output = output_of(member, submitted=True)
    reader.sign_in(facilitator.person.user)

    reader.look_at(reverse("home:desk"))
    reader.look_at(reverse("workshops:run", args=[run.programme.slug, run.slug]))
    reader.look_at(output.task.get_absolute_url())
    reader.look_at(output.get_absolute_url())
    reader.look_at(output.get_absolute_url(), act=return_without_a_word)

    reader.assert_good()


def test_refused_pages_of_a_participant(reader, run, member):
    draft = output_of(member)
    empty = OutputFactory(task=TaskFactory(workshop=run.workshops.first()), participation=member)
    Output.objects.filter(pk=empty.pk).update(body="")
    reader.sign_in(member.person.user)

    def save_an_old_version(page):
        Output.objects.filter(pk=draft.pk).update(version=F("version") + 1)
        page.locator("button[name=save]").click()

    def save_what_was_handed_in(page):
        save_an_old_version(page)
        Output.objects.filter(pk=draft.pk).update(status="submitted", submitted_at=F("saved_at"))
        page.locator("button[name=save]").click()
        page.wait_for_load_state()
        Output.objects.filter(pk=draft.pk).update(status="draft", submitted_at=None)

    reader.look_at(reverse("workshops:edit", args=[empty.pk]), act=hand_in)
    reader.look_at(reverse("workshops:edit", args=[draft.pk]), act=save_an_old_version)
    reader.look_at(reverse("workshops:edit", args=[draft.pk]), act=save_what_was_handed_in)

    reader.assert_good()


def wait_for_editor(page):
    page.locator(".prose-editor [contenteditable=true]").wait_for()


def test_dialog_of_the_editor_has_a_name_and_closes_by_keyboard(reader, member):
    draft = output_of(member)
    reader.sign_in(member.person.user)

    def open_dialog(page):
        wait_for_editor(page)
        page.locator(".prose-editor [contenteditable=true]").click()
        page.keyboard.press("Control+a")
        page.get_by_role("button", name="Link einfügen").press("Enter")
        page.get_by_role("dialog", name="Link bearbeiten").wait_for()

    reader.look_at(reverse("workshops:edit", args=[draft.pk]), act=open_dialog)
    reader.page.keyboard.press("Escape")

    assert reader.page.get_by_role("dialog").count() == 0
    assert "ProseMirror" in reader.page.evaluate("document.activeElement.className")
    reader.assert_good()


def hand_in(page):
    wait_for_editor(page)
    page.locator("button[name=submit]").click()
    page.locator(".error-summary").wait_for()


def return_without_a_word(page):
    page.locator("button[formaction]").click()
    page.locator(".error-summary").wait_for()


def test_pages_of_the_print(reader):
    release = PressReleaseFactory(published=True)
    programme = release.programme
    running = {"stage": RenderJob.Stage.LAYOUT, "page_count": 3, "running": True}
    edition = EditionFactory(
        guideline__programme=programme, published=True, render_job=RenderJobFactory(**running)
    )
    failed = PressReleaseFactory(
        programme=programme, published=True, render_job=RenderJobFactory(failed=True)
    )
    guideline = edition.guideline
    reader.sign_in(LeadFactory(programme=programme))

    for item in (release, failed):
        place = [programme.slug, item.slug]
        reader.look_at(reverse("publications:press_release_print", args=place))
    place = [programme.slug, guideline.slug, edition.number]
    reader.look_at(reverse("publications:edition_print", args=place))

    reader.assert_good()


def test_pages_of_the_account(reader):
    user = UserFactory()
    reader.sign_in(user)
    RecoveryCodes.activate(user)
    data = {"name": "Mein Schlüssel", "credential": {}}
    key = Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)

    for name in (
        "home:account",
        "programmes:consents",
        "account_logout",
        "account_change_password",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_index",
        "mfa_deactivate_totp",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "usersessions_list",
    ):
        reader.look_at(reverse(name))
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        reader.look_at(reverse(name, args=[key.pk]))
    for name in ("account_change_password", "account_reauthenticate", "mfa_reauthenticate"):
        reader.look_at(reverse(name), act=submit)

    reader.assert_good()


def test_pages_of_what_could_not_be_sent_and_of_the_second_factor(reader):
    output = OutputFactory(body=BODY)
    user = output.participation.person.user
    page = reverse("workshops:edit", args=[output.pk])
    client = Client()
    word = signing.dumps([user.pk, page], salt=SALT, compress=True)
    client.post(page, {"body": f"{BODY} {LONG}", "_writer": word, "version": "1"})
    reader.enter(log_in_with_second_factor(client, user))
    for path in (page, reverse("people:kept")):
        reader.look_at(path)

    client = Client()
    client.force_login(LeadFactory())
    reader.enter(client)
    reader.look_at(reverse("people:second_factor"))

    reader.assert_good()


def test_pages_of_a_new_account(reader):
    """Without a password and a second factor of its own, beyond that of signing in here."""
    user = UserFactory()
    user.set_unusable_password()
    user.save()
    reader.sign_in(user)
    Authenticator.objects.all().delete()

    for name in ("account_set_password", "mfa_index", "mfa_activate_totp", "mfa_list_webauthn"):
        reader.look_at(reverse(name))
    for name in ("account_set_password", "mfa_activate_totp"):
        reader.look_at(reverse(name), act=submit)

    reader.assert_good()


def test_pages_on_the_way_in(reader):

    def ask_for_a_code(page):
        # Somebody else each time: one account gets few codes a minute.
        page.locator("main input[type=email]").fill(UserFactory().email)
        submit(page)
        page.wait_for_url("**/code/eingeben/")

    def enter_a_wrong_code(page):
        ask_for_a_code(page)
        page.locator("main input[name=code]").fill("falsch")
        submit(page)

    def enter_the_password(page):
        page.locator("input[name=login]").fill(secured.email)
        page.locator("input[name=password]").fill(PASSWORD)
        submit(page)
        page.wait_for_url("**/zweiter-faktor/")

    reader.look_at(reverse("account_request_login_code"), act=ask_for_a_code)
    reader.sign_out()
    reader.look_at(reverse("account_request_login_code"), act=enter_a_wrong_code)
    reader.sign_out()
    secured = UserFactory()
    reader.sign_in(secured)  # brings the second factor along
    reader.sign_out()
    reader.look_at(reverse("account_login"), act=enter_the_password)

    reader.assert_good()
