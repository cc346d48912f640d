"""The mails of this room, and how every room writes one: the text stands in templates."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from people.models import Message, User


@dataclass(frozen=True)
class Mail:
    """A mail as it will be read; Message.LINK_MARK stands where its secret link belongs."""

    subject: str
    body: str
    language: str


def write_mail(template: str, language: str, **context: Any) -> Mail:
    """Fill in `<template>_subject.txt` and `<template>.txt` in this language."""
    context["link"] = Message.LINK_MARK
    with translation.override(language):
        subject = render_to_string(f"{template}_subject.txt", context)
        body = render_to_string(f"{template}.txt", context)
    return Mail(" ".join(subject.split()), body.strip() + "\n", language)


def new_address_mail(user: User) -> Mail:
    """What arrives in the mailbox that an account has from now on."""
    return write_mail("people/email/new_address", user.language, **_ways(user))


def former_address_mail(user: User) -> Mail:
    """What arrives in the mailbox that an account had; it does not say which one follows."""
    return write_mail("people/email/former_address", user.language, **_ways(user))


def second_factor_removed_mail(user: User) -> Mail:
    return write_mail("people/email/second_factor_removed", user.language, **_ways(user))


def _ways(user: User) -> dict[str, Any]:
    """The account and where to go from the mail."""
    with translation.override(user.language):
        return {
            "user": user,
            "login_url": settings.PORTAL_URL + reverse("account_login"),
            "imprint_url": settings.PORTAL_URL + reverse("home:imprint"),
        }
