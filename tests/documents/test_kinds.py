import dataclasses
from pathlib import Path

import pytest

from documents import assets, kinds
from documents.checks import check_kinds
from documents.errors import UnknownKind
from documents.kinds import (
    AlreadyRegistered,
    ChangingTemplate,
    DocumentKind,
    all_kinds,
    get_kind,
    register_kind,
    template_version,
    unregister_kind,
)
from publications import rendering


@pytest.fixture
def folder(settings, tmp_path):
    settings.DEVELOPMENT = True  # versions are computed anew each time
    templates = [{**engine} for engine in settings.TEMPLATES]
    templates[0]["DIRS"] = [tmp_path, *templates[0]["DIRS"]]
    templates[0]["OPTIONS"] = {**templates[0]["OPTIONS"], "debug": True}
    settings.TEMPLATES = templates
    return tmp_path


def kind_of(folder, text, **options):
    (folder / "kind.html").write_text(text)
    return DocumentKind(name="kind", verbose_name="Art", template="kind.html", **options)


def test_get_kind_knows_what_was_registered(sample_kind):
    assert get_kind("sample") == sample_kind
    assert sample_kind in all_kinds()


def test_get_kind_refuses_what_was_not():
    with pytest.raises(UnknownKind, match="„flyer“ ist hier nicht bekannt"):
        get_kind("flyer")


def test_register_kind_twice_is_harmless_but_not_another_under_its_name(sample_kind):
    register_kind(sample_kind)

    with pytest.raises(AlreadyRegistered):
        register_kind(dataclasses.replace(sample_kind, template="other.html"))


def test_version_is_stable(folder):
    kind = kind_of(folder, "x")

    assert template_version(kind, "de") == template_version(kind, "de")


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "kind.html").write_text('{% extends "base.html" %}y'),
        lambda folder: (folder / "base.html").write_text('{% include "part.html" %}y'),
        lambda folder: (folder / "part.html").write_text("y"),
    ],
    ids=["template", "extended", "included"],
)
def test_version_changes_with_every_template(folder, change):
    (folder / "part.html").write_text("x")
    (folder / "base.html").write_text('{% include "part.html" %}')
    kind = kind_of(folder, '{% extends "base.html" %}')
    before = template_version(kind, "de")

    change(folder)

    assert template_version(kind, "de") != before


def test_version_changes_with_style_fonts_language_and_libraries(folder, monkeypatch):
    kind = kind_of(folder, '<img src="static:pdf/base.css">')
    versions = {template_version(kind, "de"), template_version(kind, "en")}

    read = assets.read
    for changed in ("pdf/base.css", "kern/fonts/fira-sans/FiraSans-Italic.woff2"):
        with monkeypatch.context() as patch:
            patch.setattr(
                assets, "read", lambda name, changed=changed: read(name) + b" " * (name == changed)
            )
            versions.add(template_version(kind, "de"))
    with monkeypatch.context() as patch:
        patch.setattr(kinds.metadata, "version", lambda _package: "71")
        versions.add(template_version(kind, "de"))
    versions.add(template_version(dataclasses.replace(kind, families=frozenset({"X"})), "de"))

    assert len(versions) == 6


def test_version_changes_with_the_translation(folder, settings):
    (folder / "en" / "LC_MESSAGES").mkdir(parents=True)
    settings.LOCALE_PATHS = [folder]
    kind = kind_of(folder, "x")
    german, english = template_version(kind, "de"), template_version(kind, "en")

    (folder / "en" / "LC_MESSAGES" / "django.mo").write_bytes(b"x")

    assert template_version(kind, "de") == german
    assert template_version(kind, "en") != english


def test_version_is_computed_once_in_production(folder, settings):
    settings.DEVELOPMENT = False
    kind = kind_of(folder, "x")
    before = template_version(kind, "de")
    (folder / "kind.html").write_text("y")

    assert template_version(kind, "de") == before


def test_a_template_that_names_another_at_run_time_is_refused(folder):
    with pytest.raises(ChangingTemplate, match="part_name"):
        template_version(kind_of(folder, "{% include part_name %}"), "de")


@pytest.mark.parametrize(
    ("text", "stylesheet", "names"),
    [
        ("x", "pdf/missing.css", "NotFound"),
        ('{% include "missing.html" %}', "pdf/base.css", "TemplateDoesNotExist"),
        ("{% include name %}", "pdf/base.css", "ChangingTemplate"),
    ],
)
def test_the_system_check_names_a_kind_that_cannot_be_printed(folder, text, stylesheet, names):
    register_kind(kind_of(folder, text, stylesheets=(stylesheet,)))
    try:
        (message,) = check_kinds(None)
    finally:
        unregister_kind("kind")

    assert message.id == "documents.E001"
    assert names in message.msg


def test_the_system_check_finds_no_fault_with_the_kinds_there_are(sample_kind):
    assert check_kinds(None) == []


def test_the_version_follows_every_module_that_renders():
    contents = [content for _name, content in kinds._ingredients(get_kind("guideline"), "de")]

    modules = sorted(Path(rendering.__file__).parent.glob("*.py"))

    assert [path.name for path in modules if path.read_bytes() not in contents] == []
    assert len(modules) > 1
