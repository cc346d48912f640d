"""What a page says about a concept beside its own text."""

from django.utils.translation import gettext as _

from concepts.models import Concept


def citation(concept: Concept, address: str) -> str:
    """How to cite the published concept: who, „what“, where, when, address."""
    names = ", ".join(author["name"] for author in concept.authors)
    who = names or (str(concept.team) if concept.team else concept.run.programme.title)
    year = concept.published_at.year if concept.published_at else _("unveröffentlicht")
    return _("%(who)s: „%(title)s“. Konzept aus „%(programme)s“, %(year)s. %(address)s") % {
        "who": who,
        "title": concept.title,
        "programme": concept.run.programme.title,
        "year": year,
        "address": address,
    }
