"""What a page says about a concept beside its own text."""

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from concepts.models import Concept
from programmes.models import Person


def named_authors(concept: Concept) -> list[dict[str, str]]:
    """The team as on the day of publication, without those who withdrew their consent since."""
    agreed = set(
        Person.objects.may_be_named()
        .filter(
            programme=concept.run.programme_id,
            key__in=[author["person"] for author in concept.authors],
        )
        .values_list("key", flat=True)
    )
    return [author for author in concept.authors if author["person"] in agreed]


def canonical_address(concept: Concept) -> str:
    """The one address of the concept, whatever language its page is read in."""
    with translation.override(settings.LANGUAGE_CODE):
        return f"{settings.PORTAL_URL}{concept.get_absolute_url()}"


def citation(concept: Concept, authors: list[dict[str, str]]) -> str:
    """How to cite the published concept: who, „what“, where, when, address, read today."""
    names = ", ".join(author["name"] for author in authors)
    who = names or (str(concept.team) if concept.team else concept.run.programme.title)
    year = concept.published_at.year if concept.published_at else _("unveröffentlicht")
    return _(
        "%(who)s: „%(title)s“. Konzept aus „%(programme)s“, %(year)s. %(address)s "
        "(abgerufen am %(today)s)"
    ) % {
        "who": who,
        "title": concept.title,
        "programme": concept.run.programme.title,
        "year": year,
        "address": canonical_address(concept),
        "today": date_format(timezone.localdate(), "DATE_FORMAT"),
    }
