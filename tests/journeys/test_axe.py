"""Every public page under axe: 360 and 1280 pixels, light and dark; empty, full, with an error.

The pages come from the URLconf: an address that stands in none of the lists below fails.
"""

import re
from dataclasses import dataclass
from functools import partial

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template.loader import render_to_string
from django.urls import reverse

from concepts.models import Concept
from documents.models import RenderJob
from programmes.models import Run
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

AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
EXAMPLE = settings.BASE_DIR / "example" / "mfv-2016.json"
WIDTHS = (360, 1280)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"type": "tag", "values": TAGS}
# The themes differ in colours only, so the second one needs only the rules about colours.
COLOUR_RULES = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}

ASK_AXE = """rules => axe
    .run(document, {runOnly: rules, resultTypes: ["violations"], preload: false})
    .then(result => result.violations)"""

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
    "programmes:detail": ("gibt-es-nicht",),
    "programmes:run_detail": ("gibt-es", "nicht"),
    "programmes:invitation": ("ein-falscher-token",),
    "concepts:detail": ("gibt", "es", "nicht"),
    "publications:press_release": ("gibt-es", "nicht"),
    "publications:guideline": ("gibt-es", "nicht"),
    "account_reset_password_from_key": ("1", "abc-def"),
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
    "documents:editor_texts",
    "workshops:attachment",
    "mfa_download_recovery_codes",
)
# Only after signing in, or in the middle of it.
SIGNED_IN = re.compile(
    r"home:(desk|account)|workshops:.*|publications:.*_print|documents:editor_.*"
    r"|account_(logout|reauthenticate|confirm_login_code|change_password|set_password)"
    r"|mfa_.*|usersessions_.*"
)


@dataclass
class Reader:
    """Looks at addresses in a real browser and collects what axe and the console say."""

    base: str
    pages: dict
    problems: list
    is_asking: bool = False

    def hear(self, page, message):
        """Keep what the browser complains of; axe adds styles of its own, which it may refuse."""
        is_bad = message.type in {"error", "warning"} and "Failed to load" not in message.text
        if is_bad and not self.is_asking:
            self.problems.append(f"{page.url}: {message.text}")

    def look_at(self, path, *, submit=False, forget_cookies=False):
        for width, page in self.pages.items():
            page.emulate_media(color_scheme="light")
            page.goto(f"{self.base}{path}")
            if forget_cookies:
                page.context.clear_cookies()
            if submit:
                page.locator("main form button[type=submit]").first.click()
                page.wait_for_load_state()
            self._ask_axe(page, RULES, f"{path} {width} light")
            page.emulate_media(color_scheme="dark")
            if page.locator("html[data-kern-theme]").count():
                page.locator("html[data-kern-theme=dark]").wait_for(state="attached")
            self._ask_axe(page, COLOUR_RULES, f"{path} {width} dark")
            overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if overflow > 0:
                self.problems.append(f"{path} {width}: {overflow} pixels too wide")

    def _ask_axe(self, page, rules, where):
        self.is_asking = True
        found = page.evaluate(ASK_AXE, rules)
        self.is_asking = False
        self.problems += [
            f"{where}: {violation['id']} {node['target']} {node['failureSummary']}"
            for violation in found
            for node in violation["nodes"]
        ]


@pytest.fixture
def reader(chromium, live_server):
    source = AXE.read_text()
    contexts = []
    reader = Reader(live_server.url, {}, [])

    def open_page(width):
        context = chromium.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        # Not bypassing the content security policy: the console tells what it refused.
        context.add_init_script(source)
        page = context.new_page()
        page.on("console", lambda message: reader.hear(page, message))
        return page

    reader.pages |= {width: open_page(width) for width in WIDTHS}
    yield reader
    for context in contexts:
        context.close()


def give(route, request, *, answer):
    route.fulfill(**answer)


browser_test = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_every_address_has_its_place_here():
    names = {name for name in named_urls() if not name.startswith("admin:")}
    placed = {*LISTS, *DETAILS, *FILES, *MACHINES}

    assert {name for name in names - placed if not SIGNED_IN.fullmatch(name)} == set()
    assert placed - names == set()


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

    assert not reader.problems, "\n".join(reader.problems)


@browser_test
def test_full_pages(reader):
    call_command("import_programme", str(EXAMPLE), verbosity=0)
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
    assert not reader.problems, "\n".join(reader.problems)


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
        reader.look_at(reverse(name), submit=True)
    reader.look_at(reverse("account_login"), submit=True, forget_cookies=True)
    for template in ("400.html", "500.html"):
        answer = {"body": render_to_string(template), "content_type": "text/html; charset=utf-8"}
        for page in reader.pages.values():
            page.route("**/stoerung/", partial(give, answer=answer))
        reader.look_at("/stoerung/")

    assert not reader.problems, "\n".join(reader.problems)
