"""The concepts that every search engine may know."""

from concepts.models import Concept
from frame.sitemaps import PagedSitemap, PagesSitemap


class ConceptListSitemap(PagesSitemap):
    """The list of concepts."""

    names = ("concepts:list",)


class ConceptSitemap(PagedSitemap):
    """The published concepts."""

    changed = "published_at"

    def items(self):
        published = Concept.objects.public().filter(status=Concept.Status.PUBLISHED)
        return (
            published.select_related("run__programme")
            .only("slug", "published_at", "run__slug", "run__programme__slug")
            .order_by("pk")
        )
