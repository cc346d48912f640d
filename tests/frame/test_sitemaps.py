"""Sitemaps at volume: pages, few columns, the same number of queries."""

import time
import tracemalloc

import pytest
from django.contrib.sitemaps import Sitemap
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from concepts.models import Concept
from frame.sitemaps import PagedSitemap
from mfv_portal.urls import SITEMAPS
from tests.factories import ConceptFactory, RunFactory

ROWS = 3_000
LONG = "<p>" + "Ein langer Text. " * 200 + "</p>"


def publish(run, first, last):
    now = timezone.now()
    Concept.objects.bulk_create(
        Concept(
            run=run,
            slug=f"konzept-{number}",
            title=f"Konzept {number}",
            problem=LONG,
            status=Concept.Status.PUBLISHED,
            submitted_at=now,
            approved_at=now,
            published_at=now,
        )
        for number in range(first, last)
    )


def asked(client, address):
    """The answer, the queries it took, seconds of the processor and bytes at its peak."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        began = time.process_time()
        answer = client.get(address)
        seconds = time.process_time() - began
    # The next request empties the log.
    queries = captured.captured_queries
    tracemalloc.start()
    client.get(address)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return answer, queries, seconds, peak


@pytest.mark.slow
@pytest.mark.django_db
def test_sitemaps_do_not_grow_with_the_number_of_concepts(client):
    run = RunFactory(public=True)
    publish(run, 0, 3)
    few_index, few_index_queries, few_seconds, few_peak = asked(client, "/sitemap.xml")
    few_page, few_queries, _seconds, _peak = asked(client, "/sitemap-konzepte.xml")

    publish(run, 3, ROWS)
    index, index_queries, seconds, peak = asked(client, "/sitemap.xml")
    page, queries, _seconds, page_peak = asked(client, "/sitemap-konzepte.xml?p=3")

    assert few_index.status_code == few_page.status_code == index.status_code == 200
    assert len(index_queries) == len(few_index_queries)
    assert len(queries) == len(few_queries) == 2
    assert all("problem" not in query["sql"] for query in [*index_queries, *queries])
    assert index.text.count("sitemap-konzepte.xml") == ROWS / PagedSitemap.limit
    assert page.text.count("<loc>") == 2 * PagedSitemap.limit
    assert f"/konzept-{ROWS - 1}/</loc>" in page.text
    assert client.get("/sitemap-konzepte.xml?p=4").status_code == 404
    # The index counts; it reads no row. A page holds its rows and nothing else.
    assert seconds < 3 * few_seconds + 0.1
    assert peak < few_peak + 1_000_000
    assert page_peak < 30_000_000


@pytest.mark.django_db
def test_page_names_every_language_and_the_last_change(client):
    concept = ConceptFactory(published=True)

    answer = client.get("/sitemap-konzepte.xml")

    address = f"http://testserver{concept.get_absolute_url()}"
    english = f"http://testserver/en{concept.get_absolute_url()}"
    assert answer.text.count(f"<loc>{address}</loc>") == 1
    assert answer.text.count(f"<loc>{english}</loc>") == 1
    for language, location in (("de", address), ("en", english), ("x-default", address)):
        link = f'<xhtml:link rel="alternate" hreflang="{language}" href="{location}"/>'
        assert answer.text.count(link) == 2
    day = f"{timezone.localtime(concept.published_at):%Y-%m-%d}"
    assert f"<lastmod>{day}</lastmod>" in answer.text
    assert f"<lastmod>{day}" in client.get("/sitemap.xml").text


def test_every_sitemap_has_pages():
    assert [
        name for name, sitemap in SITEMAPS.items() if not issubclass(sitemap, PagedSitemap)
    ] == []
    assert PagedSitemap.limit < Sitemap.limit
