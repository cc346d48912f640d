"""The frame of every page in a real browser: theme, keyboard, policy, zoom, axe."""

import re

import pytest
from playwright.sync_api import expect

from home.models import LegalPage
from tests.factories import (
    ConceptFactory,
    GuidingQuestionFactory,
    LeadFactory,
    RunFactory,
    UserFactory,
)
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.reading import ASK_AXE, AXE, RULES

# Flushing the database takes away the texts that a migration wrote: bring them back.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

OPEN_PAGES = (
    "/",
    "/impressum/",
    "/datenschutz/",
    "/barrierefreiheit/",
    "/konto/anmelden/",
    "/konto/anmelden/code/",
    "/konto/passwort/vergessen/",
    "/konto/registrieren/",
)
OWN_PAGES = ("/mein-bereich/", "/konto/", "/konto/zweiter-faktor/", "/konto/sitzungen/")


def theme_of(page) -> str:
    return page.evaluate("document.documentElement.dataset.kernTheme")


def assert_good(it) -> None:
    """The page said nothing and axe has nothing to say."""
    assert it.is_quiet()
    it.page.evaluate(AXE.read_text())
    found = it.page.evaluate(ASK_AXE, RULES)
    assert [f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in found] == []
    # axe itself tries inline styles.
    it.said.clear()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_open_pages_are_accessible_and_quiet(visit, width, theme):
    ConceptFactory(published=True)

    with visit(width=width, theme=theme) as it:
        for path in OPEN_PAGES:
            assert it.open(path).status == 200
            assert theme_of(it.page) == theme
            assert_good(it)


@pytest.mark.parametrize(("width", "theme"), [(PHONE, "dark"), (DESKTOP, "light")])
def test_own_pages_are_accessible_and_quiet(visit, width, theme):
    lead = LeadFactory()

    with visit(user=lead, width=width, theme=theme) as it:
        for path in OWN_PAGES:
            assert it.open(path).status == 200
            assert_good(it)


def test_refused_form_is_accessible_and_shows_its_errors_first(visit):
    with visit(width=PHONE) as it:
        it.open("/konto/anmelden/")
        it.page.get_by_role("main").get_by_role("button", name="Anmelden").click()

        summary = it.page.locator(".error-summary")
        summary.wait_for()
        assert summary.evaluate("element => element === document.activeElement")
        assert_good(it)
        summary.get_by_role("link").first.click()
        assert it.page.evaluate("document.activeElement.name") == "login"


def test_unknown_page_is_accessible(visit):
    with visit() as it:
        assert it.open("/gibt-es-nicht/").status == 404
        it.said.clear()  # the browser notes the status itself
        assert_good(it)


@pytest.mark.parametrize("path", ["/", "/datenschutz/", "/konto/anmelden/", "/mein-bereich/"])
def test_pages_fit_at_400_percent(visit, path):
    ConceptFactory(published=True)

    with visit(user=UserFactory(), width=320) as it:
        it.open(path)

        assert it.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_theme_choice_lasts_and_shows_before_the_first_paint(visit):
    with visit(theme="light") as it:
        it.open("/")
        switch = it.page.get_by_role("group", name="Darstellung")
        switch.get_by_role("button", name="Dunkel").click()
        assert theme_of(it.page) == "dark"

        it.page.add_init_script(
            "addEventListener('readystatechange', () => {"
            " window.early ??= document.documentElement.dataset.kernTheme }, true)"
        )
        it.open("/impressum/")
        assert it.page.evaluate("window.early") == "dark"
        pressed = switch.get_by_role("button", name="Dunkel").get_attribute("aria-pressed")
        assert pressed == "true"

        switch.get_by_role("button", name="Wie im Gerät eingestellt").click()
        assert theme_of(it.page) == "light"
        it.page.emulate_media(color_scheme="dark")
        expect(it.page.locator("html")).to_have_attribute("data-kern-theme", "dark")
        assert it.is_quiet()


def test_paper_is_light(visit):
    with visit(theme="dark") as it:
        it.open("/")
        it.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert theme_of(it.page) == "light"

        it.page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert theme_of(it.page) == "dark"


def test_page_without_javascript_is_light_and_complete(visit):
    with visit(theme="dark", java_script_enabled=False) as it:
        it.page.goto(f"{it.origin}/")

        assert it.page.get_by_role("navigation", name="Hauptnavigation").is_visible()
        assert not it.page.locator("[data-theme-switch]").is_visible()
        assert it.page.locator("html").get_attribute("data-kern-theme") == "light"


def test_keyboard_jumps_over_the_header(visit):
    with visit() as it:
        it.open("/")
        it.page.keyboard.press("Tab")
        assert it.page.evaluate("document.activeElement.textContent") == "Zum Inhalt springen"
        assert it.page.locator(".skip-link").bounding_box()["y"] >= 0

        it.page.keyboard.press("Enter")
        it.page.keyboard.press("Tab")

        assert it.page.evaluate("document.activeElement.closest('header.site-header')") is None


def test_language_switch_keeps_the_page(visit):
    with visit() as it:
        it.open("/datenschutz/")

        it.page.get_by_role("link", name="English").click()

        assert it.page.url.endswith("/en/datenschutz/")
        assert it.page.get_by_role("heading", level=1).inner_text() == "Privacy"


def test_targets_of_the_frame_are_large_enough(visit):
    with visit(width=PHONE) as it:
        it.open("/")
        sizes = it.page.evaluate(
            "[...document.querySelectorAll('header a, header button, footer a')]"
            ".filter(element => !element.closest('.skip-link') && element.offsetParent)"
            ".map(element => element.getBoundingClientRect())"
            ".map(box => Math.min(box.width, box.height))"
        )

        assert min(sizes) >= 24


def test_focus_stays_visible_in_forced_colours(visit):
    with visit(forced_colors="active", reduced_motion="reduce") as it:
        it.open("/")
        for _ in range(4):
            it.page.keyboard.press("Tab")

        style = it.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style not in {"none", ""}


# How much lighter or darker than its ground each icon is, from 0 to 255.
ICONS = """() => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
  const brush = canvas.getContext('2d', { willReadFrequently: true });
  const paint = (node) => {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = getComputedStyle(node).backgroundColor;
    brush.fillRect(0, 0, 1, 1);
    return [...brush.getImageData(0, 0, 1, 1).data];
  };
  const light = ([red, green, blue]) => (red * 3 + green * 6 + blue) / 10;
  const groundOf = (node) => {
    let ground = node.parentElement;
    while (ground && !paint(ground)[3]) ground = ground.parentElement;
    return ground ? light(paint(ground)) : 255;
  };
  return [...document.querySelectorAll('.kern-icon')].filter((icon) => icon.checkVisibility())
    .map((icon) => (paint(icon)[3] ? Math.abs(light(paint(icon)) - groundOf(icon)) : 0));
}"""
LINES = """[...document.querySelectorAll('.site-nav__link')]
  .map((link) => [link.getAttribute('aria-current'), getComputedStyle(link).borderBottomColor])"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_forced_colours_show_icons_and_where_one_is(visit, theme):
    with visit(forced_colors="active", theme=theme) as it:
        it.open("/konzepte/")
        icons = it.page.evaluate(ICONS)
        lines = it.page.evaluate(LINES)

    assert len(icons) >= 3
    assert min(icons) > 100, icons
    current = [line for mark, line in lines if mark]
    assert len(current) == 1
    assert current[0] not in [line for mark, line in lines if not mark]


def test_paper_shows_what_is_closed_and_the_icons(visit):
    question = GuidingQuestionFactory(run__public=True)
    GuidingQuestionFactory(run=question.run, is_current=False, text="So hieß sie einmal")
    with visit() as it:
        it.open(question.run.get_absolute_url())
        closed = it.page.get_by_text("So hieß sie einmal")
        assert not closed.is_visible()

        it.page.emulate_media(media="print")

        assert closed.is_visible()
        assert not it.page.locator(".site-nav").is_visible()
        adjust = "getComputedStyle(document.querySelector('main .kern-icon')).printColorAdjust"
        assert it.page.evaluate(adjust) == "exact"


# The policy, where others' scripts run: editor, autocomplete, second factor.


def test_editor_types_and_saves(visit):
    page_row = LegalPage.objects.get(kind="imprint", language="de")

    with visit(user=LeadFactory(may_keep_legal_pages=True)) as it:
        it.open(f"/admin/home/legalpage/{page_row.pk}/change/")
        editor = it.page.locator(".tiptap.ProseMirror")
        editor.click()
        it.page.keyboard.press("Control+End")
        it.page.keyboard.type(" Getippt im Browser.")
        it.page.locator("input[name=_save]").click()
        it.page.locator(".messagelist .success").wait_for()
        assert it.is_quiet()

    page_row.refresh_from_db()
    assert "Getippt im Browser." in page_row.body


def test_editor_has_the_style_that_tiptap_injects(visit):
    page_row = LegalPage.objects.get(kind="imprint", language="de")

    with visit(user=LeadFactory(may_keep_legal_pages=True)) as it:
        it.open(f"/admin/home/legalpage/{page_row.pk}/change/")

        style = it.page.locator(".tiptap.ProseMirror").evaluate(
            "element => getComputedStyle(element).whiteSpaceCollapse"
        )
        assert style == "break-spaces"


def test_autocomplete_of_the_admin_opens(visit):
    run = RunFactory()
    lead = LeadFactory(programme=run.programme)

    with visit(user=lead) as it:
        it.open("/admin/concepts/concept/add/")
        it.page.locator(".field-run .select2-selection").click()
        options = it.page.locator(".select2-results__option", has_text=run.topic)
        options.wait_for()
        assert it.is_quiet()


def test_picture_of_the_second_factor_shows(visit):
    user = UserFactory()
    user.set_password("ein-langes-testwort-42")
    user.save()

    with visit() as it:
        it.open("/konto/anmelden/?next=/konto/zweiter-faktor/app/einrichten/")
        it.page.get_by_label("E-Mail-Adresse").fill(user.email)
        it.page.get_by_role("textbox", name="Passwort").fill("ein-langes-testwort-42")
        it.page.get_by_role("main").get_by_role("button", name="Anmelden").click()
        it.page.wait_for_url(re.compile("bestaetigen"))
        it.page.get_by_role("textbox", name="Passwort").fill("ein-langes-testwort-42")
        it.page.get_by_role("button", name="Bestätigen").click()
        picture = it.page.locator("img.qr")
        picture.wait_for()

        assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
        assert_good(it)
        assert it.is_quiet()
