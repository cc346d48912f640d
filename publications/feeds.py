"""The Atom feed of the press room. It shows everybody what the public sees."""

from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from publications.models import PressRelease

LENGTH = 30


class PressFeed(Feed):
    """The newest releases; the entity tag is made from the answer, so the gate comes first."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return _("MfV-Portal: Pressemitteilungen")

    def subtitle(self) -> str:
        return _("Pressemitteilungen des Programms „Mitarbeiter für Verantwortung“.")

    def link(self) -> str:
        return f"{settings.PORTAL_URL}{reverse('publications:press_room')}"

    def feed_url(self) -> str:
        return f"{settings.PORTAL_URL}{reverse('publications:press_feed')}"

    def items(self):
        return PressRelease.objects.public().not_withdrawn().for_listing()[:LENGTH]

    def item_title(self, item: PressRelease) -> str:
        return item.shown_headline

    def item_description(self, item: PressRelease) -> str:
        return item.shown_lead

    def item_link(self, item: PressRelease) -> str:
        return f"{settings.PORTAL_URL}{item.get_absolute_url()}"

    def item_pubdate(self, item: PressRelease) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: PressRelease) -> datetime | None:
        return item.published_at
