"""The admin under axe: lists, forms with editor and inlines, questions before a step, errors."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from concepts.models import Concept
from programmes.models import Programme, Run
from publications.models import Chapter, Edition, PressRelease
from tests.factories import InvitationFactory, LeadFactory, OutputFactory, UserFactory
from tests.journeys.test_axe import EXAMPLE
from workshops.models import Task, Workshop

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

LISTS = (
    "programmes_run",
    "programmes_participation",
    "programmes_person",
    "workshops_workshop",
    "workshops_output",
    "concepts_concept",
    "publications_pressrelease",
    "publications_chapter",
    "people_message",
    "people_auditentry",
)
FORMS = (
    "programmes_run",
    "programmes_participation",
    "workshops_task",
    "publications_pressrelease",
)


@pytest.fixture
def programme():
    call_command("import_programme", str(EXAMPLE), verbosity=0)
    return Programme.objects.get()


def change(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def submit(page):
    page.locator("input[name=_save]").click()
    page.locator(".errornote").wait_for()


def test_empty_admin(reader):
    reader.sign_in(LeadFactory())

    reader.look_at(reverse("admin:index"))
    for name in LISTS:
        reader.look_at(reverse(f"admin:{name}_changelist"))

    reader.assert_good()


def test_lists_of_the_admin(reader, programme):
    InvitationFactory(sent=True, participation__run=Run.objects.first())
    reader.sign_in(LeadFactory(programme=programme))

    reader.look_at(reverse("admin:index"))
    reader.look_at(reverse("admin:app_list", args=["publications"]))
    for name in LISTS:
        reader.look_at(reverse(f"admin:{name}_changelist"))
    reader.look_at(f"{reverse('admin:programmes_run_changelist')}?q=gibt-es-nicht")

    reader.assert_good()


def test_forms_of_the_admin(reader, programme):
    run = Run.objects.order_by("number").last()
    output = OutputFactory(task__workshop=run.workshops.first(), submitted=True)
    reader.sign_in(LeadFactory(programme=programme))

    for name in FORMS:
        reader.look_at(reverse(f"admin:{name}_add"))
    for name in FORMS:
        reader.look_at(reverse(f"admin:{name}_add"), act=submit)
    for row in (
        programme,
        run,
        output,
        Workshop.objects.first(),
        Task.objects.first(),
        Concept.objects.first(),
        PressRelease.objects.first(),
        Chapter.objects.first(),
        Edition.objects.first(),
    ):
        reader.look_at(change(row))

    reader.assert_good()


def test_questions_of_the_admin(reader, programme):
    run = Run.objects.order_by("number").last()
    release = PressRelease.objects.first()
    reader.sign_in(LeadFactory(programme=programme))

    reader.look_at(reverse("admin:programmes_run_history", args=[run.pk]))
    reader.look_at(reverse("admin:programmes_run_delete", args=[run.pk]))
    reader.look_at(reverse("admin:publications_pressrelease_print", args=[release.pk]))
    for row in (run, release, Concept.objects.first()):
        reader.look_at(change(row), act=open_first_action)

    reader.assert_good()


def open_first_action(page):
    """Follow the first step that asks before it does something, where there is one."""
    step = page.locator(".object-actions a[href*='/aktion/']")
    if step.count():
        step.first.click()


def test_admin_without_the_second_factor(reader):
    lead = LeadFactory()
    reader.sign_in(lead)
    lead.authenticator_set.all().delete()
    reader.look_at(reverse("admin:index"))
    reader.sign_in(UserFactory())
    reader.look_at(reverse("admin:index"))

    reader.assert_good()


def test_pages_after_somebody_was_faster(reader, programme):
    release = PressRelease.objects.filter(blocks__kind="text").first()
    PressRelease.objects.update(status=PressRelease.Status.DRAFT)
    release.contacts.clear()
    reader.sign_in(LeadFactory(programme=programme))

    def save_an_old_page(page):
        block = release.blocks.filter(kind="text").first()
        PressRelease.objects.update(headline=f"Von Anderen {page.viewport_size['width']}")
        release.blocks.filter(pk=block.pk).update(text="<p>Ein ganz anderer Absatz.</p>")
        page.locator("input[name=headline]").fill("Von mir für alle")
        page.locator("input[name=_save]").click()
        page.locator(".conflict").wait_for()

    def press_an_old_button(page):
        step = page.locator(".object-actions a[href*='/aktion/submit/']")
        PressRelease.objects.update(headline=f"Noch einmal anders {page.viewport_size['width']}")
        step.click()
        page.locator(".errornote").wait_for()

    reader.look_at(change(release), act=save_an_old_page)
    reader.look_at(change(release), act=press_an_old_button)

    reader.assert_good()
