"""Every public page under axe: 360 and 1280 pixels, light and dark; empty, full, with an error.

The pages come from the URLconf: an address that stands in none of the lists below fails.
"""

from functools import partial

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template.loader import render_to_string
from django.urls import reverse

from concepts.models import Concept
from documents.models import RenderJob
from programmes.models import Programme, Run
from publications.models import Guideline, PressRelease
from tests.access.asking import named_urls
from tests.factories import (
    ArtefactFactory,
    ConceptFactory,
    EditionFactory,
    InvitationFactory,
    PressReleaseFactory,
    ProgrammeFactory,
    RunFactory,
)
from tests.journeys.reading import submit
from tests.journeys.test_axe_own import ON_THE_WAY, SIGNED_IN

EXAMPLE = settings.BASE_DIR / "example" / "mfv-2016.json"

# Pages without arguments.
LISTS = (
    "home:start",
    "home:imprint",
    "home:privacy",
    "home:accessibility",
    "programmes:list",
    "programmes:run_list",
    "concepts:list",
    "publications:press_room",
    "publications:guideline_list",
    "account_login",
    "account_request_login_code",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
)
# Pages of one thing, with arguments that lead to nothing.
DETAILS = {
    "home:programme": ("gibt-es-nicht",),
    "home:run": ("gibt-es", "nicht"),
    "programmes:invitation": ("ein-falscher-token",),
    "programmes:invitation_cut_off": (),
    "concepts:detail": ("gibt", "es", "nicht"),
    "publications:press_release": ("gibt-es", "nicht"),
    "publications:guideline": ("gibt-es", "nicht"),
    "account_reset_password_from_key": ("1", "abc-def"),
    "account_reset_password_cut_off": ("1",),
}
# The doors to files answer with a page when there is no file.
FILES = ("publications:press_release_pdf", "publications:edition_pdf")
# No HTML.
MACHINES = (
    "health",
    "robots",
    "sitemap_index",
    "django.contrib.sitemaps.views.sitemap",
    "concepts:feed",
    "publications:press_feed",
    "texts:editor_texts",
    "workshops:attachment",
    "mfa_download_recovery_codes",
    "mfa_login_webauthn",
    "programmes:accent",
)
# Forms of other pages; test_axe_own.py shows what they answer.
POSTS = (
    "programmes:consent_answer",
    "workshops:start",
    "workshops:unsubmit",
    "workshops:accept",
    "workshops:return",
)


def give(route, request, *, answer):
    route.fulfill(**answer)


def submit_without_cookies(page):
    page.context.clear_cookies()
    submit(page)


browser_test = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_every_address_has_its_place_here():
    names = {name for name in named_urls() if not name.startswith("admin:")}

    assert {*LISTS, *DETAILS, *FILES, *MACHINES, *POSTS, *SIGNED_IN, *ON_THE_WAY} == names


@browser_test
def test_empty_pages(reader):
    for name in LISTS:
        reader.look_at(reverse(name))
    programme = ProgrammeFactory(public=True)
    run = RunFactory(programme=programme, is_public=True)
    bare = {"addressees": "", "beneficiaries": "", "effort": "", "lead_implementer": None}
    concept = ConceptFactory(run=run, published=True, team=None, **bare)
    release = PressReleaseFactory(programme=programme, published=True, lead="", place="")
    edition = EditionFactory(guideline__programme=programme, published=True)

    for thing in (programme, run, concept, release, edition.guideline):
        reader.look_at(thing.get_absolute_url())

    reader.assert_good()


@browser_test
def test_full_pages(reader):
    call_command("import_programme", str(EXAMPLE), verbosity=0)
    Programme.objects.update(accent_colour="#e6c700")  # as it is, unreadable on white
    for job in RenderJob.objects.all():
        ArtefactFactory(job=job)
    run = Run.objects.public().order_by("-number").first()
    invitation = InvitationFactory(sent=True, token="ein-token")
    things = [
        run.programme,
        *Run.objects.public(),
        *Concept.objects.public(),
        *PressRelease.objects.public(),
        *Guideline.objects.all(),
        ConceptFactory(run=run, withdrawn=True),
        PressReleaseFactory(programme=run.programme, run=run, corrected=True),
        PressReleaseFactory(programme=run.programme, withdrawn=True),
    ]
    guideline = Guideline.objects.get()
    EditionFactory(guideline=guideline, withdrawn=True, number=100)
    EditionFactory(guideline=guideline, superseded=True, number=101)

    for name in LISTS:
        reader.look_at(reverse(name))
    for thing in things:
        reader.look_at(thing.get_absolute_url())
    reader.look_at(reverse("programmes:invitation", args=["ein-token"]))
    for path in ("/", run.get_absolute_url(), reverse("concepts:list")):
        reader.look_at(f"/en{path}")

    assert invitation.status == "sent"
    reader.assert_good()


@browser_test
@pytest.mark.expects_error_log
def test_pages_with_an_error(reader):
    concept = ConceptFactory(published=True)
    release = PressReleaseFactory(programme=concept.run.programme, published=True)
    edition = EditionFactory(guideline__programme=concept.run.programme, published=True)
    guideline = edition.guideline

    reader.look_at(f"{reverse('concepts:list')}?durchlauf=x&federfuehrung=x&page=abc")
    for name, args in DETAILS.items():
        reader.look_at(reverse(name, args=args))
    place = (release.programme.slug, release.slug)
    reader.look_at(reverse("publications:press_release_pdf", args=place))
    place = (guideline.programme.slug, guideline.slug, edition.number)
    reader.look_at(reverse("publications:edition_pdf", args=place))
    for name in ("account_login", "account_request_login_code", "account_reset_password"):
        reader.look_at(reverse(name), act=submit)
    reader.look_at(reverse("account_login"), act=submit_without_cookies)
    for template in ("400.html", "500.html"):
        answer = {"body": render_to_string(template), "content_type": "text/html; charset=utf-8"}
        reader.page.route("**/stoerung/", partial(give, answer=answer))
        reader.look_at("/stoerung/")

    reader.assert_good()
