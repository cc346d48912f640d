"""Titles of 120 characters fit everywhere: fields, pages, feeds, sitemaps, the admin, prints."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from documents.models import RenderJob
from documents.operations import TITLE_LENGTH, request_print
from tests.factories import (
    ConceptFactory,
    EditionFactory,
    EventFactory,
    GuidelineFactory,
    LeadFactory,
    PressReleaseFactory,
    ProgrammeFactory,
    RunFactory,
    TaskFactory,
    TeamFactory,
    WorkshopFactory,
)
from tests.html_check import check_html
from tests.test_project import ROOMS
from texts.fields import KeyField, LineField

LENGTH = 120
TITLE = "Straßenbeleuchtungspatenschaften zwischen Handwerk und Jugend, "
TITLE += "Nachbarschaftshilfe und Ämtern im ländlichen Raum 2016/17"
NAMES = {"title", "topic", "headline", "heading", "subtitle", "subline"}


def test_every_title_may_have_120_characters():
    assert len(TITLE) == LENGTH
    short = {
        str(field): field.max_length
        for app in ROOMS
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.fields
        if isinstance(field, LineField) and field.name in NAMES and field.max_length < LENGTH
    }

    assert short == {}
    assert RenderJob._meta.get_field("title").max_length == TITLE_LENGTH


@pytest.mark.django_db
def test_pages_feeds_and_lists_show_long_titles(client, settings):
    settings.STAFF_MFA_REQUIRED = False
    programme = ProgrammeFactory(public=True, title=TITLE)
    run = RunFactory(programme=programme, is_public=True, topic=TITLE)
    workshop = WorkshopFactory(run=run, title=TITLE)
    TaskFactory(workshop=workshop, title=TITLE)
    EventFactory(run=run, title=TITLE, is_public=True)
    TeamFactory(run=run, name=TITLE)
    slug_of = {field.model: "a" * field.max_length for field in slugs()}
    concept = ConceptFactory(
        run=run, published=True, title=TITLE, slug=slug_of[apps.get_model("concepts.Concept")]
    )
    release = PressReleaseFactory(
        programme=programme,
        published=True,
        headline=TITLE,
        slug=slug_of[apps.get_model("publications.PressRelease")],
    )
    guideline = GuidelineFactory(programme=programme, title=TITLE)
    EditionFactory(guideline=guideline, published=True)

    for row in (programme, run, concept, guideline):
        page = client.get(row.get_absolute_url())
        check_html(page)
        heading = page.text.partition("<h1")[2].partition("</h1>")[0]
        assert TITLE in heading.replace("\u00a0", " "), row
    for name in ("concepts:feed", "publications:press_feed", "concepts:list", "home:start"):
        assert TITLE in client.get(reverse(name)).text.replace("\u00a0", " "), name
    assert concept.slug in client.get("/sitemap-konzepte.xml").text
    assert release.slug in client.get("/sitemap-presse.xml").text
    assert client.get(release.get_absolute_url()).status_code == 200

    client.force_login(LeadFactory(programme=programme))
    for model in admin.site._registry:
        if model._meta.app_label in {"programmes", "workshops", "concepts", "publications"}:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
            assert client.get(reverse(name)).status_code in {200, 403}


def slugs():
    for app in ("programmes", "concepts", "publications"):
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.fields:
                if isinstance(field, KeyField) and field.name == "slug":
                    yield field


@pytest.mark.django_db
def test_print_takes_a_title_that_placeholders_made_long():
    job = request_print(
        kind="press-release",
        title=TITLE * 4,
        filename="mitteilung.pdf",
        language="de",
        content={"headline": TITLE * 4},
    )

    assert job.title == TITLE * 2 + TITLE[:59] + "…"
