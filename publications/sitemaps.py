"""The releases and guidelines that every search engine may know."""

from django.contrib.auth.models import AnonymousUser

from frame.sitemaps import PagedSitemap, PagesSitemap
from publications.models import Guideline, PressRelease


class PublicationListSitemap(PagesSitemap):
    """The press room and the list of guidelines."""

    names = ("publications:press_room", "publications:guideline_list")


class PressReleaseSitemap(PagedSitemap):
    """The published releases."""

    changed = "published_at"

    def items(self):
        releases = PressRelease.objects.public().not_withdrawn().select_related("programme")
        return releases.only("slug", "published_at", "programme__slug").order_by("pk")


class GuidelineSitemap(PagedSitemap):
    """The guidelines with a public edition."""

    def items(self):
        guidelines = Guideline.objects.visible_to(AnonymousUser()).select_related("programme")
        return guidelines.only("slug", "programme__slug").order_by("pk")
