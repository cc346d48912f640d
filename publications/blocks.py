"""What the data of a block holds, kind by kind: for the form, the import and its documentation."""

from typing import Any

from django.utils.translation import gettext as _

from publications.models import Block

MAX_ENTRIES = 200
MAX_COLUMNS = 8
MAX_TEXT = 5_000

# A JSON Schema.
Shape = dict[str, Any]
Errors = list[tuple[str, str]]

TEXT: Shape = {"type": "string"}
NEEDED: Shape = {"type": "string", "minLength": 1}


def _list(items: Shape) -> Shape:
    return {"type": "array", "items": items, "minItems": 1}


def _object(required: dict[str, Shape], optional: dict[str, Shape] | None = None) -> Shape:
    shape: Shape = {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
    }
    return {**shape, "required": list(required)} if required else shape


# Kinds that are not here have no data.
BLOCK_DATA: dict[str, Shape] = {
    Block.Kind.STEPS.value: _list(_object({"title": NEEDED}, {"text": TEXT, "decision": TEXT})),
    Block.Kind.CHECKLIST.value: _list(NEEDED),
    Block.Kind.TABLE.value: _object(
        {"caption": NEEDED, "head": _list(NEEDED), "rows": _list(_list(TEXT))}
    ),
    Block.Kind.METHOD.value: _object(
        {}, {"purpose": TEXT, "duration": TEXT, "group": TEXT, "material": TEXT}
    ),
    Block.Kind.GLOSSARY.value: _list(_object({"term": NEEDED, "meaning": NEEDED})),
    Block.Kind.LITERATURE.value: _list(NEEDED),
}


def validate_block(kind: str, data: Any) -> Errors:
    """Return what is wrong with the data of a block of this kind: (place in it, sentence).

    The place is "" for the whole, else like `[2].title`, `rows[1]`, `caption`.
    """
    if kind not in Block.Kind.values:
        return [("", _("Diese Art von Block gibt es nicht: %(kind)s.") % {"kind": kind})]
    if kind in BLOCK_DATA:
        errors = _errors(data, BLOCK_DATA[kind], "")
        return _table_errors(data, errors) if kind == Block.Kind.TABLE else errors
    if data not in (None, {}, []):
        return [("", _("Blöcke dieser Art haben keine Angaben."))]
    return []


def _errors(value: Any, shape: Shape, place: str) -> Errors:
    match shape["type"]:
        case "array":
            return _list_errors(value, shape["items"], place)
        case "object":
            return _object_errors(value, shape, place)
    if not isinstance(value, str):
        return [(place, _("Hier wird ein Text erwartet."))]
    if "minLength" in shape and not value.strip():
        return [(place, _("Dieser Text fehlt."))]
    if len(value) > MAX_TEXT:
        return [(place, _("Höchstens %(count)s Zeichen.") % {"count": MAX_TEXT})]
    return []


def _list_errors(data: Any, items: Shape, place: str) -> Errors:
    if not isinstance(data, list):
        return [(place, _("Hier wird eine Liste erwartet."))]
    if not data:
        return [(place, _("Die Liste ist leer."))]
    if len(data) > MAX_ENTRIES:
        return [(place, _("Höchstens %(count)s Einträge.") % {"count": MAX_ENTRIES})]
    return [
        error
        for index, entry in enumerate(data)
        for error in _errors(entry, items, f"{place}[{index}]")
    ]


def _object_errors(data: Any, shape: Shape, place: str) -> Errors:
    if not isinstance(data, dict):
        return [(place, _("Hier wird ein Objekt erwartet."))]
    known = shape["properties"]
    dot = "." if place else ""
    unknown = _("Diese Angabe gibt es hier nicht. Möglich sind: %(names)s.") % {
        "names": ", ".join(sorted(known))
    }
    errors = [(f"{place}{dot}{name}", unknown) for name in data if name not in known]
    for name, inner in known.items():
        if name in data or name in shape.get("required", []):
            errors += _errors(data.get(name), inner, f"{place}{dot}{name}")
    return errors


def _table_errors(table: Any, errors: Errors) -> Errors:
    """What a table needs besides: not too wide, even rows, and a word at the head of each."""
    found = dict(errors)
    if "" in found or "head" in found or "rows" in found:
        return errors
    head, rows = table["head"], table["rows"]
    if len(head) > MAX_COLUMNS:
        found["head"] = _("Höchstens %(count)s Spalten.") % {"count": MAX_COLUMNS}
    uneven = _("Eine Zeile hat so viele Zellen wie der Kopf: %(count)s.") % {"count": len(head)}
    for number, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != len(head):
            found[f"rows[{number}]"] = uneven
        elif isinstance(row[0], str) and not row[0].strip():
            found[f"rows[{number}][0]"] = _("Dieser Text fehlt.")
    return list(found.items())
