"""What of the press releases is open when a run ends."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from programmes.matters import Matter, matter, register_matters
from programmes.models import Run
from publications.models import PressRelease


@register_matters
def releases_of_the_run(run: Run, status: Run.Status) -> Iterable[Matter]:
    if status == Run.Status.RUNNING:
        return
    yield matter(
        _("Pressemitteilungen, die noch nicht erschienen sind"),
        run.press_releases.exclude(status__in=PressRelease.PUBLIC).for_listing(),
        _("Sie bleiben und können auch danach erscheinen."),
    )
