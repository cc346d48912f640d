"""The generated parts of docs/exchange-format.md, made from exchange.kinds."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation

from exchange import values
from exchange.files import MAX_FILES, MAX_JSON, MAX_UNPACKED, MEBIBYTE
from exchange.kinds import FORMAT, KINDS, LEFT_OUT_MODELS, PROGRAMME, VERSION, kinds
from exchange.kinds.kind import Copied, FileContent, Kind, Reference, References
from exchange.schema import described, exchange_schema
from publications.blocks import BLOCK_DATA
from texts.dates import ImpreciseDateField
from texts.richtext import RichTextField

PAGE = Path(settings.BASE_DIR) / "docs" / "exchange-format.md"
SCHEMA = Path(settings.BASE_DIR) / "docs" / "exchange-format.schema.json"
PART = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.S)


def schema_text() -> str:
    """The JSON Schema as it lies in docs/."""
    return json.dumps(exchange_schema(), ensure_ascii=False, indent=2) + "\n"


def page_text(page: str) -> str:
    """The page with its generated parts as the code makes them."""
    # The labels on the page are the German ones, whatever the shell speaks.
    with translation.override("de"):
        parts = {
            "structure": _structure(),
            "objects": _objects(),
            "data": _data(),
            "left_out": _left_out(),
            "limits": _limits(),
        }
        return PART.sub(lambda part: f"{part[1]}\n{parts[part[2]]}\n\n{part[3]}", page)


def _structure() -> str:
    lines = [f'format: "{FORMAT}", version: {VERSION}, and the fields of the programme']
    for kind, depth in _with_depth(PROGRAMME, 0):
        if depth:
            many = "{…}" if kind.is_single else '["key", …]' if kind.is_key_only else "[…]"
            lines.append(f"{'  ' * depth}{kind.plural} {many}  — {kind.verbose_name}")
    return "```text\n" + "\n".join(lines) + "\n```"


def _with_depth(kind: Kind, depth: int) -> Iterator[tuple[Kind, int]]:
    yield kind, depth
    for child in kind.children:
        yield from _with_depth(child, depth + 1)


def _objects() -> str:
    return "\n\n".join(_table(kind) for kind in kinds() if not kind.is_key_only)


def _table(kind: Kind) -> str:
    where = f"`{kind.plural}`: " if kind.plural else ""
    lines = [f"### {where}{kind.verbose_name}", ""]
    if kind.note:
        lines += [kind.note, ""]
    if kind.place:
        lines += ["The order in the file is the order on pages and in print.", ""]
    if kind.locked:
        states = ", ".join(f"`{state}`" for state in sorted(kind.locked))
        lines += [
            f"In the states {states} an update changes nothing but "
            + ", ".join(f"`{name}`" for name in sorted(kind.open_fields))
            + ", and deletes nothing.",
            "",
        ]
    lines += ["| field | value | needed | in the portal |", "| --- | --- | --- | --- |"]
    lines += [_row(*cells) for cells in _rows(kind)]
    return "\n".join(lines)


def _row(name: str, value: str, needed: str, label: str) -> str:
    return f"| `{name}` | {value} | {needed} | {label} |"


def _rows(kind: Kind) -> Iterator[tuple[str, str, str, str]]:
    if kind.has_own_key:
        needed = "else its number in the list" if kind.is_key_optional else "**yes**"
        field = kind.model_field(kind.identity)
        yield kind.identity, _type(field), needed, str(field.verbose_name)
    for entry in kind.entries:
        field = kind.model_field(entry.field)
        label = " ".join(filter(None, [str(field.verbose_name), _noted(entry.note)]))
        match entry:
            case Copied():
                yield entry.field, _type(field, entry), _needed(field, entry), label
            case Reference():
                yield entry.field, described(entry), "" if field.null else "**yes**", label
            case References():
                yield entry.field, f"list of keys of `{KINDS[entry.to].plural}`", "", label
            case FileContent():
                yield entry.field, "name of a file in the ZIP", "**yes**", label
                for name in entry.measured:
                    measured = kind.model_field(name)
                    yield name, _type(measured), "measured", str(measured.verbose_name)
    for child in kind.children:
        described_child = "object" if child.is_single else "list of objects, see below"
        if child.is_key_only:
            reference = child.identity_reference
            described_child = f"list of keys of `{KINDS[reference.to].plural}`" if reference else ""
        label = str(child.model._meta.verbose_name if child.is_single else child.verbose_plural)
        yield child.plural, described_child, "", label


def _noted(note: str) -> str:
    return f"— {note}" if note else ""


def _needed(field: models.Field, entry: Copied) -> str:
    if entry.is_filled_in:
        return "else the time of the import"
    if values.is_required(field):
        return "**yes**"
    default = values.write(field, values.default_of(field))
    return "" if default in (None, "", []) else f"else `{json.dumps(default)}`"


def _type(field: models.Field, entry: Copied | None = None) -> str:
    if field.choices:
        skipped = entry.written_as if entry else {}
        return ", ".join(
            f"`{value}` ({label})" for value, label in field.flatchoices if value not in skipped
        )
    match field:
        case ImpreciseDateField():
            return "imprecise date"
        case models.DateTimeField():
            return "moment"
        case models.DateField():
            return "day"
        case models.TimeField():
            return "time of day, `09:30`"
        case models.BooleanField():
            return "`true`, `false`"
        case models.JSONField():
            return "frozen texts" if entry and entry.shape["type"] == "object" else "see below"
        case models.IntegerField():
            shape = values.shape(field)
            return f"whole number, {shape['minimum']} to {shape['maximum']}"
        case RichTextField():
            return "rich text"
        case models.SlugField():
            return f"key, at most {field.max_length} characters"
        case models.URLField():
            return f"web address, at most {field.max_length} characters"
        case models.EmailField():
            return "e-mail address"
        case models.TextField():
            return "text"
    return f"one line, at most {field.max_length} characters"


def _data() -> str:
    lines = ["| `kind` | `data` |", "| --- | --- |"]
    for kind, shape in BLOCK_DATA.items():
        lines.append(f"| `{kind}` | `{json.dumps(_sample(shape), ensure_ascii=False)}` |")
    return "\n".join(lines)


def _sample(shape: dict[str, Any]) -> Any:
    match shape["type"]:
        case "array":
            return [_sample(shape["items"]), "…"]
        case "object":
            return {name: _sample(inner) for name, inner in shape["properties"].items()}
    return "text"


def _left_out() -> str:
    lines = ["| model or field | why |", "| --- | --- |"]
    lines += [f"| {name} | {reason} |" for name, reason in LEFT_OUT_MODELS.items()]
    for kind in kinds():
        label = kind.model._meta.label
        lines += [
            f"| {label}.{name} | {reason} |"
            for name, reason in kind.left_out.items()
            if name != "id"
        ]
    return "\n".join(lines)


def _limits() -> str:
    upload = settings.UPLOAD_MAX_BYTES // MEBIBYTE
    return "\n".join(
        [
            f"* `programme.json`, or the JSON file: {MAX_JSON // MEBIBYTE} MB",
            f"* each named file: {upload} MB",
            f"* the ZIP, and all of it unpacked: {MAX_UNPACKED // MEBIBYTE} MB; {MAX_FILES} files",
        ]
    )
