"""What happens to press releases, editions and quotes, and how they get on paper."""

from publications.operations.approval import (
    approve_publication,
    reopen_publication,
    return_publication,
    submit_publication,
)
from publications.operations.guideline import (
    create_edition,
)
from publications.operations.press import (
    correct_press_release,
    embargo_press_release,
    publish_due_releases,
)
from publications.operations.printing import (
    print_publication,
    take_over_publication,
)
from publications.operations.public import (
    publish_publication,
    withdraw_publication,
)
from publications.operations.quote import (
    decline_quote,
    expire_quote,
    record_quote_release,
    release_quote,
    release_quote_changed,
    reopen_quote,
    request_quote_release,
)
from publications.operations.refusals import (
    ApprovalRefused,
    ChangedSinceSubmission,
    ConceptsOpen,
    ConsentsMissing,
    DoubtsOpen,
    EditionOpen,
    EmbargoOver,
    Incomplete,
    NoteMissing,
    ProgrammeNotPublic,
    QuotesOpen,
    TokensLeft,
    TrialFailed,
    WorkshopsHidden,
)

__all__ = [
    "ApprovalRefused",
    "ChangedSinceSubmission",
    "ConceptsOpen",
    "ConsentsMissing",
    "DoubtsOpen",
    "EditionOpen",
    "EmbargoOver",
    "Incomplete",
    "NoteMissing",
    "ProgrammeNotPublic",
    "QuotesOpen",
    "TokensLeft",
    "TrialFailed",
    "WorkshopsHidden",
    "approve_publication",
    "correct_press_release",
    "create_edition",
    "decline_quote",
    "embargo_press_release",
    "expire_quote",
    "take_over_publication",
    "print_publication",
    "publish_due_releases",
    "publish_publication",
    "record_quote_release",
    "release_quote",
    "release_quote_changed",
    "reopen_publication",
    "reopen_quote",
    "request_quote_release",
    "return_publication",
    "submit_publication",
    "withdraw_publication",
]
