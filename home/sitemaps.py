"""The pages that every search engine may know."""

from documents.sitemaps import PagesSitemap


class HomeSitemap(PagesSitemap):
    """The start page and what the footer leads to."""

    names = ("home:start", "home:imprint", "home:privacy", "home:accessibility")
