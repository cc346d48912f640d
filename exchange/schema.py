"""The JSON Schema of an exchange file, made from exchange.kinds."""

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, validators

from exchange import values
from exchange.kinds import FORMAT, KINDS, PARENTS, PROGRAMME, VERSION
from exchange.kinds.kind import Copied, FileContent, Kind, Reference, References

KEY = {"type": "string", "minLength": 1, "maxLength": 160}


def exchange_schema() -> dict[str, Any]:
    """The schema as docs/exchange-format.schema.json holds it."""
    top = _object(PROGRAMME)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": FORMAT,
        "type": "object",
        "properties": {
            "$schema": {"type": "string"},
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            **top["properties"],
        },
        "required": ["format", "version", *top["required"]],
        "additionalProperties": False,
        "$defs": {
            kind.name: _object(kind)
            for kind in KINDS.values()
            if kind is not PROGRAMME and not kind.is_key_only
        },
    }


@cache
def validator() -> Draft202012Validator:
    """The validator; 1.0 is no integer here, because no database column holds it as written."""
    strict = validators.extend(
        Draft202012Validator,
        type_checker=Draft202012Validator.TYPE_CHECKER.redefine(
            "integer", lambda _checker, value: type(value) is int
        ),
    )
    return strict(exchange_schema())


def _object(kind: Kind) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    if kind.has_own_key:
        properties[kind.identity] = values.shape(kind.model_field(kind.identity))
        if not kind.is_key_optional:
            required.append(kind.identity)
    for entry in kind.entries:
        field = kind.model_field(entry.field)
        match entry:
            case Copied():
                properties[entry.field] = _copied(entry, field)
                if values.is_required(field) and not entry.is_filled_in:
                    required.append(entry.field)
            case Reference():
                properties[entry.field] = {
                    **KEY,
                    "type": ["string", "null"] if field.null else "string",
                    "description": described(entry),
                }
                if not field.null:
                    required.append(entry.field)
            case References():
                properties[entry.field] = {
                    "type": "array",
                    "items": KEY,
                    "description": f"keys of {KINDS[entry.to].plural}",
                }
            case FileContent():
                properties[entry.field] = {"type": "string", "minLength": 1, "maxLength": 300}
                required.append(entry.field)
                for name in entry.measured:
                    properties[name] = values.shape(kind.model_field(name))
    for child in kind.children:
        properties[child.plural] = _children(child)
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
        **kind.conditions,
    }


def _copied(entry: Copied, field: Any) -> dict[str, Any]:
    shape = values.shape(field, entry.shape)
    if entry.written_as:
        shape["enum"] = [value for value in shape["enum"] if value not in entry.written_as]
    return shape


def _children(child: Kind) -> dict[str, Any]:
    if child.is_key_only:
        reference = child.identity_reference
        return {
            "type": "array",
            "items": KEY,
            "description": f"keys of {KINDS[reference.to].plural}" if reference else "",
        }
    pointer = {"$ref": f"#/$defs/{child.name}"}
    return pointer if child.is_single else {"type": "array", "items": pointer}


def described(reference: Reference) -> str:
    """Where the key is to be found."""
    target = KINDS[reference.to]
    match reference.within:
        case "programme":
            return f"{target.identity} of one of the {target.plural}"
        case "run":
            return f"{target.identity} of one of the {target.plural} of the same run"
        case "runs":
            return f"run/{target.identity}: slug of the run, {target.identity} of its {target.name}"
    return f"{target.identity} of one of the {target.plural} of the {PARENTS[target.name].name}"
