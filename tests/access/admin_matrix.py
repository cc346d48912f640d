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
        "legal_page", "rrrrrFFFro", "rrrrrFFFro", "rrrrrFFFro", "rrrrrFFFro", "rrrrrFFFrF"
    ),
    "programmes.Person": Model(
        "person", "rrrrroooro", "rrrrroooro", "rrrrrooNro", "rrrrrooNro", "rrrrrFFNrF"
    ),
    "programmes.Position": Model(
        "position", "rrrrroooro", "rrrrroooro", "rrrrrooNro", "rrrrrooNro", "rrrrrFoNro"
    ),
    "programmes.Organisation": Model(
        "organisation", "rrrrroooro", "rrrrroooro", "rrrrrooNro", "rrrrrooNro", "rrrrrFoNro"
    ),
    "programmes.Sector": Model(
        "sector", "rrrrroooro", "rrrrrFooro", "rrrrrooNro", "rrrrrooNro", "rrrrrFoNro"
    ),
    "programmes.ConsentPurpose": Model(
        "purpose", "rrrrroooro", "rrrrrFooro", "rrrrrooNro", "rrrrrooNro", "rrrrrFoNro"
    ),
    "people.Message": Model(
        "message", "rrrrrFooro", "rrrrrFFFrF", "rrrrrFoNro", "rrrrrNoNro", "rrrrrFFFrF"
    ),
    "people.AuditEntry": Model(
        "entry", "rrrrrFooro", "rrrrrFFFrF", "rrrrrFoNro", "rrrrrNoNro", "rrrrrFFFrF"
    ),
    "people.User": Model(
        "account", "rrrrrFFFro", "rrrrrFFFro", "rrrrrFFFro", "rrrrrFFFro", "rrrrrFFFrF"
    ),
    "programmes.Programme": Model(
        "programme", "rrrrroooro", "rrrrrFFFro", "rrrrrooNro", "rrrrrooNro", "rrrrrFFFrF"
    ),
    "programmes.Run": Model(
        "run", "rrrrroooro", "rrrrrFooro", "rrrrrooNro", "rrrrrooNro", "rrrrrFoNro"
    ),
    "programmes.Team": Model(
        "team", "rrrrroooro", "rrrrrFooro", "rrrrrooNro", "rrrrrooNro", "rrrrrFoNro"
    ),
    "programmes.Participation": Model(
        "participation", "rrrrroooro", "rrrrrFooro", "rrrrrooNro", "rrrrrooNro", "rrrrrFoNro"
    ),
    "workshops.Workshop": Model(
        "workshop", "rrrrroooro", "rrrrrFooro", "rrrrrooNro", "rrrrrooNro", "rrrrrFoNro"
    ),
    "workshops.Event": Model(
        "event", "rrrrroooro", "rrrrrFooro", "rrrrrooNro", "rrrrrooNro", "rrrrrFoNro"
    ),
    "workshops.Task": Model(
        "task", "rrrrroooro", "rrrrrFooro", "rrrrrooNro", "rrrrrooNro", "rrrrrFoNro"
    ),
    "workshops.Output": Model(
        "output", "rrrrroooro", "rrrrrFFFrF", "rrrrrooNro", "rrrrrooNro", "rrrrrFFFrF"
    ),
    "concepts.Concept": Model(
        "draft_concept", "rrrrroooro", "rrrrroooro", "rrrrrooNro", "rrrrrooNro", "rrrrrFoNrF"
    ),
    "concepts.Revision": Model(
        "revision", "rrrrroooro", "rrrrrFFFrF", "rrrrrooNro", "rrrrrooNro", "rrrrrFFFrF"
    ),
    "publications.PressRelease": Model(
        "draft_release", "rrrrroooro", "rrrrroooro", "rrrrrooNro", "rrrrrooNro", "rrrrrFoNrF"
    ),
    "publications.Quote": Model(
        "quote", "rrrrroooro", "rrrrroooro", "rrrrrooNro", "rrrrrooNro", "rrrrrooNrF"
    ),
    "publications.Boilerplate": Model(
        "boilerplate", "rrrrroooro", "rrrrroooro", "rrrrrooNro", "rrrrrooNro", "rrrrrooNrF"
    ),
    "publications.PressContact": Model(
        "contact", "rrrrroooro", "rrrrroooro", "rrrrrooNro", "rrrrrooNro", "rrrrrooNrF"
    ),
    "publications.Guideline": Model(
        "guideline", "rrrrroooro", "rrrrroooro", "rrrrrooNro", "rrrrrooNro", "rrrrrooNrF"
    ),
    "publications.Chapter": Model(
        "chapter", "rrrrroooro", "rrrrroooro", "rrrrrooNro", "rrrrrooNro", "rrrrrooNrF"
    ),
    "publications.Edition": Model(
        "draft_edition", "rrrrroooro", "rrrrroooro", "rrrrrooNro", "rrrrrooNro", "rrrrrFoNrF"
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
    "admin:": ({}, "rrrrrNNNrN"),
}
