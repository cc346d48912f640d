"""The rules of the models, asked of the rows of a file before anything is written."""

from collections import defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from exchange.kinds import WRITING_ORDER
from exchange.kinds.kind import Kind
from exchange.problems import Problems
from exchange.rows import Row, Rows


def check_rules(rows: Rows, problems: Problems) -> None:
    """Add a problem for everything that a model, or the database, would refuse."""
    pks = iter(range(-1, -10_000_000, -1))
    for kind in WRITING_ORDER:
        for row in rows.of(kind):
            row.instance = _unsaved(row, next(pks))
            if not kind.is_key_only:
                _check_row(row, problems)
        for constraint in unique_constraints(kind):
            names = set(constraint.fields)
            own = {kind.identity, kind.parent, kind.identity_with}
            # Who is who among the siblings was checked with the keys.
            if not (kind.identity in names and names <= own):
                _check_unique(rows.of(kind), constraint, problems)
    for row in rows.root.walk():
        row.instance = None


def _unsaved(row: Row, pk: int) -> models.Model:
    """The row as a model with a number that no database gives: rules look at numbers."""
    kind = row.kind
    instance = kind.model(pk=pk, **row.values)
    if kind.parent and row.parent:
        setattr(instance, kind.parent, row.parent.instance)
    for name, target in row.targets.items():
        # A release that corrects another of the file: the model does not ask for more.
        if target and target.instance:
            setattr(instance, name, target.instance)
    return instance


def _check_row(row: Row, problems: Problems) -> None:
    kind = row.kind
    named = [kind.identity, *(entry.field for entry in kind.entries)]
    checked = {
        name
        for name in (kind.identity, *(entry.field for entry in kind.copied))
        if name in row.values and not problems.is_under(row.place(name))
    }
    try:
        row.instance.clean_fields(
            exclude={field.name for field in kind.model._meta.fields} - checked
        )
    except ValidationError as error:
        _add(row, error, problems)
    # The other rules need what is wrong with none of the values.
    if problems.concerns(row.path) or any(problems.is_under(row.place(name)) for name in named):
        return
    try:
        row.instance.clean()
    except ValidationError as error:
        _add(row, error, problems)
    for constraint in kind.model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            try:
                constraint.validate(kind.model, row.instance)
            except ValidationError as error:
                sentence = kind.sentences.get(constraint.name)
                problems.add(row.path, sentence or " ".join(error.messages))


def _add(row: Row, error: ValidationError, problems: Problems) -> None:
    if not hasattr(error, "error_dict"):
        problems.add(row.path, " ".join(error.messages))
        return
    for name, messages in error.message_dict.items():
        problems.add(row.path if name == "__all__" else row.place(name), " ".join(messages))


def _check_unique(rows: list[Row], constraint: models.UniqueConstraint, problems: Problems) -> None:
    """Two rows of the file that the database would not keep side by side."""
    names = list(constraint.fields)
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        taken = unique_values(row.instance, names)
        if None not in taken:
            groups[taken].append(row)
    for group in groups.values():
        if len(group) > 1:
            group = [row for row in group if _holds(constraint.condition, row.instance)]
        for row in group[1:]:
            kind = row.kind
            name = next((n for n in reversed(names) if n not in {kind.parent, "user"}), "")
            problems.add(
                row.place(name) if name else row.path,
                _("Das gibt es nur einmal, und es steht schon in %(path)s.")
                % {"path": group[0].path},
            )


def unique_constraints(kind: Kind) -> list[models.UniqueConstraint]:
    constraints = kind.model._meta.constraints
    return [one for one in constraints if isinstance(one, models.UniqueConstraint)]


def unique_values(instance: Any, names: list[str]) -> tuple[Any, ...]:
    """What the row occupies under a unique constraint of these fields."""
    return tuple(getattr(instance, instance._meta.get_field(name).attname) for name in names)


def _holds(condition: models.Q | None, instance: Any) -> bool:
    """Whether the condition of a unique constraint holds for a row that is not stored."""
    if condition is None:
        return True
    fields = [instance._meta.get_field(name) for name in condition.referenced_base_fields]
    return condition.check(
        {field.name: models.Value(getattr(instance, field.attname), field) for field in fields}
    )
