import time
from contextlib import suppress

import pytest
import tinyhtml5
from django.core.exceptions import ValidationError
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st

from texts.richtext import ATTRIBUTES, MAX_LENGTH, TAGS, RichTextField, TextRefused, clean_rich_text

pieces = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<b>",
        "<strong>x</strong>",
        "<script>alert(1)</script>",
        "<style>*{}</style>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mtext></mtext></math>",
        '<a href="https://example.org/">x</a>',
        '<a href="//evil.example/">x</a>',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="java\nscript:alert(1)">x</a>',
        '<td colspan="99">',
        "<table><tr><td>x",
        "</table>",
        '<p style="x" onclick="y">',
        "<h1>x</h1>",
        "<h3>x</h3>",
        "<!-- x -->",
        "<![CDATA[x]]>",
        "<hr>",
        "<br>",
        "&lt;script&gt;",
        "&nbsp;",
        "\u00ad",
        "<",
        ">",
        '"',
        "x",
        " ",
    ]
)
markup = st.lists(pieces | st.text(max_size=5), max_size=12).map("".join)


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<p>Text</p>", "<p>Text</p>"),
        ("<p onclick='x' style='y' class='z'>Text</p>", "<p>Text</p>"),
        ("<script>alert(1)</script><p>x</p>", "<p>x</p>"),
        ("<h1>x</h1><h3>y</h3>", "<h3>x</h3><h4>y</h4>"),
        ("<p><img src='https://example.org/x.png'>x</p>", "<p>x</p>"),
        ("<svg><p>x</p></svg>", "<p>x</p>"),
        ('<p><a href="//evil.example/">x</a></p>', "<p><a>x</a></p>"),
        ('<p><a href="/intern/">x</a></p>', "<p><a>x</a></p>"),
        ('<p><a href="javascript:x">x</a></p>', "<p><a>x</a></p>"),
        ('<p><a href="https:evil.example">x</a></p>', "<p><a>x</a></p>"),
        (
            '<p><a href="https://example.org/?a=1&b=2">x</a></p>',
            '<p><a href="https://example.org/?a=1&amp;b=2">x</a></p>',
        ),
        (
            '<p><a href="mailto:a@example.org">x</a></p>',
            '<p><a href="mailto:a@example.org">x</a></p>',
        ),
        ('<table><tr><td colspan="21">x</td></tr></table>', None),
        ("<p></p>", ""),
        ("<p>&nbsp; </p>", ""),
        ("<p><br></p>", ""),
        ("<hr>", "<hr>"),
        ("", ""),
    ],
)
def test_clean_rich_text_keeps_the_allow_list(html, clean):
    if clean is None:
        assert "colspan" not in clean_rich_text(html)
    else:
        assert clean_rich_text(html) == clean


@pytest.mark.parametrize("span", ["1", "20"])
def test_small_spans_stay(span):
    html = f'<table><tbody><tr><td colspan="{span}">x</td></tr></tbody></table>'

    assert clean_rich_text(html) == html


@given(markup)
def test_clean_rich_text_twice_changes_nothing(html):
    assert clean_rich_text(clean_rich_text(html)) == clean_rich_text(html)


@given(markup)
def test_the_result_holds_only_what_the_list_allows(html):
    tree = tinyhtml5.parse(clean_rich_text(html), namespace_html_elements=False)

    for element in tree.find("body").iterfind(".//*"):
        assert element.tag in TAGS
        assert set(element.attrib) <= ATTRIBUTES.get(element.tag, set())
        assert element.get("href", "https:").startswith(("https:", "http:", "mailto:"))


def test_field_cleans_on_the_way_into_the_database():
    field = RichTextField()

    assert field.get_prep_value("<p onclick=x>y</p>") == "<p>y</p>"
    assert field.get_prep_value(None) is None


def test_field_is_a_plain_text_to_migrations():
    field = RichTextField("Text", blank=True)
    field.set_attributes_from_name("text")

    assert field.deconstruct()[1:] == (
        "django.db.models.TextField",
        [],
        {"verbose_name": "Text", "blank": True},
    )


def test_template_filter_is_safe_by_itself():
    template = engines["django"].from_string("{% load richtext %}{{ text|rich_text }}")

    assert template.render({"text": "<p>x<script>y</script></p>"}) == "<p>x</p>"
    assert template.render({"text": None}) == ""


# What is written to cost time. All of it is as long as a text may be.
PATHOLOGICAL = {
    "lists": "<ul><li>",
    "quotes": "<blockquote>",
    "bold": "<strong>",
    "bold closed in a table": "<b><table><td></b></table>",
    "bold closed in a comment": "<b><!--</b>-->",
    "bold closed in an attribute": "<b><a title='</b>'></a>",
    "bold closed in a script": "<b><xmp></b></xmp>",
    "behind a quote": '<b><a x="></a></b>"">',
    "cells of a drawing": "<svg><td></svg>",
    "unknown": "<x>",
    "in capitals": "<Ul><LI>",
    "paragraphs of bold": "<p><b>",
    "half comments": "<!--",
    "wrong end tags": "</ b>",
    "half tags": "<a ",
    "half attributes": "<a b='",
}
HARMLESS = {
    "signs": "<",
    "comments": "<!-- -->",
    "words": "x ",
    "rules": "<hr>",
    "end tags": "</ul>",
    "attributes": "<p " + "a=b " * 400 + ">x</p>",
    "lists of 15 levels": "<ul><li>" * 15 + "x" + "</li></ul>" * 15,
    "table": "<table><tbody><tr><td><p>x</p></td></tr></tbody></table>",
}


@pytest.mark.parametrize("case", PATHOLOGICAL)
def test_nesting_is_refused_before_it_is_parsed(case):
    html = PATHOLOGICAL[case] * (MAX_LENGTH // len(PATHOLOGICAL[case]))
    begin = time.process_time()

    with pytest.raises(TextRefused, match="zu tief verschachtelt"):
        clean_rich_text(html)

    assert time.process_time() - begin < 0.1


@pytest.mark.parametrize("case", HARMLESS)
def test_cleaning_takes_time_in_proportion_to_the_length(case):
    def seconds(characters):
        html = HARMLESS[case] * (characters // len(HARMLESS[case]))
        begin = time.process_time()
        with suppress(TextRefused):  # signs grow
            clean_rich_text(html)
        return time.process_time() - begin

    small, large = (
        min(seconds(length) for _try in range(3)) for length in (MAX_LENGTH // 4, MAX_LENGTH)
    )

    assert large < 0.02 + 8 * small


@pytest.mark.parametrize("length", [MAX_LENGTH - 6, MAX_LENGTH - 7])
def test_a_long_text_is_refused(length):
    html = f"<p>{'x' * length}</p>"

    if len(html) > MAX_LENGTH:
        with pytest.raises(TextRefused, match=r"zu lang: Möglich sind 200\.000 Zeichen"):
            clean_rich_text(html)
    else:
        assert clean_rich_text(html) == html


def test_a_text_that_would_grow_beyond_the_limit_is_refused():
    begin = time.process_time()

    with pytest.raises(TextRefused, match="zu lang"):
        clean_rich_text("&" * MAX_LENGTH)

    # The parser goes back at each ampersand; only the length keeps that short.
    assert time.process_time() - begin < 3


@pytest.mark.parametrize(
    "html",
    [
        "<ul><li>" * 15 + "x" + "</li></ul>" * 15,
        "<p>a<br/>b<br>" * 5 + "</p>" * 5,
        "<p>1 < 2 & 3<b class=\"x\" data-y='z'>4</b ></p>" * 40,
        "<P>x</p>" * 100,
        "<hr>" * 100,
    ],
)
def test_what_people_write_is_not_taken_for_nesting(html):
    assert clean_rich_text(html)


def test_a_refused_text_is_an_error_of_its_field():
    field = RichTextField()

    with pytest.raises(ValidationError, match="zu tief"):
        field.clean("<ul><li>" * 100, None)


def test_template_filter_shows_a_refused_text_as_it_was_typed():
    template = engines["django"].from_string("{% load richtext %}{{ text|rich_text }}")

    assert template.render({"text": "<ul>" * 31}) == "&lt;ul&gt;" * 31
