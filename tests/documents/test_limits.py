import time

import pytest

from documents import limits
from documents.errors import (
    AddressRefused,
    CharacterNotInFont,
    ElementNotPrintable,
    HtmlTooLong,
    ImageUnreadable,
    LinkNotPrintable,
    NestedTooDeep,
    PrintError,
    PrinterWarned,
    SpanTooLarge,
    TableInTable,
    TooManyElements,
    TooManyRows,
)
from documents.rendering import pdf_from_html

HEAD = (
    '<!doctype html><html lang="de"><head><title>Muster</title>'
    '<link rel="stylesheet" href="static:pdf/base.css"></head><body><h1>Muster</h1>'
)
ROW = "<tr><td>x</td></tr>"


def table(cell="<td>x</td>", rows=1):
    return f"<table>{f'<tr>{cell}</tr>' * rows}</table>"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("x" * 4_000_001, HtmlTooLong),
        ("<i>" * 500 + "x", NestedTooDeep),
        ("<div>" * 500 + "x" + "</div>" * 500, NestedTooDeep),
        ("<ul><li>" * 30 + "x", NestedTooDeep),
        ("<p>x" * 60_001, TooManyElements),
        ("<br>" * 60_001, TooManyElements),
        (table('<td colspan="100000">x</td>'), SpanTooLarge),
        (table('<td rowspan="21">x</td>'), SpanTooLarge),
        (table('<td colspan="-1">x</td>'), SpanTooLarge),
        (table('<td colspan="٢">x</td>'), SpanTooLarge),
        (table(f'<td colspan="{"9" * 5000}">x</td>'), SpanTooLarge),
        ('<table><colgroup span="5000"></colgroup><tr><td>x</td></tr></table>', SpanTooLarge),
        ('<table><colgroup><col span="5000"></colgroup><tr><td>x</td></tr></table>', SpanTooLarge),
        (table(rows=1_001), TooManyRows),
        (table(f"<td>{table()}</td>"), TableInTable),
        ("<dl><dt>x</dt><dd>y</dd></dl>", ElementNotPrintable),
        ("<script>x</script>", ElementNotPrintable),
        ("<style>@page { size: 1px }</style>", ElementNotPrintable),
        ('<p style="display: flex">x</p>', ElementNotPrintable),
        ('<iframe src="http://127.0.0.1/"></iframe>', ElementNotPrintable),
        ('<object data="file:///etc/passwd"></object>', ElementNotPrintable),
        ('<embed src="file:///etc/passwd">', ElementNotPrintable),
        ('<form action="x"><input name="x"></form>', ElementNotPrintable),
        ("<video></video>", ElementNotPrintable),
        ('<link rel="stylesheet" href="http://127.0.0.1/x.css">', ElementNotPrintable),
        ('<link rel="attachment" href="static:pdf/base.css">', ElementNotPrintable),
        ('<meta http-equiv="refresh" content="0">', ElementNotPrintable),
        ('<svg><use href="#x"/></svg>', ElementNotPrintable),
        ('<svg><image href="file:///etc/passwd"/></svg>', ElementNotPrintable),
        ("<svg><foreignObject/></svg>", ElementNotPrintable),
        ("<svg><style>*{}</style></svg>", ElementNotPrintable),
        ('<svg><rect style="fill: red"/></svg>', ElementNotPrintable),
        ("<math><mi>x</mi></math>", ElementNotPrintable),
        ('<p><a href="javascript:alert(1)">x</a></p>', LinkNotPrintable),
        ('<p><a href="file:///etc/passwd">x</a></p>', LinkNotPrintable),
        ('<p><a href="//example.org/">x</a></p>', LinkNotPrintable),
        ('<p><a href="seite.html">x</a></p>', LinkNotPrintable),
        ('<p><a href="http://[">x</a></p>', LinkNotPrintable),
        ('<p><img src="http://127.0.0.1/x.png" alt="x"></p>', AddressRefused),
        ('<p><img src="file:///etc/passwd" alt="x"></p>', AddressRefused),
        ('<p><img src="x.png" alt="x"></p>', AddressRefused),
        ('<p><img src="data:image/png;base64,AAAA" alt="x"></p>', ImageUnreadable),
        ('<p><img src="data:image/svg+xml,<svg/>" alt="x"></p>', AddressRefused),
        ("<p>𓀀</p>", CharacterNotInFont),
        ("<p>" + "\u0300" * 5 + "中</p>", CharacterNotInFont),
        pytest.param(
            '<p><a href="#nowhere">x</a></p>', PrinterWarned, marks=pytest.mark.expects_error_log
        ),
    ],
)
def test_hostile_documents_end_at_once_with_a_reason(body, error):
    began = time.process_time()

    with pytest.raises(error) as raised:
        pdf_from_html(HEAD + body)

    assert isinstance(raised.value, PrintError)
    assert str(raised.value)
    assert "%(" not in str(raised.value)
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 40 + "<p>x</p>" + "</div>" * 40,
        table('<td colspan="20">x</td>' + "<td>x</td>"),
        '<p id="a"><a href="#a">x</a> <a href="https://example.org/">y</a></p>',
        "<p>" + "x" * 5_000 + "</p>",
        "<!-- a comment --><p>x</p>",
    ],
)
def test_what_stays_within_the_limits_is_printed(body):
    assert pdf_from_html(HEAD + body).page_count >= 1


def test_the_next_document_succeeds_after_a_refused_one():
    with pytest.raises(PrintError):
        pdf_from_html(HEAD + "<div>" * 500)

    assert pdf_from_html(HEAD + "<p>x</p>").page_count == 1


def test_depth_of_the_limits_is_far_from_the_recursion_limit():
    body = "<div>" * (limits.MAX_DEPTH - 3) + "<p>x</p>"

    assert pdf_from_html(HEAD + body).page_count == 1
