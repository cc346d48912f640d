"""The public pages of concepts; those who write one see it here before it is out."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from concepts.content import canonical_address, citation, named_authors
from concepts.facets import Facets
from concepts.forms import ConceptFilterForm
from concepts.models import Concept

PAGE_SIZE = 24


class CountedPaginator(Paginator):
    """A paginator that knows how many rows there are without counting."""

    def __init__(self, *args, count: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.known_count = count

    @cached_property
    def count(self) -> int:
        return self.known_count


@require_safe
def concept_list(request):
    concepts = Concept.objects.visible_to(request.user).not_withdrawn()
    facets = Facets(
        concepts,
        run=request.GET.get("durchlauf", ""),
        lead_implementer=request.GET.get("federfuehrung", ""),
    )
    form = ConceptFilterForm(
        request.GET, runs=facets.runs, lead_implementers=facets.lead_implementers
    )
    rows = facets.narrow(concepts).for_listing()
    page = CountedPaginator(rows, PAGE_SIZE, count=facets.count).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "has_any": bool(facets.cells),
        "is_narrowed": bool(facets.run or facets.lead_implementer),
    }
    return render(request, "concepts/concept_list.html", context)


@require_safe
def concept_detail(request, programme, run, slug):
    concept = get_object_or_404(
        Concept.objects.visible_to(request.user).for_listing(),
        run__programme__slug=programme,
        run__slug=run,
        slug=slug,
    )
    if concept.status == Concept.Status.WITHDRAWN:
        return render(request, "concepts/concept_withdrawn.html", {"concept": concept})
    authors = named_authors(concept)
    context = {
        "concept": concept,
        "blocks": concept.blocks.order_by("position", "pk"),
        "address": canonical_address(concept),
        "authors": authors,
        "citation": citation(concept, authors),
    }
    return render(request, "concepts/concept_detail.html", context)
