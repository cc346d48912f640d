"""Two programmes full of rows, and everybody who might ask for them."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client

from documents.models import RenderJob
from home.models import LegalPage
from tests.factories import (
    ArtefactFactory,
    AttachmentFactory,
    AuditEntryFactory,
    BlockFactory,
    BoilerplateFactory,
    BuildingBlockFactory,
    ChapterFactory,
    ConceptFactory,
    ConsentFactory,
    EditionFactory,
    EditorFactory,
    EventFactory,
    FundingNoticeFactory,
    GuestFactory,
    GuidelineFactory,
    GuidingQuestionFactory,
    InvitationFactory,
    LeadFactory,
    MessageFactory,
    OutputFactory,
    ParticipationFactory,
    PositionFactory,
    PressBlockFactory,
    PressContactFactory,
    PressReleaseFactory,
    ProgrammeFactory,
    QuoteFactory,
    ReleaseBoilerplateFactory,
    RevisionFactory,
    RunFactory,
    SignOffFactory,
    StatedFigureFactory,
    TaskFactory,
    TeamFactory,
    TeamMembershipFactory,
    UserFactory,
    WorkshopFactory,
)
from tests.signing_in import log_in_with_second_factor

# Order of the letters in the table.
ROLES = (
    "anonymous",
    "participant",  # wrote the output, is in the team
    "colleague",  # the same run, another team
    "outsider",  # takes part in the other programme
    "facilitator",
    "editor",
    "lead",
    "foreign_lead",
    "no_second_factor",  # leads the programme, logged in with a password only
    "superuser",
)


@dataclass
class World:
    """The rows of the first programme by name, and a logged-in client for every role."""

    rows: dict[str, Any] = field(default_factory=dict)
    users: dict[str, Any] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)

    def __getattr__(self, name):
        try:
            return self.rows[name]
        except KeyError:
            raise AttributeError(name) from None


def printed(job) -> None:
    """Give the job the file that a worker would have made."""
    job.status = RenderJob.Status.DONE
    job.save(update_fields=["status"])
    artefact = ArtefactFactory(job=job)
    default_storage.save(artefact.key, ContentFile(b"%PDF-1.7"))


def build_world() -> World:
    world = World()
    programme = ProgrammeFactory(slug="eins", is_public=True)
    world.rows = rows = {"programme": programme}
    run = rows["run"] = RunFactory(programme=programme, slug="lauf", public=True)
    rows["hidden_run"] = RunFactory(programme=programme, slug="geheim")
    rows["question"] = GuidingQuestionFactory(run=run)
    rows["figure"] = StatedFigureFactory(programme=programme)
    rows["funding"] = FundingNoticeFactory(programme=programme)
    team, other_team = TeamFactory(run=run), TeamFactory(run=run)
    rows["team"] = team
    writer = rows["participation"] = ParticipationFactory(run=run)
    colleague = ParticipationFactory(run=run)
    facilitator = ParticipationFactory(run=run, facilitator=True)
    rows["membership"] = TeamMembershipFactory(team=team, participation=writer)
    TeamMembershipFactory(team=other_team, participation=colleague)
    rows["position"] = PositionFactory(person=writer.person)
    rows["person"] = writer.person
    rows["organisation"] = rows["position"].organisation
    rows["sector"] = writer.sector
    rows["consent"] = ConsentFactory(person=writer.person)
    rows["purpose"] = rows["consent"].purpose
    rows["message"] = MessageFactory(scope=programme.slug)
    rows["invitation"] = InvitationFactory(sent=True, participation__run=run)
    rows["workshop"] = WorkshopFactory(run=run)
    rows["event"] = EventFactory(run=run)
    rows["guest"] = GuestFactory(workshop=rows["workshop"])
    task = rows["task"] = TaskFactory(workshop=rows["workshop"], readers="lead")
    rows["open_task"] = TaskFactory(workshop=rows["workshop"], readers="run")
    rows["draft_output"] = OutputFactory(task=task, participation=writer)
    rows["output"] = OutputFactory(
        task=TaskFactory(workshop=rows["workshop"], readers="team"),
        participation=writer,
        submitted=True,
    )
    rows["attachment"] = AttachmentFactory(
        output=rows["draft_output"], file=ContentFile(b"Notiz", name="notiz.txt")
    )
    rows["draft_concept"] = ConceptFactory(run=run, team=team)
    rows["reviewed_concept"] = ConceptFactory(run=run, team=team, in_review=True)
    rows["concept"] = ConceptFactory(run=run, team=team, published=True)
    rows["building_block"] = BuildingBlockFactory(concept=rows["draft_concept"])
    rows["revision"] = RevisionFactory(concept=rows["draft_concept"])
    rows["signoff"] = SignOffFactory(revision=rows["revision"], participation=writer)
    rows["release"] = PressReleaseFactory(programme=programme, run=run, published=True)
    rows["draft_release"] = PressReleaseFactory(programme=programme, run=run)
    rows["awaiting_release"] = PressReleaseFactory(programme=programme, run=run, in_approval=True)
    rows["embargoed_release"] = PressReleaseFactory(programme=programme, run=run, embargoed=True)
    for name in ("release", "embargoed_release"):
        printed(rows[name].render_job)
    rows["quote"] = QuoteFactory(programme=programme)
    rows["boilerplate"] = BoilerplateFactory(programme=programme)
    rows["contact"] = PressContactFactory(programme=programme)
    rows["press_block"] = PressBlockFactory(release=rows["draft_release"])
    rows["release_boilerplate"] = ReleaseBoilerplateFactory(
        release=rows["draft_release"], boilerplate=rows["boilerplate"]
    )
    rows["guideline"] = GuidelineFactory(programme=programme, run=run)
    rows["chapter"] = ChapterFactory(guideline=rows["guideline"])
    rows["block"] = BlockFactory(chapter=rows["chapter"])
    rows["edition"] = EditionFactory(guideline=rows["guideline"], number=1, published=True)
    printed(rows["edition"].render_job)
    rows["draft_edition"] = EditionFactory(guideline=rows["guideline"], number=2)
    rows["awaiting_edition"] = EditionFactory(
        guideline__programme=programme, number=3, in_approval=True
    )
    rows["job"] = rows["release"].render_job
    rows["entry"] = AuditEntryFactory(scope=programme.slug)
    rows["account"] = writer.person.user
    rows["legal_page"] = LegalPage.objects.order_by("pk").first()
    rows["hidden_guideline"] = GuidelineFactory(programme=programme)
    EditionFactory(guideline=rows["hidden_guideline"], number=1)

    other = ProgrammeFactory(slug="zwei", is_public=True)
    rows["other_programme"] = other
    outsider = ParticipationFactory(run=RunFactory(programme=other))
    lead = LeadFactory(programme=programme)
    rows["responsibility"] = lead.responsibilities.get()
    world.users = {
        "anonymous": AnonymousUser(),
        "participant": writer.person.user,
        "colleague": colleague.person.user,
        "outsider": outsider.person.user,
        "facilitator": facilitator.person.user,
        "editor": EditorFactory(programme=programme),
        "lead": lead,
        "foreign_lead": LeadFactory(programme=other),
        "no_second_factor": LeadFactory(programme=programme),
        "superuser": UserFactory(is_staff=True, is_superuser=True),
    }
    return world


def log_everybody_in(world: World) -> None:
    """Make a client for every role; staff come with their second factor."""
    for role, user in world.users.items():
        client = world.clients[role] = Client(raise_request_exception=False)
        if role == "anonymous":
            continue
        if user.is_staff and role != "no_second_factor":
            log_in_with_second_factor(client, user)
        else:
            client.force_login(user)


@contextmanager
def undone():
    """Whatever happens inside leaves the rows of `world` as they were."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
