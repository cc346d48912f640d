"""The programmes and runs that every search engine may know."""

from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from programmes.models import Programme, Run


class ProgrammeListSitemap(Sitemap):
    """The lists of programmes and runs."""

    i18n = True
    alternates = True
    x_default = True

    def items(self):
        return ["programmes:list", "programmes:run_list"]

    def location(self, item):
        return reverse(item)


class ProgrammeSitemap(Sitemap):
    """The public programmes."""

    i18n = True
    alternates = True
    x_default = True

    def items(self):
        return Programme.objects.visible_to(AnonymousUser()).for_listing()


class RunSitemap(Sitemap):
    """The public runs."""

    i18n = True
    alternates = True
    x_default = True

    def items(self):
        return Run.objects.public().for_listing()
