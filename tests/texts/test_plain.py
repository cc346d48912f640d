"""Writing rich text without the editor."""

import pytest
from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from tests.texts.clips import CLIPS
from texts.plain import from_plain, to_plain
from texts.richtext import RichTextField, clean_rich_text

RICH = (
    "<h3>Ziel</h3><p>Ein <strong>fetter</strong><br>Satz</p>"
    "<ul><li><p>eins</p><ul><li>innen</li></ul></li></ul>"
)
PLAIN = "Ziel\n\nEin fetter\nSatz\n\n• eins\n  • innen"
texts = st.sampled_from([text for _clip, text in CLIPS.values()])


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        (RICH, PLAIN),
        ("", ""),
        ("lose", "lose"),
        ("<p>a &lt;b&gt; &amp; c</p>", "a <b> & c"),
        ("<ol><li>a</li><li><p>b</p><p>c</p></li></ol>", "1. a\n2. b\nc"),
        ("<blockquote><p>a</p><p>b</p></blockquote><hr>", "> a\n> b\n\n---"),
        ("<table><tbody><tr><th>a</th><td><p>b</p></td></tr></tbody></table>", "a | b"),
        ('<p><a href="https://example.org/">hier</a></p>', "hier"),
    ],
)
def test_rich_text_in_plain_words(html, plain):
    assert to_plain(html) == plain


@given(texts)
def test_what_is_untouched_stays_letter_by_letter(html):
    assert from_plain(to_plain(html).replace("\n", "\r\n"), html) == html


@given(texts, texts)
def test_an_added_block_leaves_the_others_as_they_were(before, after):
    html = before + after
    plain = f"{to_plain(before)}\n\nNeu\n\n{to_plain(after)}"

    written = from_plain(plain, html)

    assert to_plain(written) == to_plain(f"{before}<p>Neu</p>{after}")
    assert clean_rich_text(written) == written


@pytest.mark.parametrize(
    ("plain", "html"),
    [
        ("a\nb\n \n\nc", "<p>a<br>b</p><p>c</p>"),
        ("- a\n* b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        ("1. a\n2) b", "<ol><li><p>a</p></li><li><p>b</p></li></ol>"),
        ("- a\nb", "<p>- a<br>b</p>"),
        ("> a\n> b", "<blockquote><p>a<br>b</p></blockquote>"),
        ("---", "<hr>"),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
        ("", ""),
    ],
)
def test_plain_words_become_blocks(plain, html):
    assert from_plain(plain, "<p>anders</p>") == html


def test_a_changed_block_loses_its_form_and_no_other_does():
    changed = PLAIN.replace("• eins", "• zwei")

    assert from_plain(changed, RICH) == (
        "<h3>Ziel</h3><p>Ein <strong>fetter</strong><br>Satz</p>"
        "<ul><li><p>zwei</p></li><li><p>innen</p></li></ul>"
    )


@pytest.mark.parametrize("widget", [None, AdminTextareaWidget])
def test_the_field_reads_plain_text_only_where_it_was_offered(widget):
    field = RichTextField("Text").formfield(**({"widget": widget} if widget else {}))
    form_class = type("TextForm", (forms.Form,), {"text": field})

    page = str(form_class(initial={"text": RICH})["text"])
    with_script = form_class(QueryDict("text=<p>a</p>"))
    without = form_class(QueryDict("text=<p>a</p>&text-plain=b"))

    assert 'name="text-plain"' in page
    assert PLAIN in page
    assert 'aria-label="Text"' in page
    assert with_script["text"].value() == "<p>a</p>"
    assert without["text"].value() == "<p>b</p>"
