"""From the data of a file to checked rows: the shape, the values, the files it names."""

import hashlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from exchange import values
from exchange.files import ExchangeFile
from exchange.kinds import FORMAT, PROGRAMME, VERSION
from exchange.kinds.kind import Copied, FileContent, Kind
from exchange.problems import (
    ImportRefused,
    Problem,
    Problems,
    ValueRefused,
    add_shape_problem,
    joined,
    shown,
)
from exchange.references import find_targets
from exchange.rows import Row, Rows
from exchange.rules import check_rules
from exchange.schema import validator
from texts.uploads import FileRefused, check_upload, clean_name


def read_file(exchange_file: ExchangeFile) -> Rows:
    """Check everything that can be known without writing. Raises ImportRefused."""
    _check_version(exchange_file.data)
    problems = Problems()
    for error in validator().iter_errors(exchange_file.data):
        add_shape_problem(problems, error)
    rows = _Reader(exchange_file, problems).read()
    find_targets(rows, problems)
    for name in sorted(set(exchange_file.files) - _named_files(rows)):
        problems.add(name, _("Diese Datei im ZIP wird nirgends genannt."))
    check_rules(rows, problems)
    problems.refuse_if_any()
    return rows


def _check_version(data: dict[str, Any]) -> None:
    """Nothing else can be said about another format."""
    version = data.get("version")
    if data.get("format") != FORMAT:
        problem = Problem("format", _("Hier muss „%(format)s“ stehen.") % {"format": FORMAT})
    elif type(version) is not int or version != VERSION:
        sentence = _("Dieses Portal liest Fassung %(version)s des Formats.")
        problem = Problem("version", sentence % {"version": VERSION})
    else:
        return
    raise ImportRefused([problem])


def _named_files(rows: Rows) -> set[str]:
    return {
        name
        for row in rows.root.walk()
        for entry in row.kind.files
        if isinstance(name := row.data.get(entry.field), str)
    }


class _Reader:
    """Makes a row of each object, with the values as the models hold them."""

    def __init__(self, exchange_file: ExchangeFile, problems: Problems):
        self.data = exchange_file.data
        self.files = exchange_file.files
        self.problems = problems
        self.rows = Rows()

    def read(self) -> Rows:
        self.rows.root = self._row(PROGRAMME, self.data, "", None, 0)
        return self.rows

    def _row(self, kind: Kind, data: Any, path: str, parent: Row | None, index: int) -> Row:
        row = Row(kind, path, parent, index, data)
        self.rows.of(kind).append(row)
        if kind.is_key_only:
            row.identity = data
            return row
        self._read_identity(row)
        for copied in kind.copied:
            self._read_value(row, copied)
        # Only now is the name known under which the file is kept.
        for file in kind.files:
            self._read_file(row, file)
        if kind.check:
            for place, sentence in kind.check(row.values, row.data):
                self.problems.add(joined(path, place), sentence)
        for child in kind.children:
            row.children[child.name] = self._children(row, child)
        return row

    def _children(self, row: Row, child: Kind) -> list[Row]:
        place = joined(row.path, child.plural)
        listed = row.data.get(child.plural)
        if child.is_single:
            return [self._row(child, listed, place, row, 0)] if isinstance(listed, dict) else []
        wanted = str if child.is_key_only else dict
        return [
            self._row(child, entry, joined(place, index), row, index)
            for index, entry in enumerate(listed if isinstance(listed, list) else [])
            if isinstance(entry, wanted)
        ]

    def _read_identity(self, row: Row) -> None:
        kind = row.kind
        if kind.is_single:
            row.identity = ""
            return
        row.identity = row.data.get(kind.identity)
        if row.identity is None and kind.is_key_optional:
            row.identity = str(row.index + 1)
        if kind.has_own_key:
            row.values[kind.identity] = row.identity

    def _read_value(self, row: Row, entry: Copied) -> None:
        model_field = row.kind.model_field(entry.field)
        path = row.place(entry.field)
        if entry.field not in row.data:
            if not entry.is_filled_in:
                row.values[entry.field] = values.default_of(model_field)
        elif not self.problems.is_under(path):
            try:
                row.values[entry.field] = values.read(model_field, row.data[entry.field])
            except ValueRefused as error:
                self.problems.add(path, str(error))

    def _read_file(self, row: Row, entry: FileContent) -> None:
        name, path = row.data.get(entry.field), row.place(entry.field)
        if not isinstance(name, str) or self.problems.concerns(path):
            return
        content = self.files.get(name)
        if content is None:
            self.problems.add(
                path, _("Die Datei „%(name)s“ liegt nicht im ZIP.") % {"name": shown(name)}
            )
            return
        title = row.values.get("name")
        if not isinstance(title, str) or self.problems.concerns(row.place("name")):
            return
        if title != clean_name(title):
            self.problems.add(
                row.place("name"),
                _("Der Dateiname müsste „%(name)s“ lauten.") % {"name": clean_name(title)},
            )
            return
        try:
            checked = check_upload(SimpleUploadedFile(title, content))
        except FileRefused as error:
            self.problems.add(path, error.messages[0])
            return
        said = {
            "media_type": checked.media_type,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        # A photo of a phone is kept as a JPEG, a letter without the name of its template.
        row.content = checked.content.read()
        row.values["name"] = checked.name
        for field_name in entry.measured:
            row.values[field_name] = getattr(checked, field_name)
            if row.data.get(field_name, said[field_name]) != said[field_name]:
                self.problems.add(
                    row.place(field_name),
                    _("Das stimmt nicht mit der Datei überein; richtig wäre %(value)s.")
                    % {"value": said[field_name]},
                )
