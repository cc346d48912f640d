import pytest
from django.urls import reverse

from home.models import LegalPage
from tests.factories import InvitationFactory, MessageFactory, OutputFactory

PEOPLE = ["Einladungen ohne Antwort", "Nicht zustellbare E-Mails"]
WORK = ["Ergebnisse ohne Antwort"]
PORTAL = ["Rechtliche Seiten, die noch niemand geprüft hat"]


@pytest.mark.django_db
def test_people_stand_before_their_work_and_the_portal_last(client, lead, programme):
    LegalPage.objects.get_or_create(kind="imprint", language="de", defaults={"title": "Impressum"})
    OutputFactory(task__workshop__run__programme=programme, submitted=True)
    MessageFactory(scope=programme.slug, failed=True)
    InvitationFactory(participation__run__programme=programme, sent=True)
    type(lead).objects.filter(pk=lead.pk).update(may_keep_legal_pages=True)

    cards = client.get(reverse("admin:index")).content.decode()

    places = [cards.index(title) for title in (*PEOPLE, *WORK, *PORTAL)]
    assert places == sorted(places)
