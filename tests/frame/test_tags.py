import re

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from concepts.models import Concept, SignOff
from documents.models import RenderJob
from frame.templatetags.kern_forms import first_input_id
from frame.templatetags.portal import TONES, languages, tone
from programmes.models import Invitation, Participation, Run
from publications.models import Edition, PressRelease, Quote
from tests.html_check import check_html, problems_of
from workshops.models import Output, Workshop

# States that say nothing to be happy or worried about.
NEUTRAL = {"archived", "draft", "drafting", "expired", "left", "open", "pending", "planned"}
NEUTRAL |= {"superseded", "recorded", "historic"}


class SampleForm(forms.Form):
    name = forms.CharField(label="Name", help_text="Vor- und Nachname.")
    mail = forms.EmailField(label="E-Mail", required=False)
    text = forms.CharField(label="Text", widget=forms.Textarea)
    sector = forms.ChoiceField(label="Bereich", choices=[("", "–"), ("a", "Verwaltung")])
    way = forms.ChoiceField(
        label="Weg", choices=[("a", "Rad"), ("b", "Bahn")], widget=forms.RadioSelect
    )
    tags = forms.MultipleChoiceField(
        label="Themen", choices=[("a", "Schule")], widget=forms.CheckboxSelectMultiple
    )
    due = forms.SplitDateTimeField(label="Frist")
    file = forms.FileField(label="Datei")
    agreed = forms.BooleanField(label="Einverstanden")


@pytest.mark.parametrize("name", SampleForm.base_fields)
def test_form_field_refers_to_its_errors(name):
    form = SampleForm({})

    html = str(form)

    check_html(html, fragment=True)
    is_wrong = name in form.errors
    assert is_wrong == (name != "mail")
    assert (f'id="id_{name}_error"' in html) == is_wrong
    assert (f"{name}_error" in str(re.findall(r'aria-describedby="([^"]*)"', html))) == is_wrong
    assert (f'href="#{first_input_id(form[name])}"' in html) == is_wrong


def test_form_marks_what_is_optional_and_names_the_hint():
    html = str(SampleForm())

    check_html(html, fragment=True)
    assert html.count("(freiwillig)") == 1
    assert 'aria-describedby="id_name_helptext"' in html
    assert "error-summary" not in html


def test_form_keeps_classes_of_its_own_widget():
    class Wide(forms.Form):
        name = forms.CharField(widget=forms.TextInput(attrs={"class": "wide", "placeholder": "x"}))

    html = str(Wide())

    assert 'class="wide kern-form-input__input"' in html
    assert "placeholder" not in html


def test_form_shows_the_file_that_is_there():
    class Upload(forms.Form):
        file = forms.FileField(label="Datei", required=False)

    stored = SimpleUploadedFile("bericht.pdf", b"x")
    stored.url = "/mein-bereich/dateien/1/"

    html = str(Upload(initial={"file": stored}))

    check_html(html, fragment=True)
    assert '<a href="/mein-bereich/dateien/1/">bericht.pdf</a>' in html


def test_form_shows_errors_of_hidden_fields_without_a_link():
    class Hidden(forms.Form):
        version = forms.IntegerField(label="Stand", widget=forms.HiddenInput)

    html = str(Hidden({}))

    assert "Stand: " in html
    assert 'href="#id_version' not in html


@pytest.mark.parametrize(
    "model", [Run, Workshop, Participation, Invitation, Output, Concept, SignOff]
)
def test_every_state_has_a_tone(model):
    unknown = {
        value for value in model.Status.values if tone(value) == "neutral" and value not in NEUTRAL
    }

    assert unknown == set()


@pytest.mark.parametrize(
    "values",
    [PressRelease.Status.values, Edition.Status.values, Quote.Release.values],
)
def test_every_state_of_publications_has_a_tone(values):
    assert {value for value in values if tone(value) == "neutral"} <= NEUTRAL


def test_a_print_job_that_failed_is_red():
    assert [tone(value) for value in RenderJob.Status.values] == [
        "neutral",
        "info",
        "success",
        "danger",
    ]


def test_no_state_has_two_tones():
    values = [value for group in TONES.values() for value in group]

    assert len(values) == len(set(values))


def test_language_links_keep_page_and_query():
    request = RequestFactory().get("/impressum/?seite=2")

    german, english = languages(Context({"request": request}))

    assert german["is_current"]
    assert english["url"] == "/en/impressum/?seite=2"
    assert not english["has_address"]


def test_language_links_of_an_unknown_page_lead_to_the_start():
    request = RequestFactory().get("/gibt-es-nicht/")

    _german, english = languages(Context({"request": request}))

    assert english["url"] == "/en/"
    assert not english["has_address"]


def test_language_links_work_without_a_request():
    with translation.override("en"):
        german, english = languages(Context({}))

    assert german["url"] == "/"
    assert english["is_current"]


def test_status_needs_no_status():
    html = Template('{% include "_status.html" with tone="warning" label="spät" %}').render(
        Context({})
    )

    assert 'class="status status--warning"' in html


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ('<p style="color: red">x</p>', "style attribute on <p>"),
        ('<button onclick="x()">x</button>', "onclick attribute on <button>"),
        ("<script>x()</script>", "inline script"),
        ("<style>p {}</style>", "inline style sheet"),
        ('<input name="x">', "no label: x"),
        ('<img src="x.png">', "an image without alt: x.png"),
        ('<a href="/x"></a>', "a a without a name"),
        ('<p id="a"></p><p id="a"></p>', "id twice: a"),
        ('<p aria-describedby="a"></p>', "nothing has the id a"),
        ('<a href="javascript:x()">x</a>', "a javascript: link"),
        ("</p>", "</p> closes nothing"),
    ],
)
def test_html_check_finds(html, problem):
    assert problem in problems_of(html, fragment=True)


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ("<html><title>x</title><main><h1>x</h1></main>", "no lang"),
        ('<html lang="de"><main><h1>x</h1></main>', "no title"),
        ('<html lang="de"><title>x</title><main></main>', "0 h1"),
        ('<html lang="de"><title>x</title><h1>x</h1>', "0 main"),
        ('<html lang="de"><title>x</title><main><h1>x</h1><h3>y</h3></main>', "h3 after h1"),
    ],
)
def test_html_check_finds_in_a_page(html, problem):
    assert problem in problems_of(html)
