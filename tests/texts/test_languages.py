import pytest

from texts.languages import mark_foreign, mark_foreign_html

PHRASES = ["Zuwanderung", "Zuwanderung als Potenzial", "A & B"]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("on Zuwanderung.", 'on <span lang="de">Zuwanderung</span>.'),
        ("Zuwanderung als Potenzial!", '<span lang="de">Zuwanderung als Potenzial</span>!'),
        ("Zuwanderungen", "Zuwanderungen"),
        ("by A & B <x>", 'by <span lang="de">A &amp; B</span> &lt;x&gt;'),
        ("nothing", "nothing"),
        ("", ""),
    ],
)
def test_phrases_are_marked_as_whole_words(text, marked):
    assert mark_foreign(text, PHRASES, "de") == marked


def test_nothing_is_marked_without_phrases():
    assert mark_foreign("Zuwanderung <b>", [], "") == "Zuwanderung &lt;b&gt;"


def test_tags_of_a_rich_text_stay():
    html = '<p>on <a href="https://example.org/Zuwanderung">Zuwanderung</a></p>'

    assert mark_foreign_html(html, PHRASES, "de") == (
        '<p>on <a href="https://example.org/Zuwanderung"><span lang="de">Zuwanderung</span></a></p>'
    )
