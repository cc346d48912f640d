"""The mails of this room; one function per message."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from people.models import Person
from people.operations import queue_message
from workshops.models import Output


def notify_writers_of_return(output: Output, writers: list[Person]) -> None:
    """Tell those who wrote the output what is asked of it. Call it inside the transaction."""
    programme = output.task.workshop.run.programme
    for person in writers:
        address = person.user.email if person.user else person.email
        if not address:
            continue
        language = person.user.language if person.user else programme.language
        with translation.override(language):
            queue_message(
                recipient=address,
                subject=_("Zur Überarbeitung: %(task)s") % {"task": output.task.title},
                body=render_to_string(
                    "workshops/email/output_returned.txt",
                    {
                        "person": person,
                        "output": output,
                        "address": settings.PORTAL_URL
                        + reverse("workshops:edit", args=[output.pk]),
                    },
                ),
                language=language,
                scope=programme.slug,
                concerning=output,
            )
