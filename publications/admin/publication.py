"""The way of a text from the draft to the public in the admin, a button for each step."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from desk.actions import object_action
from programmes.admin import ScopedModelAdmin
from publications.admin.doubts import DoubtsMixin
from publications.admin.printing import PrintableMixin
from publications.doubts import doubts_about
from publications.forms import DoubtsForm, PublicNoteForm
from publications.models import Publication
from publications.operations import (
    ProgrammeNotPublic,
    approve_publication,
    print_publication,
    publish_publication,
    reopen_publication,
    return_publication,
    submit_publication,
    withdraw_publication,
)

# The permission of a button that every kind of publication has under its own name.
IN_WORDS = ""


def is_draft(publication: Publication | None) -> bool:
    return publication is None or publication.status == publication.Status.DRAFT


def must_not_approve_alone(item: Publication, user: Any) -> str:
    """Why somebody else must approve; "" for those who may, or whose button is not there."""
    if item.submitted_by_id != user.pk:
        return ""
    if user.has_perm(f"publications.approve_{item._meta.model_name}", item):
        return ""
    return gettext(
        "Sie haben den Text selbst zur Freigabe gegeben. Freigeben muss ihn jemand anders."
    )


def programme_is_hidden(publication: Publication, user: Any) -> str:
    return "" if publication.programme.is_public else str(ProgrammeNotPublic())


class DraftOnlyMixin(InlineModelAdmin):
    """Parts of a text that is locked once it left the draft."""

    def has_add_permission(self, request, obj=None):
        return is_draft(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return is_draft(obj) and super().has_delete_permission(request, obj)


class PublicationAdmin(DoubtsMixin, PrintableMixin, ScopedModelAdmin):
    """A kind of publication says in `words` which buttons it has, and what they say."""

    # By the name of the button, in their order: its permission, question and message afterwards.
    words: ClassVar[Mapping[str, Mapping[str, Any]]]
    history_fields = (
        "submitted_by",
        "approved_by",
        "approved_at",
        "confirmed_doubts",
        "published_at",
    )
    readonly_fields = ["printed", *history_fields, "public_note"]

    def get_object_actions(self, request):
        actions = super().get_object_actions(request)
        return [replace(action, **self.words[action.name]) for action in actions]

    def get_doubts(self, row):
        return doubts_about(row, by=None)

    @admin.display(description=_("Bedenken bei der Freigabe"))
    def confirmed_doubts(self, item) -> str:
        if item is None or not item.approval_doubts:
            return "–"
        return format_html(
            "<ul>{}</ul><p>{} {}</p>",
            format_html_join("", "<li>{}</li>", ((doubt,) for doubt in item.approval_doubts)),
            gettext("Begründung:"),
            item.approval_reason,
        )

    @object_action(_("Drucken"), permission=IN_WORDS)
    def print_document(self, request, publication):
        print_publication(publication, by=request.user)
        return self.to_print_page(publication)

    @object_action(
        _("Zur Freigabe geben"),
        permission=IN_WORDS,
        shown=lambda publication: publication.allows(publication.Status.IN_APPROVAL),
    )
    def submit(self, request, publication):
        submit_publication(publication, by=request.user)

    @object_action(
        _("Freigeben"),
        permission=IN_WORDS,
        shown=lambda publication: publication.allows(publication.Status.APPROVED),
        why_not=must_not_approve_alone,
        form_class=DoubtsForm,
    )
    def approve(self, request, publication, data):
        approve_publication(publication, by=request.user, **data)

    @object_action(
        _("Zurückgeben"),
        permission=IN_WORDS,
        shown=lambda publication: publication.status == publication.Status.IN_APPROVAL,
    )
    def give_back(self, request, publication):
        return_publication(publication, by=request.user)

    @object_action(
        _("Zurück in den Entwurf"),
        permission=IN_WORDS,
        shown=lambda publication: (
            publication.is_frozen and publication.allows(publication.Status.DRAFT)
        ),
        question=_(
            "Die Freigabe gilt dann nicht mehr, und ihre Druckfassung entfällt. "
            "Der Text ist wieder zu bearbeiten und neu zur Freigabe zu geben."
        ),
    )
    def reopen(self, request, publication):
        reopen_publication(publication, by=request.user)

    @object_action(
        _("Veröffentlichen"),
        permission=IN_WORDS,
        shown=lambda publication: publication.allows(publication.Status.PUBLISHED),
        why_not=programme_is_hidden,
    )
    def publish(self, request, publication):
        publish_publication(publication, by=request.user)

    @object_action(
        _("Zurückziehen"),
        permission=IN_WORDS,
        shown=lambda publication: publication.allows(publication.Status.WITHDRAWN),
        form_class=PublicNoteForm,
        is_destructive=True,
    )
    def withdraw(self, request, publication, data):
        withdraw_publication(publication, note=data["note"], by=request.user)
