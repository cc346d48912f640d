import pytest

from documents.characters import check_texts, is_printable, needs_symbols
from documents.errors import CharacterNotInFont
from documents.rendering import pdf_from_html
from documents.verification import check_structure
from tests.verapdf import failed_rules

COMMON = "☐☑☒✓✔✗✘→←↑↓⇒⇔★☆•◦▪■□●○▲▼≤≥≠≈±×÷√∑∞∈∅∀°′″€£₂₃²³½¼⅓‰§†‡©®™№☎✉⚠✂✎➔➜①②③ⅠⅡ♀♂☺"
PAGE = (
    '<html lang="de"><head><title>Zeichen</title>'
    '<link rel="stylesheet" href="static:pdf/base.css"></head>'
    "<body><h1>Zeichen</h1>{}</body></html>"
)
FAMILIES = frozenset({"Fira Sans", "Noto Sans Symbols 2", "Noto Sans Math", "Noto Sans Symbols"})


@pytest.mark.parametrize("sign", COMMON)
def test_common_signs_are_printable(sign):
    assert is_printable(sign)


@pytest.mark.parametrize("sign", ["👍", "🎉", "❌", "✅", "⚡", "⭐", "漢", "\x0b", "\x0c", "\x85"])
def test_pictures_and_controls_are_not(sign):
    assert not is_printable(sign)


@pytest.mark.slow
def test_common_signs_print_in_declared_fonts_and_conform():
    signs = "".join(f"<p>{sign} <strong>{sign}</strong> <em>{sign}</em></p>" for sign in COMMON)

    pdf = pdf_from_html(PAGE.format(signs)).pdf

    assert check_structure(pdf, families=FAMILIES) == []
    assert failed_rules(pdf) == []


def test_only_texts_with_signs_load_the_fonts_of_signs():
    plain = PAGE.format("<p>Grüße aus Leipzig, 20\u00a0% – „ja“</p>")

    assert not needs_symbols(plain)
    assert needs_symbols(PAGE.format("<p>☐ offen</p>"))
    assert check_structure(pdf_from_html(plain).pdf, families=frozenset({"Fira Sans"})) == []


def test_the_refusal_names_signs_and_sentence():
    with pytest.raises(CharacterNotInFont) as refusal:
        check_texts(["Alles gut. Wir feiern 🎉 am Montag. Danach 👍.", "Noch ein 👍"])

    assert str(refusal.value) == (
        "Die Schrift kennt diese Zeichen nicht: 🎉 (U+1F389), 👍 (U+1F44D). "
        "Das erste steht in „Wir feiern 🎉 am Montag.“. "
        "Bitte ersetzen Sie die Zeichen, zum Beispiel durch Wörter."
    )


def test_a_long_sentence_is_shortened_around_the_sign():
    with pytest.raises(CharacterNotInFont) as refusal:
        check_texts(["vorn " * 50 + "hier 👍 hier" + " hinten" * 50])

    place = refusal.value.details["place"]
    assert len(place) <= 92
    assert place.startswith("…")
    assert place.endswith("…")
    assert "hier 👍 hier" in place


def test_a_control_character_is_named_by_its_number():
    with pytest.raises(CharacterNotInFont) as refusal:
        check_texts(["eins\x0bzwei"])

    assert "Zeichen nicht: U+000B." in str(refusal.value)
    assert "„eins\N{REPLACEMENT CHARACTER}zwei“" in str(refusal.value)
