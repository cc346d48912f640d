"""The Atom feed of published concepts. It shows everybody what the public sees."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from concepts.models import Concept

LENGTH = 30


class ConceptFeed(Feed):
    """The newest concepts; the entity tag is made from the answer, so the gate comes first."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return _("MfV-Portal: Konzepte")

    def subtitle(self) -> str:
        return _("Konzepte der Teams, sobald sie veröffentlicht sind.")

    def link(self) -> str:
        return f"{settings.PORTAL_URL}{reverse('concepts:list')}"

    def feed_url(self) -> str:
        return f"{settings.PORTAL_URL}{reverse('concepts:feed')}"

    def items(self):
        published = Concept.objects.public().filter(status=Concept.Status.PUBLISHED)
        return published.for_listing()[:LENGTH]

    def item_title(self, item: Concept) -> str:
        return item.title

    def item_description(self, item: Concept) -> str:
        return item.summary

    def item_link(self, item: Concept) -> str:
        return f"{settings.PORTAL_URL}{item.get_absolute_url()}"

    def item_pubdate(self, item: Concept):
        return item.published_at

    def item_updateddate(self, item: Concept):
        return item.published_at
