"""Runs with the history of their question, and the teams."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, Max, Q
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.actions import object_action
from programmes.admin.base import ScopedModelAdmin, ScopedTabularInline
from programmes.forms import GuidingQuestionForm
from programmes.matters import Matter, collect_matters
from programmes.models import (
    GuidingQuestion,
    Participation,
    ParticipationQuerySet,
    Run,
    Team,
    TeamMembership,
)
from programmes.operations import (
    add_team_member,
    archive_run,
    cancel_run,
    complete_run,
    remove_team_member,
    set_guiding_question,
    start_run,
)


def with_what_ended(sentence: str, matters: list[Matter]) -> str:
    """What happened, and what was closed with it."""
    closed = [f"{matter.title} ({matter.count})" for matter in matters if matter.is_closed]
    if not closed:
        return sentence
    return _("%(sentence)s Damit beendet: %(closed)s.") % {
        "sentence": sentence,
        "closed": ", ".join(closed),
    }


class GuidingQuestionInline(ScopedTabularInline):
    """The history of the question; a new wording comes by the button above."""

    model = GuidingQuestion
    fields = ["text", "stated_on", "source", "is_current"]
    readonly_fields = ["text", "is_current"]
    ordering = ["-is_current", "-stated_on", "-pk"]

    def has_add_permission(self, request, obj=None):
        return False


class ParticipationInline(ScopedTabularInline):
    """Who is in the run, each with a link to their page."""

    model = Participation
    fields = ["person", "sector", "role", "state"]
    readonly_fields = ["person", "sector", "role", "state"]
    show_change_link = True
    can_delete = False

    @admin.display(description=gettext_lazy("Status"))
    def state(self, participation):
        return participation.get_status_display()

    def get_queryset(self, request):
        rows = cast(ParticipationQuerySet, super().get_queryset(request))
        return rows.for_group().select_related("invitation")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Run)
class RunAdmin(ScopedModelAdmin):
    list_display = ["topic", "number", "programme", "period", "status", "is_public"]
    list_filter = ["programme", "status", "is_public"]
    list_select_related = ["programme"]
    search_fields = ["topic", "slug"]
    ordering = ["programme__title", "-number", "pk"]
    prepopulated_fields = {"slug": ["topic"]}
    inlines = [GuidingQuestionInline, ParticipationInline]
    fieldsets = [
        (None, {"fields": ["programme", "topic", ("number", "slug"), "is_public"]}),
        (gettext_lazy("Wann und wo"), {"fields": [("period", "city")]}),
        (gettext_lazy("Inhalt"), {"fields": ["summary", "outcome"]}),
    ]
    object_actions = ["start", "complete", "archive", "set_question", "add_participant", "cancel"]

    def decided_on(self, obj):
        return [obj, *obj.questions.order_by("pk")]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    def get_readonly_fields(self, request, obj=None):
        # The address of a public page stays.
        return ["programme", "slug"] if obj else []

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        programme = initial.get("programme")
        # Not what somebody wrote into the address.
        if isinstance(programme, int):
            last = Run.objects.filter(programme=programme).aggregate(last=Max("number"))["last"]
            initial = {"number": (last or 0) + 1, **initial}
        return initial

    @object_action(
        gettext_lazy("Durchlauf starten"),
        permission="programmes.start_run",
        shown=lambda run: run.allows(Run.Status.RUNNING),
        matters="open_at_start",
        done=gettext_lazy("Der Durchlauf läuft."),
    )
    def start(self, request, run):
        start_run(run, by=request.user)

    @object_action(
        gettext_lazy("Durchlauf abschließen"),
        permission="programmes.complete_run",
        shown=lambda run: run.allows(Run.Status.COMPLETED),
        question=gettext_lazy(
            "Der Durchlauf ist danach zu Ende. Das lässt sich nicht zurücknehmen."
        ),
        matters="open_at_completion",
    )
    def complete(self, request, run):
        closed = self.open_at_completion(request, run)
        complete_run(run, by=request.user)
        return with_what_ended(_("Der Durchlauf ist abgeschlossen."), closed)

    @object_action(
        gettext_lazy("Archivieren"),
        permission="programmes.archive_run",
        shown=lambda run: run.allows(Run.Status.ARCHIVED),
        question=gettext_lazy(
            "Teilnehmende arbeiten im Archiv nicht mehr weiter. Öffentliche Seiten bleiben. "
            "Das lässt sich nicht zurücknehmen."
        ),
        matters="open_at_archiving",
    )
    def archive(self, request, run):
        closed = self.open_at_archiving(request, run)
        archive_run(run, by=request.user)
        return with_what_ended(_("Der Durchlauf ist im Archiv."), closed)

    @object_action(
        gettext_lazy("Durchlauf absagen"),
        permission="programmes.cancel_run",
        shown=lambda run: run.allows(Run.Status.CANCELLED),
        is_destructive=True,
        question=gettext_lazy(
            "Der Durchlauf findet nicht statt oder endet vorzeitig. Das lässt sich nicht "
            "zurücknehmen."
        ),
        matters="open_at_cancelling",
    )
    def cancel(self, request, run):
        closed = self.open_at_cancelling(request, run)
        cancel_run(run, by=request.user)
        return with_what_ended(_("Der Durchlauf ist abgesagt."), closed)

    def open_at_start(self, request, run):
        return collect_matters(run, Run.Status.RUNNING)

    def open_at_completion(self, request, run):
        return collect_matters(run, Run.Status.COMPLETED)

    def open_at_archiving(self, request, run):
        return collect_matters(run, Run.Status.ARCHIVED)

    def open_at_cancelling(self, request, run):
        return collect_matters(run, Run.Status.CANCELLED)

    @object_action(
        gettext_lazy("Leitfrage neu fassen"),
        permission="programmes.set_guiding_question",
        form_class=GuidingQuestionForm,
        done=gettext_lazy("Die neue Fassung der Leitfrage gilt; die alte steht in der Geschichte."),
    )
    def set_question(self, request, run, data):
        set_guiding_question(run, by=request.user, **data)

    @object_action(
        gettext_lazy("Teilnehmende aufnehmen"),
        permission="programmes.add_participant",
        shown=lambda run: not run.has_ended,
    )
    def add_participant(self, request, run):
        return HttpResponseRedirect(f"{reverse('admin:programmes_participation_add')}?run={run.pk}")


class TeamMembershipInline(ScopedTabularInline):
    model = TeamMembership
    fields = ["participation", "is_speaker", "has_left"]
    autocomplete_fields = ["participation"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("participation__person")

    def has_delete_permission(self, request, obj=None):
        # „Ausgeschieden“ keeps what was; a row is never taken away.
        return False


@admin.register(Team)
class TeamAdmin(ScopedModelAdmin):
    list_display = ["name", "run", "member_count", "position"]
    list_filter = ["run"]
    list_select_related = ["run"]
    search_fields = ["name", "run__topic"]
    ordering = ["run", "position", "name", "pk"]
    autocomplete_fields = ["run"]
    fields = ["run", "name", "purpose", "position"]
    inlines = [TeamMembershipInline]

    def get_queryset(self, request):
        members = Count("memberships", filter=Q(memberships__has_left=False))
        return super().get_queryset(request).annotate(members=members)

    def get_readonly_fields(self, request, obj=None):
        return ["run"] if obj else []

    @admin.display(description=gettext_lazy("Mitglieder"), ordering="members")
    def member_count(self, team):
        return team.members

    def save_formset(self, request, form, formset, change):
        if formset.model is not TeamMembership:
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)
        known = [(membership, fields) for membership, fields in formset.changed_objects]
        new: list[tuple[Any, Any]] = [(membership, []) for membership in formset.new_objects]
        for membership, changed in known + new:
            if "has_left" in changed and membership.has_left:
                remove_team_member(membership, by=request.user)
            else:
                add_team_member(
                    membership.team,
                    membership.participation,
                    is_speaker=membership.is_speaker,
                    by=request.user,
                )


def register_run_inline(inline: type) -> type:
    """Put an inline of an app above on the run's page; usable as a decorator."""
    if inline not in RunAdmin.inlines:
        RunAdmin.inlines = [*RunAdmin.inlines, inline]
    return inline
