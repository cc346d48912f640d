"""The concepts that every search engine may know."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from concepts.models import Concept


class ConceptListSitemap(Sitemap):
    """The list of concepts."""

    i18n = True
    alternates = True
    x_default = True

    def items(self):
        return ["concepts:list"]

    def location(self, item):
        return reverse(item)


class ConceptSitemap(Sitemap):
    """The published concepts."""

    i18n = True
    alternates = True
    x_default = True

    def items(self):
        published = Concept.objects.public().filter(status=Concept.Status.PUBLISHED)
        return published.for_listing()

    def lastmod(self, item):
        return item.published_at
