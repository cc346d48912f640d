"""Whole programmes in and out."""

from django.db import DatabaseError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from exchange.applying import Applier, Changes
from exchange.content import exchange_file
from exchange.files import ExchangeFile
from exchange.problems import ImportRefused, Problem, Problems
from exchange.reading import Row, read_file
from exchange.texts import check_texts
from people.models import User
from people.operations import record
from programmes.models import Programme, Responsibility
from programmes.operations import entrust_programme
from publications.models import Publication
from publications.operations import freeze_publication
from publications.tokens import UnknownToken


class ContentDiffers(ImportRefused):
    """The programme is there with other content; `changes` says what would differ."""

    def __init__(self, changes: Changes):
        self.changes = changes
        super().__init__(
            [
                Problem(
                    "slug",
                    _(
                        "Das Programm „%(slug)s“ gibt es hier schon, mit anderem Inhalt. Nichts "
                        "wurde geändert. Wenn die Datei gelten soll, rufen Sie den Befehl mit "
                        "--update auf; --update --check zeigt vorher, was geschieht."
                    )
                    % {"slug": changes.slug},
                )
            ]
        )


def export_programme(programme: Programme) -> ExchangeFile:
    """Return the programme with everything in it, as an exchange file holds it.

    Raises exchange.content.NotExportable.
    """
    return exchange_file(programme)


def import_programme(
    source: ExchangeFile,
    *,
    by: User | None,
    update: bool = False,
    check: bool = False,
    lead: User | None = None,
) -> Changes:
    """Bring the portal to what the file says, or change nothing.

    A programme that is there with other content changes only with `update`; with `check`,
    everything is tried and undone. `lead` becomes the programme's lead.
    Raises ImportRefused with every problem of the file, and ContentDiffers.
    """
    reading = read_file(source)
    applier = Applier(reading, keeps_files=not check)
    try:
        with transaction.atomic():
            changes = _apply(applier, update=update, by=by, lead=lead)
            transaction.set_rollback(check)
    except DatabaseError as error:
        applier.forget_files(is_done=False)
        raise ImportRefused(
            [Problem("", _("Die Datenbank hat den Inhalt abgelehnt: %(error)s") % {"error": error})]
        ) from error
    except ImportRefused:
        applier.forget_files(is_done=False)
        raise
    if not check:
        transaction.on_commit(lambda: applier.forget_files(is_done=True))
    return changes


def _apply(applier: Applier, *, update: bool, by: User | None, lead: User | None) -> Changes:
    # Locks the programme against a second import; rows that are being edited wait for it, too.
    list(Programme.objects.select_for_update().filter(slug=applier.slug))
    applier.match()
    is_known = applier.is_known
    changes = applier.write()
    programme: Programme = applier.reading.root.instance
    if changes:
        if is_known and not update:
            raise ContentDiffers(changes)
        problems = Problems()
        check_texts(applier.reading, problems)
        _freeze(applier, problems)
        problems.refuse_if_any()
        record(
            "import",
            programme,
            by=by,
            scope=programme.slug,
            created=len(changes.created),
            changed=len(changes.changed),
            deleted=len(changes.deleted),
        )
    if lead:
        entrust_programme(programme, lead.email, Responsibility.Role.LEAD, by=by)
    return changes


def _freeze(applier: Applier, problems: Problems) -> None:
    """What comes in as approved or later prints the content that it has now.

    A print made before, of the draft, is none of what is published.
    """
    rows = applier.reading.rows
    for row in [*rows["press_release"], *rows["edition"]]:
        owner: Model = row.instance
        if not isinstance(owner, Publication) or not owner.is_frozen:
            continue
        was_frozen = (row.kind.name, owner.pk) in applier.locked
        if (was_frozen and owner.frozen_content) or _has_problem(row, problems):
            continue
        try:
            freeze_publication(owner)
        except UnknownToken as error:
            problems.add(row.path, str(error))


def _has_problem(row: Row, problems: Problems) -> bool:
    top = row.parent if row.kind.name == "edition" and row.parent else row
    return problems.is_under(top.path) or problems.is_under("boilerplates")
