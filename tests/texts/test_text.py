"""The door for texts: what it makes of them, and that nothing gets past it."""

import unicodedata

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.test import RequestFactory
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from concepts.models import Concept
from exchange import values
from people.models import User
from publications.models import Block
from tests.factories import (
    PASSWORD,
    ConceptFactory,
    GuidelineFactory,
    PersonFactory,
    PressReleaseFactory,
    UserFactory,
)
from tests.test_project import APPS, ROOMS
from texts import cleaning, fields
from texts.dates import ImpreciseDateField
from texts.richtext import RichTextField, clean_rich_text

NASTY = "\u200b\ufeffMu\u0308ller\x0b\u202eGmbH\ue000\ufffe\u2060 \u00ad"
JOINED = "👩\u200d💻 Auf\u200clage"
KEPT = "a  b\u00a0c\u202fd ✓️ – „x“"
CASES = {
    "composed": ("Mu\u0308ller", "Müller", "Müller"),
    "line ends": ("a\r\nb\rc\u2028d\x0be", "a\nb\nc\nd\ne", "a b c d e"),
    "controls": ("a\x00\x07\x1b\x7f\x9fb", "ab", "ab"),
    "invisible": ("\u200ba\u2060\ufeffb\u200e", "ab", "ab"),
    "directions": ("a\u202eb\u2066c\u2069", "abc", "abc"),
    "no characters": ("a\ufffe\ufdd0\U0001ffffb\ud800", "ab", "ab"),
    "private use": ("\uf0b7 Punkt \ue123", "• Punkt", "• Punkt"),
    "ends": ("\u00a0 a \u3000\u2003", "a", "a"),
    "soft hyphen": ("\u00adDo\u00ad\u00adnau \u00ad", "Do\u00adnau", "Donau"),
    "joiner between": (
        "👩\u200d💻 Auf\u200clage",
        "👩\u200d💻 Auf\u200clage",
        "👩\u200d💻 Auf\u200clage",
    ),
    "joiner at the ends": ("\u200da \u200cb\u200d", "a b", "a b"),
    "kept": (
        "a  b\u00a0c\u202fd ✓️ – „x“",
        "a  b\u00a0c\u202fd ✓️ – „x“",
        "a  b\u00a0c\u202fd ✓️ – „x“",
    ),
    "tab": ("a\tb \n c", "a\tb \n c", "a b c"),
}
# Pieces from which every kind of trouble can be put together.
TROUBLE = st.text(
    st.sampled_from("aß<>=/\"' \t\r\n\x0b\u0338\u0308\u0301\u200b\u200d\u00ad\ufffe\ue000\u2028🇩")
)


@pytest.mark.parametrize(("typed", "several", "one"), CASES.values(), ids=CASES)
def test_text_is_kept_in_one_form(typed, several, one):
    assert (cleaning.clean_text(typed), cleaning.clean_line(typed)) == (several, one)


@given(TROUBLE | st.text())
def test_what_passed_the_door_passes_it_unchanged(typed):
    for clean in (
        cleaning.clean_text,
        cleaning.clean_line,
        cleaning.clean_html,
        cleaning.clean_address,
    ):
        once = clean(typed)
        assert clean(once) == once
        assert not cleaning.GONE.search(once)
    assert unicodedata.is_normalized("NFC", cleaning.clean_text(typed))
    assert not set("\n\r\t\x0b\x0c\x85\u2028\u2029") & set(cleaning.clean_line(typed))


@pytest.mark.parametrize(
    "html",
    [
        "<p>\u0338 onmouseover=alert(1) <b>x</b></p>",
        "<p>&#824; onmouseover=alert(1) &lt;b></p>",
        "<p>\u200b\u0301\u0338 onmouseover=alert(1)</p>",
        '<a href="https://example.org"\u0338 onclick=alert(1)>x</a>',
    ],
)
def test_composing_never_opens_markup(html):
    clean = clean_rich_text(html)

    assert "≯" not in clean
    assert "≮" not in clean
    assert clean_rich_text(clean) == clean


@given(TROUBLE.map(lambda text: f"<p>{text}</p>"))
def test_rich_text_that_is_clean_stays_clean(html):
    clean = clean_rich_text(html)

    assert clean_rich_text(clean) == clean
    assert not cleaning.GONE.search(clean)


def test_rich_text_passes_the_door():
    assert clean_rich_text(f"<p>{NASTY}</p>") == "<p>Müller\nGmbH </p>"
    assert clean_rich_text("<p>a&#11;b&#8203;c</p>") == "<p>a\nbc</p>"
    assert clean_rich_text("<p>&#8203;&nbsp;&shy;&zwj;</p>") == ""


def model_fields():
    for app in ROOMS:
        for model in apps.get_app_config(app).get_models():
            yield from model._meta.concrete_fields


def is_text(field):
    return isinstance(field, models.CharField | models.TextField)


def test_every_text_of_a_model_passes_the_door():
    texts = [field for field in model_fields() if is_text(field)]
    texts.remove(User._meta.get_field("password"))  # a hash

    past = [
        str(field)
        for field in texts
        if not isinstance(field, fields.CleanTextMixin | RichTextField | ImpreciseDateField)
    ]

    assert len(texts) > 100
    assert past == []


def test_every_data_that_people_write_passes_the_door():
    # The portal alone writes what is printed and logged: from texts that passed before.
    own = {"documents.RenderJob.content", "people.AuditEntry.details"}
    data = [field for field in model_fields() if isinstance(field, models.JSONField)]

    past = {str(field) for field in data if not isinstance(field, fields.CleanJSONField)}

    assert past == own


def forms_below(form=forms.BaseForm):
    for below in form.__subclasses__():
        yield below
        yield from forms_below(below)


def admin_forms():
    request = RequestFactory().get("/")
    request.user = UserFactory(is_staff=True, is_superuser=True)
    for model_admin in admin.site._registry.values():
        if not (
            model_admin.has_add_permission(request) or model_admin.has_change_permission(request)
        ):
            continue
        yield model_admin.get_form(request)
        for inline in model_admin.get_inline_instances(request):
            if inline.has_change_permission(request):
                yield inline.get_formset(request).form


def past_the_door(form):
    if issubclass(form, fields.TypedTextsForm):
        return
    for name, field in form.base_fields.items():
        is_typed = isinstance(field, forms.CharField) and not isinstance(
            field.widget, forms.PasswordInput
        )
        if is_typed and not isinstance(field, DOORS):
            yield f"{form.__module__}.{form.__qualname__}.{name}"


DOORS = (
    fields.LineFormField,
    # What they return is no text, or a text that the model field cleans.
    forms.JSONField,
    RichTextField(name="x").formfield().__class__,
    ImpreciseDateField(name="x").formfield().__class__,
)


@pytest.mark.django_db
def test_every_text_of_a_form_passes_the_door():
    own = [form for form in forms_below() if form.__module__.split(".")[0] in APPS]
    own += list(admin_forms())

    assert len(own) > 50
    assert sorted({name for form in own for name in past_the_door(form)}) == []


@pytest.mark.django_db
def test_every_form_of_an_account_is_a_form_of_ours(settings):
    ours = {path.rpartition(".")[2] for path in settings.ACCOUNT_FORMS.values()}
    ours |= {path.rpartition(".")[2] for path in settings.MFA_FORMS.values()}
    # Sign-up is closed, addresses are changed by the lead, there are no phones.
    closed = {"SignupForm", "SignupWebAuthnForm", "AddEmailForm", "ChangeEmailForm"}
    closed |= {"UserTokenForm", "ConfirmPasswordResetCodeForm"}
    theirs = {
        form.__name__
        for form in forms_below()
        if form.__module__ in {"allauth.account.forms", "allauth.mfa.base.forms"}
        or form.__module__.startswith("allauth.mfa.")
        if not issubclass(form, fields.TypedTextsForm)
        if any(past_the_door(form))
        if "Phone" not in form.__name__ and "Verification" not in form.__name__
        if not form.__name__.startswith(("Base", "_Base"))
    }

    assert theirs - ours - closed == set()


@pytest.mark.django_db
def test_row_holds_what_the_door_gave_in_memory_and_stored():
    person = PersonFactory(family_name=NASTY, email="\u200banna@example.org\ufeff")

    assert (person.family_name, person.email) == ("Müller GmbH", "anna@example.org")
    person.refresh_from_db()
    assert (person.family_name, person.email) == ("Müller GmbH", "anna@example.org")
    assert type(person).objects.filter(family_name="Mu\u0308ller GmbH").exists()
    type(person).objects.filter(pk=person.pk).update(family_name=f" {NASTY}")
    person.refresh_from_db()
    assert person.family_name == "Müller GmbH"


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["\u200b", "\ufeff", "\u00a0", "\u202a", "\u00ad"])
def test_address_with_an_invisible_sign_logs_in(client, prefix):
    UserFactory(email="anna@example.org")

    answer = client.post(
        reverse("account_login"),
        {"login": f"{prefix}anna@exam\u200bple.org\u2060", "password": PASSWORD},
    )

    assert answer.url == reverse("home:desk")


@pytest.mark.django_db
def test_code_with_an_invisible_sign_is_asked_for(client):
    UserFactory(email="anna@example.org")

    answer = client.post(reverse("account_request_login_code"), {"email": "\u200banna@example.org"})

    assert answer.url == reverse("account_confirm_login_code")


def etree_texts(xml):
    return [element.text for element in etree.fromstring(xml).iter()]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["concepts:feed", "publications:press_feed"])
def test_feed_and_lists_carry_a_title_with_controls(client, name):
    ConceptFactory(published=True, title=NASTY, summary=NASTY)
    PressReleaseFactory(published=True, headline=NASTY, lead=NASTY)
    GuidelineFactory(title=NASTY)

    answer = client.get(reverse(name))

    assert answer.status_code == 200
    assert "Müller GmbH" in etree_texts(answer.content)
    assert client.get(reverse("concepts:list")).status_code == 200


@pytest.mark.parametrize(
    "field",
    [
        field
        for field in model_fields()
        if isinstance(field, fields.LineField) and not field.choices and field.editable
    ],
    ids=str,
)
def test_import_reads_a_line_as_a_form_does(field):
    read = values.read(field, NASTY)

    assert read == field.formfield(max_length=None).to_python(NASTY) == "Müller GmbH"


def test_import_cleans_data_and_rich_text():
    data, problem = Block._meta.get_field("data"), Concept._meta.get_field("problem")

    assert values.read(data, [{"term": NASTY}]) == [{"term": "Müller\nGmbH"}]
    assert values.read(problem, f"<p>{NASTY}</p>") == "<p>Müller\nGmbH </p>"
