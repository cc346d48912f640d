"""The releases and guidelines that every search engine may know."""

from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from publications.models import Guideline, PressRelease


class PublicationListSitemap(Sitemap):
    """The press room and the list of guidelines."""

    i18n = True
    alternates = True
    x_default = True

    def items(self):
        return ["publications:press_room", "publications:guideline_list"]

    def location(self, item):
        return reverse(item)


class PressReleaseSitemap(Sitemap):
    """The published releases."""

    i18n = True
    alternates = True
    x_default = True

    def items(self):
        told = PressRelease.objects.public().exclude(status=PressRelease.Status.WITHDRAWN)
        return told.select_related("programme").order_by("-dated_on", "-pk")

    def lastmod(self, item):
        return item.published_at


class GuidelineSitemap(Sitemap):
    """The guidelines with a public edition."""

    i18n = True
    alternates = True
    x_default = True

    def items(self):
        return Guideline.objects.visible_to(AnonymousUser()).for_listing()
