"""Who may do what to a concept."""

import rules

from concepts.models import BuildingBlock, Concept, Revision, SignOff
from programmes.models import Participation, TeamMembership
from programmes.rules import add_admin_permissions, administers, has_status, leads, nobody


@rules.predicate
def is_member_of_team(user, concept):
    """True for the active members of the concept's team."""
    if concept is None or concept.team_id is None:
        return False
    return TeamMembership.objects.filter(
        team=concept.team_id,
        has_left=False,
        participation__person__user=user,
        participation__status=Participation.Status.ACTIVE,
    ).exists()


@rules.predicate
def is_own_signoff(user, signoff):
    return signoff is not None and signoff.participation.person.user_id == user.pk


Status = Concept.Status

# The admin: the lead and the editors of the programme write, technical care looks.
add_admin_permissions(
    Concept,
    add=administers,
    change=administers,
    delete=leads & has_status(Status.DRAFTING),
)
add_admin_permissions(BuildingBlock, add=administers, change=administers, delete=administers)
for model in (Revision, SignOff):
    add_admin_permissions(
        model,
        add=nobody,
        change=nobody,
        delete=nobody,
    )

# What happens to a concept.
team_or_staff = administers | is_member_of_team
rules.add_perm("concepts.begin_signing_concept", team_or_staff & has_status(Status.DRAFTING))
rules.add_perm(
    "concepts.reopen_concept",
    (team_or_staff & has_status(Status.SIGNING))
    | (administers & has_status(Status.RETURNED))
    | (leads & has_status(Status.APPROVED)),
)
rules.add_perm("concepts.submit_concept", team_or_staff & has_status(Status.SIGNING))
rules.add_perm("concepts.waive_signoffs", leads & has_status(Status.SIGNING))
rules.add_perm("concepts.begin_review_concept", administers & has_status(Status.SUBMITTED))
rules.add_perm("concepts.return_concept", administers & has_status(Status.IN_REVIEW))
rules.add_perm("concepts.approve_concept", leads & has_status(Status.IN_REVIEW))
rules.add_perm("concepts.publish_concept", leads & has_status(Status.APPROVED))
rules.add_perm("concepts.withdraw_concept", leads & has_status(Status.PUBLISHED))
rules.add_perm("concepts.answer_signoff", is_own_signoff)
