"""Reading pages with axe in a real browser: 360 and 1280 pixels, light and dark."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.test import Client

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
    pages: dict = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    is_asking: bool = False

    def hear(self, page, message):
        """Keep what the browser complains of; axe adds styles of its own, which it may refuse."""
        is_bad = message.type in {"error", "warning"} and "Failed to load" not in message.text
        if is_bad and not self.is_asking:
            self.problems.append(f"{page.url}: {message.text}")

    def sign_in(self, user):
        """Go on as this account, fresh from password and second factor."""
        self.enter(log_in_with_second_factor(Client(), user))

    def enter(self, client):
        """Go on in the session of this client."""
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        for page in self.pages.values():
            page.context.clear_cookies()
            page.context.add_cookies(
                [{"name": cookie.key, "value": cookie.value, "url": self.base}]
            )

    def sign_out(self):
        for page in self.pages.values():
            page.context.clear_cookies()

    def look_at(self, path, *, act: Callable | None = None):
        """Read the page in both widths and themes, after `act(page)` where that leads to it."""
        for width, page in self.pages.items():
            page.emulate_media(color_scheme="light")
            page.goto(f"{self.base}{path}")
            if act:
                act(page)
                page.wait_for_load_state()
            self._ask_axe(page, RULES, f"{path} {width} light")
            page.emulate_media(color_scheme="dark")
            if page.locator("html[data-kern-theme]").count():
                page.locator("html[data-kern-theme=dark]").wait_for(state="attached")
            self._ask_axe(page, COLOUR_RULES, f"{path} {width} dark")
            overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if overflow > 0:
                self.problems.append(f"{path} {width}: {overflow} pixels too wide")

    def assert_good(self):
        assert not self.problems, "\n".join(self.problems)

    def _ask_axe(self, page, rules, where):
        self.is_asking = True
        found = page.evaluate(ASK_AXE, rules)
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
    source = AXE.read_text()
    contexts = []
    reader = Reader(live_server.url)

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
