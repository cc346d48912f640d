"""What staff type for press releases and the guideline."""

import functools
from collections.abc import Callable, Iterable

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import User
from publications.blocks import validate_block
from publications.doubts import doubts_about
from publications.facts import Facts
from publications.lines import HELP, UnreadableLine, data_from_lines, lines_from_data
from publications.models import Block, PressBlock, PressRelease
from publications.tokens import UnknownToken, unknown_tokens
from texts.fields import PlainTextFormField


def refuse_unknown_tokens(
    form: forms.BaseForm, collect: Callable[[], Facts], names: Iterable[str]
) -> None:
    """Add an error to every field whose text names facts that are not stored.

    collect: asked for the facts only where a text names any.
    """
    for name in names:
        text = form.cleaned_data.get(name)
        if not isinstance(text, str) or "{" not in text:
            continue
        facts = collect()
        if unknown := unknown_tokens(text, facts):
            form.add_error(name, str(UnknownToken(unknown, facts.known)))


class PressReleaseForm(forms.ModelForm):
    def clean(self):
        super().clean()
        data = self.cleaned_data
        programme, run = data.get("programme"), data.get("run")
        if run and programme and run.programme_id != programme.pk:
            self.add_error("run", _("Dieser Durchlauf gehört zu einem anderen Programm."))
        elif programme and not self.errors:
            release = PressRelease(
                programme=programme,
                run=run,
                language=data["language"],
                dated_on=data.get("dated_on"),
            )
            collect = functools.cache(lambda: release.facts())
            refuse_unknown_tokens(self, collect, PressRelease.TEXTS_WITH_TOKENS)
        return data


class DoubtsForm(forms.Form):
    """The doubts about a text, each to be confirmed, with one reason; nothing without doubts."""

    # Set by the admin: who would approve.
    user: User

    confirmed = forms.MultipleChoiceField(
        label=gettext_lazy("Bedenken, die Sie geprüft haben"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = PlainTextFormField(
        label=gettext_lazy("Warum Sie trotzdem freigeben"),
        help_text=gettext_lazy("Steht im Änderungsprotokoll und bei der Freigabe."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )

    def limit_to(self, item):
        try:
            doubts = doubts_about(item, by=self.user)
        except UnknownToken:
            # The approval refuses that with its own sentence.
            doubts = []
        if not doubts:
            del self.fields["confirmed"], self.fields["reason"]
            return
        field = self.fields["confirmed"]
        field.choices = [(doubt.key, doubt.sentence) for doubt in doubts]  # type: ignore[attr-defined]

    def clean_confirmed(self):
        confirmed = self.cleaned_data["confirmed"]
        if len(confirmed) < len(self.fields["confirmed"].choices):  # type: ignore[attr-defined]
            raise forms.ValidationError(
                _("Bitte bestätigen Sie jedes Bedenken, oder geben Sie den Text zurück.")
            )
        return confirmed


class PublicNoteForm(forms.Form):
    note = PlainTextFormField(
        label=gettext_lazy("Hinweis, der öffentlich auf der Seite steht"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )


class PressBlockForm(forms.ModelForm):
    # Set by the formset: collects once for all of its rows.
    collect_facts: Callable[[], Facts]

    class Meta:
        model = PressBlock
        fields = ["position", "kind", "text", "quote", "concept"]

    def clean(self):
        super().clean()
        release = getattr(self.instance, "release", None)
        if release is not None and release.programme_id:
            refuse_unknown_tokens(self, self.collect_facts, ["text"])
        return self.cleaned_data


class BlockForm(forms.ModelForm):
    """A block; its data is typed as lines instead of JSON."""

    # Set by the formset: collects once for all of its rows.
    collect_facts: Callable[[], Facts]

    lines = PlainTextFormField(
        label=gettext_lazy("Angaben"),
        required=False,
        strip=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField"}),
    )

    class Meta:
        model = Block
        fields = [
            "position",
            "kind",
            "heading",
            "text",
            "run",
            "workshop",
            "concept",
            "quote",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["lines"] = lines_from_data(self.instance.kind, self.instance.data)
        labels = dict(Block.Kind.choices)
        self.fields["lines"].help_text = " · ".join(
            f"{labels[kind]}: {text}" for kind, text in HELP.items()
        )

    def clean(self):
        super().clean()
        kind = self.cleaned_data.get("kind")
        if kind is None or "lines" not in self.cleaned_data:
            return self.cleaned_data
        try:
            self.instance.data = data_from_lines(kind, self.cleaned_data["lines"])
        except UnreadableLine as refusal:
            sentence = _("Zeile %(number)d passt nicht zu dieser Art.") % {"number": refusal.number}
            self.add_error("lines", sentence)
            return self.cleaned_data
        for place, sentence in validate_block(kind, self.instance.data):
            self.add_error("lines", f"{place}: {sentence}" if place else sentence)
        self._check_tokens()
        return self.cleaned_data

    def _check_tokens(self) -> None:
        chapter = getattr(self.instance, "chapter", None)
        if chapter is None or not chapter.guideline_id:
            return
        refuse_unknown_tokens(self, self.collect_facts, ["heading", "text", "lines"])
