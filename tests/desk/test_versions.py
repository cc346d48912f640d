"""Two leads, one form: whoever saves second sees both texts, and no text is lost."""

import datetime
import html as markup
import re

import pytest
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.forms.models import _get_foreign_key

from desk.versions import VersionedMixin
from publications.models import PressBlock, PressRelease
from tests.access.admin_matrix import ADMIN
from tests.access.world import undone
from tests.factories import (
    LeadFactory,
    PressBlockFactory,
    PressReleaseFactory,
    RenderJobFactory,
)
from tests.pages import admin_url, names_in_form, read_change_form, read_form
from tests.signing_in import log_in_with_second_factor
from texts.dates import ImpreciseDate, ImpreciseDateField

pytestmark = pytest.mark.django_db

# Shown, but nobody changes a row of these in the admin.
READ_ONLY = {
    "people.Message",
    "people.AuditEntry",
    "workshops.Output",
    "concepts.Revision",
    "documents.RenderJob",
}
MODELS = sorted(
    (model for model in admin.site._registry if model._meta.label not in READ_ONLY),
    key=lambda model: model._meta.label,
)
# Rows that the page of their parent only shows.
SHOWN_ONLY = {"Participation", "Responsibility", "Consent", "Edition", "GuidingQuestion"}
INLINES = [
    (model, inline)
    for model in MODELS
    for inline in admin.site._registry[model].inlines
    if inline.model.__name__ not in SHOWN_ONLY
]


def client_for(world, model):
    no_leads = ("people.User", "home.LegalPage")
    return world.clients["superuser" if model._meta.label in no_leads else "lead"]


def theirs_and_mine(row, name):
    """What the other one stores, what one types, and how both read on the page.

    Where there is but one other value, one types nothing: the other one's is to stay.
    """
    field = row._meta.get_field(name)
    if isinstance(field, models.BooleanField):
        was = getattr(row, name)
        return not was, ("on" if was else None), *(("Nein", "Ja") if was else ("Ja", "Nein"))
    if field.choices:
        labels = {value: str(label) for value, label in field.choices}
        was = getattr(row, name)
        theirs, *others = [value for value in labels if value != was]
        mine = others[0] if others else was
        return theirs, mine, labels[theirs], labels[mine]
    if isinstance(field, ImpreciseDateField):
        return ImpreciseDate("2031"), "2032", "2031", "2032"
    if isinstance(field, models.IntegerField):
        return 71, "72", "71", "72"
    if isinstance(field, models.DateField):
        return datetime.date(2031, 1, 1), "01.01.2032", "2031", "2032"
    return "Von Anderen", "Von mir", "Anderen", "mir"


def first_text(row, names):
    """The field to try with: a text where there is one, else whatever is not a relation."""
    known = []
    for name in names:
        try:
            field = row._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if not (field.is_relation or field.primary_key or isinstance(field, models.SlugField)):
            known.append(field)
    texts = [
        field
        for field in known
        if isinstance(field, models.TextField | models.CharField)
        and not isinstance(field, ImpreciseDateField | models.URLField)
        and not field.choices
    ]
    return (texts or known)[0].name


def stored(row, name):
    return getattr(type(row)._base_manager.get(pk=row.pk), name)


def assert_two_texts(response, theirs, mine):
    assert response.status_code == 409, response.status_code
    section = re.search(r'<section class="conflict".*?</section>', response.text, re.DOTALL)[0]
    stored, own = re.findall(r"<td class=\"conflict__text\".*?</td>", section, re.DOTALL)[:2]
    assert theirs in markup.unescape(stored)
    assert mine in markup.unescape(own)


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_row_is_not_saved_over_another_text(world, model):
    client = client_for(world, model)
    with undone():
        row = model._base_manager.get(pk=world.rows[ADMIN[model._meta.label].row].pk)
        data = read_change_form(client, row)
        name = first_text(row, names_in_form(client, row))
        theirs, mine, their_words, my_words = theirs_and_mine(row, name)
        model._base_manager.filter(pk=row.pk).update(**{name: theirs})

        typed = {key: value for key, value in {**data, name: mine}.items() if value is not None}
        response = client.post(admin_url(row), typed)

        assert_two_texts(response, their_words, my_words)
        assert stored(row, name) == theirs
        # Having seen both, one goes on with what stands in the form.
        again = read_form(response, within=f"//form[@id='{model._meta.model_name}_form']")
        saved = client.post(admin_url(row), again)
        assert saved.status_code == 302, saved.context["errors"]
        assert (stored(row, name) == theirs) is (mine in data.get(name, [None]))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "inline"),
    INLINES,
    ids=lambda part: part._meta.label if hasattr(part, "_meta") else part.__name__,
)
def test_row_below_is_not_saved_over_another_text(world, model, inline):
    below = inline.model
    client = client_for(world, model)
    with undone():
        row = model._base_manager.get(pk=world.rows[ADMIN[model._meta.label].row].pk)
        key = _get_foreign_key(model, below, inline.fk_name)
        child = below._base_manager.filter(**{key.name: row}).order_by("pk").first()
        assert child is not None, f"the world has no {below.__name__} below its {model.__name__}"
        data = read_change_form(client, row)
        prefix = prefix_of(data, child, key)
        start = f"{prefix}-"
        names = [
            name.removeprefix(start)
            for name in names_in_form(client, row)
            if name.startswith(start)
        ]
        name = first_text(child, names)
        theirs, mine, their_words, my_words = theirs_and_mine(child, name)
        below._base_manager.filter(pk=child.pk).update(**{name: theirs})

        typed = {**data, f"{prefix}-{name}": mine}
        typed = {key: value for key, value in typed.items() if value is not None}
        response = client.post(admin_url(row), typed)

        assert_two_texts(response, their_words, my_words)
        assert stored(child, name) == theirs
        again = read_form(response, within=f"//form[@id='{model._meta.model_name}_form']")
        saved = client.post(admin_url(row), again)
        assert saved.status_code == 302, saved.context["errors"]
        assert (stored(child, name) == theirs) is (mine in data.get(f"{prefix}-{name}", [None]))


def prefix_of(data, child, key):
    """Under which number the form shows this row."""
    start, end = f"{key.remote_field.get_accessor_name()}-", f"-{child._meta.pk.name}"
    return next(
        name.removesuffix(end)
        for name, value in data.items()
        if name.startswith(start) and name.endswith(end) and str(child.pk) in value
    )


def test_every_page_that_saves_has_a_version():
    assert all(isinstance(admin.site._registry[model], VersionedMixin) for model in MODELS)


# What becomes of the rows below


@pytest.fixture
def lead(client, programme):
    return log_in_with_second_factor(client, LeadFactory(programme=programme))


@pytest.fixture
def release(programme):
    """A draft with three paragraphs."""
    release = PressReleaseFactory(programme=programme)
    for position, text in enumerate(("Erster", "Zweiter", "Dritter"), start=1):
        PressBlockFactory(release=release, position=position, text=f"<p>{text} Absatz.</p>")
    return release


def texts_of(release):
    blocks = PressBlock.objects.filter(release=release).order_by("position", "pk")
    return [re.sub("<.*?>", "", block.text) for block in blocks]


def block_named(release, start):
    return PressBlock.objects.get(release=release, text__startswith=f"<p>{start}")


def let_others_write(release, start):
    block = block_named(release, start)
    PressBlock.objects.filter(pk=block.pk).update(text="<p>Von Anderen.</p>")


def form_again(response):
    return read_form(response, within="//form[@id='pressrelease_form']")


def test_paragraphs_of_two_people_come_together(lead, release):
    data = read_change_form(lead, release)
    PressBlock.objects.filter(pk=block_named(release, "Zweiter").pk).update(
        text="<p>Von Anderen.</p>"
    )

    response = lead.post(
        admin_url(release),
        {**data, "headline": "Meine Überschrift", "blocks-0-text": "<p>Von mir.</p>"},
    )
    assert response.status_code == 409
    assert "es ist unten übernommen" in response.text
    assert texts_of(release) == ["Erster Absatz.", "Von Anderen.", "Dritter Absatz."]
    assert lead.post(admin_url(release), form_again(response)).status_code == 302

    release.refresh_from_db()
    assert release.headline == "Meine Überschrift"
    assert texts_of(release) == ["Von mir.", "Von Anderen.", "Dritter Absatz."]


def test_fields_of_two_people_come_together(lead, release):
    data = read_change_form(lead, release)
    PressRelease.objects.update(subline="Unterzeile der Anderen", place="Halle")

    response = lead.post(admin_url(release), {**data, "headline": "Meine Überschrift"})
    assert response.status_code == 409
    lead.post(admin_url(release), form_again(response))

    release.refresh_from_db()
    assert (release.headline, release.subline, release.place) == (
        "Meine Überschrift",
        "Unterzeile der Anderen",
        "Halle",
    )


def test_paragraph_that_somebody_deleted_comes_back_with_my_text_only(lead, release):
    data = read_change_form(lead, release)
    block_named(release, "Erster").delete()
    block_named(release, "Dritter").delete()

    response = lead.post(admin_url(release), {**data, "blocks-2-text": "<p>Von mir.</p>"})
    assert response.status_code == 409
    assert "hat jemand anderes gelöscht" in response.text
    assert texts_of(release) == ["Zweiter Absatz."]
    assert lead.post(admin_url(release), form_again(response)).status_code == 302

    assert texts_of(release) == ["Zweiter Absatz.", "Von mir."]


def test_paragraph_that_somebody_added_stays(lead, release):
    data = read_change_form(lead, release)
    PressBlockFactory(release=release, position=4, text="<p>Von Anderen.</p>")
    mine = {
        **data,
        "blocks-TOTAL_FORMS": "4",
        "blocks-3-position": "5",
        "blocks-3-kind": "text",
        "blocks-3-text": "<p>Neu von mir.</p>",
        "blocks-3-id": "",
        "blocks-3-release": release.pk,
    }

    response = lead.post(admin_url(release), mine)
    assert response.status_code == 409
    assert "hat jemand anderes angelegt" in response.text
    assert lead.post(admin_url(release), form_again(response)).status_code == 302

    assert texts_of(release)[3:] == ["Von Anderen.", "Neu von mir."]


def test_paragraph_to_delete_is_shown_when_somebody_changed_it(lead, release):
    data = read_change_form(lead, release)
    PressBlock.objects.filter(pk=block_named(release, "Zweiter").pk).update(
        text="<p>Von Anderen.</p>"
    )

    response = lead.post(admin_url(release), {**data, "blocks-1-DELETE": "on"})
    assert response.status_code == 409
    assert "Sie wollten diese Zeile löschen" in response.text
    assert len(texts_of(release)) == 3
    lead.post(admin_url(release), form_again(response))

    assert texts_of(release) == ["Erster Absatz.", "Dritter Absatz."]


def test_text_stays_when_the_release_was_given_for_approval(lead, release):
    data = read_change_form(lead, release)
    PressRelease.objects.update(status=PressRelease.Status.IN_APPROVAL)

    response = lead.post(
        admin_url(release),
        {**data, "headline": "Meine Überschrift", "blocks-1-text": "<p>Von mir.</p>"},
    )

    assert response.status_code == 409
    assert "Meine Überschrift" in markup.unescape(re.sub("</?(ins|del)>", "", response.text))
    assert "Von mir." in response.text
    assert 'name="_save"' not in response.text


def test_same_text_twice_is_no_conflict(lead, release):
    data = {**read_change_form(lead, release), "headline": "Doppelt geklickt"}

    assert lead.post(admin_url(release), data).status_code == 302
    assert lead.post(admin_url(release), data).status_code == 302


@pytest.mark.parametrize("seen", [None, "", "x", "[]", '{"": 1}', '{"": {"headline": 7}}'])
def test_form_that_does_not_say_what_it_showed_is_not_saved(lead, release, seen):
    data = {**read_change_form(lead, release), "headline": "Ungesehen", "seen": seen}
    if seen is None:
        del data["seen"]

    response = lead.post(admin_url(release), data)

    assert response.status_code == 409
    assert not PressRelease.objects.filter(headline="Ungesehen").exists()


def test_a_print_changes_no_version(lead, release):
    data = read_change_form(lead, release)
    save_job(release)

    assert lead.post(admin_url(release), {**data, "headline": "Danach"}).status_code == 302


def save_job(release):
    release.render_job = RenderJobFactory()
    release.save(update_fields=["render_job"])


def test_without_the_comparison_the_first_text_is_lost(lead, release, monkeypatch):
    """The control: what the walk above would find if nobody compared."""
    monkeypatch.setattr(VersionedMixin, "_look_for_conflict", lambda *args: None)
    data = read_change_form(lead, release)
    PressRelease.objects.update(headline="Von Anderen")

    response = lead.post(admin_url(release), {**data, "subline": "Von mir"})

    release.refresh_from_db()
    assert response.status_code == 302
    assert release.headline != "Von Anderen"
