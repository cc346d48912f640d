"""The chain for new data: from nothing to a printed release and guideline."""

import io
import re
import socket
import subprocess

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MailHandler
from django.core.files.storage import default_storage
from django.core.management import call_command
from playwright.sync_api import expect

from concepts.models import Concept
from documents.models import RenderJob
from people.models import User
from publications.models import Edition, PressRelease
from workshops.models import Output

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

LEAD = "leitung@example.org"
GUEST = "erika.beispiel@example.org"
PASSWORD = "ein-langes-eigenes-passwort"


class Mailbox(MailHandler):
    """An SMTP server that keeps what it gets."""

    def __init__(self):
        super().__init__()
        self.mails = []

    def handle_message(self, message):
        self.mails.append(message)


@pytest.fixture
def mailbox():
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        box.port = probe.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=box.port)
    server.start()
    yield box
    server.stop()


class Desk:
    """The admin as the lead uses it."""

    def __init__(self, it):
        self.it = it
        self.page = it.page

    def open(self, path: str) -> None:
        assert self.it.open(f"/admin/{path}").status == 200

    def fill(self, **values: str) -> None:
        for name, value in values.items():
            self.page.locator(f"[name='{name}']").fill(value)

    def write(self, name: str, text: str) -> None:
        """Type into the editor of a rich text."""
        editor = self.page.locator(f".field-{name} .tiptap.ProseMirror").first
        editor.click()
        self.page.keyboard.type(text)

    def choose(self, name: str, text: str) -> None:
        """Choose in an autocomplete by typing."""
        self.choose_in(self.page.locator(f".field-{name}").first, text)

    def choose_in(self, field, text: str) -> None:
        field.locator(".select2-selection").first.click()
        self.page.locator(".select2-search__field").last.fill(text)
        self.page.locator(".select2-results__option", has_text=text).first.click()

    def save(self) -> None:
        self.page.locator("[name='_continue']").click()
        answer = self.page.locator(".messagelist .success, .errorlist, .errornote").first
        answer.wait_for(timeout=20_000)
        assert self.page.locator(".errorlist, .errornote").all_inner_texts() == []

    def add_block(self, kind: str, field: str = "", text: str = "") -> None:
        """Add a block to the chapter; with a field, choose its row in the autocomplete."""
        self.page.locator("#blocks-group .add-row a").click()
        block = self.page.locator("#blocks-group .inline-related:not(.empty-form)").last
        block.locator("select[name$='-kind']").select_option(kind)
        if field:
            self.choose_in(block.locator(field), text)

    def print(self) -> None:
        """Ask for a print and wait for the file."""
        self.press("Drucken")
        file = self.page.get_by_role("link", name="Druckfassung herunterladen")
        expect(file).to_be_visible(timeout=90_000)

    def press(self, label: str, **values: str) -> None:
        """Press a button of the object; on the page that asks first, answer and confirm."""
        button = self.page.locator(
            ".object-actions__button", has_text=re.compile(rf"^\s*{re.escape(label)}( …)?\s*$")
        )
        asks_first = "…" in button.inner_text()
        button.click()
        if asks_first:
            confirm = self.page.locator(f"input[type='submit'][value='{label}']")
            confirm.wait_for()
            self.fill(**values)
            confirm.click()
        expect(self.page.locator(".messagelist, .print-job").first).to_be_visible(timeout=20_000)

    def expect_done(self, sentence: str) -> None:
        expect(self.page.locator(".messagelist")).to_contain_text(sentence)


def set_up_programme(desk: Desk) -> None:
    desk.open("programmes/programme/add/")
    desk.fill(title="Stadt am Tisch", short_title="Stadttisch", city="Halle")
    desk.save()
    desk.page.locator("[name='is_public']").check()
    desk.fill(summary="Zwanzig Menschen, eine Frage.", website="https://example.org")
    desk.save()
    desk.open("programmes/run/add/")
    desk.fill(topic="Leere Läden", number="1", period="01/2026 – 06/2026")
    desk.page.locator("[name='is_public']").check()
    desk.save()
    desk.press("Leitfrage neu fassen", text="Was zieht in leere Läden ein?")
    desk.press("Durchlauf starten")
    for number, title in enumerate(("Auftakt", "Werkstatt"), start=1):
        desk.open("workshops/workshop/add/")
        desk.choose("run", "Leere Läden")
        desk.fill(number=str(number), title=title, held_on=f"1{number}.01.2026")
        desk.save()
    desk.open("workshops/task/add/")
    desk.choose("workshop", "Auftakt")
    desk.fill(title="Drei leere Läden finden")
    desk.write("instructions", "Gehen Sie eine Straße entlang.")
    desk.save()


def invite(desk: Desk) -> None:
    desk.open("programmes/participation/add/")
    desk.choose("run", "Leere Läden")
    desk.fill(given_name="Erika", family_name="Beispiel", email=GUEST)
    desk.page.locator("[name='send_invitation']").check()
    desk.save()


def accept_and_hand_in(it, link: str) -> None:
    page = it.page
    page.goto(link)
    expect(page.locator("h1")).to_have_text("Leere Läden")
    for field in page.locator("input[type='password']").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name="Zusagen").click()
    page.wait_for_url(lambda url: "/einladung/" not in url)
    it.open("/mein-bereich/")
    page.locator("main").get_by_role("link", name="Leere Läden").first.click()
    expect(page.locator("main")).to_contain_text("Was zieht in leere Läden ein?")
    page.get_by_role("link", name="Drei leere Läden finden").first.click()
    page.get_by_role("button", name=re.compile("beginnen|anlegen|schreiben", re.IGNORECASE)).click()
    editor = page.locator(".tiptap.ProseMirror").first
    editor.click()
    page.keyboard.type("Gefunden in der Langen Straße.")
    page.locator("input[type='file']").first.set_input_files(
        {"name": "liste.txt", "mimeType": "text/plain", "buffer": b"Laden 1\nLaden 2"}
    )
    page.get_by_role("button", name="Abgeben").click()
    expect(page.locator("main")).to_contain_text("abgegeben")
    expect(page.locator("main")).to_contain_text("liste.txt")


def accept_output(desk: Desk) -> None:
    desk.open(f"workshops/output/{Output.objects.get().pk}/change/")
    expect(desk.page.locator("#content")).to_contain_text("Gefunden in der Langen Straße.")
    desk.press("Annehmen")
    assert Output.objects.get().status == Output.Status.ACCEPTED


def publish_a_concept(desk: Desk) -> None:
    desk.open("concepts/concept/add/")
    desk.fill(title="Probeladen", summary="Vier Wochen zur Probe.")
    desk.choose("run", "Leere Läden")
    desk.write("problem", "Mieten sind zu hoch.")
    desk.write("approach", "Läden auf Zeit.")
    desk.save()
    desk.press("Zur Mitzeichnung geben")
    desk.press("Einreichen", waiver_reason="Alle haben auf Papier unterschrieben.")
    desk.press("Prüfung beginnen")
    desk.press("Freigeben")
    desk.press("Veröffentlichen")
    desk.expect_done("veröffentlicht")
    assert Concept.objects.get().status == Concept.Status.PUBLISHED


def print_a_release(desk: Desk) -> None:
    desk.open("publications/pressrelease/add/")
    desk.choose("run", "Leere Läden")
    desk.fill(
        headline="{programm.titel}: neue Ideen",
        place="Halle",
        dated_on="30.06.2026",
        lead="Die Gruppe fragte: {leitfrage} Sie schlägt vor: {konzept:probeladen.titel}.",
    )
    desk.save()
    desk.print()


def print_a_guideline(desk: Desk) -> None:
    desk.open("publications/guideline/add/")
    desk.choose("run", "Leere Läden")
    desk.fill(title="So geht es")
    desk.save()
    desk.open("publications/chapter/add/")
    desk.choose("guideline", "So geht es")
    desk.fill(title="Die Frage finden")
    desk.save()
    desk.add_block("question", ".field-run", "Leere Läden")
    desk.add_block("concept", ".field-concept", "Probeladen")
    desk.add_block("course", ".field-run", "Leere Läden")
    desk.add_block("checklist")
    desk.fill(**{"blocks-3-lines": "Läden zählen\nEigentümer fragen"})
    desk.save()
    desk.open("publications/guideline/")
    desk.page.get_by_role("link", name="So geht es").first.click()
    desk.press("Neue Auflage beginnen")
    desk.open(f"publications/edition/{Edition.objects.get().pk}/change/")
    desk.print()


def printed(item) -> str:
    """The text of the printed file."""
    with default_storage.open(item.render_job.artefact.key) as file:
        content = file.read()
    text = subprocess.run(
        ["pdftotext", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()
    return " ".join(text.split())


def test_the_chain_for_ones_own_data(
    visit,
    celery_workers,
    mailbox,
    live_server,
    settings,
    monkeypatch,
):
    settings.PORTAL_URL = live_server.url
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    call_command("create_lead", LEAD, "--password-stdin")
    lead = User.objects.get(email=LEAD)
    celery_workers.start_worker(
        EMAIL_URL=f"smtp://127.0.0.1:{mailbox.port}", PORTAL_URL=live_server.url
    )

    with visit(user=lead) as it:
        desk = Desk(it)
        set_up_programme(desk)
        invite(desk)
        celery_workers.wait_until(lambda: mailbox.mails)
        text = mailbox.mails[0].get_payload(decode=True).decode()
        link = re.search(r"http\S+/einladung/\S+", text)[0]

        with visit() as guest:
            accept_and_hand_in(guest, link)
            assert guest.is_quiet()

        accept_output(desk)
        publish_a_concept(desk)
        with visit() as public:
            public.open(Concept.objects.get().get_absolute_url())
            expect(public.page.locator("main")).to_contain_text("Läden auf Zeit.")
            assert public.is_quiet()
        print_a_release(desk)
        print_a_guideline(desk)
        assert it.is_quiet()

    release = printed(PressRelease.objects.get())
    guideline = printed(Edition.objects.get())
    assert "Stadt am Tisch: neue Ideen" in release
    assert "Was zieht in leere Läden ein?" in release
    assert "Probeladen" in release
    for words in ("Was zieht in leere Läden ein?", "Probeladen", "Auftakt", "Eigentümer fragen"):
        assert words in guideline
    assert set(RenderJob.objects.values_list("status", flat=True)) == {"done"}
