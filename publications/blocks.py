"""What the data of a block holds, kind by kind; errors name their place in it."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from publications.models import Block

MAX_ENTRIES = 200
MAX_COLUMNS = 8
MAX_TEXT = 5_000

Errors = list[tuple[str, str]]


def validate_block(kind: str, data: Any) -> Errors:
    """Return what is wrong with the data of a block of this kind: (place in it, sentence).

    The place is "" for the whole, else like `[2].title`, `rows[1]`, `caption`.
    """
    if kind not in Block.Kind.values:
        return [("", _("Diese Art von Block gibt es nicht: %(kind)s.") % {"kind": kind})]
    check = CHECKS.get(Block.Kind(kind))
    if check:
        return check(data)
    if data not in (None, {}, []):
        return [("", _("Blöcke dieser Art haben keine Angaben."))]
    return []


def _steps(data: Any) -> Errors:
    return _objects(data, required=("title",), optional=("text", "decision"))


def _glossary(data: Any) -> Errors:
    return _objects(data, required=("term", "meaning"))


def _lines(data: Any) -> Errors:
    if errors := _is_list(data):
        return errors
    return [error for index, line in enumerate(data) for error in _text(line, f"[{index}]")]


def _method(data: Any) -> Errors:
    return _object(data, "", optional=("purpose", "duration", "group", "material"))


def _table(data: Any) -> Errors:
    if not isinstance(data, dict):
        return [("", _("Hier wird ein Objekt erwartet."))]
    errors = _unknown_names(data, "", {"caption", "head", "rows"})
    errors += _text(data.get("caption"), "caption")
    head: Any = data.get("head")
    rows: Any = data.get("rows")
    if found := _is_list(head, "head") + _is_list(rows, "rows"):
        return errors + found
    if len(head) > MAX_COLUMNS:
        errors.append(("head", _("Höchstens %(count)s Spalten.") % {"count": MAX_COLUMNS}))
    for column, cell in enumerate(head):
        errors += _text(cell, f"head[{column}]")
    for number, row in enumerate(rows):
        errors += _row(row, f"rows[{number}]", len(head))
    return errors


def _row(row: Any, place: str, length: int) -> Errors:
    if not isinstance(row, list) or len(row) != length:
        return [
            (
                place,
                _("Eine Zeile hat so viele Zellen wie der Kopf: %(count)s.") % {"count": length},
            )
        ]
    errors = _text(row[0], f"{place}[0]")
    for column, cell in enumerate(row[1:], start=1):
        errors += _text(cell, f"{place}[{column}]", may_be_empty=True)
    return errors


def _objects(data: Any, *, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> Errors:
    if errors := _is_list(data):
        return errors
    return [
        error
        for index, entry in enumerate(data)
        for error in _object(entry, f"[{index}]", required=required, optional=optional)
    ]


def _object(
    data: Any, place: str, *, required: tuple[str, ...] = (), optional: tuple[str, ...] = ()
) -> Errors:
    if not isinstance(data, dict):
        return [(place, _("Hier wird ein Objekt erwartet."))]
    errors = _unknown_names(data, place, {*required, *optional})
    for name in required:
        errors += _text(data.get(name), _joined(place, name))
    for name in optional:
        errors += _text(data.get(name, ""), _joined(place, name), may_be_empty=True)
    return errors


def _unknown_names(data: dict[Any, Any], place: str, known: set[str]) -> Errors:
    return [
        (
            _joined(place, str(name)),
            _("Diese Angabe gibt es hier nicht. Möglich sind: %(names)s.")
            % {"names": ", ".join(sorted(known))},
        )
        for name in data
        if name not in known
    ]


def _is_list(data: Any, place: str = "") -> Errors:
    if not isinstance(data, list):
        return [(place, _("Hier wird eine Liste erwartet."))]
    if not data:
        return [(place, _("Die Liste ist leer."))]
    if len(data) > MAX_ENTRIES:
        return [(place, _("Höchstens %(count)s Einträge.") % {"count": MAX_ENTRIES})]
    return []


def _text(value: Any, place: str, *, may_be_empty: bool = False) -> Errors:
    if not isinstance(value, str):
        return [(place, _("Hier wird ein Text erwartet."))]
    if not may_be_empty and not value.strip():
        return [(place, _("Dieser Text fehlt."))]
    if len(value) > MAX_TEXT:
        return [(place, _("Höchstens %(count)s Zeichen.") % {"count": MAX_TEXT})]
    return []


def _joined(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


CHECKS: dict[Block.Kind, Callable[[Any], Errors]] = {
    Block.Kind.STEPS: _steps,
    Block.Kind.CHECKLIST: _lines,
    Block.Kind.TABLE: _table,
    Block.Kind.METHOD: _method,
    Block.Kind.GLOSSARY: _glossary,
    Block.Kind.LITERATURE: _lines,
}
