"""Who may change the portal's own texts: they belong to no programme."""

import rules

from programmes.rules import is_superuser, leads


@rules.predicate
def leads_somewhere(user, obj=None):
    """Leads any programme of this portal."""
    return leads(user, None)


rules.add_perm("home.view_legalpage", leads_somewhere | is_superuser)
rules.add_perm("home.change_legalpage", leads_somewhere | is_superuser)
rules.add_perm("home.add_legalpage", is_superuser)
rules.add_perm("home.delete_legalpage", rules.always_deny)
