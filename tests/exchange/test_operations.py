import copy
import datetime
import hashlib

import pytest
from django.core.files.base import ContentFile
from django.db import models

from documents.models import RenderJob
from exchange.content import rows_of
from exchange.files import archive_bytes, json_bytes, parse_file
from exchange.kinds import KINDS
from exchange.kinds.kind import Copied, FileContent, Reference, References
from exchange.operations import ContentDiffers, export_programme, import_programme
from exchange.problems import ImportRefused
from people.models import AuditEntry, Message
from people.notifications import Mail
from people.operations import queue_mail
from programmes.models import (
    Consent,
    Invitation,
    Participation,
    Person,
    Programme,
    Responsibility,
    Run,
    StatedFigure,
)
from publications.models import Edition, PressRelease, Quote
from publications.operations import print_publication
from tests.exchange.conftest import count, empty, source
from tests.factories import (
    AttachmentFactory,
    BlockFactory,
    BuildingBlockFactory,
    ChapterFactory,
    ConceptFactory,
    ConsentFactory,
    EventFactory,
    FundingNoticeFactory,
    GuestFactory,
    GuidelineFactory,
    InvitationFactory,
    LeadFactory,
    OutputFactory,
    ParticipationFactory,
    PositionFactory,
    PressBlockFactory,
    PressContactFactory,
    PressReleaseFactory,
    ProgrammeFactory,
    RunFactory,
    TaskFactory,
    TeamFactory,
    TeamMembershipFactory,
    UserFactory,
    WorkshopFactory,
)
from tests.pages import admin_url, read_change_form
from tests.signing_in import log_in_with_second_factor
from texts.dates import ImpreciseDate
from workshops.models import Output, Workshop

pytestmark = pytest.mark.django_db


def exported(slug):
    exchange_file = export_programme(Programme.objects.get(slug=slug))
    return archive_bytes(exchange_file) if exchange_file.files else json_bytes(exchange_file.data)


def imported(data, **options):
    return import_programme(source(data), by=None, **options)


def problems_of(data, **options):
    with pytest.raises(ImportRefused) as refusal:
        imported(data, **options)
    return {problem.path: problem.sentence for problem in refusal.value.problems}


# Round trip


def test_the_example_comes_out_as_it_went_in(example, django_capture_on_commit_callbacks):
    imported(example)
    first = exported("mfv")
    empty("mfv")

    import_programme(parse_file(first), by=None)

    assert exported("mfv") == first
    assert parse_file(first).data == example


def full_programme():
    """A programme as people and admin leave it: odd places, odd texts, a letter that is out."""
    programme = ProgrammeFactory(accent_colour="#aa0011", language="en")
    run = RunFactory(programme=programme, period=ImpreciseDate("2015-10/2016"))
    person = Person.objects.create(programme=programme, family_name="Ärger", phone="0")
    position = PositionFactory(person=person)
    participation = ParticipationFactory(run=run, person=person, position=position)
    InvitationFactory(
        participation=participation,
        status="sent",
        email="erika@example.org",
        token_hash="a" * 64,
        expires_at=datetime.datetime(2030, 1, 1, 1, 2, 3, 456789, tzinfo=datetime.UTC),
    )
    ConsentFactory(person=person)
    team = TeamFactory(run=run, position=7, purpose="eins\r\nzwei\n\ndrei")
    TeamMembershipFactory(team=team, participation=participation, has_left=True)
    TeamFactory(run=run, position=3)
    workshop = WorkshopFactory(
        run=run,
        begins_at=datetime.time(9, 30),
        ends_at=datetime.time(17, 0, 5),
        goal='<p>Ziel &amp; <a href="https://example.org/?a=1&amp;b=2">mehr</a></p>',
    )
    GuestFactory.create_batch(2, workshop=workshop, position=0)
    EventFactory(run=run, workshop=workshop, team=team, held_on=None)
    task = TaskFactory(workshop=workshop)
    output = OutputFactory(task=task, participation=participation, submitted=True, version=4)
    content = b"Notizen aus der Werkhalle\n"
    attachment = AttachmentFactory.build(
        output=output,
        name="Notizen – Werkhalle.txt",
        media_type="text/plain",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    attachment.file.save("x", ContentFile(content), save=False)
    attachment.save()
    concept = ConceptFactory(run=run, team=team)
    BuildingBlockFactory.create_batch(3, concept=concept, position=5)
    FundingNoticeFactory(programme=programme)
    first = PressReleaseFactory(programme=programme, run=run, slug="zuerst")
    second = PressReleaseFactory(programme=programme, slug="danach", corrects=first)
    second.contacts.set(PressContactFactory.create_batch(2, programme=programme))
    PressBlockFactory(release=first, kind="concept", concept=concept)
    guideline = GuidelineFactory(programme=programme, run=run)
    chapter = ChapterFactory(guideline=guideline, part="appendix")
    BlockFactory(chapter=chapter, kind="workshop", workshop=workshop)
    BlockFactory(
        chapter=chapter,
        kind="table",
        data={"rows": [["a", ""]], "caption": "Eins", "head": ["b", "c"]},
    )
    return programme


def test_a_full_programme_with_files_comes_out_as_it_went_in(mailoutbox):
    programme = full_programme()
    first = exported(programme.slug)
    before = snapshot(programme.slug)
    empty(programme.slug)
    assert set(count(programme.slug).values()) == {0}

    import_programme(parse_file(first), by=None)

    assert exported(programme.slug) == first
    assert snapshot(programme.slug) == before


def snapshot(slug):
    """Every copied value and reference of every row, independent of the exporter."""
    return {
        kind.name: sorted(repr(described(kind, row)) for row in rows_of(kind, slug))
        for kind in KINDS.values()
    }


def described(kind, row):
    told = {}
    for entry in kind.entries:
        value = getattr(row, entry.field)
        match entry:
            case Copied(written_as=written_as):
                told[entry.field] = written_as.get(value, value) if written_as else value
            case Reference():
                told[entry.field] = str(value)
            case References():
                told[entry.field] = sorted(str(target) for target in value.all())
            case FileContent():
                told[entry.field] = value.read()
                value.close()
    return told


def test_each_run_keeps_its_own_number_under_the_same_key(example):
    first = copy.deepcopy(next(f for f in example["figures"] if f["key"] == "teilnehmende"))
    first |= {"run": "schulabbruch", "value": "17"}
    of_programme = {**first, "run": None, "value": "57"}
    example["figures"] += [first, of_programme]
    import_programme(source(example), by=None)
    told = StatedFigure.objects.filter(key="teilnehmende").order_by("value")

    assert list(told.values_list("value", "run__number")) == [("17", 1), ("20", 2), ("57", None)]
    first["value"] = "18"
    changes = import_programme(source(example), by=None, update=True)

    assert [(change.label, change.fields) for change in changes.changed] == [
        ("Teilnehmende im zweiten Durchlauf: 18 Teilnehmende", ("value",))
    ]
    exported = export_programme(Programme.objects.get()).data["figures"]
    assert sorted(f["value"] for f in exported if f["key"] == "teilnehmende") == ["18", "20", "57"]


def test_a_number_is_told_once_of_each_run(example):
    example["figures"].append({**example["figures"][-1], "value": "6"})

    with pytest.raises(ImportRefused) as refusal:
        import_programme(source(example), by=None)

    assert len(refusal.value.problems) == 1


def test_the_lists_keep_the_order_of_the_file(example):
    imported(example)

    run = Run.objects.get(slug="zuwanderung")
    assert list(run.teams.order_by("position").values_list("key", "position")) == [
        ("expedition-job", 1),
        ("integration-im-betrieb", 2),
    ]


# The same again, and updates


def test_the_same_file_twice_changes_nothing(example):
    imported(example)
    entries = AuditEntry.objects.count()
    saved = Output.objects.values_list("saved_at", flat=True).order_by("pk")
    before = list(saved)

    changes = imported(example)

    assert not changes
    assert changes.unchanged == sum(count("mfv").values())
    assert list(saved) == before
    assert AuditEntry.objects.count() == entries


def test_what_the_database_fills_in_counts_as_unchanged(sample):
    imported(sample)

    assert not imported(sample)


def test_a_letter_that_is_out_stays_out_when_its_programme_is_read_again(sample):
    imported(sample)
    invitation = Invitation.objects.create(
        participation=Participation.objects.get(),
        email="erika@example.org",
        status="sent",
        token_hash="b" * 64,
        expires_at=datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC),
    )
    data = export_programme(Programme.objects.get()).data
    data["title"] = "Neuer Titel"

    imported(data, update=True)

    invitation.refresh_from_db()
    assert (invitation.status, invitation.token_hash) == ("sent", "b" * 64)


def test_a_letter_that_is_out_stays_out_when_something_else_of_it_changes(sample):
    imported(sample)
    invitation = Invitation.objects.create(
        participation=Participation.objects.get(),
        email="erika@example.org",
        status="sent",
        token_hash="b" * 64,
        expires_at=datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC),
    )
    data = export_programme(Programme.objects.get()).data
    told = data["runs"][0]["participations"][0]["invitation"]
    assert told["status"] == "expired"
    told["email"] = "beispiel@example.org"

    imported(data, update=True)

    invitation.refresh_from_db()
    assert (invitation.email, invitation.status) == ("beispiel@example.org", "sent")


def test_other_content_is_refused_without_update(sample):
    imported(sample)
    sample["title"] = "Anders"

    with pytest.raises(ContentDiffers) as refusal:
        imported(sample)

    assert [(change.path, change.fields) for change in refusal.value.changes.changed] == [
        ("", ("title",))
    ]
    assert Programme.objects.get().title == "Stadtlabor"


def test_update_matches_by_key_makes_changes_and_deletes(sample):
    imported(sample)
    kept = Workshop.objects.get(key="auftakt").pk
    run = sample["runs"][0]
    run["workshops"][0]["title"] = "Der Auftakt"
    del run["workshops"][1]
    run["workshops"].append({"key": "neu", "number": 9, "title": "Neu"})

    changes = imported(sample, update=True)

    assert [change.path for change in changes.created] == ["runs[0].workshops[2]"]
    assert [(c.path, c.fields) for c in changes.changed] == [("runs[0].workshops[0]", ("title",))]
    assert [change.path for change in changes.deleted] == ["workshops[winter]"]
    assert Workshop.objects.get(pk=kept).title == "Der Auftakt"
    assert not imported(sample)


def test_update_swaps_numbers_that_only_one_can_have(sample):
    imported(sample)
    first, second = sample["runs"][0]["workshops"][:2]
    first["number"], second["number"] = second["number"], first["number"]

    imported(sample, update=True)

    assert not imported(sample)


def test_update_renames_what_can_be_there_only_once(sample):
    imported(sample)
    pk = Run.objects.get().pk
    sample["runs"][0]["slug"] = "laeden"
    sample["figures"][0]["run"] = "laeden"
    sample["press_releases"][0]["run"] = "laeden"
    sample["guidelines"][0]["run"] = "laeden"
    sample["guidelines"][0]["chapters"][0]["blocks"][2]["workshop"] = "laeden/auftakt"

    changes = imported(sample, update=True)

    assert not changes.deleted
    assert Run.objects.get().pk == pk
    assert not imported(sample)


def test_update_reorders(sample):
    imported(sample)
    sample["sectors"].reverse()

    changes = imported(sample, update=True)

    assert [change.fields for change in changes.changed] == [("position",), ("position",)]
    assert not imported(sample)


def test_update_is_told_to_an_open_form(client, sample):
    imported(sample)
    run = Run.objects.order_by("number").first()
    log_in_with_second_factor(client, LeadFactory(programme=run.programme))
    data = read_change_form(client, run)
    sample["runs"][0]["topic"] = "Anders"

    imported(sample, update=True)
    response = client.post(admin_url(run), {**data, "topic": "Von mir"})

    run.refresh_from_db()
    assert response.status_code == 409
    assert run.topic == "Anders"


def test_update_refuses_to_change_what_is_published(example):
    imported(example)
    example["press_releases"][1]["headline"] = "Anders"
    example["press_releases"][1]["blocks"][0]["text"] = "<p>Anders</p>"
    del example["press_releases"][1]["blocks"][-1]
    example["runs"][1]["concepts"][0]["summary"] = "Anders"
    del example["guidelines"][0]["editions"]

    problems = problems_of(example, update=True)

    assert sorted(problems) == [
        "blocks[8]",
        "editions[1]",
        "press_releases[1].blocks[0].text",
        "press_releases[1].headline",
        "runs[1].concepts[0].summary",
    ]
    assert PressRelease.objects.get(slug="ergebnisse-2016").headline != "Anders"


def test_update_adds_nothing_to_what_is_published(example):
    imported(example)
    blocks = example["press_releases"][1]["blocks"]
    blocks.append({"kind": "text", "text": "Nachgeschoben"})

    assert problems_of(example, update=True) == {
        f"press_releases[1].blocks[{len(blocks) - 1}]": (
            "Das gehört zu Veröffentlichtem; es bleibt, wie es ist."
        )
    }


def test_update_refuses_a_state_to_which_no_way_leads(example):
    imported(example)
    example["runs"][0]["status"] = "running"

    assert problems_of(example, update=True) == {
        "runs[0].status": "Von „archiviert“ führt kein Weg zu „läuft“."
    }


def test_update_that_takes_away_a_fact_of_a_text_is_refused(sample):
    imported(sample)
    del sample["figures"]

    problems = problems_of(sample, update=True)

    assert list(problems) == ["press_releases[0].lead"]
    assert Programme.objects.get().figures.count() == 1


def test_programmes_do_not_touch_each_other(sample):
    imported(sample)
    other = {**sample, "slug": "zweites"}

    imported(other)

    assert Person.objects.filter(key="erika").count() == 2
    assert not imported(sample)


def test_update_keeps_the_files_that_an_older_template_printed(example):
    imported(example)
    for job in RenderJob.objects.all():
        job.template_version = job.address = f"{job.pk:064}"
        job.save()
    texts = [*PressRelease.objects.all(), *Edition.objects.all()]
    jobs = [text.render_job_id for text in texts]
    assert any(jobs)

    imported({**example, "city": "Anderswo"}, update=True)

    for text in texts:
        text.refresh_from_db()
    assert [text.render_job_id for text in texts] == jobs


# States


def test_published_texts_are_frozen_and_printed(example):
    imported(example)

    release = PressRelease.objects.get(slug="ergebnisse-2016")
    assert release.render_job.content["headline"] == release.headline
    assert release.render_job.content["is_draft"] is False
    assert Edition.objects.get().render_job.content["number"] == 1
    assert RenderJob.objects.count() == 3


@pytest.mark.parametrize("kind", ["press_release", "edition"])
@pytest.mark.parametrize("status", ["approved", "published"])
def test_a_printed_draft_is_frozen_when_it_comes_in_as_approved(example, kind, status, client):
    """The print of the draft says ENTWURF, and what the text said then."""
    published = copy.deepcopy(example)
    rows = {
        "press_release": (published["press_releases"][1], example["press_releases"][1]),
        "edition": (
            published["guidelines"][0]["editions"][0],
            example["guidelines"][0]["editions"][0],
        ),
    }
    wanted, stored = rows[kind]
    wanted["status"] = status
    stored["status"] = "draft"
    for name in ("approved_at", "published_at"):
        stored.pop(name, None)
    imported(example)
    if kind == "press_release":
        row = PressRelease.objects.get(slug=stored["slug"])
        draft = print_publication(row, by=None)
        wanted["lead"] = "Ein anderer Vorspann."
        told = "Ein anderer Vorspann."
    else:
        row = Edition.objects.get()
        draft = print_publication(row, by=None)
        published["guidelines"][0]["summary"] = told = "Kurz anders gesagt."
    assert draft.content["is_draft"] is True
    imported(published, update=True)

    row.refresh_from_db()
    assert (row.status, row.render_job == draft) == (status, False)
    assert row.render_job.content["is_draft"] is False
    assert told in (row.render_job.content.get("lead"), row.render_job.content.get("summary"))
    again = print_publication(row, by=None)
    assert again == row.render_job
    if kind == "press_release" and status == "published":
        assert told in client.get(row.get_absolute_url()).text


def test_drafts_are_not_printed(sample):
    imported(sample)

    assert not RenderJob.objects.exists()


def test_check_changes_nothing(example):
    changes = imported(example, check=True)

    assert len(changes.created) > 100
    assert set(count("mfv").values()) == {0}
    assert not RenderJob.objects.exists()
    assert not AuditEntry.objects.exists()


def test_the_import_is_in_the_change_log(sample):
    changes = imported(sample)

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.scope) == ("import", "stadtlabor")
    assert entry.details == {"created": len(changes.created), "changed": 0, "deleted": 0}


def test_lead_gets_the_programme(sample):
    lead = UserFactory()

    imported(sample, lead=lead)
    imported(sample, lead=lead)

    assert Responsibility.objects.get().role == "lead"


def test_accounts_stay_with_their_persons(sample):
    imported(sample)
    user = UserFactory()
    Person.objects.update(user=user)
    sample["persons"][0]["given_name"] = "Erica"

    imported(sample, update=True)

    person = Person.objects.get()
    assert (person.given_name, person.user) == ("Erica", user)


def test_consents_and_quotes_keep_their_states(sample):
    imported(sample)

    assert Consent.objects.get().channel == "paper"
    assert Quote.objects.get(key="danach").release == "recorded"


def test_every_value_of_a_choice_may_stand_in_a_file():
    for kind in KINDS.values():
        for entry in kind.entries:
            field = kind.model_field(entry.field)
            if isinstance(field, models.CharField) and field.choices:
                assert isinstance(entry, Copied)


# States that move in this portal


def test_a_release_withdrawn_by_an_update_says_so_in_print_and_in_the_change_log(example):
    imported(example)
    release = PressRelease.objects.get(slug="ergebnisse-2016")
    before = release.render_job
    example["press_releases"][1] |= {
        "status": "withdrawn",
        "withdrawn_at": "2016-06-01",
        "public_note": "Die Zahl war falsch.",
    }
    imported(example, update=True)

    release.refresh_from_db()
    stamp = release.render_job.content.pop("stamp")
    assert (stamp["mark"], stamp["note"]) == (
        "Zurückgezogen am 1. Juni 2016",
        "Die Zahl war falsch.",
    )
    assert release.render_job.content == before.content
    entry = AuditEntry.objects.get(action="import", details__status="withdrawn")
    assert (entry.scope, entry.object_id) == ("mfv", str(release.pk))


def test_an_approval_taken_back_by_an_update_takes_its_print_with_it(example):
    data = copy.deepcopy(example)
    release = data["press_releases"][1]
    release["status"] = "approved"
    del release["published_at"]
    imported(data)
    release["status"] = "draft"
    imported(data, update=True)
    assert PressRelease.objects.get(slug="ergebnisse-2016").render_job is None
    release |= {"status": "approved", "headline": "Anders"}

    imported(data, update=True)

    content = PressRelease.objects.get(slug="ergebnisse-2016").frozen_content
    assert content["headline"] == "Anders"


def test_an_update_without_a_move_prints_nothing_anew(example):
    imported(example)
    jobs = set(RenderJob.objects.values_list("pk", flat=True))
    entries = AuditEntry.objects.count()
    example["runs"][0]["topic"] = "Anders"

    imported(example, update=True)

    assert set(RenderJob.objects.values_list("pk", flat=True)) == jobs
    assert AuditEntry.objects.count() == entries + 1


def test_a_consent_taken_back_by_an_update_is_told_to_the_person(sample):
    sample["persons"][0]["email"] = "erika@example.org"
    imported(sample)
    assert not Message.objects.exists()
    sample["persons"][0]["consents"][0]["withdrawn_at"] = "2025-10-01"

    imported(sample, update=True)
    imported(sample, update=True)

    consent = Consent.objects.get()
    assert Message.objects.of(consent).get().recipient == "erika@example.org"
    entry = AuditEntry.objects.of("programmes.consent", consent.pk).get()
    assert entry.action == "import"


def test_a_letter_ended_by_an_update_goes_out_no_more(sample):
    sample["runs"][0]["participations"][0]["invitation"] = {
        "email": "erika@example.org",
        "status": "expired",
        "expires_at": "2030-01-01",
    }
    imported(sample)
    participation = Participation.objects.get()
    invitation = participation.invitation
    Invitation.objects.update(status="sent", token_hash="b" * 64)
    queue_mail(
        Mail("Einladung", "Hier: {link}", "de"),
        "erika@example.org",
        concerning=invitation,
        link="https://example.org/x",
    )
    sample["runs"][0]["participations"][0]["invitation"]["status"] = "declined"

    imported(sample, update=True)

    assert not Message.objects.of(invitation).exists()


# Facts in standing texts


def test_a_standing_text_names_the_facts_of_the_release_that_it_ends(sample):
    sample["boilerplates"] = [{"key": "kurz", "heading": "Kurz", "text": "{angabe:teilnehmende}"}]
    sample["press_releases"][0]["boilerplates"] = ["kurz"]

    assert imported(sample)


def test_a_standing_text_of_no_release_names_the_facts_of_the_programme(sample):
    sample["boilerplates"].append(
        {"key": "kurz", "heading": "Kurz", "text": "{angabe:teilnehmende}"}
    )

    assert list(problems_of(sample)) == ["boilerplates[1].text"]
