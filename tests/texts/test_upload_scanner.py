"""The virus scanner: a server that speaks clamd's protocol over real sockets."""

import socketserver
import struct
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from exchange.content import NotExportable
from exchange.operations import export_programme
from people.models import AuditEntry, Message
from people.production import send_message
from tests.factories import (
    AttachmentFactory,
    LeadFactory,
    OutputFactory,
    ParticipationFactory,
    ResponsibilityFactory,
    TeamMembershipFactory,
)
from tests.texts.uploads import upload
from texts.uploads import check_upload, scanner
from workshops.models import Attachment
from workshops.operations import add_attachment, sweep_scans
from workshops.production import scan_attachment

pytestmark = pytest.mark.django_db
VIRUS = b"a virus"


class Clamd(socketserver.StreamRequestHandler):
    """Answers as clamd does; everything with VIRUS in it is a virus."""

    def handle(self):
        command = self._until_nul()
        if command == b"zPING":
            self.wfile.write(b"PONG\0")
        elif command == b"zINSTREAM":
            self.server.scanned.append(content := self._stream())
            self.wfile.write(self.server.answer or self._verdict(content))

    def _verdict(self, content):
        return b"stream: Test.Virus FOUND\0" if VIRUS in content else b"stream: OK\0"

    def _until_nul(self):
        said = b""
        while not said.endswith(b"\0") and (more := self.rfile.read(1)):
            said += more
        return said.rstrip(b"\0")

    def _stream(self):
        content = b""
        while size := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        return content


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class UnixServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def serving(server):
    server.scanned, server.answer = [], b""
    thread = threading.Thread(target=server.serve_forever, args=[0.02])
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def clamd(settings):
    with serving(Server(("127.0.0.1", 0), Clamd)) as server:
        settings.CLAMD_URL = f"tcp://127.0.0.1:{server.server_address[1]}"
        yield server


@pytest.fixture
def away(settings):
    settings.CLAMD_URL = "tcp://127.0.0.1:1"


def stored(content=b"Guten Tag", **more):
    attachment = AttachmentFactory.build(output=OutputFactory(), name="notiz.txt", **more)
    attachment.file.save("x", ContentFile(content), save=False)
    attachment.save()
    return attachment


def writer(attachment):
    return attachment.output.participation.person.user


def test_file_is_closed_until_it_is_scanned(client, clamd):
    attachment = stored()
    client.force_login(writer(attachment))

    before = client.get(attachment.get_absolute_url())
    page = client.get(attachment.output.get_absolute_url())
    scan_attachment(attachment.pk)
    after = client.get(attachment.get_absolute_url())

    assert before.status_code == 409
    assert "wird auf Schadprogramme geprüft" in before.text
    assert "Wird auf Schadprogramme geprüft" in page.text
    assert b"".join(after.streaming_content) == b"Guten Tag"
    attachment.refresh_from_db()
    assert attachment.scan == Attachment.Scan.CLEAN
    assert attachment.scanned_at is not None
    assert clamd.scanned == [b"Guten Tag"]


def test_large_file_goes_in_pieces(clamd):
    content = bytes(range(256)) * 3_000

    scan_attachment(stored(content).pk)

    assert clamd.scanned == [content]


def test_scanner_behind_a_file_of_the_system(settings, tmp_path):
    path = tmp_path / "clamd.ctl"
    settings.CLAMD_URL = f"unix://{path}"
    attachment = stored()

    with serving(UnixServer(str(path), Clamd)):
        assert scanner.answers()
        scan_attachment(attachment.pk)

    attachment.refresh_from_db()
    assert attachment.scan == Attachment.Scan.CLEAN


def test_malware_is_deleted_and_told(clamd, django_capture_on_commit_callbacks):
    attachment = stored(b"x" + VIRUS)
    programme = attachment.output.task.workshop.run.programme
    lead = LeadFactory()
    ResponsibilityFactory(programme=programme, user=lead, role="lead")

    with django_capture_on_commit_callbacks(execute=True):
        scan_attachment(attachment.pk)

    assert not Attachment.objects.exists()
    assert not default_storage.exists(attachment.file.name)
    entry = AuditEntry.objects.get(action="delete_infected_file")
    assert entry.details == {"key": attachment.key, "finding": "Test.Virus"}
    assert entry.scope == programme.slug
    told = Message.objects.order_by("pk")
    assert {message.recipient for message in told} == {lead.email, writer(attachment).email}
    assert all("Test.Virus" in message.body for message in told)
    assert told[0].subject == "Schadprogramm in einer Datei: notiz.txt"


def test_malware_of_a_team_is_told_to_the_team(clamd):
    attachment = stored(VIRUS)
    output = attachment.output
    membership = TeamMembershipFactory(
        participation=ParticipationFactory(run=output.task.workshop.run)
    )
    output.team = membership.team
    output.save(update_fields=["team"])

    scan_attachment(attachment.pk)

    assert [message.recipient for message in Message.objects.all()] == [
        membership.participation.person.user.email
    ]


@pytest.mark.parametrize(
    "answer",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"stream: OK",  # cut off
        b"stream: OK but FOUND later\0",
    ],
)
def test_file_stays_closed_without_a_clear_answer(clamd, answer):
    clamd.answer = answer
    attachment = stored()

    scan_attachment(attachment.pk)

    attachment.refresh_from_db()
    assert attachment.is_closed


def test_file_stays_closed_while_the_scanner_is_away_and_opens_afterwards(
    client, away, settings, django_capture_on_commit_callbacks
):
    attachment = stored()
    client.force_login(writer(attachment))
    scan_attachment(attachment.pk)
    assert client.get(attachment.get_absolute_url()).status_code == 409
    long_ago = timezone.now() - timedelta(minutes=1)
    Attachment.objects.update(uploaded_at=long_ago)
    assert sweep_scans() == 0

    with serving(Server(("127.0.0.1", 0), Clamd)) as server:
        settings.CLAMD_URL = f"tcp://127.0.0.1:{server.server_address[1]}"
        assert sweep_scans() == 1
        scan_attachment(attachment.pk)

    assert client.get(attachment.get_absolute_url()).status_code == 200


def test_sweeper_leaves_new_and_scanned_files_alone(clamd):
    stored()
    long_ago = timezone.now() - timedelta(minutes=1)
    Attachment.objects.filter(pk=stored(scan=Attachment.Scan.CLEAN).pk).update(uploaded_at=long_ago)

    assert sweep_scans() == 0


def test_file_from_before_the_scanner_is_scanned_and_stays_open_meanwhile(client, settings):
    attachment = stored()
    assert attachment.scan == Attachment.Scan.UNCHECKED
    Attachment.objects.update(uploaded_at=timezone.now() - timedelta(minutes=1))
    client.force_login(writer(attachment))

    with serving(Server(("127.0.0.1", 0), Clamd)) as server:
        settings.CLAMD_URL = f"tcp://127.0.0.1:{server.server_address[1]}"
        assert client.get(attachment.get_absolute_url()).status_code == 200
        assert sweep_scans() == 1
        scan_attachment(attachment.pk)

    attachment.refresh_from_db()
    assert attachment.scan == Attachment.Scan.CLEAN


def test_waiting_files_open_when_the_scanner_is_switched_off(away, settings):
    attachment = stored()
    settings.CLAMD_URL = ""

    sweep_scans()

    attachment.refresh_from_db()
    assert not attachment.is_closed


def test_upload_is_announced_after_the_commit(clamd, django_capture_on_commit_callbacks):
    output = OutputFactory()

    with django_capture_on_commit_callbacks() as callbacks:
        add_attachment(
            output,
            file=check_upload(upload("a.txt", b"Text")),
            by=output.participation.person.user,
        )

    assert len(callbacks) == 1
    assert output.attachments.get().is_closed


def test_closed_file_leaves_the_portal_in_no_export(clamd):
    attachment = stored()
    programme = attachment.output.task.workshop.run.programme

    with pytest.raises(NotExportable, match="wird noch auf Schadprogramme geprüft"):
        export_programme(programme)
    scan_attachment(attachment.pk)

    assert export_programme(programme)


def test_mail_about_malware_can_be_read(clamd):
    attachment = stored(VIRUS)
    scan_attachment(attachment.pk)

    send_message(Message.objects.get().pk)

    [letter] = mail.outbox
    assert "zum Ergebnis der Aufgabe" in letter.body
    assert attachment.output.get_absolute_url() in letter.body
