import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from texts.cleaning import clean_mail_address
from texts.fields import MailAddressFormField
from texts.mail_addresses import bare_address, wire_address

# As people type and paste it, and what is kept.
TYPED = {
    "ina@example.org": "ina@example.org",
    "Ina@Example.ORG": "ina@example.org",
    " ina@example.org ": "ina@example.org",
    "ina@example.org;": "ina@example.org",
    "<ina@example.org>": "ina@example.org",
    "Ina Beispiel <Ina@example.org>": "ina@example.org",
    '"Beispiel, Ina" <ina@example.org>': "ina@example.org",
    "Ina Beispiel <mailto:ina@example.org>": "ina@example.org",
    "mailto:ina@example.org": "ina@example.org",
    "MAILTO:ina@example.org?subject=Hallo%20Welt": "ina@example.org",
    "mailto:ina%2Bmfv@example.org": "ina+mfv@example.org",
    "ina\u200b@example.org": "ina@example.org",
    "info@Müller-Straße.example": "info@müller-straße.example",
    "info@xn--mller-strae-46a18a.example": "info@müller-straße.example",
    "info@mu\u0308ller.example": "info@müller.example",
}


@pytest.mark.parametrize("typed", TYPED)
def test_address_is_understood_as_people_type_it(typed):
    assert MailAddressFormField().clean(typed) == TYPED[typed]


@pytest.mark.parametrize(
    "typed",
    ["ina", "ina@", "@example.org", "A <a@example.org>, B <b@example.org>", "a@b.de c@d.de", "<>"],
)
def test_what_is_no_single_address_is_refused(typed):
    with pytest.raises(ValidationError):
        MailAddressFormField().clean(typed)


@given(st.text(max_size=60))
def test_what_is_kept_is_kept_as_it_is(typed):
    kept = clean_mail_address(typed)

    assert clean_mail_address(kept) == kept


@pytest.mark.parametrize("typed", sorted(set(TYPED.values())))
def test_address_on_the_wire_is_ascii_and_comes_back(typed):
    wire = wire_address(typed)

    assert wire.isascii()
    assert bare_address(wire) == typed


def test_sharp_s_is_another_domain():
    assert wire_address("a@straße.example") != wire_address("a@strasse.example")
