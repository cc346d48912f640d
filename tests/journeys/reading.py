"""Reading pages with axe in a real browser: 360 and 1280 pixels, light and dark."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from tests.signing_in import log_in_with_second_factor

AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (360, 1280)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"type": "tag", "values": TAGS}
# The themes differ in colours only, so the second one needs only the rules about colours.
COLOUR_RULES = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}

# A colour on its way to the other theme is none that anybody reads.
ASK_AXE = """async rules => {
  await document.fonts.ready;
  for (const animation of document.getAnimations()) animation.finish();
  return axe
    .run(document, {runOnly: rules, resultTypes: ["violations"], preload: false})
    .then(result => result.violations);
}"""


@dataclass
class Reader:
    """Looks at addresses in a real browser and collects what axe and the console say."""

    base: str
    page: Page
    problems: list[str] = field(default_factory=list)
    is_asking: bool = False

    def hear(self, message):
        """Keep what the browser complains of; axe adds styles of its own, which it may refuse."""
        is_bad = message.type in {"error", "warning"} and "Failed to load" not in message.text
        if is_bad and not self.is_asking:
            self.problems.append(f"{self.page.url}: {message.text}")

    def sign_in(self, user):
        """Go on as this account, fresh from password and second factor."""
        self.enter(log_in_with_second_factor(Client(), user))

    def enter(self, client):
        """Go on in the session of this client."""
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        self.sign_out()
        self.page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": self.base}]
        )

    def sign_out(self):
        self.page.context.clear_cookies()

    def look_at(self, path, *, act: Callable | None = None):
        """Read the page in both widths and themes, after `act(page)` where that leads to it.

        It is loaded once, as on a phone; widening it and changing the theme changes its style only.
        """
        self._widen(WIDTHS[0])
        self.page.emulate_media(color_scheme="light")
        self.page.goto(f"{self.base}{path}")
        if act:
            act(self.page)
            self.page.wait_for_load_state()
        for width in WIDTHS:
            self._widen(width)
            self._ask_axe(RULES, f"{path} {width} light")
            overflow = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if overflow > 0:
                self.problems.append(f"{path} {width}: {overflow} pixels too wide")
        self.page.emulate_media(color_scheme="dark")
        if self.page.locator("html[data-kern-theme]").count():
            self.page.locator("html[data-kern-theme=dark]").wait_for(state="attached")
        for width in reversed(WIDTHS):
            self._widen(width)
            self._ask_axe(COLOUR_RULES, f"{path} {width} dark")

    def assert_good(self):
        assert not self.problems, "\n".join(self.problems)

    def _widen(self, width):
        self.page.set_viewport_size({"width": width, "height": 900})

    def _ask_axe(self, rules, where):
        self.is_asking = True
        found = self.page.evaluate(ASK_AXE, rules)
        self.is_asking = False
        self.problems += [
            f"{where}: {violation['id']} {node['target']} {node['failureSummary']}"
            for violation in found
            for node in violation["nodes"]
        ]


def submit(page):
    """Send the first form of the page as it stands."""
    page.locator("main form button[type=submit]").first.click()


@pytest.fixture
def reader(chromium, live_server):
    context = chromium.new_context()
    # Not bypassing the content security policy: the console tells what it refused.
    context.add_init_script(AXE.read_text())
    reader = Reader(live_server.url, context.new_page())
    reader.page.on("console", reader.hear)
    yield reader
    context.close()
