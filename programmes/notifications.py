"""The mails of this room: one function per mail, the text in templates/programmes/email/."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from people.models import User
from people.notifications import Mail, write_mail
from programmes.models import Consent, Invitation, Programme, Responsibility


def invitation_mail(invitation: Invitation) -> Mail:
    """What an invited person reads, in the language of the account or else of the programme."""
    participation = invitation.participation
    programme = participation.run.programme
    account = participation.person.user
    language = account.language if account else programme.language
    return write_mail(
        "programmes/email/invitation",
        language,
        person=participation.person,
        participation=participation,
        run=participation.run,
        programme=programme,
        question=participation.run.questions.filter(is_current=True).first(),
        days=settings.INVITATION_DAYS,
    )


def invitation_link(token: str, language: str) -> str:
    with translation.override(language):
        return settings.PORTAL_URL + reverse("programmes:invitation", args=[token])


def responsibility_mail(responsibility: Responsibility) -> Mail:
    """What somebody reads who now answers for a programme."""
    user: User = responsibility.user
    programme: Programme = responsibility.programme
    with translation.override(user.language):
        role = responsibility.get_role_display()
        login_url = settings.PORTAL_URL + reverse("account_login")
        password_url = settings.PORTAL_URL + reverse("account_reset_password")
    return write_mail(
        "programmes/email/responsibility",
        user.language,
        programme=programme,
        role=role,
        email=user.email,
        has_password=user.has_usable_password(),
        login_url=login_url,
        password_url=password_url,
    )


def welcome_mail(user: User) -> Mail:
    """What somebody reads who may set up programmes and has no password yet."""
    with translation.override(user.language):
        password_url = settings.PORTAL_URL + reverse("account_reset_password")
    return write_mail(
        "programmes/email/welcome", user.language, email=user.email, password_url=password_url
    )


def consent_withdrawn_mail(consent: Consent) -> Mail:
    """What a person reads whose consent was just taken back."""
    user = consent.person.user
    language = user.language if user else "de"
    with translation.override(language):
        consents_url = settings.PORTAL_URL + reverse("programmes:consents")
    return write_mail(
        "programmes/email/consent_withdrawn",
        language,
        person=consent.person,
        purpose=consent.purpose,
        withdrawn_at=consent.withdrawn_at,
        is_public_name=consent.purpose.key == consent.purpose.PUBLIC_NAME,
        consents_url=consents_url if user else "",
    )
