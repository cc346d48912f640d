"""Input of this room; forms validate, operations change."""

from typing import cast

from django import forms
from django.contrib.auth import password_validation
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import User
from programmes.models import (
    Consent,
    ConsentPurpose,
    Organisation,
    Participation,
    Person,
    Programme,
    Responsibility,
)
from programmes.operations import StaleWording
from texts.dates import ImpreciseDateFormField
from texts.fields import LineFormField, MailAddressFormField, PlainTextFormField
from texts.order import alphabetical


def _limit(form: forms.Form, name: str, rows: QuerySet) -> None:
    cast(forms.ModelChoiceField, form.fields[name]).queryset = rows


class SharedMailboxField(forms.BooleanField):
    """Says that two people really have one address; otherwise the second is the first again."""

    def __init__(self):
        super().__init__(
            label=gettext_lazy("Gemeinsames Postfach"),
            required=False,
            help_text=gettext_lazy("Nur wenn zwei Menschen dieselbe Adresse benutzen."),
        )


def namesake_of_address(programme: Programme, email: str, known: Person | None = None) -> str:
    """Why a person with this address is asked about: somebody has it. Empty where nobody has."""
    others = Person.objects.with_address(programme, email)
    first = others.exclude(pk=known.pk if known else None).first()
    if first is None:
        return ""
    return format_html(
        _(
            "Unter dieser Adresse ist schon <a href='{url}'>{name}</a> eingetragen. Ist das "
            "dieselbe Person? Dann nehmen Sie bitte diesen Eintrag. Benutzen beide dasselbe "
            "Postfach, setzen Sie den Haken bei „Gemeinsames Postfach“."
        ),
        url=reverse("admin:programmes_person_change", args=[first.pk]),
        name=first.full_name,
    )


class AddParticipantForm(forms.ModelForm):
    """A participant in one step: an entered person or a new one, the part, the invitation."""

    academic_title = LineFormField(label=gettext_lazy("Titel"), max_length=40, required=False)
    given_name = LineFormField(label=gettext_lazy("Vorname"), max_length=80, required=False)
    family_name = LineFormField(label=gettext_lazy("Nachname"), max_length=80, required=False)
    email = MailAddressFormField(label=gettext_lazy("E-Mail-Adresse"), required=False)
    shares_mailbox = SharedMailboxField()
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Organisation"), required=False
    )
    function = LineFormField(label=gettext_lazy("Funktion"), max_length=150, required=False)
    send_invitation = forms.BooleanField(
        label=gettext_lazy("Einladung gleich verschicken"),
        required=False,
        help_text=gettext_lazy(
            "Sonst später mit „Einladen“ in der Liste, auch für viele zugleich."
        ),
    )

    class Meta:
        model = Participation
        fields = ["run", "person", "sector", "role"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].required = False

    def clean(self):
        super().clean()
        data = self.cleaned_data
        person, run = data.get("person"), data.get("run")
        if run and run.has_ended:
            self.add_error("run", _("In diesen Durchlauf wird niemand mehr aufgenommen."))
        if person is None:
            self._clean_new_person(data, run)
        else:
            self._clean_known_person(data, person, run)
        email = person.email if person else data.get("email")
        if data.get("send_invitation") and not email:
            field = None if person else "email"
            self.add_error(field, _("Ohne E-Mail-Adresse lässt sich niemand einladen."))
        return data

    def _clean_new_person(self, data, run):
        if run and not data.get("shares_mailbox"):
            question = namesake_of_address(run.programme, data.get("email") or "")
            if question:
                self.add_error("email", question)
        if not data.get("family_name"):
            message = _("Bitte wählen Sie eine Person, oder geben Sie einen Nachnamen ein.")
            self.add_error("family_name", message)
        if data.get("organisation") and not data.get("function"):
            self.add_error("function", _("Welche Funktion hat die Person in der Organisation?"))
        if data.get("function") and not data.get("organisation"):
            self.add_error("organisation", _("In welcher Organisation hat sie diese Funktion?"))

    def _clean_known_person(self, data, person, run):
        if any(data.get(name) for name in ("given_name", "family_name", "email")):
            message = _("Entweder eine Person auswählen oder eine neue eingeben, nicht beides.")
            self.add_error("person", message)
        if run and run.participations.filter(person=person).exists():
            self.add_error("person", _("Diese Person ist schon in diesem Durchlauf."))

    def _get_validation_exclusions(self):
        # The person may still have to be entered.
        return super()._get_validation_exclusions() | {"person"}  # type: ignore[misc]


class GuidingQuestionForm(forms.Form):
    text = PlainTextFormField(
        label=gettext_lazy("Wortlaut"), widget=forms.Textarea(attrs={"rows": 4, "cols": 80})
    )
    stated_on = ImpreciseDateFormField(label=gettext_lazy("Stand"), required=False)
    source = LineFormField(label=gettext_lazy("Quelle"), max_length=200, required=False)


class EntrustForm(forms.Form):
    email = MailAddressFormField(label=gettext_lazy("E-Mail-Adresse"))
    role = forms.ChoiceField(
        label=gettext_lazy("Rolle"),
        choices=Responsibility.Role.choices,
        initial=Responsibility.Role.EDITOR,
    )


class EndResponsibilityForm(forms.Form):
    responsibility = forms.ModelChoiceField(
        Responsibility.objects.none(), label=gettext_lazy("Wessen Zuständigkeit endet?")
    )

    def limit_to(self, programme):
        rows = programme.responsibilities.select_related("user").order_by("user__email")
        _limit(self, "responsibility", rows)


class AccountForm(forms.ModelForm):
    """The language and the rights of an account; whoever answers for a programme stays staff."""

    class Meta:
        model = User
        fields = ["language", *User.RIGHTS]

    def clean_is_staff(self):
        is_staff = self.cleaned_data["is_staff"]
        if self.instance.is_staff and not is_staff:
            programmes = Programme.objects.filter(responsibilities__user=self.instance)
            titles = [
                programme.title for programme in programmes.order_by(alphabetical("title"), "pk")
            ]
            if titles:
                raise forms.ValidationError(
                    _(
                        "Dieses Konto ist noch zuständig für: %(programmes)s. Die Projektleitung "
                        "beendet das auf der Seite des Programms. Soll das Konto sofort gesperrt "
                        "sein, nehmen Sie den Haken bei „aktiv“ heraus."
                    )
                    % {"programmes": ", ".join(titles)}
                )
        return is_staff


class AddressForm(forms.Form):
    email = MailAddressFormField(
        label=gettext_lazy("Neue E-Mail-Adresse"),
        max_length=User._meta.get_field("email").max_length,
    )


class ConsentForm(forms.Form):
    purpose = forms.ModelChoiceField(ConsentPurpose.objects.none(), label=gettext_lazy("Zweck"))
    channel = forms.ChoiceField(
        label=gettext_lazy("Weg"),
        choices=[choice for choice in Consent.Channel.choices if choice[0] != "portal"],
        initial=Consent.Channel.PAPER,
    )

    def limit_to(self, person):
        purposes = ConsentPurpose.objects.filter(programme=person.programme_id)
        _limit(self, "purpose", purposes.order_by(alphabetical("name"), "pk"))


class WithdrawConsentForm(forms.Form):
    purpose = forms.ModelChoiceField(ConsentPurpose.objects.none(), label=gettext_lazy("Zweck"))

    def limit_to(self, person):
        given = Consent.objects.in_force().filter(person=person)
        purposes = ConsentPurpose.objects.filter(pk__in=given.values("purpose"))
        _limit(self, "purpose", purposes.order_by(alphabetical("name"), "pk"))


class WordingForm(forms.Form):
    wording = PlainTextFormField(
        label=gettext_lazy("Neuer Wortlaut"),
        widget=forms.Textarea(attrs={"rows": 6, "cols": 80}),
    )


class JoinForm(forms.Form):
    """Accepting with an account that is there already; agreeing only to words that were read."""

    may_be_named = forms.BooleanField(required=False)
    # The version of the wording on the page.
    wording = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, purpose: ConsentPurpose | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.purpose = purpose
        if purpose is None:
            del self.fields["may_be_named"], self.fields["wording"]
        else:
            self.fields["may_be_named"].label = purpose.name
            self.fields["may_be_named"].help_text = purpose.wording
            self.initial["wording"] = purpose.version

    def clean(self):
        data = super().clean()
        purpose = self.purpose
        if purpose and self.cleaned_data.get("wording") != purpose.version:
            # The page that comes back shows the new words, and nobody has agreed to them.
            sent = cast(QueryDict, self.data).copy()
            sent[self.add_prefix("wording")] = str(purpose.version)
            sent.pop(self.add_prefix("may_be_named"), None)
            self.data = sent
            if self.cleaned_data.get("may_be_named"):
                self.add_error("may_be_named", StaleWording.sentence)
        return data


class AcceptInvitationForm(JoinForm):
    """How the person will log in: with a password, or with codes by e-mail."""

    PASSWORD, CODE = "password", "code"

    way = forms.ChoiceField(
        label=gettext_lazy("Wie möchten Sie sich künftig anmelden?"),
        choices=[
            (PASSWORD, gettext_lazy("mit einem Passwort")),
            (CODE, gettext_lazy("ohne Passwort: mit einem Code, den ich per E-Mail bekomme")),
        ],
        widget=forms.RadioSelect,
        initial=PASSWORD,
    )
    password = forms.CharField(
        label=gettext_lazy("Passwort"),
        strip=False,
        error_messages={
            "required": gettext_lazy("Bitte legen Sie ein Passwort fest, oder wählen Sie den Code.")
        },
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy(
            "Mindestens 12 Zeichen, zum Beispiel vier zufällige Wörter. Nicht nur Ziffern, kein "
            "verbreitetes Passwort, nicht Ihr Name oder Ihre Adresse."
        ),
    )

    field_order = ["way", "password", "may_be_named"]

    def __init__(self, *args, email: str, purpose: ConsentPurpose | None, **kwargs):
        self.email = email
        super().__init__(*args, purpose=purpose, **kwargs)
        if self.data.get(self.add_prefix("way")) == self.CODE:
            self.fields["password"].required = False

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if data.get("way") == self.CODE:
            data["password"] = None
        elif data.get("password"):
            try:
                password_validation.validate_password(data["password"], User(email=self.email))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data
