"""The invented run: who takes part, what they hand in and write."""

import datetime

from django.db.models import Max
from django.utils import timezone

from concepts.models import BuildingBlock, Concept
from people.models import Message, User
from programmes.models import Invitation, Participation, Person, Programme, Run, Sector, Team
from programmes.operations import (
    accept_invitation,
    add_participant,
    add_person,
    add_team_member,
    invite,
    set_guiding_question,
    start_run,
)
from publications.models import PressBlock, PressRelease, Quote
from texts.dates import ImpreciseDate
from workshops.models import Event, Output, Task, Workshop
from workshops.operations import (
    accept_output,
    confirm_workshop,
    document_workshop,
    hold_workshop,
    save_and_submit_output,
    save_output,
    start_output,
)

Role = Participation.Role

# Given name, family name, address, sector, role, may be named in public.
PEOPLE = [
    ("Mara", "Musterfrau", "mara@example.org", "wirtschaft", Role.PARTICIPANT, True),
    ("Veit", "Vorlage", "veit@example.org", "verwaltung", Role.PARTICIPANT, True),
    ("Bea", "Beispiel", "bea@example.org", "politik", Role.PARTICIPANT, False),
    ("Pit", "Probe", "pit@example.org", "kultur", Role.PARTICIPANT, False),
    ("Fanny", "Formular", "fanny@example.org", "soziales", Role.FACILITATOR, False),
]
MARA, VEIT, BEA, PIT, FANNY = (address for _g, _f, address, *_rest in PEOPLE)

# Days from today.
WORKSHOPS = {"auftakt": -42, "rundgang": -14, "werkstatt": 5, "entwurf": 33, "vorstellung": 61}

FIRST_RESULTS = "<p>Alle kennen einander; drei Straßen sind ausgewählt.</p>"


def make_run(programme: Programme, lead: User) -> Run:
    number = (programme.runs.aggregate(last=Max("number"))["last"] or 0) + 1
    run = Run.objects.create(
        programme=programme,
        slug=f"leere-laeden-{number}",
        number=number,
        topic="Leere Läden beleben (Vorführung)",
        city="Musterstadt",
        summary=(
            "<p>Ein erfundener Durchlauf, in dem alles einmal vorkommt: Probieren Sie es aus.</p>"
        ),
        is_public=True,
    )
    set_guiding_question(run, "Wie kommt wieder Leben in die leeren Läden der Altstadt?", by=lead)
    start_run(run, by=lead)
    accounts = {person[2]: _take_in(run, *person, lead=lead) for person in PEOPLE}
    run.refresh_from_db()
    _make_workshops(run, lead)
    window, interim = _make_teams(run, accounts, lead)
    _hand_in(run, accounts, window)
    _write(run, window, interim)
    _prepare_press(run)
    return run


def _take_in(
    run: Run,
    given_name: str,
    family_name: str,
    address: str,
    sector: str,
    role: Participation.Role,
    may_be_named: bool,
    *,
    lead: User,
) -> User:
    """Enter, invite and let accept, as the pages do; the mail of the invitation is not sent."""
    person = _person(run.programme, given_name, family_name, address, lead)
    participation = add_participant(run, person, sector=sector_of(run, sector), role=role, by=lead)
    link = link_of(invite(participation, by=lead))
    accept_invitation(
        link.rstrip("/").rpartition("/")[2], by=person.user, may_be_named=may_be_named
    )
    return User.objects.get(email=address)


def _person(programme: Programme, given: str, family: str, address: str, lead: User) -> Person:
    known = Person.objects.filter(programme=programme, email=address).first()
    return known or add_person(
        programme, given_name=given, family_name=family, email=address, by=lead
    )


def sector_of(run: Run, key: str) -> Sector:
    return Sector.objects.get(programme=run.programme_id, key=key)


def link_of(invitation: Invitation) -> str:
    """The secret link, as long as its mail has not gone out."""
    mails = Message.objects.of(invitation).exclude(link="").order_by("-pk")
    return mails.values_list("link", flat=True)[0]


def _make_workshops(run: Run, lead: User) -> None:
    titles = {
        "auftakt": "Auftakt: Wer sitzt am Tisch?",
        "rundgang": "Rundgang durch leere Läden",
        "werkstatt": "Werkstatt: Ideen, die tragen",
        "entwurf": "Konzepte entwerfen",
        "vorstellung": "Vorstellung vor der Stadt",
    }
    for number, key in enumerate(WORKSHOPS, start=1):
        workshop = Workshop.objects.create(
            run=run,
            key=key,
            number=number,
            title=titles[key],
            held_on=ImpreciseDate.from_day(timezone.localdate()),
            begins_at=datetime.time(9),
            ends_at=datetime.time(17),
            venue="Bürgersaal, Musterstadt",
            goal="<p>Ein ganzer Tag, ein Schritt weiter.</p>",
            agenda=(
                "<ul><li>Ankommen und Rückblick</li><li>Arbeit in Gruppen</li>"
                "<li>Ergebnisse und nächste Schritte</li></ul>"
            ),
            results=FIRST_RESULTS if key == "auftakt" else "",
        )
        days = WORKSHOPS[key]
        if days <= WORKSHOPS["werkstatt"]:
            confirm_workshop(workshop, by=lead)
        if days < 0:
            hold_workshop(workshop, by=lead)
    document_workshop(run.workshops.get(key="auftakt"), by=lead)
    for key, parent, title, text, addressee in [
        (
            "erwartungen",
            "auftakt",
            "Was ich erwarte",
            "Schreiben Sie in drei Sätzen, was am Ende anders sein soll.",
            Task.Addressee.EACH,
        ),
        (
            "laeden",
            "rundgang",
            "Drei leere Läden",
            "Beschreiben Sie drei leere Läden in Ihrer Nähe, gern mit Fotos.",
            Task.Addressee.EACH,
        ),
        (
            "einladung",
            "werkstatt",
            "Wen wir einladen sollten",
            ("Nennen Sie eine Person, die wir im nächsten Workshop treffen sollten."),
            Task.Addressee.EACH,
        ),
        (
            "rechnung",
            "werkstatt",
            "Was es kostet",
            "Rechnen Sie gemeinsam aus, was Ihre Idee im ersten Jahr kostet.",
            Task.Addressee.TEAM,
        ),
    ]:
        Task.objects.create(
            workshop=run.workshops.get(key=parent),
            key=key,
            title=title,
            instructions=f"<p>{text}</p>",
            addressee=addressee,
            # So that nothing of the story counts as late; the real dates come at the end.
            due_at=timezone.now() + datetime.timedelta(days=1),
        )


def _make_teams(run: Run, accounts: dict[str, User], lead: User) -> tuple[Team, Team]:
    window = Team.objects.create(run=run, key="schaufenster", name="Team Schaufenster", position=1)
    interim = Team.objects.create(
        run=run, key="zwischennutzung", name="Team Zwischennutzung", position=2
    )
    for team, addresses in [(window, [MARA, VEIT]), (interim, [BEA, PIT])]:
        for address in addresses:
            member = run.participations.get(person__user=accounts[address])
            add_team_member(team, member, is_speaker=address == addresses[0], by=lead)
    for key, invited, kind, title in [
        ("schaufenster", window, Event.Kind.MEETING, "Treffen: Wir rechnen"),
        ("abschluss", None, Event.Kind.CLOSING, "Abschluss im Rathaus"),
    ]:
        Event.objects.create(
            run=run,
            key=key,
            team=invited,
            kind=kind,
            title=title,
            begins_at=datetime.time(17),
            venue="Rathaus, Musterstadt",
            is_public=invited is None,
        )
    return window, interim


def _hand_in(run: Run, accounts: dict[str, User], window: Team) -> None:
    """One accepted, some that wait for an answer, one draft of a team; the rest is still open."""
    tasks = {task.key: task for task in Task.objects.filter(workshop__run=run)}
    words = {
        MARA: "Dass drei Läden wieder offen sind.",
        VEIT: "Dass Anträge nicht mehr Monate dauern.",
        BEA: "Dass der Rat die Ergebnisse beschließt.",
    }
    for address, text in words.items():
        output = _submit(tasks["erwartungen"], text, accounts[address])
        if address == MARA:
            accept_output(
                output,
                version=output.version,
                answer="Danke, das nehmen wir in den nächsten Workshop mit.",
                by=accounts[FANNY],
            )
    _submit(tasks["laeden"], "Die alte Bäckerei, das Eckhaus, der Kiosk.", accounts[VEIT])
    draft = start_output(tasks["rechnung"], team=window, by=accounts[VEIT])
    save_output(
        draft,
        body="<p>Miete: noch offen. Farbe und Licht: 2.000 Euro.</p>",
        version=draft.version,
        by=accounts[VEIT],
    )


def _submit(task: Task, text: str, account: User) -> Output:
    output = start_output(task, by=account)
    return save_and_submit_output(output, body=f"<p>{text}</p>", version=output.version, by=account)


def _write(run: Run, window: Team, interim: Team) -> None:
    concept = Concept.objects.create(
        run=run,
        team=window,
        slug=f"schaufenster-{run.number}",
        title="Schaufenster auf Zeit",
        is_working_title=True,
        summary=("Leere Schaufenster zeigen für drei Monate, was in der Stadt entsteht."),
        problem="<p>Jeder fünfte Laden der Altstadt steht leer.</p>",
        approach="<p>Schulen, Vereine und Betriebe gestalten die Fenster im Wechsel.</p>",
        addressees="Eigentümerinnen und Eigentümer leerer Läden",
        beneficiaries="Alle, die in der Altstadt unterwegs sind",
    )
    BuildingBlock.objects.create(
        concept=concept,
        key="vertrag",
        position=1,
        title="Vertrag auf einer Seite",
        description="<p>Ein Muster für die Nutzung auf drei Monate.</p>",
    )
    Concept.objects.create(
        run=run,
        team=interim,
        slug=f"zwischennutzung-{run.number}",
        title="Ein Laden für alle",
        is_working_title=True,
        summary="Ein Laden, den jede Woche jemand anderes nutzt.",
    )


def _prepare_press(run: Run) -> None:
    quote = Quote.objects.create(
        programme=run.programme,
        text="Leere Läden sind eine Einladung",
        phrase="so die Projektleitung",
        speaker_role="Projektleitung",
    )
    release = PressRelease.objects.create(
        programme=run.programme,
        run=run,
        slug=f"zwischenstand-{run.number}",
        place="Musterstadt",
        headline="Zwei Teams wollen leere Läden beleben (Vorführung)",
        lead="Zur Halbzeit stehen zwei Ideen fest. Diese Mitteilung ist erfunden.",
    )
    PressBlock.objects.create(
        release=release,
        position=1,
        text="<p>Ein Entwurf zum Ausprobieren: ändern, freigeben, drucken.</p>",
    )
    PressBlock.objects.create(release=release, position=2, kind=PressBlock.Kind.QUOTE, quote=quote)
