"""What holds for the project as a whole."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse, translate_url
from packaging.requirements import Requirement

from dev.check import PRODUCTION, group
from mfv_portal.urls import account_urls
from tests.access.admin_matrix import ADMIN
from tests.access.matrix import CASES
from tests.html_check import problems_of

ROOT = settings.BASE_DIR
ROOMS = ("home", "exchange", "publications", "concepts", "workshops", "programmes", "people")
ROOMS = (*ROOMS, "documents", "desk", "frame", "texts")
# What has no tables and no pages is no app of Django.
APPS = (*ROOMS, "lifecycle", "mfv_portal")
CATALOG = ROOT / "locale/en/LC_MESSAGES/django.po"
# What machines look for stands in no room.
WITHOUT_ROOM = {"health", "robots", "sitemap_index", "django.contrib.sitemaps.views.sitemap"}


# Settings and migrations


@pytest.mark.django_db
def test_no_migration_is_missing(capsys):
    call_command("makemigrations", check_changes=True, dry_run=True)

    assert capsys.readouterr().out == "No changes detected\n"


@pytest.mark.slow
def test_production_settings_give_no_warning():
    # Another process, because the settings are read once.
    secret = {"SECRET_KEY": "".join(map(chr, range(40, 110)))}
    environment = {**os.environ, **PRODUCTION, **secret}
    environment["DJANGO_SETTINGS_MODULE"] = "mfv_portal.settings"
    # The journeys of the same process need it, production does not.
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)

    answer = run(
        *(sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        cwd=ROOT,
        env=environment,
    )

    assert answer == "System check identified no issues (0 silenced).\n"


def run(*command, cwd: Path, env: dict[str, str] | None = None) -> str:
    """What the command says, whether it is content or not."""
    answer = subprocess.run(
        command,
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return answer.stdout


# Addresses


def addresses(patterns, namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or ''}"


def test_every_address_has_a_name_of_its_own():
    names = [name for name in addresses(get_resolver().url_patterns) if name[:6] != "admin:"]

    assert [name for name in names if not name or name.endswith(":")] == []
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_every_address_is_named_after_its_room():
    names = set(addresses(get_resolver().url_patterns))
    rooms = {name.partition(":")[0] for name in names if ":" in name}

    # allauth asks for its pages by these names.
    entrance = {pattern.name for pattern in account_urls}
    assert {name for name in names if ":" not in name} == WITHOUT_ROOM | entrance
    assert rooms - {*APPS, "admin"} == set()


# English


@pytest.fixture(scope="module")
def template_of_catalog(tmp_path_factory) -> Path:
    """Every text of code and templates, collected anew in a copy of them."""
    copy = tmp_path_factory.mktemp("texts")
    for name in (*APPS, "templates"):
        shutil.copytree(
            ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "static")
        )
    (copy / "locale").mkdir()
    environment = {name: value for name, value in os.environ.items() if "DJANGO" not in name}
    django_admin = Path(sys.executable).with_name("django-admin")
    run(django_admin, "makemessages", "--locale=en", "--keep-pot", cwd=copy, env=environment)
    return copy / "locale" / "django.pot"


def unfinished(catalog: Path, texts: Path, work: Path) -> str:
    """The entries that are missing, empty, uncertain or unused, as gettext prints them."""
    merged = work / "merged.po"
    same = ("--no-wrap", "--quiet", "--no-fuzzy-matching", f"--output-file={merged}")
    said = run("msgmerge", *same, catalog, texts, cwd=work)
    for kind in ("--untranslated", "--only-fuzzy"):
        said += run("msgattrib", "--no-wrap", "--no-obsolete", kind, merged, cwd=work)
    return said + run("msgattrib", "--no-wrap", "--only-obsolete", merged, cwd=work)


def test_english_is_complete(template_of_catalog, tmp_path):
    assert unfinished(CATALOG, template_of_catalog, tmp_path) == ""


def test_english_keeps_the_values_of_its_texts(tmp_path):
    assert run("msgfmt", "--check-format", "--output-file=/dev/null", CATALOG, cwd=tmp_path) == ""


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ('msgid "Leitfaden"\nmsgstr "Guideline"\n', ""),
        ('msgid "Leitfaden"\nmsgstr ""\n', 'msgid "Leitfaden"'),
        ('#, fuzzy\nmsgid "Leitfaden"\nmsgstr "Guideline"\n', "#, fuzzy"),
        ('msgid "Leitfäden"\nmsgstr "Guideline"\n', 'msgid "Leitfaden"'),
        (
            'msgid "Leitfaden"\nmsgstr "Guideline"\n\nmsgid "Kreide"\nmsgstr "Chalk"\n',
            '#~ msgid "Kreide"',
        ),
    ],
)
def test_unfinished_english_is_found(tmp_path, entry, found):
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    texts, catalog = tmp_path / "texts.pot", tmp_path / "en.po"
    texts.write_text(f'{head}msgid "Leitfaden"\nmsgstr ""\n')
    catalog.write_text(head + entry)

    said = unfinished(catalog, texts, tmp_path)

    assert found in said.splitlines() or (said, found) == ("", "")


# Pages

PAGES = [case for case in CASES if case.url not in WITHOUT_ROOM]
ASKED_FOR = re.compile(r'<(?:script|img|link|iframe)[^>]* (?:src|href)="([^"]+)"')
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def is_page(response) -> bool:
    """Not a redirect nor a refused method: they have no body."""
    return not response.streaming and response.content and "text/html" in response["Content-Type"]


def strictness_faults(response) -> list[str]:
    """What a browser would run or fetch although nobody meant it to."""
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in response.headers.get("Content-Security-Policy", "").split(";")
    )
    wrong = [
        f"{name}: {policy.get(name)}"
        for name in ("script-src", "style-src")
        if not re.fullmatch(r"'self'( 'sha256-[^']+')*", policy.get(name, ""))
    ]
    wrong += [
        f"{name}: {response.headers.get(name)}"
        for name, value in HEADERS.items()
        if response.headers.get(name) != value
    ]
    for address in ASKED_FOR.findall(response.text):
        is_elsewhere = re.match(r"(https?:)?//", address)
        if is_elsewhere and not address.startswith(settings.PORTAL_URL):
            wrong.append(f"asks for {address}")
    return wrong


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("role", ["anonymous", "participant", "lead"])
@pytest.mark.parametrize("case", PAGES, ids=lambda case: f"{case.url} {case.note}".strip())
def test_page_is_well_formed_and_strict_in_both_languages(world, case, role):
    german = case.path(world)
    wrong = {}

    for path in {german, translate_url(german, "en")}:
        response = world.clients[role].get(path)
        if is_page(response):
            wrong[path] = problems_of(response.text) + strictness_faults(response)

    assert not any(wrong.values()), wrong


# How problems_of names what the policy would refuse.
INLINE = re.compile("inline|(style|on[a-z]+) attribute|javascript:")


@pytest.mark.django_db
def test_pages_of_participants_ask_the_database_little(world):
    counts = {}
    for case in CASES:
        is_their_own = case.get.startswith("Lo")
        if is_their_own:
            path = case.path(world)
            world.clients["participant"].get(path)
            with CaptureQueriesContext(connection) as queries:
                world.clients["participant"].get(path)
            counts[path] = len(queries)

    assert len(counts) > 10
    assert median(counts.values()) <= 6, counts
    assert max(counts.values()) <= 15, counts


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("label", ADMIN)
def test_pages_of_the_admin_are_strict(world, label):
    pk = getattr(world, ADMIN[label].row).pk
    wrong = {}

    for page in ("changelist", "add", "change", "history", "delete"):
        name = f"admin:{label.lower().replace('.', '_')}_{page}"
        path = reverse(name, args=[] if page in {"changelist", "add"} else [pk])
        response = world.clients["superuser"].get(path)
        if is_page(response):
            inline = [problem for problem in problems_of(response.text) if INLINE.search(problem)]
            wrong[path] = inline + strictness_faults(response)

    assert not any(wrong.values()), wrong


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<p style='color: red'>x</p>",
        "<p onclick='x()'>x</p>",
        "<a href='javascript:x()'>x</a>",
        "<style>p { color: red }</style>",
    ],
)
def test_inline_script_and_style_are_found(html):
    assert any(INLINE.search(problem) for problem in problems_of(html))


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Content-Security-Policy", "script-src 'self' 'unsafe-inline'; style-src 'self'"),
        ("Content-Security-Policy", "script-src 'self'; style-src 'self' 'unsafe-inline'"),
        ("Content-Security-Policy", "script-src 'self' https://cdn.example; style-src 'self'"),
        ("Content-Security-Policy", "default-src 'self'"),
        ("X-Frame-Options", "SAMEORIGIN"),
        ("Referrer-Policy", ""),
    ],
)
def test_lax_answer_is_found(header, value):
    strict = {**HEADERS, "Content-Security-Policy": "script-src 'self'; style-src 'self'"}
    page = HttpResponse('<link href="/static/css/portal/tokens.css">', headers=strict)

    assert strictness_faults(page) == []
    page[header] = value
    assert strictness_faults(page) != []


def test_third_party_request_is_found():
    strict = {**HEADERS, "Content-Security-Policy": "script-src 'self'; style-src 'self'"}
    page = HttpResponse('<img alt="" src="//example.org/pixel.gif">', headers=strict)

    assert strictness_faults(page) == ["asks for //example.org/pixel.gif"]


# Documents

DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_of_a_document_lead_to_files(document):
    links = re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8"))

    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_of_a_document_exist(document):
    text = document.read_text(encoding="utf-8")
    portal = set(re.findall(r"\./portal ([a-z]+)", text))
    management = set(re.findall(r"(?:portal manage|manage\.py) ([a-z_]+)", text))

    helped = run("./portal", cwd=ROOT)
    assert {name for name in portal if f"./portal {name} " not in helped} == set()
    assert management - set(get_commands()) == set()


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "TRUSTED_PROXY_COUNT"])
def test_compose_heeds_what_the_environment_file_says(name):
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))

    # `environment` wins over `env_file`: without this the line in .env would change nothing.
    assert compose["x-portal"]["environment"][name].startswith(f"${{{name}:-")


def test_glossary_has_every_model():
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    words = set(re.findall(r"^\| [^|]+ \| `([A-Z][A-Za-z]+)` \|", glossary, re.MULTILINE))
    models = {model.__name__ for model in apps.get_models() if model.__module__.startswith(APPS)}

    assert words == models


def test_third_party_packages_are_listed():
    listed = (ROOT / "docs/third-party.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| ([@a-z][^ |]*)(?: \(npm\))? \| ", listed, re.MULTILINE))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    asked = [*project["project"]["dependencies"], *group(project, "dev")]

    from_pypi = {Requirement(text).name for text in asked}
    assert named - {"package"} == from_pypi | {
        *package["dependencies"],
        *package["devDependencies"],
    }
