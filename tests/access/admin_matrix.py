"""Who may do what in the admin, model by model; the order of the letters is that of `ROLES`.

o = page, F = forbidden, N = does not exist, r = redirect: to the log-in, to the second factor, or
away from a row that does not exist for this person.
"""

from typing import NamedTuple


class Model(NamedTuple):
    """The row that is asked for and the answers, page by page."""

    row: str
    changelist: str
    add: str
    change: str
    history: str
    delete: str


ADMIN = {
    "home.LegalPage": Model(
        "legal_page", "rrrrrFooro", "rrrrrFFFro", "rrrrrFooro", "rrrrrFooro", "rrrrrFFFrF"
    ),
    "people.Person": Model(
        "person", "rrrrroooro", "rrrrroooro", "rrrrroorro", "rrrrroorro", "rrrrrForro"
    ),
    "people.Position": Model(
        "position", "rrrrroooro", "rrrrroooro", "rrrrroorro", "rrrrroorro", "rrrrrForro"
    ),
    "people.Organisation": Model(
        "organisation", "rrrrroooro", "rrrrroooro", "rrrrroorro", "rrrrroorro", "rrrrrForro"
    ),
    "people.Sector": Model(
        "sector", "rrrrroooro", "rrrrrFooro", "rrrrroorro", "rrrrroorro", "rrrrrForro"
    ),
    "people.ConsentPurpose": Model(
        "purpose", "rrrrroooro", "rrrrrFooro", "rrrrroorro", "rrrrroorro", "rrrrrForro"
    ),
    "people.Message": Model(
        "message", "rrrrrFooro", "rrrrrFFFrF", "rrrrrForro", "rrrrrForro", "rrrrrFFFrF"
    ),
    "people.AuditEntry": Model(
        "entry", "rrrrrFooro", "rrrrrFFFrF", "rrrrrForro", "rrrrrForro", "rrrrrFFFrF"
    ),
    "people.User": Model(
        "account", "rrrrrFFFro", "rrrrrFFFro", "rrrrrFFFro", "rrrrrFFFro", "rrrrrFFFrF"
    ),
    "programmes.Programme": Model(
        "programme", "rrrrroooro", "rrrrrFFFro", "rrrrroorro", "rrrrroorro", "rrrrrFFFrF"
    ),
    "programmes.Run": Model(
        "run", "rrrrroooro", "rrrrrFooro", "rrrrroorro", "rrrrroorro", "rrrrrForro"
    ),
    "programmes.Team": Model(
        "team", "rrrrroooro", "rrrrrFooro", "rrrrroorro", "rrrrroorro", "rrrrrForro"
    ),
    "programmes.Participation": Model(
        "participation", "rrrrroooro", "rrrrrFooro", "rrrrroorro", "rrrrroorro", "rrrrrForro"
    ),
    "workshops.Workshop": Model(
        "workshop", "rrrrroooro", "rrrrrFooro", "rrrrroorro", "rrrrroorro", "rrrrrForro"
    ),
    "workshops.Event": Model(
        "event", "rrrrroooro", "rrrrrFooro", "rrrrroorro", "rrrrroorro", "rrrrrForro"
    ),
    "workshops.Task": Model(
        "task", "rrrrroooro", "rrrrrFooro", "rrrrroorro", "rrrrroorro", "rrrrrForro"
    ),
    "workshops.Output": Model(
        "output", "rrrrroooro", "rrrrrFFFrF", "rrrrroorro", "rrrrroorro", "rrrrrFFFrF"
    ),
    "concepts.Concept": Model(
        "draft_concept", "rrrrroooro", "rrrrroooro", "rrrrroorro", "rrrrroorro", "rrrrrForrF"
    ),
    "concepts.Revision": Model(
        "revision", "rrrrroooro", "rrrrrFFFrF", "rrrrroorro", "rrrrroorro", "rrrrrFFFrF"
    ),
    "publications.PressRelease": Model(
        "draft_release", "rrrrroooro", "rrrrroooro", "rrrrroorro", "rrrrroorro", "rrrrrForrF"
    ),
    "publications.Quote": Model(
        "quote", "rrrrroooro", "rrrrroooro", "rrrrroorro", "rrrrroorro", "rrrrroorrF"
    ),
    "publications.Boilerplate": Model(
        "boilerplate", "rrrrroooro", "rrrrroooro", "rrrrroorro", "rrrrroorro", "rrrrroorrF"
    ),
    "publications.PressContact": Model(
        "contact", "rrrrroooro", "rrrrroooro", "rrrrroorro", "rrrrroorro", "rrrrroorrF"
    ),
    "publications.Guideline": Model(
        "guideline", "rrrrroooro", "rrrrroooro", "rrrrroorro", "rrrrroorro", "rrrrroorrF"
    ),
    "publications.Chapter": Model(
        "chapter", "rrrrroooro", "rrrrroooro", "rrrrroorro", "rrrrroorro", "rrrrroorrF"
    ),
    "publications.Edition": Model(
        "draft_edition", "rrrrroooro", "rrrrroooro", "rrrrroorro", "rrrrroorro", "rrrrrForrF"
    ),
    "documents.RenderJob": Model(
        "job", "rrrrrFFFro", "rrrrrFFFrF", "rrrrrFFFro", "rrrrrFFFro", "rrrrrFFFrF"
    ),
}

# The other pages: arguments and answers.
ADMIN_PAGES = {
    "admin:index": ({}, "rrrrroooro"),
    "admin:login": ({}, "LFFFFrrrFr"),
    "admin:logout": ({}, "rrrrrrrrrr"),
    "admin:view_on_site": ({"content_type_id": 0, "object_id": 1}, "rrrrrNNNrN"),
    "admin:autocomplete": ({}, "rrrrrFFFrF"),
    "admin:jsi18n": ({}, "rrrrroooro"),
    "admin:app_list": ({"app_label": "concepts"}, "rrrrroooro"),
    "admin:": ({"url": "gibt-es-nicht"}, "rrrrrNNNrN"),
}
