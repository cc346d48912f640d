"""Every address × everybody × every method."""

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from tests.access.admin_matrix import ADMIN, ADMIN_PAGES
from tests.access.asking import LETTERS, ask, ask_everybody, forget_limits, named_urls
from tests.access.matrix import CASES
from tests.access.world import ROLES

# The mark makes pytest-django build the database; the rows are those of `world`.
pytestmark = pytest.mark.django_db

# Answers that hand out nothing: log-in, forbidden, not there, not this method.
DENIED = set("LFNm")


def test_every_address_is_in_the_table():
    known = {case.url for case in CASES} | set(ADMIN_PAGES)
    names = {name for name in named_urls() if not _is_model_page(name)}

    assert names - known == set(), "add a row to the table"
    assert known - names == set(), "this address is gone"


def _is_model_page(name: str) -> bool:
    prefixes = tuple(
        f"admin:{model._meta.app_label}_{model._meta.model_name}_" for model in admin.site._registry
    )
    return name.startswith(prefixes)


def test_every_model_of_the_admin_is_in_the_table():
    assert {model._meta.label for model in admin.site._registry} == set(ADMIN)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.url} {case.note}".strip())
def test_address(world, case):
    path = case.path(world)

    assert ask_everybody(world, "GET", path) == case.get
    assert ask_everybody(world, "POST", path) == case.post
    # One of each that are answered alike says what the other methods are worth.
    some = one_of_each(case.get, case.post)
    assert ask_these(world, some, "HEAD", path) == {role: _answer(case.get, role) for role in some}
    for method in ("PUT", "PATCH", "DELETE"):
        answers = ask_these(world, some, method, path)
        # allauth takes PUT for POST: its form again, for those who may see the form.
        is_form = case.url.startswith(("account_", "mfa_", "usersessions_"))
        for role, answer in answers.items():
            is_own_form = is_form and answer == "o" and _answer(case.get, role) == "o"
            assert answer in DENIED | {"r"} or is_own_form, (method, role, answer)
    options = ask_these(world, some, "OPTIONS", path)
    assert not [role for role, answer in options.items() if answer.startswith("<5")]


@pytest.mark.slow
@pytest.mark.parametrize("page", ADMIN_PAGES)
def test_page_of_the_admin(world, page):
    arguments, expected = ADMIN_PAGES[page]
    # The last pattern of the admin has no name: it catches what is not there.
    path = "/admin/gibt-es-nicht/" if page == "admin:" else reverse(page, kwargs=arguments)
    answers = ask_everybody(world, "GET", path)

    assert answers == expected
    assert_refused_with_every_method(world, path, answers)


@pytest.mark.slow
@pytest.mark.parametrize("label", ADMIN)
@pytest.mark.parametrize("page", ["changelist", "add", "change", "history", "delete"])
def test_model_of_the_admin(world, label, page):
    model = ADMIN[label]
    name = f"admin:{label.lower().replace('.', '_')}_{page}"
    pk = getattr(world, model.row).pk
    path = reverse(name, args=[] if page in {"changelist", "add"} else [pk])

    answers = ask_everybody(world, "GET", path)

    assert answers == getattr(model, page)
    assert_refused_with_every_method(world, path, answers)


def _answer(letters: str, role: str) -> str:
    return letters[ROLES.index(role)]


def one_of_each(get: str, post: str) -> list[str]:
    """Roles of which no two are answered alike; the lead, who may most, is always among them."""
    found = {tuple(answers): role for role, *answers in zip(ROLES, get, post, strict=True)}
    return sorted({*found.values(), "lead"}, key=ROLES.index)


def ask_these(world, roles: list[str], method: str, path: str) -> dict[str, str]:
    forget_limits()
    return {role: ask(world, role, method, path) for role in roles}


def assert_refused_with_every_method(world, path: str, get: str) -> None:
    """Whoever is refused the page is refused every other method too.

    Everybody is asked to POST. The other methods are no way round the gate that refuses the page:
    one of each refusal is asked.
    """
    refused = [role for role, answer in zip(ROLES, get, strict=True) if answer != "o"]
    posted = "".join(ask(world, role, "POST", path) if role in refused else "o" for role in ROLES)
    assert set(posted) <= DENIED | {"r", "o"}, posted
    assert not [role for role in refused if _answer(posted, role) == "o"], posted
    some = [role for role in one_of_each(get, posted) if role in refused]
    for method in ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"):
        answers = ask_these(world, some, method, path)
        # OPTIONS only names the methods.
        options = {"o"} if method == "OPTIONS" else set()
        assert set(answers.values()) <= DENIED | {"r"} | options, (method, answers)


@pytest.mark.parametrize(
    ("name", "row", "expected"),
    [
        ("publications_pressrelease", "release", "rrrrrooNro"),
        ("publications_edition", "edition", "rrrrrooNro"),
    ],
)
@pytest.mark.parametrize("page", ["print", "file"])
def test_print_of_the_admin(world, name, row, page, expected):
    path = reverse(f"admin:{name}_{page}", args=[getattr(world, row).pk])

    assert ask_everybody(world, "GET", path) == expected


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("concepts_concept", "draft_concept"),
        ("concepts_concept", "reviewed_concept"),
        ("publications_pressrelease", "awaiting_release"),
        ("publications_edition", "draft_edition"),
        ("programmes_run", "run"),
        ("workshops_output", "output"),
        ("people_user", "account"),
    ],
)
def test_every_button_of_the_admin(world, name, row):
    model_admin = admin.site.get_model_admin(type(getattr(world, row)))

    for action in model_admin.object_actions:
        path = button_of(name, getattr(world, row), action)
        answers = dict(
            zip(ROLES, ask_everybody(world, "POST", path, {"confirmed": "1"}), strict=True)
        )

        for role in ("anonymous", "participant", "colleague", "outsider", "facilitator"):
            assert answers[role] in DENIED | {"r"}, (action, role, answers[role])
        assert answers["no_second_factor"] in "rL", (action, answers)
        assert "<" not in "".join(answers.values()), (action, answers)


@pytest.mark.parametrize(
    ("name", "row", "action"),
    [
        ("concepts_concept", "reviewed_concept", "approve"),
        ("publications_pressrelease", "awaiting_release", "approve"),
        ("publications_edition", "awaiting_edition", "approve"),
    ],
)
def test_a_superuser_without_a_role_approves_nothing(world, name, row, action):
    item = getattr(world, row)
    path = button_of(name, item, action)

    refused = ask(world, "superuser", "POST", path, {"confirmed": "1"})
    allowed = ask(world, "lead", "POST", path, {"confirmed": "1"})

    assert (refused, allowed) == ("F", "r")


def button_of(name: str, item, action: str) -> str:
    """The address of a button as the page of the row carries it."""
    version = admin.site.get_model_admin(type(item)).version(item)
    return f"{reverse(f'admin:{name}_action', args=[item.pk, action])}?version={version}"


def test_the_letters_are_told_apart():
    assert len(set(LETTERS.values())) == len(LETTERS)
    with pytest.raises(NoReverseMatch):
        reverse("nowhere")
