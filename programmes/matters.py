"""What is still open when a run starts or ends, and what becomes of it.

The lead reads it before the step; the operation closes with the run what should not stay open.
Apps above add theirs in a module `matters`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from people.models import User
from programmes.models import Invitation, Participation, Run

NAMES = 8


@dataclass(frozen=True)
class Matter:
    """One line of the list: what is open, how much of it, and what this step does to it.

    is_closed: the step itself ends it. Without names it says that something is missing.
    """

    title: str | Promise
    effect: str | Promise
    count: int = 1
    names: tuple[str, ...] = ()
    is_closed: bool = False

    @property
    def more(self) -> int:
        """How many there are besides those who are named."""
        return self.count - len(self.names)


Finder = Callable[[Run, Run.Status], Iterable[Matter]]
Closer = Callable[[Run, Run.Status, User], None]

_finders: list[Finder] = []
_closers: list[Closer] = []


def register_matters(finder: Finder) -> Finder:
    """Add a function from a run and its next status to what is open; usable as a decorator."""
    if finder not in _finders:
        _finders.append(finder)
    return finder


def register_closer(closer: Closer) -> Closer:
    """Add what a room closes when a run takes this status, in the same transaction."""
    if closer not in _closers:
        _closers.append(closer)
    return closer


def collect_matters(run: Run, status: Run.Status) -> list[Matter]:
    return [matter for finder in _finders for matter in finder(run, status) if matter.count]


def close_matters(run: Run, status: Run.Status, *, by: User) -> None:
    for closer in _closers:
        closer(run, status, by)


def matter(title: str, rows: QuerySet, effect: str, *, is_closed: bool = False) -> Matter:
    """The line for these rows, with the first few of them by name."""
    return Matter(
        title=title,
        effect=effect,
        count=rows.count(),
        names=tuple(str(row) for row in rows[:NAMES]),
        is_closed=is_closed,
    )


@register_matters
def people_of_the_run(run: Run, status: Run.Status) -> Iterable[Matter]:
    group = run.participations.for_group()
    invited = group.filter(status=Participation.Status.INVITED)
    if status == Run.Status.RUNNING:
        if not run.questions.filter(is_current=True).exists():
            yield Matter(
                _("Es gibt noch keine Leitfrage"),
                _("Mit „Leitfrage neu fassen“ lässt sie sich auch später setzen."),
            )
        if not group.exclude(status=Participation.Status.DECLINED).exists():
            yield Matter(
                _("Es ist noch niemand aufgenommen"),
                _("Mit „Teilnehmende aufnehmen“ tragen Sie Personen ein und laden sie ein."),
            )
        yield matter(
            _("Noch nicht zugesagt"), invited, _("Sie können auch nach dem Start zusagen.")
        )
        return
    sent = Invitation.Status.SENT
    yield matter(
        _("Einladungen ohne Antwort"),
        invited.filter(invitation__status=sent),
        _("Sie werden zurückgezogen; die Links gelten dann nicht mehr."),
        is_closed=True,
    )
    yield matter(
        _("Noch nicht eingeladen oder ohne gültige Einladung"),
        invited.exclude(invitation__status=sent),
        _("Sie lassen sich danach nicht mehr einladen."),
    )
    if status == Run.Status.ARCHIVED:
        yield matter(
            _("Teilnahmen, die noch laufen"),
            group.filter(status=Participation.Status.ACTIVE),
            _("Sie werden abgeschlossen: Die Personen sehen den Durchlauf weiterhin."),
            is_closed=True,
        )
