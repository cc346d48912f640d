import pytest

from tests.factories import LeadFactory, ProgrammeFactory
from tests.signing_in import log_in_with_second_factor


@pytest.fixture
def programme():
    return ProgrammeFactory()


@pytest.fixture
def lead(client, programme):
    """Whoever leads the programme, signed in."""
    user = LeadFactory(programme=programme)
    log_in_with_second_factor(client, user)
    return user
