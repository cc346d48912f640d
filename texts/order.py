"""Names in German order, and texts found as people type them: one rule for Python and PostgreSQL.

The order is that of DIN 5007-1: ä, ö, ü stand with a, o, u, ß with ss, other accents with their
letter; capitals count like small letters; nothing stands before something, so that „Amt Mitte“
precedes „Amtsgericht“; a hyphen counts like a space, quotes and apostrophes not at all. Digits
stand before letters. Of a person's name the particles in small letters („von der“) count last:
von der Aue stands with Aue. docs/decisions/0024.

The database has no German collation, and a stored key would be one more thing to keep right: the
key is computed in the query.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.functions import Lower, Replace

from texts.cleaning import JOINERS, SOFT_HYPHEN, clean_line
from texts.fields import LineField

# Letters that are written with two when there is but the alphabet.
TWO_LETTERS = {
    "ß": "ss",
    "ẞ": "ss",
    "æ": "ae",
    "Æ": "ae",
    "œ": "oe",
    "Œ": "oe",
    "þ": "th",
    "Þ": "th",
}
WITHOUT_PARTS = dict(zip("øØđĐðÐłŁħĦıŧŦ", "oOdDdDlLhHitT", strict=True))


def _bases() -> dict[str, str]:
    """Every letter of Latin-1, Latin Extended and Vietnamese with an accent, and its base."""
    bases = dict(WITHOUT_PARTS)
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base != chr(code) and base.isascii():
            bases[chr(code)] = base
    return bases


BASES = _bases()
UNSEEN = SOFT_HYPHEN + JOINERS
QUOTES = "\"'’‘‚„“”«»‹›()"
PARTICLES = "von|vom|van|zu|zum|zur|und|der|den|dem|de|da|di|du|del|della|ten|ter|auf|aus|am|im"
PARTICLE = rf"^((?:{PARTICLES})\s+)+"

_search = str.maketrans({**BASES, **TWO_LETTERS, **dict.fromkeys(UNSEEN)})
_order = str.maketrans({"-": " ", "–": " ", "\u00a0": " ", **dict.fromkeys(QUOTES)})


def folded(text: str) -> str:
    """Return the text as it is searched: „Müller“ as „muller“, „Straße“ as „strasse“."""
    return clean_line(text).translate(_search).lower()


def sort_key(text: str) -> str:
    """Return what a title, a term or a name of an organisation is sorted by."""
    return folded(text).translate(_order).strip()


def name_key(family_name: str, given_name: str = "") -> tuple[str, ...]:
    """Return what a person is sorted by; the particles decide between equal names only."""
    return (
        sort_key(re.sub(PARTICLE, "", family_name)),
        sort_key(given_name),
        sort_key(family_name),
    )


class Translate(Func):
    """PostgreSQL's translate(): each letter of the one text becomes that of the other."""

    function = "TRANSLATE"
    output_field = models.TextField()


def _folded_in_sql(expression: Combinable) -> Func:
    letters = "".join(BASES)
    folded: Func = Translate(expression, Value(letters + UNSEEN), Value("".join(BASES.values())))
    for letter, two in TWO_LETTERS.items():
        folded = Replace(folded, Value(letter), Value(two), output_field=models.TextField())
    return Lower(folded, output_field=models.TextField())


def _key_in_sql(expression: Combinable) -> Func:
    return Func(
        Translate(_folded_in_sql(expression), Value("-–\u00a0" + QUOTES), Value("   ")),
        function="BTRIM",
        output_field=models.TextField(),
    )


def alphabetical(name: str) -> OrderBy:
    """Order rows by a text field in German order; „-name“ is the other way round."""
    return OrderBy(_key_in_sql(F(name.removeprefix("-"))), descending=name.startswith("-"))


def alphabetical_names(person: str = "") -> list[OrderBy]:
    """Order rows by the name of a person; `person` is the path to it: „participation__person“."""
    path = f"{person}__" if person else ""
    return [
        OrderBy(_main_name(f"{path}family_name")),
        alphabetical(f"{path}given_name"),
        alphabetical(f"{path}family_name"),
    ]


def _main_name(family_name: str) -> Func:
    main = Func(
        F(family_name),
        Value(PARTICLE),
        Value(""),
        function="REGEXP_REPLACE",
        output_field=models.TextField(),
    )
    return _key_in_sql(main)


def in_german_order(model: type[models.Model], ordering: Sequence) -> list:
    """Return an ordering in which the texts that people write are sorted as this module says."""
    return [_in_german_order(model, item) for item in ordering]


def _in_german_order(model: type[models.Model], item):
    if not isinstance(item, str) or not _is_written(model, item.removeprefix("-")):
        return item
    path = item.removeprefix("-")
    if path.rpartition("__")[2] != "family_name":
        return alphabetical(item)
    return OrderBy(_main_name(path), descending=item.startswith("-"))


def _is_written(model: type[models.Model], path: str) -> bool:
    field: Any = None
    for part in path.split("__"):
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            return False
        if field.is_relation:
            model = field.related_model
    return isinstance(field, LineField) and not field.choices


@models.CharField.register_lookup
@models.TextField.register_lookup
class Says(models.lookups.Contains):
    """`name__says="muller"` finds „Müller“: capitals, accents and decomposed letters are equal."""

    lookup_name = "says"

    def __init__(self, lhs, rhs):
        super().__init__(_folded_in_sql(lhs), rhs)

    def get_prep_lookup(self):
        return folded(str(self.rhs))

    def get_rhs_op(self, connection, rhs):
        return connection.operators["contains"] % rhs
