"""Rows for tests: sequences instead of random data, traits for states.

A row made without a parent gets a programme of its own; rows that share a parent share its
programme. `LeadFactory(programme=…)` and `EditorFactory(programme=…)` make staff who answer for it.
"""

import datetime
import hashlib

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory, Password

from concepts.models import BuildingBlock, Concept, Revision, SignOff
from documents.models import Artefact, RenderJob
from people.models import AuditEntry, Message, User
from programmes.models import (
    Consent,
    ConsentPurpose,
    FundingNotice,
    GuidingQuestion,
    Invitation,
    Organisation,
    Participation,
    Person,
    Position,
    Programme,
    Responsibility,
    Run,
    Sector,
    StatedFigure,
    Team,
    TeamMembership,
)
from publications.models import (
    Block,
    Boilerplate,
    Chapter,
    Edition,
    Guideline,
    PressBlock,
    PressContact,
    PressRelease,
    Quote,
    ReleaseBoilerplate,
)
from texts.dates import ImpreciseDate
from workshops.models import Attachment, Event, Guest, Output, Task, Workshop

PASSWORD = "ein-langes-testwort-42"
NOW = factory.LazyFunction(timezone.now)


def _in(days: int) -> factory.LazyFunction:
    return factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=days))


def _digest(prefix: str) -> factory.Sequence:
    return factory.Sequence(lambda n: hashlib.sha256(f"{prefix}-{n}".encode()).hexdigest())


# People


class UserFactory(DjangoModelFactory):
    """An account; its password is PASSWORD."""

    class Meta:
        model = User

    class Params:
        staff = factory.Trait(is_staff=True)
        superuser = factory.Trait(is_staff=True, is_superuser=True)
        inactive = factory.Trait(is_active=False)

    email = factory.Sequence(lambda n: f"konto-{n}@example.org")
    password = Password(PASSWORD)


class SectorFactory(DjangoModelFactory):
    class Meta:
        model = Sector

    programme = factory.SubFactory("tests.factories.ProgrammeFactory")
    key = factory.Sequence(lambda n: f"bereich-{n}")
    name = factory.Sequence(lambda n: f"Bereich {n}")
    position = factory.Sequence(lambda n: n % 1000)


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    programme = factory.SubFactory("tests.factories.ProgrammeFactory")
    key = factory.Sequence(lambda n: f"organisation-{n}")
    name = factory.Sequence(lambda n: f"Organisation {n}")


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    class Params:
        with_account = factory.Trait(
            user=factory.SubFactory(UserFactory, email=factory.SelfAttribute("..email"))
        )

    programme = factory.SubFactory("tests.factories.ProgrammeFactory")
    key = factory.Sequence(lambda n: f"person-{n}")
    given_name = factory.Sequence(lambda n: f"Vorname{n}")
    family_name = factory.Sequence(lambda n: f"Familienname{n}")
    email = factory.Sequence(lambda n: f"person-{n}@example.org")


class PositionFactory(DjangoModelFactory):
    class Meta:
        model = Position

    key = factory.Sequence(lambda n: f"funktion-{n}")
    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(
        OrganisationFactory, programme=factory.SelfAttribute("..person.programme")
    )
    title = factory.Sequence(lambda n: f"Funktion {n}")


class ConsentPurposeFactory(DjangoModelFactory):
    class Meta:
        model = ConsentPurpose
        django_get_or_create = ("programme", "key")

    programme = factory.SubFactory("tests.factories.ProgrammeFactory")
    key = ConsentPurpose.PUBLIC_NAME
    name = "Name auf öffentlichen Seiten"
    wording = "Mein Name darf auf öffentlichen Seiten und in Druckfassungen stehen."


class ConsentFactory(DjangoModelFactory):
    class Meta:
        model = Consent

    class Params:
        withdrawn = factory.Trait(withdrawn_at=_in(0))

    key = factory.Sequence(lambda n: f"einwilligung-{n}")
    person = factory.SubFactory(PersonFactory)
    purpose = factory.SubFactory(
        ConsentPurposeFactory, programme=factory.SelfAttribute("..person.programme")
    )
    given_at = _in(-1)


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    class Params:
        sent = factory.Trait(status=Message.Status.SENT, sent_at=NOW, attempts=1)
        failed = factory.Trait(
            status=Message.Status.FAILED, attempts=5, error="Der Mailserver antwortet nicht."
        )

    recipient = factory.Sequence(lambda n: f"empfang-{n}@example.org")
    subject = factory.Sequence(lambda n: f"Betreff {n}")
    body = "Guten Tag,\n\nhier steht der Text.\n"


class AuditEntryFactory(DjangoModelFactory):
    class Meta:
        model = AuditEntry

    scope = factory.LazyFunction(lambda: ProgrammeFactory().slug)
    object_kind = "programmes.run"
    object_id = factory.Sequence(str)
    object_label = factory.Sequence(lambda n: f"Ding {n}")
    action = "start"


# The frame


class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = Programme

    class Params:
        public = factory.Trait(is_public=True)

    slug = factory.Sequence(lambda n: f"programm-{n}")
    title = factory.Sequence(lambda n: f"Programm {n}")


class ResponsibilityFactory(DjangoModelFactory):
    class Meta:
        model = Responsibility

    programme = factory.SubFactory(ProgrammeFactory)
    user = factory.SubFactory(UserFactory, staff=True)


class LeadFactory(UserFactory):
    """A lead of the given programme; without one, of a new one."""

    class Meta:
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"projektleitung-{n}@example.org")
    is_staff = True

    @factory.post_generation
    def programme(self, create, extracted, **kwargs):
        programme = extracted or ProgrammeFactory(**kwargs)
        ResponsibilityFactory(programme=programme, user=self, role=Responsibility.Role.LEAD)


class EditorFactory(UserFactory):
    """An editor of the given programme; without one, of a new one."""

    class Meta:
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"redaktion-{n}@example.org")
    is_staff = True

    @factory.post_generation
    def programme(self, create, extracted, **kwargs):
        programme = extracted or ProgrammeFactory(**kwargs)
        ResponsibilityFactory(programme=programme, user=self, role=Responsibility.Role.EDITOR)


class FundingNoticeFactory(DjangoModelFactory):
    class Meta:
        model = FundingNotice

    key = factory.Sequence(lambda n: f"foerderung-{n}")
    programme = factory.SubFactory(ProgrammeFactory)
    funder = factory.SubFactory(OrganisationFactory, programme=factory.SelfAttribute("..programme"))
    text = factory.Sequence(lambda n: f"Gefördert aus Mitteln des Topfes {n}.")


class StatedFigureFactory(DjangoModelFactory):
    class Meta:
        model = StatedFigure

    key = factory.Sequence(lambda n: f"angabe-{n}")
    programme = factory.SubFactory(ProgrammeFactory)
    label = factory.Sequence(lambda n: f"Angabe {n}")
    value = factory.Sequence(lambda n: str(20 + n))
    source = "Pressemitteilung zum Abschluss"


class RunFactory(DjangoModelFactory):
    class Meta:
        model = Run

    class Params:
        running = factory.Trait(status=Run.Status.RUNNING)
        completed = factory.Trait(status=Run.Status.COMPLETED)
        archived = factory.Trait(status=Run.Status.ARCHIVED)
        cancelled = factory.Trait(status=Run.Status.CANCELLED)
        public = factory.Trait(is_public=True, programme__is_public=True)

    programme = factory.SubFactory(ProgrammeFactory)
    slug = factory.Sequence(lambda n: f"durchlauf-{n}")
    number = factory.Sequence(lambda n: n % 30_000 + 1)
    topic = factory.Sequence(lambda n: f"Thema {n}")


class GuidingQuestionFactory(DjangoModelFactory):
    class Meta:
        model = GuidingQuestion

    key = factory.Sequence(lambda n: f"leitfrage-{n}")
    run = factory.SubFactory(RunFactory)
    text = factory.Sequence(lambda n: f"Wie gelingt Vorhaben {n}?")


class ParticipationFactory(DjangoModelFactory):
    """A participant with an account; active unless a trait says otherwise."""

    class Meta:
        model = Participation

    class Params:
        invited = factory.Trait(status=Participation.Status.INVITED, person__with_account=False)
        completed = factory.Trait(status=Participation.Status.COMPLETED)
        left = factory.Trait(status=Participation.Status.LEFT)
        declined = factory.Trait(status=Participation.Status.DECLINED, person__with_account=False)
        facilitator = factory.Trait(role=Participation.Role.FACILITATOR)

    key = factory.Sequence(lambda n: f"teilnahme-{n}")
    run = factory.SubFactory(RunFactory)
    person = factory.SubFactory(
        PersonFactory,
        programme=factory.SelfAttribute("..run.programme"),
    )
    # Not an argument of SubFactory: there the traits above would take its place.
    person__with_account = True
    sector = factory.SubFactory(SectorFactory, programme=factory.SelfAttribute("..run.programme"))
    status = Participation.Status.ACTIVE


class InvitationFactory(DjangoModelFactory):
    """A draft; in every other state the token is „token-<n>“, stored as its hash."""

    class Meta:
        model = Invitation

    class Params:
        number = factory.Sequence(lambda n: n)
        token = factory.LazyAttribute(lambda o: f"token-{o.number}")
        has_token = factory.Trait(
            token_hash=factory.LazyAttribute(
                lambda o: hashlib.sha256(o.token.encode()).hexdigest()
            ),
            sent_at=_in(-1),
            expires_at=_in(29),
        )
        sent = factory.Trait(has_token=True, status=Invitation.Status.SENT)
        accepted = factory.Trait(has_token=True, status=Invitation.Status.ACCEPTED, answered_at=NOW)
        declined = factory.Trait(has_token=True, status=Invitation.Status.DECLINED, answered_at=NOW)
        expired = factory.Trait(
            has_token=True, status=Invitation.Status.EXPIRED, expires_at=_in(-1), sent_at=_in(-31)
        )
        withdrawn = factory.Trait(has_token=True, status=Invitation.Status.WITHDRAWN)

    participation = factory.SubFactory(ParticipationFactory, invited=True)
    email = factory.SelfAttribute("participation.person.email")


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team

    key = factory.Sequence(lambda n: f"team-{n}")
    run = factory.SubFactory(RunFactory)
    name = factory.Sequence(lambda n: f"Team {n}")


class TeamMembershipFactory(DjangoModelFactory):
    class Meta:
        model = TeamMembership

    team = factory.SubFactory(TeamFactory)
    participation = factory.SubFactory(
        ParticipationFactory, run=factory.SelfAttribute("..team.run")
    )


# Workshops


class WorkshopFactory(DjangoModelFactory):
    class Meta:
        model = Workshop

    class Params:
        confirmed = factory.Trait(status=Workshop.Status.CONFIRMED)
        held = factory.Trait(status=Workshop.Status.HELD)
        documented = factory.Trait(status=Workshop.Status.DOCUMENTED)
        cancelled = factory.Trait(status=Workshop.Status.CANCELLED)

    key = factory.Sequence(lambda n: f"workshop-{n}")
    run = factory.SubFactory(RunFactory)
    number = factory.Sequence(lambda n: n % 30_000 + 1)
    title = factory.Sequence(lambda n: f"Workshop über {n}")
    held_on = factory.LazyFunction(lambda: ImpreciseDate("2015-11-05"))


class EventFactory(DjangoModelFactory):
    class Meta:
        model = Event

    key = factory.Sequence(lambda n: f"termin-{n}")
    run = factory.SubFactory(RunFactory)
    title = factory.Sequence(lambda n: f"Termin {n}")
    held_on = factory.LazyFunction(lambda: ImpreciseDate("2016-04-29"))


class GuestFactory(DjangoModelFactory):
    """An organisation as guest."""

    class Meta:
        model = Guest

    key = factory.Sequence(lambda n: f"gast-{n}")
    workshop = factory.SubFactory(WorkshopFactory)
    organisation = factory.SubFactory(
        OrganisationFactory, programme=factory.SelfAttribute("..workshop.run.programme")
    )


class TaskFactory(DjangoModelFactory):
    class Meta:
        model = Task

    class Params:
        for_team = factory.Trait(addressee=Task.Addressee.TEAM)
        hidden = factory.Trait(is_released=False)
        overdue = factory.Trait(due_at=_in(-1))

    key = factory.Sequence(lambda n: f"aufgabe-{n}")
    workshop = factory.SubFactory(WorkshopFactory)
    title = factory.Sequence(lambda n: f"Aufgabe {n}")
    instructions = "<p>Bitte schreiben Sie auf, was Sie mitnehmen.</p>"
    due_at = _in(7)


class OutputFactory(DjangoModelFactory):
    class Meta:
        model = Output

    class Params:
        submitted = factory.Trait(status=Output.Status.SUBMITTED, submitted_at=NOW)
        accepted = factory.Trait(
            status=Output.Status.ACCEPTED, submitted_at=_in(-1), answered_at=NOW
        )
        returned = factory.Trait(
            status=Output.Status.RETURNED,
            submitted_at=_in(-1),
            answered_at=NOW,
            answer="Bitte noch die Kosten ergänzen.",
        )

    key = factory.Sequence(lambda n: f"ergebnis-{n}")
    task = factory.SubFactory(TaskFactory)
    participation = factory.SubFactory(
        ParticipationFactory, run=factory.SelfAttribute("..task.workshop.run")
    )
    body = factory.Sequence(lambda n: f"<p>Antwort {n}</p>")


class AttachmentFactory(DjangoModelFactory):
    class Meta:
        model = Attachment

    key = factory.Sequence(lambda n: f"datei-{n}")
    output = factory.SubFactory(OutputFactory)
    file = factory.django.FileField(data=b"Notizen vom Workshop", filename="notizen.txt")
    name = factory.Sequence(lambda n: f"notizen-{n}.txt")
    media_type = "text/plain"
    size = len(b"Notizen vom Workshop")
    sha256 = hashlib.sha256(b"Notizen vom Workshop").hexdigest()


# Concepts


class ConceptFactory(DjangoModelFactory):
    """A draft of a team. `published` also makes its run and programme public."""

    class Meta:
        model = Concept

    class Params:
        signing = factory.Trait(status=Concept.Status.SIGNING)
        submitted = factory.Trait(status=Concept.Status.SUBMITTED, submitted_at=NOW)
        in_review = factory.Trait(status=Concept.Status.IN_REVIEW, submitted_at=_in(-1))
        returned = factory.Trait(
            status=Concept.Status.RETURNED,
            submitted_at=_in(-1),
            review_note="Bitte den Aufwand genauer fassen.",
        )
        approved = factory.Trait(
            status=Concept.Status.APPROVED, submitted_at=_in(-2), approved_at=_in(-1)
        )
        published = factory.Trait(
            status=Concept.Status.PUBLISHED,
            submitted_at=_in(-3),
            approved_at=_in(-2),
            published_at=_in(-1),
            run__public=True,
        )
        withdrawn = factory.Trait(
            status=Concept.Status.WITHDRAWN,
            submitted_at=_in(-4),
            approved_at=_in(-3),
            published_at=_in(-2),
            withdrawn_at=_in(-1),
            withdrawal_reason="Der Träger hat das Angebot eingestellt.",
            run__public=True,
        )

    run = factory.SubFactory(RunFactory)
    team = factory.SubFactory(TeamFactory, run=factory.SelfAttribute("..run"))
    slug = factory.Sequence(lambda n: f"konzept-{n}")
    title = factory.Sequence(lambda n: f"Konzept {n}")
    summary = factory.Sequence(lambda n: f"Worum es in Konzept {n} geht.")
    problem = "<p>Das Problem.</p>"
    approach = "<p>Der Ansatz.</p>"
    addressees = "Handwerksbetriebe"
    beneficiaries = "Kinder und Jugendliche"
    effort = "<p>Vier Tage.</p>"
    lead_implementer = factory.SubFactory(
        OrganisationFactory, programme=factory.SelfAttribute("..run.programme")
    )


class BuildingBlockFactory(DjangoModelFactory):
    class Meta:
        model = BuildingBlock

    key = factory.Sequence(lambda n: f"baustein-{n}")
    concept = factory.SubFactory(ConceptFactory)
    position = factory.Sequence(lambda n: n % 1000)
    title = factory.Sequence(lambda n: f"Baustein {n}")
    description = "<p>Was zu tun ist.</p>"


class RevisionFactory(DjangoModelFactory):
    class Meta:
        model = Revision

    concept = factory.SubFactory(ConceptFactory, signing=True)
    number = factory.Sequence(lambda n: n + 1)
    content = factory.LazyAttribute(lambda o: {"title": o.concept.title, "blocks": []})
    created_at = NOW


class SignOffFactory(DjangoModelFactory):
    class Meta:
        model = SignOff

    class Params:
        signed = factory.Trait(status=SignOff.Status.SIGNED, answered_at=NOW)
        declined = factory.Trait(
            status=SignOff.Status.DECLINED, answered_at=NOW, comment="Das trage ich nicht mit."
        )

    revision = factory.SubFactory(RevisionFactory)
    participation = factory.SubFactory(
        ParticipationFactory, run=factory.SelfAttribute("..revision.concept.run")
    )


# Printing


class RenderJobFactory(DjangoModelFactory):
    class Meta:
        model = RenderJob

    class Params:
        running = factory.Trait(
            status=RenderJob.Status.RUNNING,
            token="00000000-0000-4000-8000-000000000001",
            lease_until=_in(1),
            attempts=1,
        )
        done = factory.Trait(
            status=RenderJob.Status.DONE, attempts=1, page_count=2, finished_at=NOW
        )
        failed = factory.Trait(
            status=RenderJob.Status.FAILED,
            attempts=5,
            finished_at=NOW,
            error="Der Drucker ist 5-mal mitten in der Arbeit ausgefallen.",
        )

    kind = "press-release"
    title = factory.Sequence(lambda n: f"Dokument {n}")
    filename = factory.Sequence(lambda n: f"dokument-{n}.pdf")
    language = "de"
    content = factory.LazyAttribute(lambda o: {"title": o.title})
    address = _digest("address")
    template_version = "0" * 64


class ArtefactFactory(DjangoModelFactory):
    class Meta:
        model = Artefact

    job = factory.SubFactory(RenderJobFactory, done=True)
    key = factory.Sequence(lambda n: f"artefacts/{n}.pdf")
    sha256 = _digest("artefact")
    size = 12_345
    page_count = 2


# Publications


class BoilerplateFactory(DjangoModelFactory):
    class Meta:
        model = Boilerplate

    key = factory.Sequence(lambda n: f"abbinder-{n}")
    programme = factory.SubFactory(ProgrammeFactory)
    heading = factory.Sequence(lambda n: f"Zum Modellprojekt {n}")
    text = "<p>Das Modellprojekt in zwei Sätzen.</p>"


class PressContactFactory(DjangoModelFactory):
    class Meta:
        model = PressContact

    key = factory.Sequence(lambda n: f"kontakt-{n}")
    programme = factory.SubFactory(ProgrammeFactory)
    name = "Pressestelle"
    email = "presse@example.org"


class QuoteFactory(DjangoModelFactory):
    """What a role says; not yet released."""

    class Meta:
        model = Quote

    class Params:
        requested = factory.Trait(release=Quote.Release.REQUESTED)
        released = factory.Trait(release=Quote.Release.RELEASED)
        recorded = factory.Trait(release=Quote.Release.RECORDED)
        historic = factory.Trait(release=Quote.Release.HISTORIC)
        declined = factory.Trait(release=Quote.Release.DECLINED)
        expired = factory.Trait(release=Quote.Release.EXPIRED)

    key = factory.Sequence(lambda n: f"zitat-{n}")
    programme = factory.SubFactory(ProgrammeFactory)
    text = factory.Sequence(lambda n: f"Das ist Gedanke {n}.")
    phrase = "so die Projektleitung"
    speaker_role = "Projektleitung"


class PressReleaseFactory(DjangoModelFactory):
    """A draft. From `approved` on it has a job with frozen content; `public` states also make
    the programme public."""

    class Meta:
        model = PressRelease

    class Params:
        with_job = factory.Trait(
            approved_at=_in(-1),
            dated_on=datetime.date(2016, 5, 2),
            render_job=factory.SubFactory(
                RenderJobFactory, title=factory.SelfAttribute("..headline")
            ),
        )
        in_approval = factory.Trait(status=PressRelease.Status.IN_APPROVAL)
        approved = factory.Trait(with_job=True, status=PressRelease.Status.APPROVED)
        embargoed = factory.Trait(
            with_job=True, status=PressRelease.Status.EMBARGOED, embargo_until=_in(1)
        )
        published = factory.Trait(
            with_job=True,
            status=PressRelease.Status.PUBLISHED,
            published_at=_in(-1),
            programme__is_public=True,
        )
        corrected = factory.Trait(
            with_job=True,
            status=PressRelease.Status.CORRECTED,
            published_at=_in(-1),
            public_note="Eine Zahl war falsch.",
            programme__is_public=True,
        )
        withdrawn = factory.Trait(
            with_job=True,
            status=PressRelease.Status.WITHDRAWN,
            published_at=_in(-1),
            public_note="Die Veranstaltung entfällt.",
            programme__is_public=True,
        )

    programme = factory.SubFactory(ProgrammeFactory)
    slug = factory.Sequence(lambda n: f"mitteilung-{n}")
    place = "Leipzig"
    headline = factory.Sequence(lambda n: f"Überschrift {n}")
    lead = factory.Sequence(lambda n: f"Vorspann {n}.")


class PressBlockFactory(DjangoModelFactory):
    class Meta:
        model = PressBlock

    key = factory.Sequence(lambda n: f"abschnitt-{n}")
    release = factory.SubFactory(PressReleaseFactory)
    position = factory.Sequence(lambda n: n % 1000)
    text = factory.Sequence(lambda n: f"<p>Absatz {n}.</p>")


class ReleaseBoilerplateFactory(DjangoModelFactory):
    class Meta:
        model = ReleaseBoilerplate

    release = factory.SubFactory(PressReleaseFactory)
    boilerplate = factory.SubFactory(
        BoilerplateFactory, programme=factory.SelfAttribute("..release.programme")
    )


class GuidelineFactory(DjangoModelFactory):
    class Meta:
        model = Guideline

    programme = factory.SubFactory(ProgrammeFactory)
    slug = factory.Sequence(lambda n: f"leitfaden-{n}")
    title = factory.Sequence(lambda n: f"Leitfaden {n}")


class ChapterFactory(DjangoModelFactory):
    class Meta:
        model = Chapter

    key = factory.Sequence(lambda n: f"kapitel-{n}")
    guideline = factory.SubFactory(GuidelineFactory)
    position = factory.Sequence(lambda n: n % 1000)
    title = factory.Sequence(lambda n: f"Kapitel {n}")


class BlockFactory(DjangoModelFactory):
    class Meta:
        model = Block

    key = factory.Sequence(lambda n: f"block-{n}")
    chapter = factory.SubFactory(ChapterFactory)
    position = factory.Sequence(lambda n: n % 1000)
    text = factory.Sequence(lambda n: f"<p>Block {n}.</p>")


class EditionFactory(DjangoModelFactory):
    """A draft. From `approved` on it has a job with frozen content; published states also make
    the programme public."""

    class Meta:
        model = Edition

    class Params:
        with_job = factory.Trait(
            approved_at=_in(-1),
            render_job=factory.SubFactory(RenderJobFactory, kind="guideline"),
        )
        in_approval = factory.Trait(status=Edition.Status.IN_APPROVAL)
        approved = factory.Trait(with_job=True, status=Edition.Status.APPROVED)
        published = factory.Trait(
            with_job=True,
            status=Edition.Status.PUBLISHED,
            published_at=_in(-1),
            guideline__programme__is_public=True,
        )
        superseded = factory.Trait(
            with_job=True,
            status=Edition.Status.SUPERSEDED,
            published_at=_in(-2),
            guideline__programme__is_public=True,
        )
        withdrawn = factory.Trait(
            with_job=True,
            status=Edition.Status.WITHDRAWN,
            published_at=_in(-2),
            public_note="Ein Kapitel war überholt.",
            guideline__programme__is_public=True,
        )

    guideline = factory.SubFactory(GuidelineFactory)
    number = factory.Sequence(lambda n: n % 30_000 + 1)
    dated_on = factory.LazyFunction(lambda: ImpreciseDate("2016-06"))
