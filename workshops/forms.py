"""What participants type and upload, and what those who accompany them answer."""

import re
from typing import Any, Self, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import linebreaks
from django.utils.translation import gettext_lazy as _

from programmes.models import Team
from texts.fields import LineFormField, PlainTextFormField
from texts.uploads import ACCEPT, CheckedFile, check_upload, clean_name
from workshops.models import Event, Output

MAX_BODY = 100_000
MAX_UPLOADS = 10


class FilesInput(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class Uploads(list[CheckedFile]):
    """The files that passed the check, and a sentence for each that did not."""

    def __init__(self) -> None:
        super().__init__()
        self.refusals: list[str] = []


class FilesField(forms.FileField):
    """Several files. One that is refused takes no other with it: all that passed are kept."""

    widget = FilesInput(attrs={"accept": ACCEPT})

    def clean(self, data, initial=None) -> Uploads:
        files = Uploads()
        uploads = [upload for upload in data or [] if upload]
        for upload in uploads[:MAX_UPLOADS]:
            try:
                files.append(check_upload(upload))
            except ValidationError as refusal:
                files.refusals += refusal.messages
        if rest := uploads[MAX_UPLOADS:]:
            files.refusals.append(
                _("Auf einmal gehen höchstens %(limit)s Dateien. Es fehlen noch: %(names)s.")
                % {
                    "limit": MAX_UPLOADS,
                    "names": ", ".join(f"„{clean_name(upload.name)}“" for upload in rest),
                }
            )
        return files


class OutputForm(forms.ModelForm):
    """The text of an output and its files."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    uploads = FilesField(
        label=_("Dateien hinzufügen"),
        required=False,
        help_text=_(
            "PDF, Word, PowerPoint, Excel, OpenDocument, Bilder oder Text, je bis 25 MB. "
            "Auf dem Telefon können Sie gleich ein Foto aufnehmen, etwa vom Flipchart."
        ),
    )

    class Meta:
        model = Output
        fields = ["body"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].label = _("Ihr Text")
        self.fields["body"].required = False
        self.fields["body"].help_text = _("Text, Datei oder beides.")
        for name in ("body", "uploads"):
            # Two „(freiwillig)“ would say that nothing is asked for.
            self.fields[name].is_one_of = True  # type: ignore[attr-defined]
        self.fields["body"].widget.attrs["lang"] = (
            self.instance.task.workshop.run.programme.language
        )
        self.initial.setdefault("version", self.instance.version)
        attachments = list(self.instance.attachments.for_output())
        for attachment in attachments:
            if attachment.is_image:
                self.fields[f"description_{attachment.pk}"] = LineFormField(
                    label=_("Was zeigt das Bild „%(name)s“?") % {"name": attachment.name},
                    max_length=300,
                    required=False,
                    initial=attachment.description,
                )
        if attachments:
            self.fields["remove"] = forms.ModelMultipleChoiceField(
                label=_("Dateien entfernen"),
                queryset=self.instance.attachments.for_output(),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("Angekreuzte Dateien werden beim Speichern gelöscht."),
            )
        self.order_fields(["body", *self.description_names, "remove", "uploads", "version"])

    @property
    def description_names(self) -> list[str]:
        return [name for name in self.fields if name.startswith("description_")]

    @property
    def refusals(self) -> list[str]:
        """Why files were not taken, of a valid form."""
        return self.cleaned_data["uploads"].refusals

    @property
    def changes(self) -> dict[str, Any]:
        """What `save_output` takes."""
        return {
            "body": self.cleaned_data["body"],
            "version": self.cleaned_data["version"],
            "files": self.cleaned_data["uploads"],
            "remove": self.cleaned_data.get("remove", ()),
            "descriptions": {
                int(name.removeprefix("description_")): self.cleaned_data[name]
                for name in self.description_names
            },
        }

    def clean_body(self):
        body = self.cleaned_data["body"]
        if not re.search(r"<[a-z]", body):
            # Typed without the editor: the text is clean already, it only lacks paragraphs.
            body = linebreaks(body) if body.strip() else ""
        if len(body) > MAX_BODY:
            raise ValidationError(
                _("Der Text ist zu lang. Bitte kürzen Sie ihn oder fügen Sie ihn als Datei an."),
                code="too_long",
            )
        return body


class EventForm(forms.ModelForm):
    """A date of a run."""

    class Meta:
        model = Event
        fields = [
            "run",
            "kind",
            "title",
            "is_public",
            "held_on",
            "begins_at",
            "ends_at",
            "venue",
            "team",
            "workshop",
            "description",
        ]


class StartForm(forms.Form):
    """For which of one's teams an output begins; empty where there is no choice."""

    team = forms.ModelChoiceField(queryset=Team.objects.none(), required=False)

    def __init__(self, *args, user, run, **kwargs):
        super().__init__(*args, **kwargs)
        teams = cast(forms.ModelChoiceField, self.fields["team"])
        teams.queryset = Team.objects.of(user).filter(run=run)


class AcceptForm(forms.Form):
    """A word to the writers, if one likes."""

    answer = PlainTextFormField(
        label=_("Ihre Antwort"),
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Wer zur Überarbeitung zurückgibt, schreibt hier, was fehlt. Die Antwort geht dann "
            "auch per E-Mail an alle, die am Ergebnis schreiben."
        ),
    )
    # What the reader has read is answered, nothing newer.
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def for_version(self, version: int) -> Self:
        """The same words, to be sent once more about another version."""
        typed = {"answer": self.cleaned_data.get("answer", ""), "version": version}
        return type(self)(initial=typed)


class ReturnForm(AcceptForm):
    """What is asked of the writers."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = True
        self.fields["answer"].error_messages["required"] = _(
            "Bitte schreiben Sie, was überarbeitet werden soll."
        )
