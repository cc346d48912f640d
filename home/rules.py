"""Who may change the portal's own texts: they belong to no programme, so no lead does by that."""

import rules

from programmes.rules import is_superuser


@rules.predicate
def keeps_legal_pages(user, obj=None):
    """Operates the portal (Betreiber)."""
    return user.is_authenticated and user.is_active and user.is_staff and user.may_keep_legal_pages


rules.add_perm("home.view_legalpage", keeps_legal_pages | is_superuser)
rules.add_perm("home.change_legalpage", keeps_legal_pages | is_superuser)
rules.add_perm("home.add_legalpage", keeps_legal_pages | is_superuser)
rules.add_perm("home.delete_legalpage", rules.always_deny)
