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


# The lead answers for the programme, alone where it allows that; an editor never approves what
# one wrote.
may_approve = (leads & (lead_approves_alone | ~has_submitted)) | (edits & ~has_submitted)
Release, EditionStatus = PressRelease.Status, Edition.Status

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
add_admin_permissions(
    PressRelease, add=administers, change=administers, delete=leads & has_status(Release.DRAFT)
)
add_admin_permissions(
    Edition, add=administers, change=administers, delete=leads & has_status(EditionStatus.DRAFT)
)

rules.add_perm("publications.print_pressrelease", administers)
rules.add_perm("publications.submit_pressrelease", administers & has_status(Release.DRAFT))
rules.add_perm("publications.return_pressrelease", administers & has_status(Release.IN_APPROVAL))
rules.add_perm(
    "publications.reopen_pressrelease", leads & has_status(Release.APPROVED, Release.EMBARGOED)
)
rules.add_perm("publications.approve_pressrelease", may_approve & has_status(Release.IN_APPROVAL))
rules.add_perm("publications.embargo_pressrelease", leads & has_status(Release.APPROVED))
rules.add_perm(
    "publications.publish_pressrelease", leads & has_status(Release.APPROVED, Release.EMBARGOED)
)
rules.add_perm("publications.correct_pressrelease", leads & has_status(Release.PUBLISHED))
rules.add_perm(
    "publications.withdraw_pressrelease", leads & has_status(Release.PUBLISHED, Release.CORRECTED)
)
rules.add_perm("publications.request_quote", administers)
# What the speaker answered; whoever asked notes it.
rules.add_perm("publications.answer_quote", administers)
rules.add_perm("publications.record_quote", administers)

rules.add_perm("publications.print_edition", administers)
rules.add_perm("publications.submit_edition", administers & has_status(EditionStatus.DRAFT))
rules.add_perm("publications.return_edition", administers & has_status(EditionStatus.IN_APPROVAL))
rules.add_perm("publications.reopen_edition", leads & has_status(EditionStatus.APPROVED))
rules.add_perm("publications.approve_edition", may_approve & has_status(EditionStatus.IN_APPROVAL))
rules.add_perm("publications.publish_edition", leads & has_status(EditionStatus.APPROVED))
rules.add_perm("publications.withdraw_edition", leads & has_status(EditionStatus.PUBLISHED))
