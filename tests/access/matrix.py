"""Who may ask for what: for every address the answers to everybody, letter by letter.

The order is that of `world.ROLES`:
anonymous, participant, colleague, outsider, facilitator, editor, lead, foreign lead,
lead without second factor, superuser.
o = page, r = redirect, L = to the log-in, F = forbidden, N = does not exist, m = not this method.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.urls import reverse

from tests.access.world import World


class Case(NamedTuple):
    """One address with what is asked for there."""

    url: str
    args: Callable[[World], tuple]
    get: str
    post: str
    note: str = ""

    def path(self, world: World) -> str:
        return reverse(self.url, args=self.args(world))


def nothing(world: World) -> tuple:
    return ()


def slugs(name: str) -> Callable[[World], tuple]:
    def args(world: World) -> tuple:
        row = getattr(world, name)
        if hasattr(row, "run") and hasattr(row, "team"):
            return row.run.programme.slug, row.run.slug, row.slug
        if hasattr(row, "programme"):
            return row.programme.slug, row.slug
        return (row.slug,)

    return args


def edition(name: str) -> Callable[[World], tuple]:
    def args(world: World) -> tuple:
        row = getattr(world, name)
        return row.guideline.programme.slug, row.guideline.slug, row.number

    return args


def number(name: str) -> Callable[[World], tuple]:
    return lambda world: (getattr(world, name).pk,)


PAGE = "oooooooooo"
NO_POST = "mmmmmmmmmm"
# Behind the log-in: who lacks the second factor is asked for it first, whatever the method.
GUARDED = "mmmmmmmmrm"

CASES = [
    Case("home:start", nothing, PAGE, NO_POST),
    Case("home:imprint", nothing, PAGE, NO_POST),
    Case("home:privacy", nothing, PAGE, NO_POST),
    Case("home:accessibility", nothing, PAGE, NO_POST),
    Case("home:desk", nothing, "Loooooooro", GUARDED),
    Case("home:account", nothing, "Looooooooo", NO_POST),
    Case("people:kept", nothing, "Looooooooo", "Lrrrrrrrrr"),
    Case("people:second_factor", nothing, "LrrrrrrrFr", NO_POST),
    Case("programmes:list", nothing, PAGE, NO_POST),
    Case("home:programme", slugs("programme"), PAGE, NO_POST),
    Case("programmes:run_list", nothing, PAGE, NO_POST),
    Case("home:run", slugs("run"), PAGE, NO_POST),
    Case("home:run", slugs("hidden_run"), "NNNNNooNNo", NO_POST, "not public"),
    Case("programmes:accent", lambda world: ("00507d",), PAGE, NO_POST),
    Case("programmes:consents", nothing, "Looooooooo", NO_POST),
    Case("programmes:consent_answer", lambda world: (0,), NO_POST, "LNNNNNNNNN", "of others"),
    Case("programmes:invitation_cut_off", nothing, "NNNNNNNNNN", "NNNNNNNNNN"),
    Case("programmes:invitation", lambda world: ("unbekannt",), "NNNNNNNNNN", "NNNNNNNNNN"),
    Case("workshops:run", slugs("run"), "LooFoooFro", GUARDED),
    Case("workshops:run", slugs("hidden_run"), "LNNNNooNro", GUARDED, "nobody takes part"),
    Case("workshops:task", number("task"), "LooNoooNro", GUARDED),
    Case("workshops:start", number("open_task"), GUARDED, "LrrNFFFNrF"),
    Case("workshops:output", number("draft_output"), "LoNNNNNNrN", GUARDED, "draft"),
    Case("workshops:output", number("output"), "LoNNoooNro", GUARDED, "handed in, for the team"),
    Case("workshops:edit", number("draft_output"), "LoNNNNNNrN", "LoNNNNNNrN", "draft"),
    Case("workshops:edit", number("output"), "LrNNFFFNrF", "LoNNFFFNrF", "handed in"),
    Case("workshops:unsubmit", number("output"), GUARDED, "LrNNFFFNrF"),
    Case("workshops:accept", number("output"), GUARDED, "LFNNoFoNrF"),
    Case("workshops:return", number("output"), GUARDED, "LFNNoFoNrF"),
    Case("workshops:attachment", number("attachment"), "LoNNNNNNrN", GUARDED, "of a draft"),
    Case("concepts:list", nothing, PAGE, NO_POST),
    Case("concepts:feed", nothing, PAGE, NO_POST),
    Case("concepts:detail", slugs("concept"), PAGE, NO_POST),
    Case("concepts:detail", slugs("draft_concept"), "NoNNoooNNo", NO_POST, "draft"),
    Case("publications:press_room", nothing, PAGE, NO_POST),
    Case("publications:press_feed", nothing, PAGE, NO_POST),
    Case("publications:press_release", slugs("release"), PAGE, NO_POST),
    Case("publications:press_release", slugs("draft_release"), "NNNNNooNNo", NO_POST, "draft"),
    Case(
        "publications:press_release", slugs("embargoed_release"), "NNNNNooNNo", NO_POST, "embargoed"
    ),
    Case("publications:press_release_pdf", slugs("release"), PAGE, NO_POST),
    Case(
        "publications:press_release_pdf",
        slugs("draft_release"),
        "NNNNNNNNNN",
        NO_POST,
        "not printed",
    ),
    Case(
        "publications:press_release_pdf",
        slugs("embargoed_release"),
        "NNNNNooNNo",
        NO_POST,
        "embargoed",
    ),
    Case("publications:press_release_print", slugs("draft_release"), "LNNNNooNrF", GUARDED),
    Case("publications:guideline_list", nothing, PAGE, NO_POST),
    Case("publications:guideline", slugs("guideline"), PAGE, NO_POST),
    Case("publications:guideline", slugs("hidden_guideline"), "NNNNNooNNo", NO_POST, "no edition"),
    Case("publications:edition_pdf", edition("edition"), PAGE, NO_POST),
    Case(
        "publications:edition_pdf", edition("draft_edition"), "NNNNNNNNNN", NO_POST, "not printed"
    ),
    Case("publications:edition_print", edition("draft_edition"), "LNNNNooNrF", GUARDED),
    Case("health", nothing, PAGE, NO_POST),
    Case("robots", nothing, PAGE, NO_POST),
    Case("texts:editor_texts", nothing, PAGE, NO_POST),
    Case("sitemap_index", nothing, PAGE, NO_POST),
    Case("django.contrib.sitemaps.views.sitemap", lambda world: ("portal",), PAGE, NO_POST),
    Case("account_login", nothing, "orrrrrrrrr", "orrrrrrrrr"),
    Case("account_request_login_code", nothing, "orrrrrrrrr", "orrrrrrrrr"),
    Case("account_confirm_login_code", nothing, "Lrrrrrrrrr", "Lrrrrrrrrr"),
    Case("mfa_login_webauthn", nothing, "Lrrrrrrrrr", "Lrrrrrrrrr"),
    Case("mfa_authenticate", nothing, "Lrrrrrrrrr", "Lrrrrrrrrr"),
    Case("account_logout", nothing, "rooooooooo", "rrrrrrrrrr"),
    Case("account_inactive", nothing, "oooooooooo", "mmmmmmmmmm"),
    Case("account_signup", nothing, "orrrrrrrrr", "orrrrrrrrr"),
    Case("account_reauthenticate", nothing, "Looooooooo", "Looooooooo"),
    Case("mfa_reauthenticate", nothing, "Lrrrroooro", "Lrrrroooro"),
    Case("mfa_reauthenticate_webauthn", nothing, "Lrrrrrrrrr", "Lrrrrrrrrr"),
    Case("account_change_password", nothing, "Looooooooo", "Looooooooo"),
    Case("account_set_password", nothing, "Lrrrrrrrrr", "Lrrrrrrrrr"),
    Case("account_reset_password", nothing, "oooooooooo", "oooooooooo"),
    Case("account_reset_password_done", nothing, "oooooooooo", "mmmmmmmmmm"),
    Case(
        "account_reset_password_from_key",
        lambda world: ("1", "abc-def"),
        "oooooooooo",
        "oooooooooo",
    ),
    Case("account_reset_password_cut_off", lambda world: ("1",), "rrrrrrrrrr", "mmmmmmmmmm"),
    Case("account_reset_password_from_key_done", nothing, "oooooooooo", "mmmmmmmmmm"),
    Case("mfa_index", nothing, "Looooooooo", "Lmmmmmmmmm"),
    Case("mfa_activate_totp", nothing, "Lrrrrrrrrr", "Lrrrrrrrrr"),
    Case("mfa_deactivate_totp", nothing, "LNNNNrrrNr", "LNNNNrrrNr"),
    Case("mfa_list_webauthn", nothing, "Looooooooo", "Lmmmmmmmmm"),
    Case("mfa_add_webauthn", nothing, "Lrrrrrrrrr", "Lrrrrrrrrr"),
    Case("mfa_edit_webauthn", lambda world: (0,), "Lrrrrrrrrr", "Lrrrrrrrrr"),
    Case("mfa_remove_webauthn", lambda world: (0,), "Lrrrrrrrrr", "Lrrrrrrrrr"),
    Case("mfa_view_recovery_codes", nothing, "LNNNNNNNNN", "Lmmmmmmmmm"),
    Case("mfa_generate_recovery_codes", nothing, "Lrrrrrrrrr", "Lrrrrrrrrr"),
    Case("mfa_download_recovery_codes", nothing, "LNNNNNNNNN", "LNNNNNNNNN"),
    Case("usersessions_list", nothing, "Looooooooo", "Lrrrrrrrrr"),
]
