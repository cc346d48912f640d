"""Who may do what to press releases and the guideline."""

import rules

from programmes.rules import add_admin_permissions, administers, edits, has_status, leads
from publications.models import (
    Block,
    Boilerplate,
    Chapter,
    Edition,
    Guideline,
    PressBlock,
    PressContact,
    PressRelease,
    Publication,
    Quote,
    ReleaseBoilerplate,
)


@rules.predicate
def has_submitted(user, item):
    """True for the one who asked for the approval: four eyes."""
    return item is not None and item.submitted_by_id == user.pk


@rules.predicate
def lead_approves_alone(user, item):
    """True where the programme lets its lead approve what the lead gave for approval."""
    return item is not None and item.programme.lead_approves_alone


# The lead answers for the programme, alone where it allows that; editors approve only what
# somebody else wrote.
may_approve = (leads & (lead_approves_alone | ~has_submitted)) | (edits & ~has_submitted)

# The admin: the lead and the editors of the programme write, technical care looks.
for model in (
    Block,
    Boilerplate,
    Chapter,
    Guideline,
    PressBlock,
    PressContact,
    Quote,
    ReleaseBoilerplate,
):
    add_admin_permissions(model, add=administers, change=administers, delete=administers)


def add_step(verb: str, kind: type[Publication], who: rules.Predicate, *statuses: str) -> None:
    """Let them take the step with a publication of this kind while it has one of the statuses."""
    may = who & has_status(*sorted(statuses)) if statuses else who
    rules.add_perm(f"publications.{verb}_{kind._meta.model_name}", may)


for kind in (PressRelease, Edition):
    Status = kind.Status
    add_admin_permissions(
        kind, add=administers, change=administers, delete=leads & has_status(Status.DRAFT)
    )
    to_draft = kind.before(Status.DRAFT)
    add_step("print", kind, administers)
    add_step("submit", kind, administers, *kind.before(Status.IN_APPROVAL))
    add_step("return", kind, administers, *(to_draft - kind.FROZEN))
    add_step("reopen", kind, leads, *(to_draft & kind.FROZEN))
    add_step("approve", kind, may_approve, *kind.before(Status.APPROVED))
    add_step("publish", kind, leads, *kind.before(Status.PUBLISHED))
    add_step("withdraw", kind, leads, *kind.before(Status.WITHDRAWN))
add_step("embargo", PressRelease, leads, *PressRelease.before(PressRelease.Status.EMBARGOED))
add_step("correct", PressRelease, leads, *PressRelease.before(PressRelease.Status.CORRECTED))

rules.add_perm("publications.request_quote", administers)
# What the speaker answered; whoever asked notes it.
rules.add_perm("publications.answer_quote", administers)
rules.add_perm("publications.record_quote", administers)
