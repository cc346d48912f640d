"""The programmes and runs that every search engine may know."""

from django.contrib.auth.models import AnonymousUser

from frame.sitemaps import PagedSitemap, PagesSitemap
from programmes.models import Programme, Run


class ProgrammeListSitemap(PagesSitemap):
    """The lists of programmes and runs."""

    names = ("programmes:list", "programmes:run_list")


class ProgrammeSitemap(PagedSitemap):
    """The public programmes."""

    def items(self):
        return Programme.objects.visible_to(AnonymousUser()).only("slug").order_by("pk")


class RunSitemap(PagedSitemap):
    """The public runs."""

    def items(self):
        runs = Run.objects.public().select_related("programme")
        return runs.only("slug", "programme__slug").order_by("pk")
