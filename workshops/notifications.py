"""The mails of this room; one function per message."""

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation

from people.models import User
from people.notifications import write_mail
from people.operations import queue_mail
from programmes.models import Participation, Person, Responsibility
from workshops.models import Output


def writers_of(output: Output) -> QuerySet[Person]:
    """Who writes the output now: one person, or those who work in the team."""
    people = Person.objects.select_related("user").order_by("pk")
    if output.team is None:
        return people.filter(pk=output.participation.person_id)
    return people.filter(
        participations__status=Participation.Status.ACTIVE,
        participations__memberships__team=output.team,
        participations__memberships__has_left=False,
    )


def notify_of_malware(output: Output, name: str, finding: str) -> None:
    """Tell writers and leads that a file was deleted. Call it inside the transaction."""
    programme = output.task.workshop.run.programme
    leads = User.objects.filter(
        responsibilities__programme=programme,
        responsibilities__role=Responsibility.Role.LEAD,
        is_active=True,
    )
    recipients = {lead.email: lead.language for lead in leads.order_by("pk")}
    for person in writers_of(output):
        if address := person.mailbox:
            recipients.setdefault(
                address, person.user.language if person.user else programme.language
            )
    for address, language in recipients.items():
        with translation.override(language):
            page = settings.PORTAL_URL + output.get_absolute_url()
        mail = write_mail(
            "workshops/email/file_infected",
            language,
            output=output,
            name=name,
            finding=finding,
            address=page,
        )
        queue_mail(mail, address, concerning=output, scope=programme.slug)


def notify_writers_of_return(output: Output, writers: list[Person]) -> None:
    """Tell those who wrote the output what is asked of it. Call it inside the transaction."""
    programme = output.task.workshop.run.programme
    for person in writers:
        if not person.mailbox:
            continue
        language = person.user.language if person.user else programme.language
        with translation.override(language):
            page = settings.PORTAL_URL + reverse("workshops:edit", args=[output.pk])
        mail = write_mail(
            "workshops/email/output_returned", language, person=person, output=output, address=page
        )
        queue_mail(mail, person.mailbox, concerning=output, scope=programme.slug)
