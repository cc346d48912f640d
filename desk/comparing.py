"""What a page of the admin showed, what is stored now, and what was typed: field by field."""

import copy
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from django import forms
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.forms.models import BaseInlineFormSet
from django.http import QueryDict
from django.utils.translation import gettext as _

from texts.versions import (
    Piece,
    fill_in,
    fingerprint,
    own_fields,
    pieces,
    stored_fingerprints,
    stored_values,
    text_of,
    typed_fingerprints,
    typed_values,
    words,
)

SEEN = "seen"
# Columns that change without anybody's doing.
UNREAD = frozenset({"render_job", "last_login"})
# The key of the row itself among the prefixes of the formsets below it.
ROW = ""


@dataclass(frozen=True)
class Difference:
    """A field of which there are two texts."""

    label: str
    stored: list[Piece]
    mine: list[Piece]


@dataclass(frozen=True)
class Part:
    """The row or a row below it that somebody else changed, and what becomes of it."""

    title: str
    outcome: str
    differences: list[Difference]


@dataclass
class Conflict:
    """What to show for a save on top of something old, and the data that go on from there."""

    data: QueryDict
    parts: list[Part] = field(default_factory=list)
    last: LogEntry | None = None


class Page:
    """The forms of a row and of the rows below it, as they are stored."""

    def __init__(self, form: forms.BaseModelForm, formsets: Iterable[BaseInlineFormSet]):
        self.form = form
        self.formsets = {str(formset.prefix): formset for formset in formsets}

    def rows(self, prefix: str) -> dict[str, forms.BaseModelForm]:
        formset = self.formsets.get(prefix)
        if formset is None:
            return {}
        return {str(form.instance.pk): form for form in formset.initial_forms if form.instance.pk}

    def seen(self) -> dict[str, dict[str, str]]:
        below = {
            prefix: {
                pk: fingerprint(stored_fingerprints(form)) for pk, form in self.rows(prefix).items()
            }
            for prefix in self.formsets
        }
        return {ROW: stored_fingerprints(self.form), **below}


def read_seen(text: str) -> dict[str, dict[str, str]]:
    """What a page had shown; nothing where the text is none that a page carries."""
    try:
        seen = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(seen, dict) or not all(isinstance(part, dict) for part in seen.values()):
        return {}
    return seen


def write_seen(seen: dict[str, dict[str, str]]) -> str:
    return json.dumps(seen, separators=(",", ":"))


class Comparison:
    """Compare what is stored with what was typed on top of something older."""

    def __init__(self, seen: dict, stored: Page, typed: Page, data: QueryDict):
        self.seen, self.stored, self.typed = seen, stored, typed
        self.conflict = Conflict(data.copy())
        self.has_changes = False

    def run(self) -> Conflict | None:
        """The conflict, or None where nothing would be lost."""
        self._compare_row()
        for prefix, formset in self.stored.formsets.items():
            self._compare_formset(prefix, formset)
        for prefix in self.seen.keys() - {ROW} - self.stored.formsets.keys():
            self._keep_locked_rows(prefix)
        return self.conflict if self.has_changes else None

    def _compare_row(self) -> None:
        seen = self.seen.get(ROW, {})
        stored, typed = stored_fingerprints(self.stored.form), typed_fingerprints(self.typed.form)
        both, taken = [], []
        for name in stored:
            if seen.get(name) == stored[name] or typed.get(name) == stored[name]:
                continue
            if name in seen and typed.get(name) != seen[name]:
                both.append(name)
            elif name in seen or self._is_missing(self.typed.form, name):
                taken.append(name)
                fill_in(self.conflict.data, self.stored.form, name)
            else:
                both.append(name)
        title = str(self.stored.form.instance)
        self._add(
            title,
            _("Hier gibt es zwei Fassungen. Ihre steht unten im Formular."),
            self._differences(self.stored.form, self.typed.form, both),
        )
        self._add(
            title,
            _("Das hat nur jemand anderes geändert; es ist unten übernommen."),
            self._differences(self.stored.form, self.typed.form, taken),
        )
        self._keep_locked_fields(seen)

    @staticmethod
    def _is_missing(form: forms.BaseForm, name: str) -> bool:
        """Whether the page that was sent had no such field."""
        bound = form[name]
        return bound.field.widget.value_omitted_from_data(form.data, form.files, bound.html_name)

    def _keep_locked_fields(self, seen: dict[str, str]) -> None:
        """What was typed into fields that are closed meanwhile is shown, to be copied."""
        locked = [name for name in seen if name not in self.stored.form.fields]
        instance = self.stored.form.instance
        model_form = forms.modelform_factory(type(instance), fields=_editable(instance, locked))
        form = model_form(instance=instance)
        sent = model_form(self.conflict.data, instance=copy.copy(instance))
        typed, stored = typed_fingerprints(sent), stored_fingerprints(form)
        names = [
            name
            for name in form.fields
            if typed[name] != stored[name] and not self._is_missing(sent, name)
        ]
        self._add(
            str(instance),
            _(
                "Diese Felder sind inzwischen geschlossen. Was Sie geschrieben haben, steht nur "
                "noch hier; bitte kopieren Sie, was Sie brauchen."
            ),
            self._differences(form, sent, names),
        )
        self.has_changes = self.has_changes or bool(locked)

    def _keep_locked_rows(self, prefix: str) -> None:
        """The same for rows below that are closed meanwhile."""
        texts = [
            value
            for name in self.conflict.data
            if name.startswith(f"{prefix}-")
            and not name.endswith(("_FORMS", "-id"))
            and "__prefix__" not in name
            for value in self.conflict.data.getlist(name)
            if len(value) > len("on") and not value.isdigit()
        ]
        self._add(
            str(self.stored.form.instance),
            _(
                "Diese Abschnitte sind inzwischen geschlossen. Was in Ihrem Formular stand, steht "
                "nur noch hier; bitte kopieren Sie, was Sie brauchen."
            ),
            [Difference("", [], [Piece(text_of(text))]) for text in texts],
        )
        self.has_changes = True

    def _compare_formset(self, prefix: str, formset: BaseInlineFormSet) -> None:
        seen, stored = self.seen.get(prefix, {}), self.stored.rows(prefix)
        typed_set = self.typed.formsets[prefix]
        typed = {_posted_key(form): form for form in typed_set.initial_forms}
        new_rows = [form for form in typed_set.extra_forms if form.has_changed()]
        if not self._differs(seen, stored, typed):
            return
        kept: list[tuple[forms.BaseModelForm, forms.BaseModelForm | None]] = []
        for pk, form in stored.items():
            kept.append((form, self._keep_row(form, typed.get(pk), seen.get(pk))))
        gone = [form for pk, form in typed.items() if pk not in stored]
        for form in gone:
            if self._is_untouched(form, seen) or _is_deleted(form):
                self._add_row(form, _("Diese Zeile hat jemand anderes gelöscht."), None, form)
                continue
            self._add_row(
                form,
                _("Diese Zeile hat jemand anderes gelöscht. Ihre Fassung steht unten als neue."),
                None,
                form,
            )
            new_rows.append(form)
        self._write_rows(prefix, formset, kept, new_rows)

    @staticmethod
    def _differs(seen, stored, typed) -> bool:
        """Whether a row came, went or changed that is not stored as it was typed."""
        now = {pk: fingerprint(stored_fingerprints(form)) for pk, form in stored.items()}
        if now == seen:
            return False
        mine = {
            pk: fingerprint(typed_fingerprints(form))
            for pk, form in typed.items()
            if not _is_deleted(form)
        }
        return now != mine

    @staticmethod
    def _is_untouched(form, seen: dict[str, str]) -> bool:
        return seen.get(_posted_key(form)) == fingerprint(typed_fingerprints(form))

    def _keep_row(self, stored, typed, seen: str | None):
        """What the row shows below: the typed form, or None for what is stored."""
        now = fingerprint(stored_fingerprints(stored))
        if typed is None:
            self._add_row(stored, _("Diese Zeile hat jemand anderes angelegt."), stored, None)
            return None
        mine = fingerprint(typed_fingerprints(typed))
        if now == seen:
            return typed
        if mine == now and not _is_deleted(typed):
            return None
        if mine == seen and not _is_deleted(typed):
            self._add_row(
                stored,
                _("Das hat nur jemand anderes geändert; es ist unten übernommen."),
                stored,
                typed,
            )
            return None
        outcome = _("Hier gibt es zwei Fassungen. Ihre steht unten im Formular.")
        if _is_deleted(typed):
            outcome = _("Sie wollten diese Zeile löschen; inzwischen hat sie jemand geändert.")
        self._add_row(stored, outcome, stored, typed)
        return typed

    def _add_row(self, form, outcome: str, stored, mine) -> None:
        self.has_changes = True
        names = own_fields(form)
        title = str(form._meta.model._meta.verbose_name)
        if form.instance.pk:
            title = f"{title}: {form.instance}"
        self._add(title, outcome, self._differences(stored, mine, names))

    def _add(self, title: str, outcome: str, differences: list[Difference]) -> None:
        if differences:
            self.has_changes = True
            self.conflict.parts.append(Part(title, outcome, differences))

    @staticmethod
    def _differences(stored, mine, names: Iterable[str]) -> list[Difference]:
        """The fields of these names that read differently; a form that is None has no text."""
        shown = stored or mine
        left = stored_values(stored) if stored is not None else {}
        right = typed_values(mine) if mine is not None else {}
        found = []
        for name in names:
            one = words(shown.fields[name], left.get(name))
            other = words(shown.fields[name], right.get(name))
            if one.strip() != other.strip():
                found.append(Difference(str(shown[name].label), *pieces(one, other)))
        return found

    def _write_rows(self, prefix, formset, kept, new_rows) -> None:
        """Number the rows anew: what is stored first, then what is new."""
        data, sent = self.conflict.data, self.conflict.data.copy()
        for name in list(data):
            if name.startswith(f"{prefix}-") and "__prefix__" not in name:
                del data[name]
        key = formset.model._meta.pk.name
        for number, (stored, typed) in enumerate(kept):
            to = formset.add_prefix(number)
            if typed is not None:
                _copy(sent, data, typed.prefix, to)
            else:
                for name in own_fields(stored):
                    fill_in(data, stored, name, prefix=to)
            data[f"{to}-{key}"] = str(stored.instance.pk)
            data[f"{to}-{formset.fk.name}"] = str(formset.instance.pk)
        for number, form in enumerate(new_rows, start=len(kept)):
            to = formset.add_prefix(number)
            _copy(sent, data, form.prefix, to)
            data[f"{to}-{key}"] = ""
            data[f"{to}-{formset.fk.name}"] = str(formset.instance.pk)
        data[f"{prefix}-TOTAL_FORMS"] = str(len(kept) + len(new_rows))
        data[f"{prefix}-INITIAL_FORMS"] = str(len(kept))
        for name in ("MIN_NUM_FORMS", "MAX_NUM_FORMS"):
            data[f"{prefix}-{name}"] = sent.get(f"{prefix}-{name}", "")


def _copy(sent: QueryDict, data: QueryDict, prefix: str, to: str) -> None:
    for name in sent:
        if name.startswith(f"{prefix}-"):
            data.setlist(f"{to}{name.removeprefix(prefix)}", sent.getlist(name))


def _posted_key(form: forms.BaseModelForm) -> str:
    return str(form.data.get(form.add_prefix(form._meta.model._meta.pk.name), ""))


def _is_deleted(form: forms.BaseModelForm) -> bool:
    return form.add_prefix(forms.formsets.DELETION_FIELD_NAME) in form.data


def _editable(instance: Model, names: Iterable[str]) -> list[str]:
    known = {item.name for item in [*instance._meta.fields, *instance._meta.many_to_many]}
    return [name for name in names if name in known and instance._meta.get_field(name).editable]
