"""The data of a guideline's block as lines that a person types, and back.

One line is one entry; `|` parts its cells. `\\|`, `\\n` and `\\\\` stand for the character itself,
a line break and a backslash.
"""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from publications.blocks import BLOCK_DATA
from publications.models import Block

Kind = Block.Kind
HELP = {
    Kind.STEPS: _("Je Zeile ein Schritt: Titel | Text | Entscheidung, die danach zu treffen ist"),
    Kind.CHECKLIST: _("Je Zeile ein Punkt"),
    Kind.TABLE: _("Erste Zeile: Titel der Tabelle. Zweite: Spalte | Spalte. Dann je Zeile eine."),
    Kind.METHOD: _("Je Zeile eine Angabe: Zweck | …, Dauer | …, Gruppe | …, Material | …"),
    Kind.GLOSSARY: _("Je Zeile ein Wort: Wort | Bedeutung"),
    Kind.LITERATURE: _("Je Zeile ein Titel"),
}
METHOD_NAMES = {"purpose": "Zweck", "duration": "Dauer", "group": "Gruppe", "material": "Material"}
COLUMNS = {
    kind: tuple(BLOCK_DATA[kind]["items"]["properties"]) for kind in (Kind.STEPS, Kind.GLOSSARY)
}
CELL = re.compile(r"(?:\\.|[^|\\])*", re.DOTALL)


class UnreadableLine(Exception):
    """A line does not fit its kind; `number` counts from 1."""

    def __init__(self, number: int):
        super().__init__(number)
        self.number = number


def _escape(text: str) -> str:
    text = text.replace("\\", "\\\\").replace("|", "\\|")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _unescape(cell: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], cell.strip())


def _join(cells: list[str]) -> str:
    while len(cells) > 1 and not cells[-1]:
        cells = cells[:-1]
    return " | ".join(_escape(cell) for cell in cells)


def _split(line: str) -> list[str]:
    cells, at = [], 0
    while True:
        match = CELL.match(line, at)
        end = match.end() if match else at
        cells.append(_unescape(line[at:end]))
        if end >= len(line):
            return cells
        # A backslash at the very end escapes nothing.
        at = end + 1


def lines_from_data(kind: str, data: Any) -> str:
    """Write the data of a block as lines; "" for kinds without data."""
    if not data:
        return ""
    match kind:
        case Kind.CHECKLIST | Kind.LITERATURE:
            rows = [[entry] for entry in data]
        case Kind.STEPS | Kind.GLOSSARY:
            rows = [[entry.get(name, "") for name in COLUMNS[Kind(kind)]] for entry in data]
        case Kind.TABLE:
            rows = [[data["caption"]], data["head"], *data["rows"]]
        case Kind.METHOD:
            rows = [[label, data[name]] for name, label in METHOD_NAMES.items() if data.get(name)]
        case _:
            return ""
    return "\n".join(_join(list(row)) for row in rows)


def data_from_lines(kind: str, text: str) -> Any:
    """Read lines as the data of a block; None where the kind has none.

    Raises UnreadableLine. What the data may hold is checked by publications.blocks.
    """
    numbered = [
        (number, _split(line))
        for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1)
        if line.strip()
    ]
    rows = [cells for _number, cells in numbered]
    match kind:
        case Kind.CHECKLIST | Kind.LITERATURE:
            return [_only(number, cells) for number, cells in numbered]
        case Kind.STEPS | Kind.GLOSSARY:
            return [_entry(number, cells, COLUMNS[Kind(kind)]) for number, cells in numbered]
        case Kind.TABLE:
            if not rows:
                return {"caption": "", "head": [], "rows": []}
            head = rows[1] if len(rows) > 1 else []
            filled = [row + [""] * (len(head) - len(row)) for row in rows[2:]]
            return {"caption": " | ".join(rows[0]), "head": head, "rows": filled}
        case Kind.METHOD:
            return dict(_fact(number, cells) for number, cells in numbered)
        case _:
            return None


def _only(number: int, cells: list[str]) -> str:
    if len(cells) != 1:
        raise UnreadableLine(number)
    return cells[0]


def _entry(number: int, cells: list[str], names: tuple[str, ...]) -> dict[str, str]:
    if len(cells) > len(names):
        raise UnreadableLine(number)
    return {name: cell for name, cell in zip(names, cells, strict=False) if cell}


def _fact(number: int, cells: list[str]) -> tuple[str, str]:
    names = {label.casefold(): name for name, label in METHOD_NAMES.items()}
    if len(cells) != 2 or cells[0].casefold() not in names:
        raise UnreadableLine(number)
    return names[cells[0].casefold()], cells[1]
