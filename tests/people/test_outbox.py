"""The outbox against a real mail server that is there, away, or says no."""

import socket
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from people.models import Message
from people.notifications import Mail
from people.operations import (
    LinkGone,
    forget_links,
    queue_mail,
    resend_message,
    sweep_messages,
)
from people.production import RETRY_AFTER, send_message
from tests.factories import (
    LeadFactory,
    MessageFactory,
    ParticipationFactory,
    ProgrammeFactory,
    ResponsibilityFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


class Inbox:
    """Takes mails and keeps them; answers as told."""

    def __init__(self):
        self.letters = []
        self.recipient_answer = "250 OK"
        self.data_answer = "250 OK"
        # The mail is there, but the yes gets lost.
        self.after_data = ""

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.data_answer.startswith("250"):
            self.letters.append(envelope)
        return self.after_data or self.data_answer


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def port(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = free_port()
    settings.EMAIL_HOST_USER = ""
    settings.EMAIL_USE_TLS = False
    settings.EMAIL_TIMEOUT = 5
    return settings.EMAIL_PORT


@contextmanager
def mail_server(port):
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()


def rested(message):
    """The time of rest after a failed attempt is over."""
    Message.objects.filter(pk=message.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_message_waits_while_the_server_is_away_and_goes_out_afterwards(port):
    message = MessageFactory()

    assert send_message(message.pk) is False
    message.refresh_from_db()
    assert message.status == Message.Status.PENDING
    assert message.error.startswith("ConnectionRefusedError")
    assert message.attempts == 1

    rested(message)
    with mail_server(port) as inbox:
        assert send_message(message.pk) is True
    message.refresh_from_db()
    assert message.status == Message.Status.SENT
    assert message.error == ""
    assert message.sent_at is not None
    assert [letter.rcpt_tos for letter in inbox.letters] == [[message.recipient]]


def headers(letter):
    return message_from_bytes(letter.content)


def test_second_attempt_is_the_same_mail(port):
    message, other = MessageFactory.create_batch(2)

    with mail_server(port) as inbox:
        inbox.after_data = "451 Come back later"
        send_message(message.pk)
        rested(message)
        inbox.after_data = ""
        assert send_message(message.pk) is True
        send_message(other.pk)

    first, second, third = (headers(letter)["Message-ID"] for letter in inbox.letters)
    assert first == second
    assert first != third


def test_mail_is_one_of_the_senders_domain(port, settings):
    settings.DEFAULT_FROM_EMAIL = "MfV-Portal <portal@müller-straße.example>"

    with mail_server(port) as inbox:
        send_message(MessageFactory().pk)

    [letter] = inbox.letters
    assert headers(letter)["Message-ID"].endswith("@xn--mller-strae-46a18a.example>")


def test_answer_reaches_the_leads_of_the_programme(port):
    programme = ProgrammeFactory()
    leads = [LeadFactory(programme=programme) for _number in range(2)]
    LeadFactory(programme=ProgrammeFactory())
    ResponsibilityFactory(programme=programme, role="editor")
    LeadFactory(programme=programme, is_active=False)
    message = MessageFactory(scope=programme.slug)

    with mail_server(port) as inbox:
        send_message(message.pk)
        send_message(MessageFactory().pk)
        send_message(MessageFactory(scope=programme.slug, recipient=leads[0].email).pk)

    about, about_nothing, to_the_lead = map(headers, inbox.letters)
    assert about["Reply-To"] == ", ".join(lead.email for lead in leads)
    assert about_nothing["Reply-To"] is None
    assert to_the_lead["Reply-To"] == leads[1].email


@pytest.mark.parametrize(
    ("recipient", "on_the_wire"),
    [
        ("info@müller-straße.example", "info@xn--mller-strae-46a18a.example"),
        ("info@MÜLLER.example", "info@xn--mller-kva.example"),
        ("info@xn--mller-kva.example", "info@xn--mller-kva.example"),
        ("info@example.org", "info@example.org"),
    ],
)
def test_mail_goes_to_the_domain_that_was_typed(port, recipient, on_the_wire):
    message = MessageFactory(recipient=recipient)

    with mail_server(port) as inbox:
        assert send_message(message.pk) is True

    [letter] = inbox.letters
    assert letter.rcpt_tos == [on_the_wire]
    assert headers(letter)["To"] == on_the_wire


def test_domain_that_cannot_be_fails_at_once(port):
    message = MessageFactory(recipient="info@mü\u2044ller.example")

    with mail_server(port) as inbox:
        send_message(message.pk)

    message.refresh_from_db()
    assert (inbox.letters, message.status) == ([], Message.Status.FAILED)


def test_message_rests_between_attempts(port):
    message = MessageFactory()
    send_message(message.pk)

    assert send_message(message.pk) is False
    message.refresh_from_db()
    assert message.attempts == 1
    assert message.lease_until > timezone.now() + RETRY_AFTER[0] - timedelta(seconds=10)


def test_message_fails_after_five_attempts(port):
    message = MessageFactory()

    for _attempt in range(Message.ATTEMPTS):
        send_message(message.pk)
        rested(message)

    message.refresh_from_db()
    assert message.status == Message.Status.FAILED
    assert message.attempts == 5
    assert "ConnectionRefusedError" in message.error


def test_unknown_recipient_fails_at_once(port):
    message = MessageFactory()

    with mail_server(port) as inbox:
        inbox.recipient_answer = "550 No such mailbox"
        send_message(message.pk)

    message.refresh_from_db()
    assert (message.status, message.attempts) == (Message.Status.FAILED, 1)
    assert message.error == "550 No such mailbox"


def test_greylisted_recipient_is_tried_again(port):
    message = MessageFactory()

    with mail_server(port) as inbox:
        inbox.recipient_answer = "451 Come back later"
        send_message(message.pk)

    message.refresh_from_db()
    assert (message.status, message.attempts) == (Message.Status.PENDING, 1)


@pytest.mark.parametrize(
    ("answer", "status"), [("554 Spam", "failed"), ("452 Disk full", "pending")]
)
def test_refused_text_fails_only_when_it_is_final(port, answer, status):
    message = MessageFactory()

    with mail_server(port) as inbox:
        inbox.data_answer = answer
        send_message(message.pk)

    message.refresh_from_db()
    assert message.status == status


def test_link_is_in_the_mail_and_forgotten_afterwards(port):
    message = MessageFactory(
        body=f"Hier:\n{Message.LINK_MARK}\n", link="https://example.org/einladung/geheim/"
    )

    with mail_server(port) as inbox:
        send_message(message.pk)

    message.refresh_from_db()
    assert "https://example.org/einladung/geheim/" in inbox.letters[0].content.decode()
    assert message.link == ""
    assert message.body == f"Hier:\n{Message.LINK_MARK}"


def test_address_with_a_line_break_fails_at_once(port):
    message = MessageFactory(recipient="a@example.org\nBcc: b@example.org")

    with mail_server(port) as inbox:
        send_message(message.pk)

    message.refresh_from_db()
    assert inbox.letters == []
    assert (message.status, message.attempts) == (Message.Status.FAILED, 1)


def test_line_break_in_the_subject_ends_no_header():
    message = queue_mail(Mail("Hallo\r\nBcc: b@example.org", "Text", "de"), "a@example.org")

    send_message(message.pk)

    assert mail.outbox[0].subject == "Hallo Bcc: b@example.org"
    assert mail.outbox[0].bcc == []


def test_second_sender_finds_nothing():
    message = MessageFactory()

    assert send_message(message.pk) is True
    assert send_message(message.pk) is False
    assert len(mail.outbox) == 1


def test_message_held_by_another_sender_is_left_alone():
    message = MessageFactory(
        status=Message.Status.SENDING,
        token="00000000-0000-4000-8000-000000000001",
        lease_until=timezone.now() + timedelta(minutes=1),
        attempts=1,
    )

    assert send_message(message.pk) is False
    assert mail.outbox == []


def test_message_of_a_lost_sender_is_taken_over():
    message = MessageFactory(
        status=Message.Status.SENDING,
        token="00000000-0000-4000-8000-000000000001",
        lease_until=timezone.now() - timedelta(seconds=1),
        attempts=1,
    )

    assert send_message(message.pk) is True


class SlowBackend(BaseEmailBackend):
    """Takes so long that the sweeper gives the mail to somebody else."""

    def send_messages(self, email_messages):
        Message.objects.update(token="00000000-0000-4000-8000-000000000002")
        return len(email_messages)


def test_sender_that_comes_back_late_changes_nothing(settings):
    settings.EMAIL_BACKEND = f"{__name__}.SlowBackend"
    message = MessageFactory()

    assert send_message(message.pk) is False
    message.refresh_from_db()
    assert message.status == Message.Status.SENDING


class LateRefusal(SlowBackend):
    """Takes as long, and then the mail server is away."""

    def send_messages(self, email_messages):
        super().send_messages(email_messages)
        raise ConnectionResetError


@pytest.mark.parametrize("attempts", [0, Message.ATTEMPTS - 1])
def test_sender_that_fails_late_leaves_the_mail_to_the_one_who_has_it(settings, attempts):
    settings.EMAIL_BACKEND = f"{__name__}.LateRefusal"
    message = MessageFactory(attempts=attempts)

    assert send_message(message.pk) is False

    message.refresh_from_db()
    assert (message.status, message.error) == (Message.Status.SENDING, "")
    assert str(message.token) == "00000000-0000-4000-8000-000000000002"


def test_queued_message_goes_out_after_the_commit_only(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        message = queue_mail(Mail("Ja", "Text", "de"), "a@example.org")

    assert len(callbacks) == 1
    assert message.status == Message.Status.PENDING


def test_sweeper_announces_what_waits_without_a_hint(settings):
    old = timezone.now() - timedelta(minutes=2)
    waiting = MessageFactory(created_at=old)
    MessageFactory(created_at=old, sent=True)
    MessageFactory(created_at=old, failed=True)
    MessageFactory()

    assert sweep_messages() == 1
    waiting.refresh_from_db()
    assert waiting.announced_at is not None
    assert sweep_messages() == 0


def test_sweeper_gives_up_what_was_lost_five_times():
    message = MessageFactory(
        status=Message.Status.SENDING,
        token="00000000-0000-4000-8000-000000000001",
        lease_until=timezone.now() - timedelta(seconds=1),
        attempts=5,
    )

    sweep_messages()

    message.refresh_from_db()
    assert message.status == Message.Status.FAILED
    assert message.error == "Der Versand ist mehrmals mitten in der Arbeit ausgefallen."


def test_failed_message_is_sent_again_from_the_beginning():
    message = MessageFactory(failed=True)

    resend_message(message, by=UserFactory())
    assert send_message(message.pk) is True

    message.refresh_from_db()
    assert (message.status, message.attempts) == (Message.Status.SENT, 1)


@pytest.mark.parametrize("status", ["pending", "sending", "sent"])
def test_only_a_failed_message_is_sent_again(status):
    message = MessageFactory(status=status)

    with pytest.raises(Message.WrongStatus):
        resend_message(message, by=UserFactory())


def test_links_of_one_thing_are_forgotten():
    participation, other = ParticipationFactory.create_batch(2)
    mark = Message.LINK_MARK
    letter = Mail("A", mark, "de")
    kept = queue_mail(letter, "a@example.org", concerning=other, link="https://a")
    queue_mail(letter, "a@example.org", concerning=participation, link="https://b")
    failed = MessageFactory(
        failed=True,
        body=mark,
        link="https://c",
        object_kind="programmes.participation",
        object_id=str(participation.pk),
    )

    forget_links(participation)

    failed.refresh_from_db()
    assert list(Message.objects.exclude(link="")) == [kept]
    assert set(Message.objects.all()) == {kept, failed}
    with pytest.raises(LinkGone):
        resend_message(failed, by=UserFactory())


@pytest.mark.parametrize("before", Message.Status.values)
@pytest.mark.parametrize("after", Message.Status.values)
def test_message_moves_as_its_table_says(before, after):
    message = Message(status=before)
    allowed = {
        ("pending", "sending"),
        ("sending", "sent"),
        ("sending", "failed"),
        ("sending", "pending"),
        ("failed", "pending"),
    }

    if (before, after) in allowed:
        message.move_to(after)
        assert message.status == after
    else:
        with pytest.raises(Message.WrongStatus):
            message.move_to(after)
