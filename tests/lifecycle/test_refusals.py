import ast
import builtins
import importlib
import operator
from pathlib import Path
from types import SimpleNamespace

from django.apps import apps
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy

from lifecycle.refusals import Refusal

GERMAN = "Die Frist ist vorbei: Was abgegeben ist, bleibt abgegeben."


class TooLate(Refusal):
    sentence = gettext_lazy(GERMAN)


class TooLong(Refusal):
    sentence = "%(count)d Zeichen, 50 %% zu viel"


def test_a_refusal_speaks_the_language_of_its_reader():
    refusal = TooLate()

    with translation.override("de"):
        assert str(refusal) == GERMAN
    with translation.override("en"):
        assert str(refusal).startswith("The deadline")


def test_a_refusal_fills_in_its_details():
    assert str(TooLong(count=3)) == "3 Zeichen, 50 % zu viel"


def test_a_place_gives_its_own_sentence():
    assert str(TooLate("50 % davon ist vorbei.")) == "50 % davon ist vorbei."
    assert str(TooLate()) == str(TooLate.sentence)


def own_modules():
    folders = [Path(app.path) for app in apps.get_app_configs()]
    for folder in folders:
        if folder.parent == settings.BASE_DIR:
            for path in folder.rglob("*.py"):
                if "migrations" not in path.parts:
                    yield path


def raised_bare(path):
    """What a module raises by its name alone: it must have its sentence."""
    name = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
    raised = [
        ast.unparse(node.exc.func if isinstance(node.exc, ast.Call) else node.exc)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Raise) and node.exc and not getattr(node.exc, "args", ())
    ]
    names = [each for each in raised if each.split(".")[0][0].isupper()]
    module = vars(builtins) | vars(importlib.import_module(name))
    return {each: operator.attrgetter(each)(SimpleNamespace(**module)) for each in names}


def test_every_refusal_has_its_sentence():
    silent, told = [], []
    for path in own_modules():
        if not {"operations", "models", "doubts"} & set(path.with_suffix("").parts):
            continue
        for name, kind in raised_bare(path).items():
            is_refusal = isinstance(kind, type) and issubclass(kind, Refusal)
            if is_refusal and kind.__str__ is Refusal.__str__:
                (told if kind.sentence else silent).append(f"{path.parent.name}: {name}")

    assert silent == []
    assert len(told) > 20


def test_operations_refuse_with_refusals_only():
    others = {
        f"{path.relative_to(settings.BASE_DIR)}: {node.name}"
        for path in own_modules()
        if "operations" in path.with_suffix("").parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and any(ast.unparse(b) == "Exception" for b in node.bases)
    }

    assert others == set()
