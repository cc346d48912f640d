"""What an exchange file holds: one table, from which import, export, schema and documentation come.

A module per app says which kinds of rows there are. Every field of every model of these apps
stands there; a test fails for one without. The types of the values are not repeated: they follow
from the model's fields.
"""

from collections.abc import Iterator
from graphlib import TopologicalSorter

from exchange.kinds.kind import ACCOUNT, Kind, Reference, References
from exchange.kinds.programmes import PROGRAMME
from exchange.kinds.publications import PRINT

FORMAT = "mfv-portal/programme"
VERSION = 1

# Models of the portal that an exchange file does not hold, with the reason.
LEFT_OUT_MODELS = {
    "documents.RenderJob": PRINT,
    "documents.Artefact": "printed files are made again from the same content",
    "people.User": ACCOUNT,
    "people.Message": "mails were written by one portal to its own people",
    "people.AuditEntry": "the change log tells what happened in one portal",
    "programmes.Responsibility": ACCOUNT + "; import_programme --lead names who leads",
    "home.LegalPage": "legal texts belong to the portal, not to a programme",
}


def kinds(top: Kind = PROGRAMME) -> Iterator[Kind]:
    """All kinds, parents before children, in the order of the file."""
    yield top
    for child in top.children:
        yield from kinds(child)


KINDS = {kind.name: kind for kind in kinds()}
PARENTS = {child.name: kind for kind in KINDS.values() for child in kind.children}


def _order() -> tuple[Kind, ...]:
    needs: dict[str, set[str]] = {}
    for kind in KINDS.values():
        needs[kind.name] = {
            entry.to
            for entry in kind.entries
            if isinstance(entry, Reference | References) and entry.to != kind.name
        }
        if kind is PROGRAMME:
            # All else belongs to the programme: what it points to is set at the end.
            needs[kind.name] = set()
        if kind.parent:
            needs[kind.name].add(PARENTS[kind.name].name)
    return tuple(KINDS[name] for name in TopologicalSorter(needs).static_order())


# Every kind after those whose rows it points to, but the programme first.
WRITING_ORDER = _order()
