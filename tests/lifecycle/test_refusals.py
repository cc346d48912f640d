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
