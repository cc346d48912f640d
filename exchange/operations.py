"""Whole programmes in and out."""

from contextlib import ExitStack

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from exchange.changes import Changes
from exchange.comparing import Differing, check_changes, compare
from exchange.content import exchange_file
from exchange.files import ExchangeFile
from exchange.matching import match
from exchange.problems import ImportRefused, Problem, Problems
from exchange.reading import read_file
from exchange.rows import Row, Rows
from exchange.stored_files import StoredFiles
from exchange.texts import check_texts
from exchange.writing import write
from people.models import User
from people.operations import record
from programmes.models import Programme, Responsibility
from programmes.operations import entrust_programme
from publications.models import Publication
from publications.operations import take_over_publication
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
    rows = read_file(source)
    files = StoredFiles(is_trial=check)
    with ExitStack() as undo:
        undo.callback(files.tidy, is_done=False)
        try:
            with transaction.atomic():
                changes = _apply(rows, files, update=update, by=by, lead=lead)
                transaction.set_rollback(check)
        except DatabaseError as error:
            sentence = _("Die Datenbank hat den Inhalt abgelehnt: %(error)s") % {"error": error}
            raise ImportRefused([Problem("", sentence)]) from error
        undo.pop_all()
    if not check:
        transaction.on_commit(lambda: files.tidy(is_done=True))
    return changes


def _apply(
    rows: Rows, files: StoredFiles, *, update: bool, by: User | None, lead: User | None
) -> Changes:
    # Locks the programme against a second import; rows that are being edited wait for it, too.
    list(Programme.objects.select_for_update().filter(slug=rows.slug))
    problems = Problems()
    stored = match(rows)
    differing = compare(rows)
    check_changes(rows, stored, differing, problems)
    problems.refuse_if_any()
    changes = write(rows, stored, differing, files)
    programme: Programme = rows.root.instance
    if changes:
        if stored and not update:
            raise ContentDiffers(changes)
        check_texts(rows, problems)
        _take_over(rows, problems)
        problems.refuse_if_any()
        _record_moves(rows, differing, by)
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


def _take_over(rows: Rows, problems: Problems) -> None:
    """What comes in as approved or later prints the content and the state that it has now."""
    for row in rows.root.walk():
        owner = row.instance
        if isinstance(owner, Publication) and not _has_problem(row, problems):
            try:
                take_over_publication(owner)
            except UnknownToken as error:
                problems.add(row.path, str(error))


def _record_moves(rows: Rows, differing: Differing, by: User | None) -> None:
    """A stored row in another state has moved in this portal: the change log tells it."""
    for row in rows.root.walk():
        for name in differing[row]:
            if name == row.kind.status or name in row.kind.after:
                moved = {name: str(getattr(row.instance, name))}
                record("import", row.instance, by=by, scope=rows.slug, **moved)
            if after := row.kind.after.get(name):
                after(row.instance)


def _has_problem(row: Row, problems: Problems) -> bool:
    """Whether a text is wrong that would be frozen with the row."""
    while row.parent and not row.kind.has_facts:
        row = row.parent
    return problems.is_under(row.path) or problems.is_under("boilerplates")
