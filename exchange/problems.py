"""What is wrong with an exchange file, each problem with its place in the file."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from jsonschema import ValidationError

from lifecycle.refusals import Refusal

MAX_PROBLEMS = 1_000
# No object that the format knows has a longer path.
MAX_PATH = 300


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong; `path` is like `runs[1].workshops[0].held_on`."""

    path: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}" if self.path else self.sentence


class ValueRefused(Refusal):
    """The value has the right type, but is not one that the portal keeps."""


class ImportRefused(Refusal):
    """Nothing was imported; `problems` says why, all at once."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Problems:
    """Collects problems; the first word on a place is kept."""

    def __init__(self) -> None:
        self.by_path: dict[str, Problem] = {}
        self.above: set[str] = set()

    def add(self, path: str, sentence: str) -> None:
        """Raises ImportRefused when there are more than anybody reads."""
        self.by_path.setdefault(path, Problem(path, sentence))
        self.above.update(
            path[:place] for place, mark in enumerate(path[:MAX_PATH]) if mark in ".["
        )
        if len(self.by_path) >= MAX_PROBLEMS:
            more = _("Hier endet die Liste: Es sind mehr als %(limit)s Fehler.")
            raise ImportRefused(
                [*self.by_path.values(), Problem("", more % {"limit": MAX_PROBLEMS - 1})]
            )

    def concerns(self, path: str) -> bool:
        return path in self.by_path

    def is_under(self, path: str) -> bool:
        """Whether something is wrong with this object or anything in it."""
        return path in self.by_path or path in self.above

    def refuse_if_any(self) -> None:
        """Raises ImportRefused."""
        if self.by_path:
            raise ImportRefused(self.by_path.values())


def joined(path: str, name: str | int) -> str:
    if isinstance(name, int):
        return f"{path}[{name}]"
    return f"{path}.{name}" if path else name


def place_in(path: str, place: str) -> str:
    """The path of a place like `[2].title` or `caption` in what stands at `path`."""
    return f"{path}{place}" if not place or place.startswith("[") else joined(path, place)


def path_of(parts: Iterable[str | int]) -> str:
    path = ""
    for part in parts:
        path = joined(path, part)
    return path


def shown(value: Any) -> str:
    """A value as people recognise it, short."""
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def suggestion(word: str, known: Iterable[str]) -> str:
    """„ Meinten Sie „title“?“ or nothing."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return " " + _("Meinten Sie „%(word)s“?") % {"word": close[0]} if close else ""


TYPES = {
    "string": gettext_lazy("ein Text"),
    "integer": gettext_lazy("eine ganze Zahl"),
    "boolean": gettext_lazy("true oder false"),
    "array": gettext_lazy("eine Liste"),
    "object": gettext_lazy("ein Objekt"),
}


def add_shape_problem(problems: Problems, error: ValidationError) -> None:
    """Say in German what jsonschema found."""
    path = path_of(error.absolute_path)
    # jsonschema types these as perhaps unset; an error of a validation has them all.
    value: Any = error.instance
    wanted: Any = error.validator_value
    schema: Any = error.schema
    match error.validator:
        case "additionalProperties":
            known = list(schema["properties"])
            for name in value:
                if name not in known:
                    problems.add(
                        joined(path, name),
                        _("Dieses Feld gibt es hier nicht.") + suggestion(name, known),
                    )
        case "required":
            for name in wanted:
                if name not in value:
                    problems.add(joined(path, name), _("Dieses Feld fehlt."))
        case "type":
            types = [wanted] if isinstance(wanted, str) else wanted
            words = _(" oder ").join(str(TYPES[name]) for name in types if name in TYPES)
            problems.add(path, _("Hier wird erwartet: %(types)s.") % {"types": words})
        case "enum" | "const":
            choices = [str(choice) for choice in (wanted if isinstance(wanted, list) else [wanted])]
            problems.add(
                path,
                _("„%(value)s“ ist hier nicht möglich; möglich sind: %(choices)s.")
                % {"value": shown(value), "choices": ", ".join(choices)}
                + suggestion(str(value), choices),
            )
        case "pattern":
            problems.add(
                path,
                _("„%(value)s“ passt nicht. Erwartet wird: %(wanted)s.")
                % {"value": shown(value), "wanted": schema.get("description", wanted)},
            )
        case "maxLength":
            problems.add(
                path,
                _("Der Text hat %(length)s Zeichen; erlaubt sind %(limit)s.")
                % {"length": len(value), "limit": wanted},
            )
        case "minLength":
            problems.add(path, _("Dieser Text fehlt."))
        case "minItems":
            problems.add(path, _("Die Liste ist leer."))
        case "minimum" | "maximum":
            problems.add(
                path,
                _("Die Zahl muss zwischen %(low)s und %(high)s liegen.")
                % {
                    "low": schema.get("minimum", "–"),
                    "high": schema.get("maximum", "–"),
                },
            )
        case _:
            problems.add(path, _("Dieser Wert passt hier nicht."))
