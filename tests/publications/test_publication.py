import pytest
from django.contrib import admin
from rules.permissions import permissions

from documents.kinds import get_kind
from publications.content import COLLECTORS
from publications.content.stamps import REPLACED, WITHDRAWN
from publications.models import Publication
from publications.models.publication import PublicationQuerySet
from tests.factories import EditionFactory, LeadFactory, PressReleaseFactory

KINDS = Publication.__subclasses__()
STEPS = ("print", "submit", "return", "reopen", "approve", "publish", "withdraw")


def test_there_are_kinds_of_publications():
    assert [kind.__name__ for kind in KINDS] == ["Edition", "PressRelease"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_publication_is_complete(kind):
    name = kind._meta.model_name

    assert {kind} <= set(COLLECTORS) & set(REPLACED) & set(WITHDRAWN)
    assert get_kind(kind.DOCUMENT).context.__module__.startswith("publications.rendering")
    assert isinstance(kind.objects.all(), PublicationQuerySet)
    assert [step for step in STEPS if f"publications.{step}_{name}" not in permissions] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_step_has_its_button_and_its_words(kind, rf):
    model_admin = admin.site.get_model_admin(kind)

    buttons = model_admin.get_object_actions(rf.get("/"))

    assert {button.permission for button in buttons} == {
        name
        for name in permissions
        if name.startswith("publications.")
        and name.endswith(f"_{kind._meta.model_name}")
        and name.split(".")[1].split("_")[0] not in {"view", "add", "change", "delete"}
    }
    assert all(button.done or button.name in {"print_document", "correct"} for button in buttons)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_public_was_frozen(kind):
    assert set(kind.PUBLIC) <= set(kind.FROZEN)
    assert kind.REPLACED in kind.PUBLIC
    assert kind.before(kind.Status.APPROVED) == {kind.Status.IN_APPROVAL}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make", "more"),
    [
        (EditionFactory, {}),
        (PressReleaseFactory, {"embargo": "approved", "correct": "published"}),
    ],
)
def test_the_lead_takes_a_step_only_from_where_it_begins(make, more):
    publication = make()
    lead = LeadFactory(programme=publication.programme)
    statuses = publication.Status.values
    begins = {
        "submit": {"draft"},
        "return": {"in_approval"},
        "approve": {"in_approval"},
        "reopen": {"approved", "embargoed"},
        "publish": {"approved", "embargoed"},
        "withdraw": {"published", "corrected"},
        **{step: {status} for step, status in more.items()},
    }

    for step, expected in begins.items():
        name = f"publications.{step}_{publication._meta.model_name}"
        may = set()
        for publication.status in statuses:
            may |= {publication.status} if lead.has_perm(name, publication) else set()

        assert may == expected & set(statuses), step
