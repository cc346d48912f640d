"""The pages that every search engine may know."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse


class HomeSitemap(Sitemap):
    """The start page and what the footer leads to."""

    i18n = True
    alternates = True
    x_default = True

    def items(self):
        return ["home:start", "home:imprint", "home:privacy", "home:accessibility"]

    def location(self, item):
        return reverse(item)
