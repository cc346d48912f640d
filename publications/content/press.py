"""What a press release says, frozen with its approval."""

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from concepts.models import BuildingBlock, Concept
from programmes.models import Programme
from publications.content.foreign import foreign_phrases
from publications.content.phrases import (
    attribution,
    day_in_words,
    in_quotes,
    moment_in_words,
    plain_text,
    quotation,
    quote_paragraph,
    quoted_titles,
)
from publications.content.press_parts import (
    BodyBlock,
    ConceptParagraph,
    ConceptPart,
    Contact,
    Paragraphs,
    PressReleaseContent,
    Question,
    Quotation,
    Sender,
    Standing,
)
from publications.facts import Facts, funding_notices_on, question_on
from publications.models import Boilerplate, PressBlock, PressRelease, Quote
from publications.tokens import resolve, resolve_rich
from texts.order import alphabetical


def press_release_content(release: PressRelease, facts: Facts | None = None) -> PressReleaseContent:
    """Collect what the release says, in its language. Raises publications.tokens.UnknownToken.

    facts: those of the release; its texts note there which of them they use.
    """
    with translation.override(release.language):
        return _collect(release, facts or release.facts())


def _collect(release: PressRelease, facts: Facts) -> PressReleaseContent:
    programme = release.programme
    sender = _sender(programme)
    headline = resolve(release.headline, facts)
    subline = resolve(release.subline, facts)
    lead = resolve(release.lead, facts)
    body = _body(release, facts)
    boilerplates = [
        Standing(
            resolve(standing.heading, facts),
            resolve_rich(standing.text, facts),
            standing.spoken_language,
        )
        for standing in _boilerplates(release)
    ]
    topic = release.run.topic if release.run else ""
    notices = funding_notices_on(programme, release.dated_on)
    more_information = resolve(release.more_information, facts) or programme.website
    stored = [
        (phrase, block.language)
        for block in body
        if isinstance(block, ConceptParagraph)
        for phrase in [block.title, block.addressees, block.beneficiaries]
    ]
    foreign = foreign_phrases(facts, release.language, notices, stored)
    return PressReleaseContent(
        title=headline,
        description=lead or subline,
        author=sender.carrier or sender.programme,
        keywords=[word for word in (_("Pressemitteilung"), sender.programme_short, topic) if word],
        created=release.dated_on.isoformat() if release.dated_on else "",
        language=release.language,
        is_draft=not release.is_frozen,
        accent=programme.accent_colour,
        sender=sender,
        place=release.place,
        dated=day_in_words(release.dated_on) if release.dated_on else "",
        dated_iso=release.dated_on.isoformat() if release.dated_on else "",
        embargo=moment_in_words(release.embargo_until) if release.embargo_until else "",
        embargo_iso=release.embargo_until.isoformat() if release.embargo_until else "",
        correction=_correction(release.corrects),
        correction_note=release.corrects.public_note if release.corrects else "",
        headline=headline,
        subline=subline,
        lead=lead,
        body=body,
        boilerplates=boilerplates,
        contacts=[
            Contact(
                name=contact.name,
                organisation=contact.organisation.name if contact.organisation else "",
                phone=contact.phone,
                email=contact.email,
            )
            for contact in release.contacts.select_related("organisation").order_by(
                alphabetical("name"), "pk"
            )
        ],
        more_information=more_information,
        funding=_not_said_yet([notice.text for notice in notices], boilerplates),
        characters=_characters([headline, subline, lead], body),
        foreign=foreign.phrases,
        foreign_language=foreign.language,
    )


def _sender(programme: Programme) -> Sender:
    carrier = programme.carrier
    return Sender(
        carrier=carrier.name if carrier else "",
        carrier_legal=carrier.legal_name if carrier else "",
        programme=programme.title,
        programme_short=programme.short_title,
        initiative=programme.initiative,
        website=programme.website,
    )


def _not_said_yet(sentences: Sequence[str], boilerplates: Sequence[Standing]) -> list[str]:
    """The sentences that no boilerplate contains, so that nobody reads them twice."""
    said = " ".join(plain_text(standing.html) for standing in boilerplates)
    return [sentence for sentence in sentences if " ".join(sentence.split()) not in said]


def _correction(corrected: PressRelease | None) -> str:
    if corrected is None:
        return ""
    title = in_quotes(corrected.shown_headline)
    if corrected.dated_on is None:
        return _("Diese Mitteilung berichtigt die Pressemitteilung %(title)s.") % {"title": title}
    return _("Diese Mitteilung berichtigt die Pressemitteilung %(title)s vom %(day)s.") % {
        "title": title,
        "day": day_in_words(corrected.dated_on),
    }


def _boilerplates(release: PressRelease) -> list[Boilerplate]:
    links = release.release_boilerplates.select_related("boilerplate__programme").order_by(
        "position", "pk"
    )
    return [link.boilerplate for link in links]


def _body(release: PressRelease, facts: Facts) -> list[BodyBlock]:
    blocks = (
        release.blocks.select_related(
            "quote__speaker",
            "quote__programme",
            "concept__lead_implementer",
            "concept__run__programme",
        )
        .prefetch_related("concept__blocks")
        .order_by("position", "pk")
    )
    collected: list[BodyBlock] = []
    for block in blocks:
        html = resolve_rich(block.text, facts)
        if block.quote:
            collected.append(_quotation(block.quote, html))
        elif block.concept:
            collected.append(_concept(block.concept, html))
        elif block.kind == PressBlock.Kind.QUESTION:
            collected += _question(release, html)
        elif html:
            collected.append(Paragraphs(html))
    return collected


def _quotation(quote: Quote, html: str) -> Quotation:
    # Its marks are those of what was said, not those of the release around it.
    with translation.override(quote.spoken_language):
        return Quotation(
            html=html,
            paragraph=quote_paragraph(quote),
            quotation=quotation(quote),
            attribution=attribution(quote),
            language=quote.spoken_language,
        )


def _question(release: PressRelease, html: str) -> list[Question]:
    run = release.run
    question = question_on(run.questions.all(), release.dated_on) if run else None
    if question is None:
        return []
    introduction = plain_text(html) or _("Die Leitfrage des Durchlaufs lautet:")
    return [
        Question(
            introduction=introduction, question=question.text, language=release.programme.language
        )
    ]


def _concept(concept: Concept, html: str) -> ConceptParagraph:
    """What a release says about a concept; `html` stands in place of its summary."""
    parts = sorted(concept.blocks.all(), key=lambda part: (part.position, part.pk))
    leading = concept.lead_implementer.name if concept.lead_implementer else ""
    sentences = [
        *_people_sentences(concept),
        _parts_sentence(parts),
        _("Federführung: %(name)s.") % {"name": leading.rstrip(".")} if leading else "",
    ]
    return ConceptParagraph(
        title=concept.title,
        is_working_title=concept.is_working_title,
        html=html,
        summary=concept.summary,
        sentence=" ".join(filter(None, sentences)),
        addressees=concept.addressees,
        beneficiaries=concept.beneficiaries,
        building_blocks=[ConceptPart(part.title, part.get_trainer_display()) for part in parts],
        lead_implementer=leading,
        run_slug=concept.run.slug,
        slug=concept.slug,
        language=concept.run.programme.language,
    )


def _people_sentences(concept: Concept) -> list[str]:
    """Who applies the concept and whom it serves; they differ, so both are said."""
    sentences = []
    if addressees := concept.addressees.strip().rstrip("."):
        sentences.append(_("Adressaten sind %(names)s.") % {"names": addressees})
    if beneficiaries := concept.beneficiaries.strip().rstrip("."):
        sentences.append(_("Begünstigte sind %(names)s.") % {"names": beneficiaries})
    return sentences


def _parts_sentence(parts: Sequence[BuildingBlock]) -> str:
    if not parts:
        return ""
    titles = quoted_titles([part.title for part in parts])
    ways = {part.get_trainer_display() for part in parts}
    if len(ways) == 1:
        return ngettext(
            "Der Baustein %(titles)s ist %(way)s nutzbar.",
            "Die Bausteine %(titles)s sind %(way)s nutzbar.",
            len(parts),
        ) % {"titles": titles, "way": ways.pop()}
    return _("Die Bausteine sind %(titles)s.") % {"titles": titles}


def _characters(texts: Sequence[str], body: Sequence[BodyBlock]) -> int:
    """Count what an editor would count: the words without boilerplates, with spaces."""
    words = [*texts, *(word for block in body for word in block.words())]
    return len(" ".join(filter(None, words)))
