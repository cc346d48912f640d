"""The pages that every search engine may know."""

from frame.sitemaps import PagesSitemap
from home.models import LegalPage


class HomeSitemap(PagesSitemap):
    """The start page and what the footer leads to, once it is written."""

    def items(self):
        kinds = LegalPage.objects.public().values_list("kind", flat=True).distinct()
        return ("home:start", *(f"home:{kind}" for kind in kinds.order_by("kind")))
