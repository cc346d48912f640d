"""What a guideline shows of stored records: quotes, workshops and concepts."""

from django.utils import translation

from concepts.models import BuildingBlock, Concept
from programmes.models import Person, Programme
from publications.content.guideline_parts import (
    Author,
    BuildingBlockContent,
    ConceptContent,
    GuestContent,
    QuoteContent,
    WorkshopContent,
)
from publications.content.phrases import attribution, quotation, quote_paragraph, times_in_words
from publications.facts import in_words
from publications.models import Quote
from workshops.models import Guest, Workshop


def quote_content(shared: dict[str, str], quote: Quote) -> QuoteContent:
    with translation.override(quote.spoken_language):
        return QuoteContent(
            **shared,
            quotation=quotation(quote),
            attribution=attribution(quote),
            paragraph=quote_paragraph(quote),
        )


def workshop_content(
    shared: dict[str, str], workshop: Workshop, names: set[str]
) -> WorkshopContent:
    tasks = sorted(workshop.tasks.all(), key=lambda task: (task.position, task.pk))
    return WorkshopContent(
        **shared,
        number=workshop.number,
        title=workshop.title,
        date=in_words(workshop.held_on),
        time=times_in_words(workshop.begins_at, workshop.ends_at),
        venue=workshop.venue,
        moderation=workshop.moderation,
        goal=workshop.goal,
        agenda=workshop.agenda,
        results=workshop.results,
        guests=_guests(workshop, names),
        tasks=[task.title for task in tasks if task.is_released],
    )


def _guests(workshop: Workshop, names: set[str]) -> list[GuestContent]:
    guests = sorted(workshop.guests.all(), key=lambda guest: (guest.position, guest.pk))
    named = ((_guest_name(guest, names), guest.contribution) for guest in guests)
    return [GuestContent(name, contribution) for name, contribution in named if name]


def _guest_name(guest: Guest, names: set[str]) -> str:
    """Persons are named when they agreed; else their organisation stands for them."""
    is_named = guest.person and guest.person.key in names
    person = guest.person.full_name if guest.person and is_named else ""
    organisation = guest.organisation.name if guest.organisation else ""
    return ", ".join(filter(None, [person, organisation]))


def concept_content(shared: dict[str, str], concept: Concept, names: set[str]) -> ConceptContent:
    parts = sorted(concept.blocks.all(), key=lambda part: (part.position, part.pk))
    leading = concept.lead_implementer
    return ConceptContent(
        **shared,
        title=concept.title,
        is_working_title=concept.is_working_title,
        summary=concept.summary,
        problem=concept.problem,
        approach=concept.approach,
        effort=concept.effort,
        outlook=concept.outlook,
        addressees=concept.addressees,
        beneficiaries=concept.beneficiaries,
        lead_implementer=leading.name if leading else "",
        building_blocks=[_building_block(part) for part in parts],
        team=concept.team.name if concept.team else "",
        authors=[_author(author) for author in concept.authors if author["person"] in names],
        run_slug=concept.run.slug,
        slug=concept.slug,
    )


def _building_block(part: BuildingBlock) -> BuildingBlockContent:
    return BuildingBlockContent(
        title=part.title,
        html=part.description,
        duration=part.duration,
        group=part.group_size,
        material=part.material,
        trainer=part.get_trainer_display(),
    )


def _author(stored: dict[str, str]) -> Author:
    return Author(
        name=stored["name"],
        function=stored.get("function", ""),
        organisation=stored.get("organisation", ""),
    )


def public_names(programme: Programme) -> set[str]:
    """The keys of the persons of the programme who agreed to be named in public."""
    agreed = Person.objects.may_be_named().filter(programme=programme)
    return set(agreed.values_list("key", flat=True))
