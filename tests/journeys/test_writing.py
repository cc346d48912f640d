"""What was typed stays, in a real browser: the session ends, a page is left, the editor helps."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from tests.factories import PASSWORD, LeadFactory, OutputFactory, PressReleaseFactory
from tests.signing_in import SECRET, code_for
from tests.texts.clips import CLIPS
from texts.richtext import clean_rich_text

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def output():
    return OutputFactory(body="<p>Anfang</p>")


def writer(output):
    return output.participation.person.user


def edit_url(output):
    return reverse("workshops:edit", args=[output.pk])


def write(page, text):
    """Type into the editor as soon as it is there."""
    editor = page.locator(".prose-editor [contenteditable]").first
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def answers(page):
    """What the page asks before it is left; every question is answered with „stay“."""
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    return asked


def test_a_text_comes_back_after_the_session_ended(visit, output):
    with visit(user=writer(output)) as it:
        it.open(edit_url(output))
        write(it.page, ", fast verloren")
        it.page.context.clear_cookies(name="sessionid")
        it.page.click("button[name=save]")
        it.page.fill("input[name=login]", writer(output).email)
        it.page.fill("input[name=password]", PASSWORD)
        it.page.press("input[name=password]", "Enter")
        it.page.fill("input[name=code]", code_for(SECRET))
        it.page.press("input[name=code]", "Enter")
        it.page.wait_for_url(f"**{edit_url(output)}")

        assert it.page.get_by_text("Ihre Eingaben sind wieder da").is_visible()
        assert it.page.locator(".prose-editor [contenteditable]").inner_text() == (
            "Anfang, fast verloren"
        )
        with it.page.expect_navigation():
            it.page.click("button[name=save]")
        assert it.is_quiet()
    output.refresh_from_db()
    assert output.body == "<p>Anfang, fast verloren</p>"


def test_a_page_asks_before_unsaved_text_is_left(visit, output):
    with visit(user=writer(output)) as it:
        it.open(edit_url(output))
        asked = answers(it.page)
        write(it.page, "!")

        it.page.click("a.brand")

        assert asked == ["beforeunload"]
        assert urlsplit(it.page.url).path == edit_url(output)
        with it.page.expect_navigation():
            it.page.click("button[name=save]")
        assert asked == ["beforeunload"]
        with it.page.expect_navigation():
            it.page.click("a.brand")
        assert asked == ["beforeunload"]


def test_the_admin_asks_before_unsaved_text_is_left(visit):
    release = PressReleaseFactory()
    with visit(user=LeadFactory(programme=release.programme)) as it:
        it.open(reverse("admin:publications_pressrelease_change", args=[release.pk]))
        asked = answers(it.page)
        it.page.locator("#id_headline").press_sequentially("!")

        it.page.click("#site-name a")

        assert asked == ["beforeunload"]
        # A button of another form would lose the text as well.
        it.page.locator(".object-actions button[type=submit], .object-actions a").first.click()
        assert asked == ["beforeunload"] * 2
        with it.page.expect_navigation():
            it.page.click("input[name=_continue]")
        assert asked == ["beforeunload"] * 2


def test_nobody_is_asked_who_only_read_or_logs_in(visit, output):
    with visit() as it:
        it.open(reverse("account_login"))
        asked = answers(it.page)
        it.page.fill("input[name=login]", "anna@example.org")

        it.page.click("a.brand")
        it.page.wait_for_url("**/")

        assert asked == []


PASTE = """(editor, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "ohne Auszeichnung");
  const options = { clipboardData: data, bubbles: true, cancelable: true };
  editor.dispatchEvent(new ClipboardEvent("paste", options));
}"""


def test_the_editor_takes_a_clip_as_the_server_does(visit):
    output = OutputFactory(body="")
    with visit(user=writer(output)) as it:
        it.open(edit_url(output))
        editor = it.page.locator(".prose-editor [contenteditable]")
        pasted = {}
        for name, (clip, _text) in CLIPS.items():
            editor.click()
            it.page.keyboard.press("Control+A")
            it.page.keyboard.press("Delete")
            editor.evaluate(PASTE, clip)
            pasted[name] = clean_rich_text(it.page.locator("textarea[name=body]").input_value())
        assert it.is_quiet()

    assert {name: _in_words(html) for name, html in pasted.items()} == {
        name: _in_words(text) for name, (_clip, text) in CLIPS.items()
    }


def _in_words(html):
    """What the editor may write otherwise: paragraphs in points and cells, spans of one, spaces."""
    html = re.sub(r' (?:col|row)span="1"', "", html)
    html = re.sub(r"(<(?:li|td|th)>)<p>(.*?)</p>", r"\1\2", html)
    return re.sub(r"^<p>(.*)</p>$", r"\1", re.sub(r"[\s\xa0]+", " ", html)).replace("&nbsp;", " ")


STOPS = """document.querySelectorAll(
  '.prose-menubar button:not(.prose-menubar__picker *)[tabindex="0"]'
).length"""


def test_the_toolbar_is_one_stop_and_arrows_lead_through_it(visit, output):
    with visit(user=writer(output)) as it:
        it.open(edit_url(output))
        page = it.page
        editor = page.locator(".prose-editor [contenteditable]")
        editor.click()

        assert page.get_by_role("toolbar", name="Textgestaltung").count() == 1
        assert page.evaluate(STOPS) == 1
        assert (editor.get_attribute("spellcheck"), editor.get_attribute("lang")) == ("true", "de")
        page.keyboard.press("Shift+Tab")
        names = [page.evaluate("document.activeElement.ariaLabel")]
        for key in ("ArrowRight", "ArrowRight", "End", "ArrowRight", "ArrowLeft", "Home"):
            page.keyboard.press(key)
            names.append(page.evaluate("document.activeElement.ariaLabel"))
            assert page.evaluate(STOPS) == 1
        first, last = "Absatz", "wiederholen"
        assert names == [first, "Liste", "nummerierte Liste", last, first, last, first]
        assert it.is_quiet()


def test_without_scripts_plain_text_is_written(visit):
    body = "<p>Ein <strong>fetter</strong> Satz</p><ul><li><p>Punkt</p></li></ul>"
    output = OutputFactory(body=body)
    with visit(user=writer(output), java_script_enabled=False) as it:
        it.open(edit_url(output))
        field = it.page.get_by_role("textbox", name="Ihr Text")

        assert field.input_value() == "Ein fetter Satz\n\n• Punkt"
        assert not it.page.locator("textarea[name=body]").is_visible()
        field.fill("Ein fetter Satz\n\n• Punkt\n• <noch> einer\n\nEnde\nhier")
        it.page.click("button[name=save]")
    output.refresh_from_db()
    assert output.body == (
        "<p>Ein <strong>fetter</strong> Satz</p>"
        "<ul><li><p>Punkt</p></li><li><p>&lt;noch&gt; einer</p></li></ul><p>Ende<br>hier</p>"
    )
