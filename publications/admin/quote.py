"""Quotes in the admin: their words, and whether the speaker stands by them."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from desk.actions import object_action
from people.models import Message
from programmes.admin import ScopedModelAdmin
from publications.models import Quote
from publications.notifications import address_of_speaker, quote_request_mail
from publications.operations import (
    decline_quote,
    expire_quote,
    record_quote_release,
    release_quote,
    release_quote_changed,
    reopen_quote,
    request_quote_release,
)
from texts.fields import PlainTextFormField

Release = Quote.Release
# Nothing was said about these words yet, or they stay as they were printed.
UNTOUCHED = {Release.DRAFT, Release.HISTORIC}


def allows(release):
    return lambda quote: release in Quote.NEXT[Release(quote.release)]


class ChangedWordsForm(forms.Form):
    """The words that the speaker wants instead, in as many parts as before."""

    text = PlainTextFormField(
        label=_("Zitat"),
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=_("Ohne Anführungszeichen."),
    )
    text_after = PlainTextFormField(
        label=_("zweiter Teil"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )

    def limit_to(self, quote):
        self.initial = {"text": quote.text, "text_after": quote.text_after}
        if not quote.text_after:
            del self.fields["text_after"]


@admin.register(Quote)
class QuoteAdmin(ScopedModelAdmin):
    list_display = ["__str__", "programme", "release"]
    list_filter = ["release", "programme"]
    list_select_related = ["programme", "speaker"]
    search_fields = ["text", "text_after", "phrase", "speaker__family_name", "speaker_role"]
    autocomplete_fields = ["programme", "speaker"]
    ordering = ["-pk"]
    fieldsets = [
        (
            None,
            {"fields": ["programme", "text", "text_after", "language", "phrase", "phrase_place"]},
        ),
        (
            _("Wer spricht"),
            {"fields": ["speaker", "speaker_role", "function_on_day", "organisation_on_day"]},
        ),
        (_("Freigabe"), {"fields": ["release"]}),
    ]
    readonly_fields = ["release"]
    object_actions = [
        "ask_for_release",
        "note_release",
        "note_changed_release",
        "record_release",
        "note_refusal",
        "note_silence",
    ]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        # What was asked about or released are these words: others must be released again.
        if change and form.changed_data and obj.release not in UNTOUCHED:
            reopen_quote(obj, by=request.user)
            self.message_user(
                request, _("Das Zitat hat sich geändert und muss neu freigegeben werden.")
            )

    def get_readonly_fields(self, request, obj=None):
        if obj is not None and obj.release == Release.HISTORIC:
            return [
                field.name for field in self.opts.fields if field.editable and not field.primary_key
            ]
        return super().get_readonly_fields(request, obj)

    def request_preview(self, request, quote):
        address = address_of_speaker(quote)
        if not address:
            return _now(
                "Es geht keine E-Mail hinaus: Eine Adresse ist nicht eingetragen. Bitte fragen Sie "
                "selbst und vermerken Sie hier die Antwort."
            )
        mail = quote_request_mail(quote)
        return _now("An: %(address)s\nBetreff: %(subject)s\n\n%(body)s") % {
            "address": address,
            "subject": mail.subject,
            "body": mail.body.replace(Message.LINK_MARK, ""),
        }

    @object_action(
        _("Freigabe anfragen"),
        permission="publications.request_quote",
        shown=allows(Release.REQUESTED),
        question=_("Wer zitiert wird, soll den Worten zustimmen, bevor sie erscheinen."),
        preview="request_preview",
    )
    def ask_for_release(self, request, quote):
        if request_quote_release(quote, by=request.user):
            return _now("Die Anfrage geht an %(address)s.") % {"address": address_of_speaker(quote)}
        return _now("Als angefragt vermerkt. Bitte fragen Sie selbst.")

    @object_action(
        _("Wurde freigegeben"),
        permission="publications.answer_quote",
        shown=allows(Release.RELEASED),
        question=_("Wer zitiert wird, ist mit genau diesen Worten einverstanden."),
        done=_("Das Zitat ist freigegeben."),
    )
    def note_release(self, request, quote):
        release_quote(quote, by=request.user)

    @object_action(
        _("Wurde mit Änderungen freigegeben"),
        permission="publications.answer_quote",
        shown=allows(Release.RELEASED_CHANGED),
        form_class=ChangedWordsForm,
        question=_("Tragen Sie die Worte ein, mit denen die Person einverstanden ist."),
        done=_("Das Zitat ist mit den neuen Worten freigegeben."),
    )
    def note_changed_release(self, request, quote, data):
        release_quote_changed(quote, by=request.user, **data)

    @object_action(
        _("Freigabe vermerken"),
        permission="publications.record_quote",
        shown=allows(Release.RECORDED),
        question=_("Die Freigabe liegt Ihnen auf Papier oder als Nachricht vor."),
        done=_("Die Freigabe ist vermerkt."),
    )
    def record_release(self, request, quote):
        record_quote_release(quote, by=request.user)

    @object_action(
        _("Wurde abgelehnt"),
        permission="publications.answer_quote",
        shown=allows(Release.DECLINED),
        is_destructive=True,
        question=_("Das Zitat erscheint dann nicht. Ändern Sie es, können Sie neu anfragen."),
        done=_("Vermerkt: Das Zitat ist abgelehnt."),
    )
    def note_refusal(self, request, quote):
        decline_quote(quote, by=request.user)

    @object_action(
        _("Es kam keine Antwort"),
        permission="publications.answer_quote",
        shown=allows(Release.EXPIRED),
        question=_("Das Zitat erscheint nicht. Sie können später noch einmal anfragen."),
        done=_("Vermerkt: Auf die Anfrage kam keine Antwort."),
    )
    def note_silence(self, request, quote):
        expire_quote(quote, by=request.user)
